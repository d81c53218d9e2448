package io.coordinator.client.internal.job;

import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.JobLeaseLostException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Thrown;

/** What a refusal means for a job that a worker speaks for. */
final class JobLosses {
    /** Of the command before the writes of a transaction, in the message of its refusal. */
    private static final String FENCED = "refused with EFENCED";

    private JobLosses() {}

    /** The same, or that the job is not the worker's any more, if it says that. */
    static Throwable of(Throwable refusal, String job) {
        Throwable cause = Thrown.cause(refusal);
        if (isJobFenced(cause) || isFenced(cause)) {
            return new JobLeaseLostException(plain((CoordinatorException) cause), false, cause);
        } else if (cause instanceof SessionExpiredException expired) {
            return new JobLeaseLostException(
                    job + " is not this worker's any more: its session was lost; stop working on it, and do nothing"
                            + " more in its name",
                    expired.outcomeUnknown(),
                    cause);
        }
        return cause;
    }

    /** A refusal that names a lock is about the guard of a transaction, and the job is the worker's all the same. */
    private static boolean isJobFenced(Throwable refusal) {
        return refusal instanceof FencedException fenced && fenced.lock().isEmpty();
    }

    private static boolean isFenced(Throwable refusal) {
        return refusal instanceof BatchException batch
                && batch.index() == 0
                && Thrown.message(batch).contains(FENCED);
    }

    /** The message without the code in front. */
    private static String plain(CoordinatorException refusal) {
        String message = Thrown.message(refusal);
        String code = refusal.code() + ": ";
        return message.startsWith(code) ? message.substring(code.length()) : message;
    }
}
