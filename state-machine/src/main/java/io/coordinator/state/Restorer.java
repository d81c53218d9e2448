package io.coordinator.state;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.StoredKey;
import org.jspecify.annotations.Nullable;

/** Rebuilds a state from stored rows, or says why it cannot. */
final class Restorer {
    private final SnapshotHeader header;
    private final State state;
    /** The first thing wrong with any row. */
    private @Nullable String problem;

    Restorer(SnapshotHeader header) {
        this.header = header;
        this.state = new State(header);
    }

    void load(Coordinator.Row row) {
        if (problem == null) {
            problem = tryLoad(row.key(), row.value());
        }
    }

    State finish() throws CorruptStateException {
        if (problem != null) {
            throw new CorruptStateException(problem);
        }
        try {
            state.sessions.finishLoading();
        } catch (InvalidProtocolBufferException e) {
            throw new CorruptStateException(String.valueOf(e.getMessage()));
        }
        if (header.getActiveVersion() < Coordinator.VERSION_INITIAL) {
            throw new CorruptStateException("the snapshot is of core version " + header.getActiveVersion());
        }
        if (state.rows() != header.getRows()) {
            throw new CorruptStateException(
                    "the snapshot holds " + state.rows() + " rows and its header promises " + header.getRows());
        }
        if (state.digest() != header.getDigest()) {
            throw new CorruptStateException("the snapshot's rows have digest " + Long.toHexString(state.digest())
                    + " and its header promises " + Long.toHexString(header.getDigest()));
        }
        state.chores.rebuild();
        state.types.all().forEach(DataType::rebuild);
        return state;
    }

    private @Nullable String tryLoad(byte[] key, byte[] value) {
        if (key.length < StoredKey.PREFIX) {
            return "a row's key has " + key.length + " bytes";
        }
        try {
            boolean known = state.storage.load(key, value) || state.sessions.load(key, value);
            return known
                    ? null
                    : "a row of kind " + key[0] + " and table " + key[1] + " comes twice, or from a newer version";
        } catch (InvalidProtocolBufferException e) {
            return "a row of kind " + key[0] + " and table " + key[1] + " cannot be decoded: " + e.getMessage();
        }
    }
}
