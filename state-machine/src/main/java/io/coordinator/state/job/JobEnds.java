package io.coordinator.state.job;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.JobAttempt;
import io.coordinator.protocol.JobFailure;
import io.coordinator.protocol.JobRevoked;
import io.coordinator.protocol.JobRow;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.PurgeBound;
import io.coordinator.protocol.QueueRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.Span;
import org.jspecify.annotations.Nullable;

/** How attempts and jobs end. What the queue can give after that is up to {@link JobDispatching}. */
final class JobEnds {
    private static final JobFailure LOST = JobFailure.newBuilder()
            .setCode("LOST")
            .setMessage("the session of the worker ended before the job was completed")
            .build();
    private static final JobFailure TIMED_OUT = JobFailure.newBuilder()
            .setCode("TIMED_OUT")
            .setMessage("the worker did not complete the job in the time that one attempt has")
            .build();

    private final QueueRows queues;
    private final JobRows jobs;
    private final JobWaits waits;
    private final Pools pools;
    private final FinishedJobs finished;

    JobEnds(QueueRows queues, JobRows jobs, JobWaits waits, Pools pools, FinishedJobs finished) {
        this.queues = queues;
        this.jobs = jobs;
        this.waits = waits;
        this.pools = pools;
        this.finished = finished;
    }

    // ---- of an attempt ----

    JobRow succeed(Context at, QueuePlace place, StoredJob job, ByteString result, Effects effects) {
        QueueRow.Builder queue = queues.get(place).toBuilder();
        JobRow.Builder row = closed(at, place, job, JobAttempt.Outcome.OK, null).setResult(result);
        queue.setSucceeded(queue.getSucceeded() + 1);
        ran(at, place, row, effects);
        return finish(at, place, queue, job, row, JobState.SUCCEEDED, effects);
    }

    /** The worker has stopped since it was told to. */
    JobRow stopped(Context at, QueuePlace place, StoredJob job, Effects effects) {
        JobRow.Builder row = closed(at, place, job, JobAttempt.Outcome.CANCELLED_BY_USER, null);
        return finish(at, place, queues.get(place).toBuilder(), job, row, JobState.CANCELED, effects);
    }

    /** The worker has failed, or takes as long as it may; there may be another attempt. */
    JobRow fail(Context at, QueuePlace place, StoredJob job, JobFailure failure, Effects effects) {
        return fail(at, place, job, failure, JobAttempt.Outcome.FAILED, effects);
    }

    private JobRow fail(
            Context at,
            QueuePlace place,
            StoredJob job,
            JobFailure failure,
            JobAttempt.Outcome outcome,
            Effects effects) {
        QueueRow.Builder queue = queues.get(place).toBuilder();
        queue.setAttemptsFailed(queue.getAttemptsFailed() + 1);
        JobRow.Builder row = closed(at, place, job, outcome, failure);
        ran(at, place, row, effects);
        long delay = failure.getDelayMillis() > 0
                ? failure.getDelayMillis()
                : RetryDelays.millis(
                        QueueDefaults.retry(queue.getSettings(), row.build()), row.getTicket(), row.getAttempts());
        return failed(at, place, queue, job, row, delay, ChangeKind.FAILED, effects);
    }

    private JobRow failed(
            Context at,
            QueuePlace place,
            QueueRow.Builder queue,
            StoredJob job,
            JobRow.Builder row,
            long delayMillis,
            ChangeKind kind,
            Effects effects) {
        long most = QueueDefaults.attemptsMax(queue.getSettings(), row.build());
        if (row.getCancelRequested()) {
            return finish(at, place, queue, job, row, JobState.CANCELED, effects);
        }
        if (row.getFailure().getPermanent() || Integer.toUnsignedLong(row.getAttempts()) >= most) {
            return finish(at, place, queue, job, row, JobState.DEAD, effects);
        }
        queues.put(place, queue.build());
        return again(at, place, queue.getPurge(), job, row, delayMillis, kind, effects);
    }

    /** The session of the worker has ended. Since that has taken a while, the next attempt waits for nothing more. */
    void lose(Context at, QueuePlace place, StoredJob job, Effects effects) {
        QueueRow.Builder queue = queues.get(place).toBuilder();
        queue.setAttemptsLost(queue.getAttemptsLost() + 1);
        JobRow.Builder row = closed(at, place, job, JobAttempt.Outcome.LOST, LOST);
        failed(at, place, queue, job, row, 0, ChangeKind.LOST, effects);
    }

    void timeOut(Context at, QueuePlace place, StoredJob job, Effects effects) {
        JobRow row = job.row();
        PoolMember worker = pools.find(place.owner(), row.getLease().getMember());
        if (worker != null) {
            JobEvents.revoked(place, worker, job.id(), row.getLease().getToken(), JobRevoked.Reason.TIMED_OUT, effects);
        }
        fail(at, place, job, TIMED_OUT, JobAttempt.Outcome.TIMED_OUT, effects);
    }

