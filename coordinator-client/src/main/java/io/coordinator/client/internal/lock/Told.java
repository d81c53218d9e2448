package io.coordinator.client.internal.lock;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.lock.LossReason;
import java.util.List;

/** What the cluster says about something that was asked for or is held: a lock, a set of them, permits. */
sealed interface Told {
    /**
     * It is granted.
     *
     * @param deadlineMillis cluster time at which it ends; 0 if bound to the session
     * @param entered how often it is entered now
     */
    record Granted(long token, long deadlineMillis, int entered) implements Told {}

    /** The request stands in line. */
    record Queued() implements Told {}

    /** It is held by others, and the time to wait is over. */
    record NotGranted() implements Told {}

    /** It will never be granted, so it waits no longer. */
    record Refused(CoordinatorException why) implements Told {}

    /**
     * A grant has ended.
     *
     * @param names on which it has ended
     */
    record Lost(long token, LossReason reason, List<String> names) implements Told {}

    /** Something that does not fit. */
    record Unexpected(Object outcome) implements Told {}
}
