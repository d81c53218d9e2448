package io.coordinator.client.job;

import io.coordinator.client.error.JobLeaseLostException;
import java.util.concurrent.CompletionStage;

/**
 * Does the jobs of one queue until it is closed. It survives reconnects, and joins again when the session was lost and
 * the client opens another one; the jobs that it had are lost to it then, and what it completes of them is refused with
 * {@link JobLeaseLostException}, of which its error listener hears.
 */
public interface JobWorker extends AutoCloseable {
    /** The namespace of the queue. */
    String namespace();

    /** The name of the queue. */
    String queue();

    /** Whether it gets jobs, as far as this client knows. */
    State state();

    /** How many jobs its handler is at. */
    int running();

    /**
     * Gets no more jobs from now on. Those that no handler has begun go to other workers; those that run go on, for as
     * long as they take.
     *
     * @return ends when they are done, and the cluster knows that it gets no more, or cannot be told within the
     *     client's request timeout; never fails
     */
    CompletionStage<Void> drain();

    /**
     * As {@link #drain()}, and waits, for at most {@link WorkOptions#drainTimeout()}. Then those left are interrupted
     * and go to other workers; their attempts are not counted. An interrupt of the waiting thread ends the wait, not
     * the closing. Not for its own handlers, which would wait for themselves: they call {@link #closeAsync}.
     */
    @Override
    void close();

    /** As {@link #close()}, without waiting. Never fails. */
    CompletionStage<Void> closeAsync();

    /** Whether a worker gets jobs. */
    enum State {
        ACTIVE,
        /** The connection is away, or the session was lost and it has not joined again yet. */
        AWAY,
        /** It gets no more jobs, and does those that it has. */
        DRAINING,
        CLOSED
    }
}
