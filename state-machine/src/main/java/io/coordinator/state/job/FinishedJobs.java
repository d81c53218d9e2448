package io.coordinator.state.job;

import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.JobEnd;
import io.coordinator.protocol.JobRevoked;
import io.coordinator.protocol.JobRow;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.QueueRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.Slice;

/** How long finished jobs are remembered, and how jobs are forgotten. */
final class FinishedJobs {
    /** They are read once more. */
    private static final int BYTES_A_STEP = 128;

    private final QueueRows queues;
    private final JobRows jobs;
    private final JobSteps steps;
    private final JobWaits waits;
    private final Pools pools;

    FinishedJobs(QueueRows queues, JobRows jobs, JobSteps steps, JobWaits waits, Pools pools) {
        this.queues = queues;
        this.jobs = jobs;
        this.steps = steps;
        this.waits = waits;
        this.pools = pools;
    }

    /** What came of a finished or dead job. */
    static JobEnd end(String id, JobRow job) {
        JobEnd.Builder end = JobEnd.newBuilder().setId(id).setState(job.getState());
        if (job.getState() == JobState.SUCCEEDED) {
            end.setResult(job.getResult());
        } else if (job.getState() == JobState.DEAD) {
            end.setFailure(job.getFailure());
        }
        return end.build();
    }

    /** Writes a queue that has more finished jobs, or other settings, and forgets what is too old or too many. */
    void keep(Context at, QueuePlace place, QueueRow.Builder queue, Effects effects, Slice slice) {
        if (!queue.getTrimming()) {
            trim(at, place, queue, effects, slice, false);
        }
        queues.put(place, queue.build());
    }

    /** As {@link #keep}, of all that is due by now. */
    void expire(Context at, QueuePlace place, Effects effects, Slice slice) {
        keep(at, place, queues.get(place).toBuilder().clearDueMillis(), effects, slice);
    }

    /** Goes on with it. */
    void resume(Context at, QueuePlace place, Effects effects, Slice slice) {
        QueueRow.Builder queue = queues.get(place).toBuilder().clearTrimming();
        trim(at, place, queue, effects, slice, true);
        queues.put(place, queue.build());
    }

    private void trim(
            Context at, QueuePlace place, QueueRow.Builder queue, Effects effects, Slice slice, boolean begin) {
        JobIndex index = jobs.of(place);
        long most = QueueDefaults.finishedMax(queue.getSettings());
        if (queue.getDueMillis() != 0 && !at.isPast(queue.getDueMillis()) && index.finished() <= most) {
            return;
        }
        boolean begun = !begin;
        queue.clearDueMillis();
        for (StoredJob head = index.lists().firstFinished(); head != null; ) {
            long due = dueMillis(head, queue);
            if (index.finished() <= most && !at.isPast(due)) {
                queue.setDueMillis(due);
                return;
            }
            if (begun && slice.isSpent()) {
                queue.setTrimming(true);
                effects.later(
                        DataKind.JOB, Chore.newBuilder().setStep(JobChores.TRIM).setSubject(place.owner()));
                return;
            }
            begun = true;
            forget(place, head, effects, slice);
            head = index.lists().firstFinished();
        }
    }

    private static long dueMillis(StoredJob job, QueueRow.Builder queue) {
        long since = job.row().getSinceMillis();
        long kept = QueueDefaults.retentionMillis(queue.getSettings());
        return Math.max(1, since > Long.MAX_VALUE - kept ? Long.MAX_VALUE : since + kept);
    }

    /** Forgets a job, whatever it does; those who await it are told that it was cancelled. */
    void forget(QueuePlace place, StoredJob job, Effects effects, Slice slice) {
        JobRow row = job.row();
        effects.meter().steps("jobs", job.bytes().length / BYTES_A_STEP);
        if (row.hasLease()) {
            PoolMember worker = pools.find(place.owner(), row.getLease().getMember());
            pools.end(place.owner(), row.getLease());
            if (worker != null) {
                JobEvents.revoked(
                        place, worker, job.id(), row.getLease().getToken(), JobRevoked.Reason.DELETED, effects);
            }
        }
        jobs.remove(place, job);
        if (!job.isFinished() && job.state() != JobState.DEAD) {
            waits.tell(
                    place.owner(),
                    row.getTicket(),
                    JobEvents.finished(place, job.id(), JobState.CANCELED),
                    effects,
                    slice);
        }
        steps.reclaim(place.owner(), row.getStepsId(), effects, slice);
    }
}
