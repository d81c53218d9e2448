package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.protocol.WatchUpdate;
import java.util.function.Supplier;

/** Two who watch the streams of one session. */
public record BothWatchers(StreamWatcher first, StreamWatcher second) implements StreamWatcher {
    @Override
    public void onAttached() {
        first.onAttached();
        second.onAttached();
    }

    @Override
    public void onUpdate(WatchUpdate update) {
        first.onUpdate(update);
        second.onUpdate(update);
    }

    @Override
    public void onRestored(long revision) {
        first.onRestored(revision);
        second.onRestored(revision);
    }

    @Override
    public void onEnd(Supplier<CoordinatorException> why) {
        first.onEnd(why);
        second.onEnd(why);
    }
}
