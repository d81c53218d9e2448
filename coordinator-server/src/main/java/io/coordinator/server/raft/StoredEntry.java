package io.coordinator.server.raft;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;

/**
 * An entry as it lies in the log of a node that does not run.
 *
 * @param term in which it was appended
 * @param index in the log
 * @param data an {@link io.coordinator.protocol.Entry} in bytes if it holds commands; else empty
 */
public record StoredEntry(long term, long index, Kind kind, ByteString data) {

    /** What an entry is for. */
    public enum Kind {
        /** Commands for the state. */
        COMMANDS,
        /** Who the members are; a new leader begins with one. Only Raft reads it. */
        CONFIGURATION,
        /** Raft's own notes. */
        METADATA
    }

    static StoredEntry of(LogEntryProto entry) {
        Kind kind = switch (entry.getLogEntryBodyCase()) {
            case STATEMACHINELOGENTRY -> Kind.COMMANDS;
            case CONFIGURATIONENTRY -> Kind.CONFIGURATION;
            case METADATAENTRY, LOGENTRYBODY_NOT_SET -> Kind.METADATA;
        };
        ByteString data =
                ByteString.copyFrom(entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
        return new StoredEntry(entry.getTerm(), entry.getIndex(), kind, data);
    }

    /** SHA-256 of the data, in hexadecimal digits: the same on every member that has this entry. */
    public String sha256() {
        return sha256(data);
    }

    static String sha256(ByteString data) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(data.asReadOnlyByteBuffer());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
