package io.coordinator.client.builds;

import io.coordinator.client.error.ValidationException;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a build function knows of its reservation. Safe for use by many threads. */
public interface BuildContext {
    /** The key being built. */
    String key();

    /** The reservation's fencing token; show it to resources that the build changes. */
    long token();

    /** Whether the result is no longer wanted: the reservation was lost, or the caller cancelled. */
    boolean isCancelled();

    /** Completes when the result is no longer wanted. Dependents run on the client's callback executor. */
    CompletionStage<Void> cancelled();

    /**
     * How long the reservation will certainly last from now if the function goes on; zero if it is lost, or the build
     * has ended.
     */
    Duration remaining();

    /**
     * Reports progress, which {@link Builds#status} shows and watches of the key hear. Does not wait; a report that
     * cannot be delivered, is too large, or comes after the build has ended, is dropped.
     *
     * @param progress anything that the client's mapper can write, at most 1 MiB as JSON; a report that is larger is
     *     dropped
     * @throws ValidationException if it cannot be written
     */
    void progress(@Nullable Object progress);
}
