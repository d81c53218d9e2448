package io.coordinator.state.job;

import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.CompleteJob;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.JobCompleted;
import io.coordinator.protocol.JobFailure;
import io.coordinator.protocol.JobProgressReported;
import io.coordinator.protocol.JobReply;
import io.coordinator.protocol.JobRow;
import io.coordinator.protocol.RecordStep;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ReportJobProgress;
import io.coordinator.protocol.StepRecorded;
import io.coordinator.protocol.StepRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.UnknownOperationException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What workers say of the jobs that they have. Only the lease that a token names counts, and only while it lasts. */
final class JobOutcomes {
    private static final JobFailure STOPPED = JobFailure.newBuilder()
            .setCode(ErrorCode.EHANDLER.name())
            .setMessage("the worker has stopped the job, although nobody asked it to; look into its log")
            .build();

    private final QueueRows queues;
    private final JobRows jobs;
    private final JobSteps steps;
    private final Pools pools;
    private final JobEnds ends;
    private final JobDispatching dispatching;

    JobOutcomes(QueueRows queues, JobRows jobs, JobSteps steps, Pools pools, JobEnds ends, JobDispatching dispatching) {
        this.queues = queues;
        this.jobs = jobs;
        this.steps = steps;
        this.pools = pools;
        this.ends = ends;
        this.dispatching = dispatching;
    }

    /** A job and where it is. */
    private record Leased(QueuePlace place, StoredJob job, JobRow row) {}

    /** Null if the session does not have the job by this token, or no longer. */
    private @Nullable Leased leased(Context at, Name name, String id, long token) {
        QueuePlace place = queues.find(name);
        StoredJob job = place == null ? null : jobs.find(place, id);
        if (place == null || job == null) {
            return null;
        }
        JobRow row = job.row();
        return row.hasLease() && pools.isOwn(at, row.getLease(), token) ? new Leased(place, job, row) : null;
    }

    private Reply.Builder fenced(Name name, String id, long token) {
        QueuePlace place = queues.find(name);
        return JobReplies.fenced(name, id, token, place == null ? null : jobs.find(place, id));
    }

    Reply.Builder complete(Context at, Name name, CompleteJob complete, Effects effects) {
        Leased leased = leased(at, name, complete.getId(), complete.getToken());
        if (leased == null) {
            return fenced(name, complete.getId(), complete.getToken());
        }
        QueuePlace place = leased.place;
        JobRow row = switch (complete.getOutcomeCase()) {
            case RESULT -> ends.succeed(at, place, leased.job, complete.getResult(), effects);
            case FAILURE -> ends.fail(at, place, leased.job, complete.getFailure(), effects);
            case CANCELLED ->
                leased.row.getCancelRequested()
                        ? ends.stopped(at, place, leased.job, effects)
                        : ends.fail(at, place, leased.job, STOPPED, effects);
            case HANDED_BACK -> ends.handBack(at, place, leased.job, effects);
            case OUTCOME_NOT_SET -> throw new UnknownOperationException("an outcome of a job");
        };
        if (complete.hasHandedBack()) {
            dispatching.passOn(
                    at, place, complete.getId(), leased.row.getLease().getMember(), effects);
        }
        dispatching.settle(at, place, effects, effects.slice());
        return JobReplies.reply(
                JobReply.newBuilder().setCompleted(JobCompleted.newBuilder().setState(row.getState())));
    }

    /** A step that is there stays, and is the answer. */
    Reply.Builder recordStep(Context at, Name name, RecordStep record, Effects effects) {
        Leased leased = leased(at, name, record.getId(), record.getToken());
        if (leased == null) {
            return fenced(name, record.getId(), record.getToken());
        }
        String owner = leased.place.owner();
        JobRow row = leased.row;
        StepRow earlier = steps.find(owner, row.getStepsId(), record.getStep());
        if (earlier != null) {
            return recorded(StepRecorded.newBuilder().setEarlier(earlier.getResult()));
        }
        long bytes = (long) record.getStep().getBytes(StandardCharsets.UTF_8).length
                + record.getResult().size();
        if (row.getSteps() >= JobLimits.STEPS_MAX || row.getStepBytes() + bytes > JobLimits.STEP_BYTES_MAX) {
            return JobReplies.tooManySteps(record.getId(), row, bytes);
        }
        long stepsId = row.getStepsId() == 0 ? effects.nextTicket() : row.getStepsId();
        steps.put(
                owner,
                stepsId,
                record.getStep(),
                StepRow.newBuilder()
                        .setResult(record.getResult())
                        .setAttempt(row.getAttempts())
                        .build());
        jobs.replace(
                leased.place,
                leased.job,
                row.toBuilder()
                        .setStepsId(stepsId)
                        .setSteps(row.getSteps() + 1)
                        .setStepBytes(row.getStepBytes() + bytes)
                        .build());
        return recorded(StepRecorded.newBuilder());
    }

    private static Reply.Builder recorded(StepRecorded.Builder step) {
        return JobReplies.reply(JobReply.newBuilder().setStep(step));
    }

    Reply.Builder progress(Context at, Name name, ReportJobProgress report, Effects effects) {
        Leased leased = leased(at, name, report.getId(), report.getToken());
        if (leased == null) {
            return fenced(name, report.getId(), report.getToken());
        }
        jobs.replace(
                leased.place,
                leased.job,
                leased.row.toBuilder().setProgress(report.getValue()).build());
        effects.change(DataKind.JOB, leased.place.watched(report.getId()), ChangeKind.PROGRESS, report.getValue());
        return JobReplies.reply(JobReply.newBuilder().setProgressed(JobProgressReported.getDefaultInstance()));
    }
}