    /** The worker does not take it, or has left: as if it had not been given. */
    JobRow handBack(Context at, QueuePlace place, StoredJob job, Effects effects) {
        JobRow.Builder row = closed(at, place, job, JobAttempt.Outcome.HANDED_BACK, null);
        QueueRow queue = queues.get(place);
        if (row.getCancelRequested()) {
            return finish(at, place, queue.toBuilder(), job, row, JobState.CANCELED, effects);
        }
        row.setAttempts(row.getAttempts() - 1);
        return again(at, place, queue.getPurge(), job, row, 0, ChangeKind.RELEASED, effects);
    }

    /** Ends the lease, and the attempt in the history. */
    private JobRow.Builder closed(
            Context at, QueuePlace place, StoredJob job, JobAttempt.Outcome outcome, @Nullable JobFailure failure) {
        JobRow.Builder row = job.row().toBuilder();
        pools.end(place.owner(), row.getLease());
        JobAttempt.Builder attempt = row.getHistoryBuilder(row.getHistoryCount() - 1)
                .setOutcome(outcome)
                .setEndedDateMillis(at.dateMillis());
        if (failure != null) {
            attempt.setFailure(shortened(failure));
            row.setFailure(failure);
        }
        return row.clearLease();
    }

    /** Not of an attempt that was lost: how long the cluster did not know of that says nothing of the handler. */
    private static void ran(Context at, QueuePlace place, JobRow.Builder row, Effects effects) {
        effects.took(DataKind.JOB, Span.RUN, place.name(), at.nowMillis() - row.getSinceMillis());
    }

    private static JobFailure shortened(JobFailure failure) {
        String message = failure.getMessage();
        int end = Math.min(message.length(), JobLimits.FAILURE_CHARS_MAX);
        boolean cutsPair = end < message.length() && Character.isLowSurrogate(message.charAt(end));
        return end == message.length()
                ? failure
                : failure.toBuilder()
                        .setMessage(message.substring(0, cutsPair ? end - 1 : end))
                        .build();
    }

    private JobRow again(
            Context at,
            QueuePlace place,
            PurgeBound purge,
            StoredJob job,
            JobRow.Builder row,
            long delayMillis,
            ChangeKind kind,
            Effects effects) {
        if (purge.getWaiting() && job.place() <= purge.getTicket()) {
            // It ran when the others of its place were purged.
            row.setPlace(effects.nextTicket());
        }
        row.setState(delayMillis > 0 ? JobState.DELAYED : JobState.WAITING)
                .setDueMillis(at.deadlineAfter(delayMillis))
                .setSinceMillis(at.nowMillis());
        JobRow waiting = row.build();
        jobs.replace(place, job, waiting);
        JobEvents.changed(place, job.id(), waiting, kind, effects);
        return waiting;
    }

    /** The delay of a job is over. */
    void open(Context at, QueuePlace place, StoredJob job) {
        JobRow.Builder row = job.row().toBuilder().setState(JobState.WAITING);
        jobs.replace(
                place, job, row.clearDueMillis().setSinceMillis(at.nowMillis()).build());
    }

    // ---- of a job ----

    /** A job that nobody runs is to be over. */
    void cancel(Context at, QueuePlace place, StoredJob job, Effects effects) {
        finish(at, place, queues.get(place).toBuilder(), job, job.row().toBuilder(), JobState.CANCELED, effects);
    }

    private JobRow finish(
            Context at,
            QueuePlace place,
            QueueRow.Builder queue,
            StoredJob job,
            JobRow.Builder row,
            JobState state,
            Effects effects) {
        if (state == JobState.DEAD) {
            queue.setDied(queue.getDied() + 1);
        }
        JobRow over = row.setState(state)
                .setPlace(effects.nextTicket())
                .setSinceMillis(at.nowMillis())
                .setFinishedDateMillis(at.dateMillis())
                .clearDueMillis()
                .clearProgress()
                .build();
        jobs.replace(place, job, over);
        JobEvents.changed(place, job.id(), over, kind(state), effects);
        if (waits.isAwaited(place.owner(), over.getTicket())) {
            Event.Builder event = JobEvents.finished(place, job.id(), state);
            effects.share(JobEvents.value(over)).putInto(event);
            waits.tell(place.owner(), over.getTicket(), event, effects, effects.slice());
        }
        finished.keep(at, place, queue, effects, effects.slice());
        return over;
    }

    private static ChangeKind kind(JobState state) {
        return switch (state) {
            case SUCCEEDED -> ChangeKind.COMPLETED;
            case DEAD -> ChangeKind.DIED;
            default -> ChangeKind.WITHDRAWN;
        };
    }
}
