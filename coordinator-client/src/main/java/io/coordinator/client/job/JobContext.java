package io.coordinator.client.job;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.JobLeaseLostException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.transaction.Transaction;
import io.coordinator.client.transaction.TransactionResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a job, as its handler sees it. Safe for use by many threads.
 *
 * <p>An attempt whose worker was lost, or that took too long, is followed by another one, and may go on beside it. What
 * the job does to the cluster is done once all the same if it is done with the {@linkplain #complete(Object,
 * Transaction) completion}; what it does elsewhere, if there the {@linkplain #token() token} or the key of a
 * {@linkplain #step(String, Class, StepFunction) step} is checked.
 */
public interface JobContext {
    /** The namespace of the queue. */
    String namespace();

    /** The name of the queue. */
    String queue();

    /** The job's id within its queue. */
    String id();

    /** What was submitted; JSON null for nothing. */
    JsonNode payload();

    /**
     * The same as a value; JSON null becomes null.
     *
     * @throws ValidationException if it does not fit
     */
    <T> @Nullable T payload(Class<T> type);

    /**
     * The same as a value of a generic type; JSON null becomes null.
     *
     * @throws ValidationException if it does not fit
     */
    <T> @Nullable T payload(TypeReference<T> type);

    /** Which attempt this is: 1 for the first one. Those that were handed back are not counted. */
    int attempt();

    /** So many attempts there are at most. */
    int attemptsMax();

    /**
     * The fencing token of this attempt: larger than that of every earlier attempt at the job. A system that keeps the
     * largest one it has seen for the job, and refuses smaller ones, refuses what an attempt does that was given up.
     */
    long token();

    /** With which key it was submitted; empty for none. */
    String key();

    /** The name of the submitter's client, for people. */
    String submitter();

    /** When it was submitted, by the clock of the cluster's leader. */
    Instant submittedAt();

    /** How long this attempt still may take; zero if that is over, empty if there is no limit. */
    Optional<Duration> remaining();

    /**
     * Whether it is to stop: the job was cancelled or deleted, the attempt has taken too long, the session is gone, or
     * its worker was closed and has waited long enough.
     */
    boolean isCancelled();

    /**
     * Runs something when it is to stop; at once, on this thread, if that is so already, otherwise on the callback
     * executor. Not after the handler is done.
     */
    void onCancel(Runnable action);

    /**
     * Reports progress, which the job's {@linkplain JobHandle#inspect() status} and those who watch the queue have.
     * Does not wait; a report is dropped if a later one overtakes it, if it is larger than 1 MiB as JSON, or if the
     * attempt is over.
     *
     * @param progress anything that the client's mapper can write
     * @throws ValidationException if it cannot be written
     */
    void progress(@Nullable Object progress);

    // ---- steps ----

    /**
     * Does a step of the job unless an earlier attempt has recorded it: then its result is returned, and the function
     * does not run. So an attempt goes on where the last one was lost. A job has at most 1,000 steps, with names and
     * results of 1 MiB together; they are kept as long as the job.
     *
     * @param name of the step, unique within the job; a <a href="../package-summary.html#names">name</a>
     * @param type of its result; {@code Void} if there is none
     * @param function makes the result; it runs on this thread
     * @return the result as it was recorded; null if the function gave null
     * @throws Exception what the function throws: nothing is recorded
     * @throws JobLeaseLostException if the job is not this attempt's any more: nothing was recorded
     * @throws PayloadTooLargeException if there are too many steps, or their results are too large
     * @throws ValidationException if the client's mapper cannot write the type: the function did not run. If it cannot
     *     write this one result, and in the two cases before, the exception carries it:
     *     {@link CoordinatorException#functionResult()}
     */
    <T> @Nullable T step(String name, Class<T> type, StepFunction<? extends @Nullable T> function) throws Exception;

    /** As {@link #step(String, Class, StepFunction)}, for a generic type. */
    <T> @Nullable T step(String name, TypeReference<T> type, StepFunction<? extends @Nullable T> function)
            throws Exception;

    /** As {@link #step(String, Class, StepFunction)}, without waiting; the function gives a stage of the result. */
    <T> CompletionStage<@Nullable T> stepAsync(
            String name, Class<T> type, StepFunction<? extends CompletionStage<? extends @Nullable T>> function);

    /** As {@link #stepAsync(String, Class, StepFunction)}, for a generic type. */
    <T> CompletionStage<@Nullable T> stepAsync(
            String name,
            TypeReference<T> type,
            StepFunction<? extends CompletionStage<? extends @Nullable T>> function);

    // ---- completion ----

    /**
     * Completes the job, and waits until the cluster has taken that. What the handler returns or throws afterwards is
     * not told any more. Also a handler that was told to stop because the job was cancelled may still complete it. An
     * interrupt does not end the wait, since what became of the job would not be known then; the flag stays set.
     *
     * @param result anything that the client's mapper can write; null for nothing
     * @throws JobLeaseLostException if the job is not this attempt's any more: it was not completed
     * @throws RequestTimeoutException if the cluster did not answer in time; it is told as long as the session lives
     * @throws ValidationException if it was completed before, or the result cannot be written
     */
    void complete(@Nullable Object result);

    /** As {@link #complete(Object)}, without waiting. */
    CompletionStage<Void> completeAsync(@Nullable Object result);

    /**
     * Completes the job together with a transaction: in one entry of the log, so that either both are done or neither.
     * If a condition of the transaction does not hold, the job is not completed, what the transaction has for that case
     * is done, and the handler goes on.
     *
     * @param result anything that the client's mapper can write; null for nothing
     * @param writes not committed; a guard that it has counts too
     * @return whether the conditions held, and so whether the job is completed
     * @throws JobLeaseLostException if the job is not this attempt's any more: nothing was done
     * @throws BatchException if a write was refused: nothing was done, and the job may still be completed. Its index
     *     counts the completion, which comes first
     * @throws FencedException if the transaction has a guard that does not name the live grant of its lock: likewise
     * @throws ValidationException if it was completed before, or something cannot be written
     */
    TransactionResult complete(@Nullable Object result, Transaction writes);

    /** As {@link #complete(Object, Transaction)}, without waiting. */
    CompletionStage<TransactionResult> completeAsync(@Nullable Object result, Transaction writes);
}
