package io.coordinator.state.job;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.JobReply;
import io.coordinator.protocol.JobRow;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import org.jspecify.annotations.Nullable;

/** How commands about jobs are answered, and what is refused. */
final class JobReplies {
    private static final long RETRY_AFTER_MILLIS = 200;

    private JobReplies() {}

    static Reply.Builder reply(JobReply.Builder job) {
        return Reply.newBuilder().setJob(job);
    }

    private static Reply.Builder busy(String message) {
        Reply.Builder busy = Refusals.reply(ErrorCode.EBUSY, message);
        busy.getErrorBuilder().setRetryAfterMillis(RETRY_AFTER_MILLIS);
        return busy;
    }

    static Reply.Builder queueIsFull(Name queue, long there, long more, long most) {
        return busy("queue " + queue + " has " + there + " jobs that are not finished, and with " + more
                + " more there would be over " + most + ", so nothing was submitted; wait for workers to do some, add"
                + " workers, redrive or purge dead ones, or let the queue have more jobs");
    }

    static Reply.Builder isBeingPurged(QueuePlace queue) {
        return busy("an earlier purge of " + queue + " still goes on, so nothing was changed; try again");
    }

    static Reply.Builder noJob(Name queue, String id) {
        return Refusals.reply(
                ErrorCode.EKEYNOTFOUND,
                "there is no job \"" + id + "\" in queue " + queue
                        + ", or it is no longer remembered; check its id, the queue and the namespace");
    }

    static Reply.Builder badConcurrency(int concurrency) {
        return Refusals.reply(
                ErrorCode.EINVAL,
                "concurrency is " + Integer.toUnsignedString(concurrency) + "; use 1 to " + JobLimits.CONCURRENCY_MAX);
    }

    static Reply.Builder tooManyWorkers(QueuePlace queue) {
        return Refusals.reply(
                ErrorCode.ENOSPACE,
                queue + " has " + JobLimits.WORKERS_MAX + " workers, and no more may be, so nothing was changed; use"
                        + " fewer workers with more concurrency, or a second queue");
    }

    static Reply.Builder tooManyJobs(int jobs) {
        return Refusals.reply(
                ErrorCode.EINVAL,
                jobs + " jobs in one submission, and " + JobLimits.SUBMITTED_MAX
                        + " are the most, so nothing was submitted; submit them in several commands");
    }

    static Reply.Builder tooManySteps(String id, JobRow job, long bytes) {
        String why = job.getSteps() >= JobLimits.STEPS_MAX
                ? job.getSteps() + " steps, and " + JobLimits.STEPS_MAX + " are the most"
                : "steps of " + job.getStepBytes() + " bytes, and with the " + bytes
                        + " of this one there would be over " + JobLimits.STEP_BYTES_MAX;
        return Refusals.reply(
                ErrorCode.ETOOLARGE,
                "job \"" + id + "\" has recorded " + why
                        + ", so nothing was recorded; record fewer and smaller results, for instance the key of a cache"
                        + " entry that holds a large one");
    }

    /**
     * A worker speaks for a job that it does not have.
     *
     * @param job null if there is none
     */
    static Reply.Builder fenced(Name queue, String id, long token, @Nullable StoredJob job) {
        JobRow row = job == null ? JobRow.getDefaultInstance() : job.row();
        Error.Builder error = Error.newBuilder()
                .setCode(ErrorCode.EFENCED)
                .setMessage("job \"" + id + "\" of queue " + queue + " is not leased with token "
                        + Long.toUnsignedString(token) + ": " + why(row, token)
                        + "; nothing was changed. Stop working on it, and do nothing more in its name");
        if (row.hasLease() && row.getLease().getToken() != token) {
            error.setCurrentToken(row.getLease().getToken());
        }
        return Reply.newBuilder().setError(error);
    }

    private static String why(JobRow row, long token) {
        if (row.getState() == JobState.JOB_STATE_UNSPECIFIED) {
            return "there is no such job, or it is no longer remembered";
        }
        if (!row.hasLease()) {
            return "it is " + row.getState() + ", and nobody has it";
        }
        return row.getLease().getToken() == token
                ? "that lease has ended, or is another session's"
                : "another worker has it, in attempt " + Integer.toUnsignedString(row.getAttempts());
    }
}
