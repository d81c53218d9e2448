package io.coordinator.client.watch;

import io.coordinator.client.error.CoordinatorException;

/**
 * Hears of changes. Runs on the client's callback executor, one call at a time for each subscription, in the order of
 * revisions. It may block, and may wait for calls and stages of the same client. Changes then wait in the cluster, for
 * as long as the cluster keeps them. If it throws, whatever it throws, that is logged with the name of its class, and
 * the watch goes on with the next change.
 */
@FunctionalInterface
public interface WatchListener {
    /** A key changed. */
    void onChange(ChangeEvent event);

    /**
     * The cluster has confirmed the watch, at first and after each reconnect.
     *
     * @param revision the listener hears every change after this one
     */
    default void onStarted(long revision) {}

    /**
     * The listener has heard every change until this revision; at first and after each reconnect. A watch from an older
     * revision has come to the present with this.
     *
     * @param revision of the cluster when it was so
     */
    default void onCaughtUp(long revision) {}

    /**
     * Changes were missed because the cluster no longer keeps them, or it was started from older copies of its disks.
     * The subscription has ended: read the current state and watch from its revision plus one. After such a start that
     * revision can be lower than ones heard before.
     *
     * @param oldestRevision the oldest that can still be watched from
     */
    default void onCompacted(long oldestRevision) {}

    /**
     * The subscription has ended for another reason: bad arguments, missing rights, a closed client, or a value that
     * the client's mapper cannot read, since no change is left out in silence.
     */
    default void onError(CoordinatorException error) {}
}
