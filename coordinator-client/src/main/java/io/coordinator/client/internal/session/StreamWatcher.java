package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.protocol.WatchUpdate;
import java.util.function.Supplier;

/** Who carries watches over the streams of a session, on the loop. */
public interface StreamWatcher {
    /** A client without watches. */
    StreamWatcher NONE = new StreamWatcher() {
        @Override
        public void onAttached() {}

        @Override
        public void onUpdate(WatchUpdate update) {}

        @Override
        public void onRestored(long revision) {}

        @Override
        public void onEnd(Supplier<CoordinatorException> why) {}
    };

    /** There is a new stream, on which no watch runs yet. */
    void onAttached();

    void onUpdate(WatchUpdate update);

    /**
     * What was seen of the cluster is void: its history now goes on after this revision, which can be an older
     * one.
     */
    void onRestored(long revision);

    /** There will be no stream any more. */
    void onEnd(Supplier<CoordinatorException> why);
}
