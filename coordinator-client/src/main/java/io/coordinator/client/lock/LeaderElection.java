package io.coordinator.client.lock;

import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.watch.Subscription;
import java.time.Duration;
import java.util.Optional;

/**
 * An election of one leader among the clients that campaign (B-20). Leadership is a lock bound to the session: it ends
 * with a resignation or the session's end, and the next candidate in line becomes leader. Epochs grow from leader to
 * leader.
 */
public interface LeaderElection {
    /** The namespace. */
    String namespace();

    /** The name within the namespace; that of the underlying lock. */
    String name();

    /** As {@link #campaign(Object)}, without contents. */
    Leadership campaign();

    /**
     * Waits in line until this client is the leader.
     *
     * @param contents any value that describes the candidate, written as JSON of at most 1 MiB, or
     *     {@link PayloadTooLargeException}; {@link #leader()} shows it
     * @throws SessionExpiredException if the session was lost while waiting; campaign again
     * @throws RequestTimeoutException if the cluster did not take the request in time
     */
    Leadership campaign(Object contents);

    /**
     * As {@link #campaign(Object)}, for at most {@code wait}.
     *
     * @param contents as there
     * @param wait 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     * @return empty if the wait elapsed; this client is not a candidate any more
     */
    Optional<Leadership> tryCampaign(Object contents, Duration wait);

    /** Who leads at this moment; empty if nobody does. */
    Optional<Leader> leader();

    /**
     * Tells of the present leader at once, and then of each change that it sees. Goes on after reconnects and
     * compactions. A leader that was gone before it could be read is skipped. What the listener heard last is what
     * holds.
     *
     * @param listener called on the callback executor, one call at a time, in order
     */
    Subscription observe(LeaderListener listener);
}
