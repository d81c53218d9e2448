package io.coordinator.state.job;

import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.JobAttempt;
import io.coordinator.protocol.JobRow;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.Lease;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.QueueRow;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Span;
import org.jspecify.annotations.Nullable;

/**
 * Gives jobs to workers: those of the highest priority first, and of the same in the order of submission; each to the
 * worker that has the fewest. As many as a slice lets it; work that is left does the rest.
 */
final class JobDispatching {
    private static final long LOOK_STEPS = 10;
    /** They are put into an event, which is kept and sent. */
    private static final long BYTES_A_STEP = 8;

    private final QueueRows queues;
    private final JobRows jobs;
    private final Pools pools;
    private final SessionDirectory sessions;

    JobDispatching(QueueRows queues, JobRows jobs, Pools pools, SessionDirectory sessions) {
        this.queues = queues;
        this.jobs = jobs;
        this.pools = pools;
        this.sessions = sessions;
    }

    /** Something has changed in a queue that is there. */
    void settle(Context at, QueuePlace place, Effects effects, Slice slice) {
        QueueRow queue = queues.get(place);
        if (!queue.getDispatching() && isLeft(at, place, queue.getSettings(), effects, slice, false)) {
            leave(place, queue.toBuilder(), effects);
        }
    }

    /** Goes on where a slice ended; what is left then goes behind other work. */
    void resume(Context at, QueuePlace place, Effects effects, Slice slice) {
        QueueRow queue = queues.get(place);
        QueueRow.Builder after = queue.toBuilder().clearDispatching();
        if (isLeft(at, place, queue.getSettings(), effects, slice, true)) {
            leave(place, after, effects);
        } else {
            queues.put(place, after.build());
        }
    }

    private void leave(QueuePlace place, QueueRow.Builder queue, Effects effects) {
        queues.put(place, queue.setDispatching(true).build());
        effects.later(
                DataKind.JOB, Chore.newBuilder().setStep(JobChores.DISPATCH).setSubject(place.owner()));
    }

    private boolean isLeft(
            Context at, QueuePlace place, QueueSettings settings, Effects effects, Slice slice, boolean begin) {
        boolean begun = !begin;
        StoredJob job = next(place, settings);
        PoolMember worker = job == null ? null : pools.next(place.owner());
        while (job != null && worker != null) {
            if (begun && slice.isSpent()) {
                return true;
            }
            begun = true;
            give(at, place, settings, job, worker, effects);
            job = next(place, settings);
            worker = job == null ? null : pools.next(place.owner());
        }
        return false;
    }

    /** The next job that may run; null if there is none. */
    private @Nullable StoredJob next(QueuePlace place, QueueSettings settings) {
        JobIndex index = jobs.of(place);
        boolean full = index.running().size() >= QueueDefaults.concurrencyMax(settings);
        return settings.getPaused() || full ? null : index.next();
    }

    private void give(
            Context at, QueuePlace place, QueueSettings settings, StoredJob job, PoolMember worker, Effects effects) {
        JobRow row = job.row();
        long deadline = at.deadlineAfter(QueueDefaults.attemptMillis(settings, row));
        Lease lease = pools.lease(place.owner(), worker, job.key(), deadline, effects);
        int attempt = row.getAttempts() == -1 ? -1 : row.getAttempts() + 1;
        JobRow.Builder running = row.toBuilder()
                .setState(JobState.RUNNING)
                .setLease(lease)
                .setAttempts(attempt)
                .setSinceMillis(at.nowMillis())
                .clearDueMillis()
                .addHistory(JobAttempt.newBuilder()
                        .setNumber(attempt)
                        .setWorker(sessions.clientName(worker.getSessionId()))
                        .setStartedDateMillis(at.dateMillis()));
        if (running.getHistoryCount() > JobLimits.HISTORY_MAX) {
            running.removeHistory(0);
        }
        JobRow given = running.build();
        jobs.replace(place, job, given);
        effects.took(DataKind.JOB, Span.WAIT, place.name(), at.nowMillis() - row.getSinceMillis());
        JobEvents.changed(place, job.id(), given, ChangeKind.STARTED, effects);
        long attemptsMax = QueueDefaults.attemptsMax(settings, given);
        JobEvents.assigned(at, place, worker, job.id(), given, attemptsMax, effects);
        effects.meter().steps("jobs", LOOK_STEPS + given.getPayload().size() / BYTES_A_STEP);
    }

    /** Gives a job that a worker has handed back to another one, if it is the next and another one has room. */
    void passOn(Context at, QueuePlace place, String id, long member, Effects effects) {
        QueueRow queue = queues.get(place);
        StoredJob next = queue.getDispatching() ? null : next(place, queue.getSettings());
        PoolMember other = next == null || !next.id().equals(id) ? null : pools.nextBut(place.owner(), member);
        if (next != null && other != null) {
            give(at, place, queue.getSettings(), next, other, effects);
        }
    }
}
