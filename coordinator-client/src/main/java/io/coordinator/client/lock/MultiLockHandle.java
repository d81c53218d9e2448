package io.coordinator.client.lock;

import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.error.ReleaseReport;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.option.Guard;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One grant of a set of locks, under one token that is valid for each of them (DL-MULTI-7). */
public interface MultiLockHandle extends Grant {
    /** The locks, in the order in which they were given, without duplicates. */
    List<String> names();

    /**
     * Releases all that is still held. Idempotent; never fails because something was gone.
     *
     * @return what was still held and what was gone
     * @throws RequestTimeoutException if the cluster did not answer in time; the SDK goes on trying
     */
    ReleaseReport release();

    /** See {@link #release()}. */
    CompletionStage<ReleaseReport> releaseAsync();

    /**
     * As {@link #release()}, but throws if a lock was gone.
     *
     * @throws MultiLockException if any of the locks was gone; the others are released
     */
    default void releaseStrict() {
        ReleaseReport report = release();
        if (!report.isComplete()) {
            throw MultiLockException.released(report);
        }
    }

    /**
     * This grant as a strict fence on one of its locks.
     *
     * @param name one of {@link #names()}, as it is there
     * @throws ValidationException if it is not one of {@link #names()}
     */
    default Guard guard(String name) {
        if (!names().contains(name)) {
            throw new ValidationException("name must be one of " + names() + ", but is " + name);
        }
        return new Guard(namespace(), name, token());
    }
}
