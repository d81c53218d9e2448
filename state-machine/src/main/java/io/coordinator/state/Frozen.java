package io.coordinator.state;

import io.coordinator.protocol.SnapshotHeader;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.session.Sessions;

/** A capture: the header and the frozen rows of tables and sessions. */
record Frozen(SnapshotHeader header, Storage.Capture rows, Sessions.Capture sessions) implements StateCapture {

    static Frozen of(State state) {
        return new Frozen(state.header(), state.storage.capture(), state.sessions.capture());
    }

    @Override
    public int size() {
        return rows.size() + sessions.size();
    }

    @Override
    public void forEach(RowVisitor visitor) {
        rows.forEach(visitor);
        sessions.forEach(visitor);
    }
}
