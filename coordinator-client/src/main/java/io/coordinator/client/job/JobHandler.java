package io.coordinator.client.job;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Does the jobs of one queue; user code. Runs on the worker's executor, for several jobs at a time. */
@FunctionalInterface
public interface JobHandler {
    /**
     * Does a job. It may have been done before, in part or whole, by an attempt that could not say so: see
     * {@link JobContext} for what helps against that. If it is to stop, its thread is interrupted; long work should
     * look at {@link JobContext#isCancelled()} too.
     *
     * @return the job's result, unless it was {@linkplain JobContext#complete(Object) completed} already: anything that
     *     the client's mapper can write, also null; a {@link CompletionStage} stands for what it will come to. What is
     *     returned after it was told to stop is not taken, since that is how handlers stop. One that cannot be written
     *     or is too large fails the attempt, and the worker's error listener gets it with the
     *     {@linkplain io.coordinator.client.error.CoordinatorException#functionResult() exception}
     * @throws Exception the attempt has failed, and the class name and message are kept as text.
     *     {@link PermanentJobException} and {@link JobRetryException} say what becomes of the job; an {@link Error} is
     *     a failure like any other: the worker goes on
     */
    @Nullable
    Object run(JobContext context) throws Exception;

    /** A handler whose results come later: as if {@link #run} returned the stage. */
    @SuppressWarnings("FutureReturnValueIgnored") // the worker waits for it
    static JobHandler staged(Staged handler) {
        requireNonNull(handler, "handler");
        return context -> handler.run(context);
    }

    /** Does jobs by stages; user code. */
    @FunctionalInterface
    interface Staged {
        /**
         * Begins to do a job.
         *
         * @return cancelled if it is to stop
         * @throws Exception as {@link JobHandler#run}
         */
        CompletionStage<? extends @Nullable Object> run(JobContext context) throws Exception;
    }
}
