package io.coordinator.state.job;

import io.coordinator.protocol.AwaitCancelled;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.JobAwaited;
import io.coordinator.protocol.JobCancelled;
import io.coordinator.protocol.JobReply;
import io.coordinator.protocol.JobRerun;
import io.coordinator.protocol.JobRevoked;
import io.coordinator.protocol.JobRow;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.JobsRedriven;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.RerunJob;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.Slice;
import org.jspecify.annotations.Nullable;

/** What others than their workers ask about jobs that are there. */
final class JobRequests {
    private final QueueRows queues;
    private final JobRows jobs;
    private final JobSteps steps;
    private final JobWaits waits;
    private final Pools pools;
    private final JobEnds ends;
    private final JobSubmissions submissions;
    private final JobDispatching dispatching;

    JobRequests(
            QueueRows queues,
            JobRows jobs,
            JobSteps steps,
            JobWaits waits,
            Pools pools,
            JobEnds ends,
            JobSubmissions submissions,
            JobDispatching dispatching) {
        this.queues = queues;
        this.jobs = jobs;
        this.steps = steps;
        this.waits = waits;
        this.pools = pools;
        this.ends = ends;
        this.submissions = submissions;
        this.dispatching = dispatching;
    }

    private @Nullable StoredJob find(@Nullable QueuePlace place, String id) {
        return place == null ? null : jobs.find(place, id);
    }

    private static boolean isOver(JobState state) {
        return state == JobState.SUCCEEDED || state == JobState.DEAD || state == JobState.CANCELED;
    }

    // ---- to await ----

    Reply.Builder await(Context at, Name name, String id, Effects effects) {
        QueuePlace place = queues.find(name);
        StoredJob job = find(place, id);
        if (place == null || job == null) {
            return JobReplies.noJob(name, id);
        }
        JobRow row = job.row();
        if (isOver(job.state())) {
            return awaited(JobAwaited.newBuilder().setEnd(FinishedJobs.end(id, row)));
        }
        Reply.Builder refusal = submissions.refusal(at, 1);
        refusal = refusal == null ? waits.refusal(place, job, 1, effects) : refusal;
        if (refusal != null) {
            return refusal;
        }
        waits.add(place.owner(), row.getTicket(), at.sessionId(), at.seq(), effects);
        return awaited(JobAwaited.newBuilder());
    }

    private static Reply.Builder awaited(JobAwaited.Builder awaited) {
        return JobReplies.reply(JobReply.newBuilder().setAwaited(awaited));
    }

    Reply.Builder cancelAwait(Context at, long requestSeq) {
        return JobReplies.reply(JobReply.newBuilder()
                .setAwaitCancelled(
                        AwaitCancelled.newBuilder().setWasWaiting(waits.cancel(at.sessionId(), requestSeq))));
    }

    // ---- to stop ----

    Reply.Builder cancel(Context at, Name name, String id, Effects effects) {
        QueuePlace place = queues.find(name);
        StoredJob job = find(place, id);
        JobState state = job == null ? JobState.JOB_STATE_UNSPECIFIED : job.state();
        if (place != null && job != null) {
            switch (state) {
                case WAITING, DELAYED -> {
                    ends.cancel(at, place, job, effects);
                    dispatching.settle(at, place, effects, effects.slice());
                }
                case RUNNING -> stop(place, job, effects);
                case SUCCEEDED, DEAD, CANCELED, JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> {}
            }
        }
        return JobReplies.reply(
                JobReply.newBuilder().setCancelled(JobCancelled.newBuilder().setState(state)));
    }

    private void stop(QueuePlace place, StoredJob job, Effects effects) {
        JobRow row = job.row();
        if (row.getCancelRequested()) {
            return;
        }
        jobs.replace(place, job, row.toBuilder().setCancelRequested(true).build());
        PoolMember worker = pools.find(place.owner(), row.getLease().getMember());
        if (worker != null) {
            JobEvents.revoked(place, worker, job.id(), row.getLease().getToken(), JobRevoked.Reason.CANCELLED, effects);
        }
    }

    // ---- to run again ----

    Reply.Builder rerun(Context at, Name name, RerunJob rerun, Effects effects) {
        QueuePlace place = queues.find(name);
        StoredJob job = find(place, rerun.getId());
        JobState state = job == null ? JobState.JOB_STATE_UNSPECIFIED : job.state();
        if (place != null && job != null && isOver(state)) {
            long most = QueueDefaults.jobsMax(queues.settings(place));
            long has = jobs.of(place).unfinished();
            if (state != JobState.DEAD && has >= most) {
                return JobReplies.queueIsFull(name, has, 1, most);
            }
            again(at, place, job, rerun.getKeepSteps(), effects, effects.slice());
            dispatching.settle(at, place, effects, effects.slice());
        }
        return JobReplies.reply(
                JobReply.newBuilder().setRerun(JobRerun.newBuilder().setState(state)));
    }

    Reply.Builder redrive(Context at, Name name, long count, Effects effects) {
        QueuePlace place = queues.find(name);
        JobsRedriven.Builder redriven = JobsRedriven.newBuilder();
        if (place != null) {
            boolean few = count > 0 && count < JobLimits.REDRIVEN_MAX;
            long most = few ? count : JobLimits.REDRIVEN_MAX;
            Slice slice = effects.slice();
            StoredJob dead = jobs.of(place).lists().dead().first();
            while (dead != null && redriven.getCount() < most && (redriven.getCount() == 0 || !slice.isSpent())) {
                again(at, place, dead, true, effects, slice);
                redriven.setCount(redriven.getCount() + 1);
                dead = jobs.of(place).lists().dead().first();
            }
            redriven.setMore(dead != null);
            dispatching.settle(at, place, effects, effects.slice());
        }
        return JobReplies.reply(JobReply.newBuilder().setRedriven(redriven));
    }

    private void again(Context at, QueuePlace place, StoredJob job, boolean keepSteps, Effects effects, Slice slice) {
        JobRow before = job.row();
        JobRow.Builder row = before.toBuilder()
                .setTicket(effects.nextTicket())
                .setState(JobState.WAITING)
                .setSinceMillis(at.nowMillis())
                .clearPlace()
                .clearAttempts()
                .clearResult()
                .clearFailure()
                .clearCancelRequested()
                .clearFinishedDateMillis();
        if (!keepSteps) {
            steps.reclaim(place.owner(), before.getStepsId(), effects, slice);
            row.clearStepsId().clearSteps().clearStepBytes();
        }
        JobRow waiting = row.build();
        jobs.replace(place, job, waiting);
        JobEvents.changed(place, job.id(), waiting, ChangeKind.SUBMITTED, effects);
    }
}
