package io.coordinator.state.job;

import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.PurgeBound;
import io.coordinator.protocol.QueueRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.UndoLog;
import io.coordinator.state.kernel.UnknownOperationException;
import org.jspecify.annotations.Nullable;

/** What is done to all that a worker, a session or a queue has, which may be a lot: in slices. */
final class QueueChores {
    /** To find a membership and its queue. */
    private static final long MEMBER_STEPS = 10;

    private final QueueRows queues;
    private final JobRows jobs;
    private final JobSteps steps;
    private final JobWaits waits;
    private final Pools pools;
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
        this.pools = pools;
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
        String item = pools.firstItem(place.owner(), member);
        while (item != null && queues.isThere(place) && !slice.isSpent()) {
            ends.handBack(at, place, job(item), effects);
            item = pools.firstItem(place.owner(), member);
        }
        return item == null || !queues.isThere(place);
    }

    /** Ends what an ended session has in queues, until the slice is spent; whether nothing is left. */
    boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        Pools.Place joined = pools.first(sessionId);
        while (joined != null && !slice.isSpent()) {
            QueuePlace place = place(joined.pool());
            long ticket = joined.member().getTicket();
            String item = pools.firstItem(joined.pool(), ticket);
            if (item == null) {
                pools.remove(joined.pool(), ticket);
            } else if (queues.isThere(place)) {
                ends.lose(at, place, job(item), effects);
            } else {
                finished.forget(place, job(item), effects, slice);
            }
            if (pools.find(joined.pool(), ticket) == null) {
                settle(at, place, effects, slice);
            }
            joined = pools.first(sessionId);
        }
        return joined == null;
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
        for (PoolMember member : pools.members(place.owner())) {
            if (slice.isSpent()) {
                return false;
            }
            JobEvents.ended(place, member, "the queue was deleted", effects);
            pools.remove(place.owner(), member.getTicket());
        }
        jobs.forget(place);
        queues.forget(place);
        return true;
    }

    // ---- what was left ----

    /** A job whose {@code bound} is the session; its {@code cursor} is the membership that was looked at last. */
    static Chore.Builder hearsAgain(long sessionId) {
        return Chore.newBuilder().setStep(JobChores.HEARS_AGAIN).setBound(sessionId);
    }

    /** Goes on with work that was left; null if it is done. */
    @Nullable
    Chore resume(Context at, Chore chore, Effects effects, Slice slice) {
        if (chore.getStep() == JobChores.HEARS_AGAIN) {
            return hearAgain(at, chore, effects, slice);
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

    /** Goes on giving jobs in the queues of a session; null when all have been looked at. */
    private @Nullable Chore hearAgain(Context at, Chore chore, Effects effects, Slice slice) {
        long seq = chore.getCursor().isEmpty() ? 0 : Long.parseLong(chore.getCursor());
        for (Pools.Place joined = pools.after(chore.getBound(), seq); joined != null; ) {
            if (slice.isSpent()) {
                return chore.toBuilder().setCursor(Long.toString(seq)).build();
            }
            effects.meter().steps("members", MEMBER_STEPS);
            settle(at, place(joined.pool()), effects, slice);
            seq = joined.member().getRequestSeq();
            joined = pools.after(chore.getBound(), seq);
        }
        return null;
    }
}
