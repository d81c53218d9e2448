package io.coordinator.client.lock;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The asynchronous face of {@link Locks}; outcomes and errors are the same.
 *
 * <p>Names are <a href="../package-summary.html#names">names</a>. A bad argument fails the stage.
 */
public interface AsyncLocks {
    /** See {@link Locks#list(String)}. */
    CompletionStage<List<LockSummary>> list(String prefix);

    /** See {@link Locks#list(String, String)}. */
    CompletionStage<List<LockSummary>> list(String namespace, String prefix);

    /** See {@link Locks#semaphores(String, String)}. */
    CompletionStage<List<SemaphoreSummary>> semaphores(String namespace, String prefix);

    /** See {@link Locks#held()}. */
    CompletionStage<HeldLocks> held();

    /** See {@link Locks#held(long)}. */
    CompletionStage<HeldLocks> held(long sessionId);

    /** See {@link Locks#waitCycles()}. */
    CompletionStage<List<WaitCycle>> waitCycles();

    /** See {@link Locks#forceRelease(String, String, String)}. */
    CompletionStage<List<Long>> forceRelease(String name, String operator, String reason);

    /** See {@link Locks#forceRelease(String, String, long, String, String)}. */
    CompletionStage<List<Long>> forceRelease(String namespace, String name, long token, String operator, String reason);

    /** See {@link Locks#audit()}. */
    CompletionStage<List<AuditRecord>> audit();

    /** See {@link Locks#audit(int)}. */
    CompletionStage<List<AuditRecord>> audit(int limit);

    /** See {@link Locks#release(String, long)}. */
    CompletionStage<Boolean> release(String name, long grantId);
}
