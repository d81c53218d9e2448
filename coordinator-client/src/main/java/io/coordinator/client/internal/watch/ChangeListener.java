package io.coordinator.client.internal.watch;

import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.protocol.Change;

/** A listener of the SDK's own, which is told more than users are. */
public interface ChangeListener extends WatchListener {
    /**
     * There was a change; called in place of {@link #onChange(ChangeEvent)}.
     *
     * @param change as the cluster said it
     * @param event as users see it
     */
    void onChange(Change change, ChangeEvent event);

    @Override
    default void onChange(ChangeEvent event) {
        throw new IllegalStateException("a change is told with what the cluster said of it");
    }
}
