package io.coordinator.server.raft;

import io.coordinator.server.disk.DurableFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Properties;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** Writes, before any node runs, what Ratis finds of a group that has one member and begins behind a checkpoint. */
public final class NewGroup {
    private NewGroup() {}

    /**
     * Writes the vote file and the configuration.
     *
     * @param group the group's directory
     * @param term in which nobody has voted; the next election is in a later one
     * @param index of the checkpoint
     * @param peer the name of the one member
     * @param address where other peers will reach it
     */
    public static void write(Path group, long term, long index, String peer, String address) throws IOException {
        Path current = group.resolve("current");
        Files.createDirectories(current);
        DurableFile.write(current.resolve("raft-meta"), List.of("term=" + term, "votedFor="));
        LogEntryProto configuration = LogEntryProto.newBuilder()
                .setTerm(term)
                .setIndex(index)
                .setConfigurationEntry(RaftConfigurationProto.newBuilder()
                        .addPeers(RaftPeerProto.newBuilder()
                                .setId(ByteString.copyFromUtf8(peer))
                                .setAddress(address)))
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        configuration.writeTo(bytes);
        Path file = current.resolve("raft-meta.conf");
        Files.write(file, bytes.toByteArray());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** The latest term that a group's directory knows; 0 if it has no vote file. */
    public static long term(Path group) throws IOException {
        Path file = group.resolve("current").resolve("raft-meta");
        if (!Files.exists(file)) {
            return 0;
        }
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        }
        try {
            return Long.parseLong(properties.getProperty("term", "0"));
        } catch (NumberFormatException e) {
            throw new IOException(file + " is damaged: it has no term", e);
        }
    }
}
