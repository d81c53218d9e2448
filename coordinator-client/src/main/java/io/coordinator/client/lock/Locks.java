package io.coordinator.client.lock;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import java.util.List;

/**
 * All locks: who holds and waits for what, forced release, and release by the id of a grant. Where a method takes no
 * namespace it is the client's. Queries are linearizable.
 *
 * <p>Names, prefixes, namespaces and operators are <a href="../package-summary.html#names">names</a>; prefixes, and
 * namespaces where it says so, can be empty. Bad ones are refused with {@link ValidationException}.
 */
public interface Locks {
    /** The locks of the client's namespace that are held or waited for, in the order of their names. */
    List<LockSummary> list(String prefix);

    /**
     * The locks that are held or waited for, in the order of namespace and name, read page by page.
     *
     * @param namespace empty for all of them
     * @param prefix of the names; empty for all of them
     */
    List<LockSummary> list(String namespace, String prefix);

    /**
     * The semaphores that are in use or were resized, in the order of namespace and name.
     *
     * @param namespace empty for all of them
     * @param prefix of the names; empty for all of them
     */
    List<SemaphoreSummary> semaphores(String namespace, String prefix);

    /** What this client's session holds and waits for, as the cluster sees it (B-30). */
    HeldLocks held();

    /**
     * What a session holds and waits for.
     *
     * @param sessionId as in {@link CoordinatorClient#sessionId()}; of one that is gone or never was, nothing is held
     */
    HeldLocks held(long sessionId);

    /** Sessions that wait for each other in a circle (B-31); a session that waits for itself is a circle of one. */
    List<WaitCycle> waitCycles();

    /**
     * Ends all grants of a lock of the client's namespace, whoever holds them; see
     * {@link #forceRelease(String, String, long, String, String)}.
     *
     * @param operator as for {@link #forceRelease(String, String, long, String, String)}
     * @param reason as there
     */
    List<Long> forceRelease(String name, String operator, String reason);

    /**
     * Ends grants of a lock, whoever holds them. Their holders hear that they are {@linkplain LossReason#FORCED lost},
     * the next waiter is served, and a record is kept; see {@link #audit(int)}. If a holder does not listen to that,
     * only fences stop its work.
     *
     * @param token 0 for whatever grants there are, otherwise only that one; one that is not live ends nothing
     * @param operator who does it; a <a href="../package-summary.html#names">name</a>, so not empty
     * @param reason why; may be empty; at most 1,024 bytes of UTF-8, or {@link PayloadTooLargeException}
     * @return the tokens whose grants ended; empty if there was none
     */
    List<Long> forceRelease(String namespace, String name, long token, String operator, String reason);

    /** The latest forced releases that the cluster remembers, newest first; 100 at most. */
    List<AuditRecord> audit();

    /**
     * As {@link #audit()}, at most so many.
     *
     * @param limit at least 1; more than 100 count as that
     * @throws ValidationException if it is less than 1
     */
    List<AuditRecord> audit(int limit);

    /**
     * Releases a grant of this client's session by its id (DJ-LOCK-3).
     *
     * @param grantId as in {@link Grant#grantId()}
     * @return true if it was held under that id; otherwise, also for an id that never was, nothing is changed
     */
    boolean release(String name, long grantId);
}
