package io.coordinator.state.job;

import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.PurgeBound;
import io.coordinator.protocol.QueueRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Memberships;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.UndoLog;
import io.coordinator.state.kernel.UnknownOperationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is done to all that a worker, a session or a queue has, which may be a lot: in slices. */
final class QueueChores {
    private final QueueRows queues;
    private final JobRows jobs;
    private final JobSteps steps;
    private final JobWaits waits;
    private final Memberships members;
    private final FinishedJobs finished;
    private final JobEnds ends;
    private final JobDispatching dispatching;
    private final UndoLog undo;

    QueueChores(
            QueueRows queues,
            JobRows jobs,
            JobSteps steps,
            JobWaits waits,
            Pools pools,
            FinishedJobs finished,
            JobEnds ends,
            JobDispatching dispatching,
            UndoLog undo) {
        this.queues = queues;
        this.jobs = jobs;
        this.steps = steps;
        this.waits = waits;
        this.members = new Memberships(pools);
        this.finished = finished;
        this.ends = ends;
        this.dispatching = dispatching;
        this.undo = undo;
    }

    private StoredJob job(String key) {
        StoredJob job = jobs.row(key);
        if (job == null) {
            throw new IllegalStateException("a worker has a job without a row");
        }
        return job;
    }

    private void settle(Context at, QueuePlace place, Effects effects, Slice slice) {
        if (queues.isThere(place)) {
            dispatching.settle(at, place, effects, slice);
        }
    }

    // ---- what a worker has ----

    /** Hands back all that a worker has that is leaving: it goes with the last of it. */
    void handBack(Context at, QueuePlace place, long member, Effects effects, Slice slice) {
        if (!isHandedBack(at, place, member, effects, slice)) {
            effects.later(
                    DataKind.JOB,
                    Chore.newBuilder()
                            .setStep(JobChores.LEAVE)
                            .setSubject(place.owner())
                            .setBound(member));
        }
    }

    private boolean isHandedBack(Context at, QueuePlace place, long member, Effects effects, Slice slice) {
        return !queues.isThere(place)
                || members.clear(place.owner(), member, slice, item -> ends.handBack(at, place, job(item), effects));
    }

    /** Ends what an ended session has in queues, until the slice is spent; whether nothing is left. */
    boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        return members.sessionClosed(
                sessionId,
                slice,
                (owner, item) -> lose(at, place(owner), job(item), effects, slice),
                owner -> settle(at, place(owner), effects, slice));
    }

    private void lose(Context at, QueuePlace place, StoredJob job, Effects effects, Slice slice) {
        if (queues.isThere(place)) {
            ends.lose(at, place, job, effects);
        } else {
            finished.forget(place, job, effects, slice);
        }
    }

    private QueuePlace place(String owner) {
        QueuePlace place = queues.ofOwner(owner);
        if (place == null) {
            throw new IllegalStateException("a queue is forgotten of which something is left");
        }
        return place;
    }

    // ---- time ----

    /** A job may run, or its attempt is over. */
    void expire(Context at, String key, Effects effects) {
        StoredJob job = job(key);
        QueuePlace place = place(QueuePlace.ownerOf(key));
        if (!queues.isThere(place) || jobs.of(place).isPurged(job)) {
            finished.forget(place, job, effects, effects.slice());
        } else if (job.row().hasLease()) {
            ends.timeOut(at, place, job, effects);
        } else {
            ends.open(at, place, job);
        }
        settle(at, place, effects, effects.slice());
    }

    // ---- a whole queue ----

    /** Forgets what a purge has taken out. */
    void purge(QueuePlace place, Effects effects, Slice slice) {
        if (!isPurged(place, effects, slice)) {
            effects.later(
                    DataKind.JOB, Chore.newBuilder().setStep(JobChores.PURGE).setSubject(place.owner()));
        }
    }

    private boolean isPurged(QueuePlace place, Effects effects, Slice slice) {
        if (!queues.isThere(place)) {
            return true;
        }
        JobIndex index = jobs.obtain(place.owner());
        for (StoredJob job = index.purged().first();
                job != null;
                job = index.purged().first()) {
            if (slice.isSpent()) {
                return false;
            }
            finished.forget(place, job, effects, slice);
        }
        PurgeBound before = index.purge();
        index.setPurge(PurgeBound.getDefaultInstance());
        undo.add(() -> index.setPurge(before));
        QueueRow queue = queues.get(place);
        queues.put(place, queue.toBuilder().clearPurge().build());
        return true;
    }

    private boolean isEnded(QueuePlace place, Effects effects, Slice slice) {
        for (StoredJob job = jobs.of(place).any();
                job != null;
                job = jobs.of(place).any()) {
            if (slice.isSpent()) {
                return false;
            }
            finished.forget(place, job, effects, slice);
        }
        Consumer<PoolMember> tell = member -> JobEvents.ended(place, member, "the queue was deleted", effects);
        if (!members.dissolve(place.owner(), slice, tell)) {
            return false;
        }
        jobs.forget(place);
        queues.forget(place);
        return true;
    }

    // ---- what was left ----

    /** Goes on with work that was left; null if it is done. */
    @Nullable
    Chore resume(Context at, Chore chore, Effects effects, Slice slice) {
        if (chore.getStep() == JobChores.HEARS_AGAIN) {
            return members.hearAgain(chore, effects.meter(), slice, owner -> settle(at, place(owner), effects, slice));
        }
        boolean done = switch (chore.getStep()) {
            case JobChores.TELL -> waits.resume(chore, effects, slice);
            case JobChores.STEPS -> steps.reclaim(chore.getSubject(), slice);
            default -> ofQueue(at, chore, effects, slice);
        };
        return done ? null : chore;
    }

    private boolean ofQueue(Context at, Chore chore, Effects effects, Slice slice) {
        QueuePlace place = queues.ofOwner(chore.getSubject());
        if (place == null || (!queues.isThere(place) && chore.getStep() != JobChores.END_QUEUE)) {
            return true;
        }
        switch (chore.getStep()) {
            case JobChores.DISPATCH -> dispatching.resume(at, place, effects, slice);
            case JobChores.TRIM -> finished.resume(at, place, effects, slice);
            case JobChores.PURGE -> {
                return isPurged(place, effects, slice);
            }
            case JobChores.END_QUEUE -> {
                return isEnded(place, effects, slice);
            }
            case JobChores.LEAVE -> {
                boolean done = isHandedBack(at, place, chore.getBound(), effects, slice);
                dispatching.settle(at, place, effects, slice);
                return done;
            }
            default -> throw new UnknownOperationException("work on jobs");
        }
        return true;
    }
}
