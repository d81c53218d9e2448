package io.coordinator.state.job;

import io.coordinator.protocol.JobState;
import io.coordinator.protocol.PurgeBound;
import io.coordinator.state.kernel.OrderedSet;
import org.jspecify.annotations.Nullable;

/**
 * The orders of the jobs of one queue, and those that a purge has taken out of them. Derived from rows; whoever changes
 * it says how to take that back.
 */
final class JobIndex {
    private final OrderedSet<StoredJob> running = new OrderedSet<>(StoredJob.BY_PLACE);
    private final JobLists lists = new JobLists();
    private KeyLines lines = new KeyLines(1);
    private JobLists purged = new JobLists();
    private PurgeBound purge = PurgeBound.getDefaultInstance();

    /** One job for another, or for none. */
    void set(@Nullable StoredJob before, @Nullable StoredJob after) {
        if (before != null) {
            leave(before);
        }
        if (after != null) {
            enter(after);
        }
    }

    private void enter(StoredJob job) {
        if (job.state() == JobState.RUNNING) {
            running.add(job);
        } else {
            side(job).add(job);
        }
        String key = job.line();
        if (key != null && isInLine(job)) {
            lines.enter(key, job);
        }
    }

    private void leave(StoredJob job) {
        boolean there = job.state() == JobState.RUNNING
                ? running.remove(job)
                : side(job).remove(job);
        if (!there) {
            throw new IllegalStateException("a job is not in the list of those that are " + job.state());
        }
        String key = job.line();
        if (key != null && isInLine(job)) {
            lines.leave(key, job);
        }
    }

    private JobLists side(StoredJob job) {
        return isPurged(job) ? purged : lists;
    }

    private boolean isInLine(StoredJob job) {
        boolean holdsPlace = job.state() == JobState.WAITING || job.state() == JobState.RUNNING || job.backsOff();
        return holdsPlace && !isPurged(job);
    }

    // ---- what there is ----

    JobLists lists() {
        return lists;
    }

    OrderedSet<StoredJob> running() {
        return running;
    }

    /** How many wait, run or are dead. */
    long unfinished() {
        return (long) waiting()
                + lists.delayed().size()
                + running.size()
                + lists.dead().size();
    }

    int waiting() {
        return lists.plain().size() + lists.keyed().size();
    }

    int finished() {
        return lists.succeeded().size() + lists.canceled().size();
    }

    /** The next job to run; null if there is none that may. */
    @Nullable
    StoredJob next() {
        StoredJob one = lists.plain().first();
        StoredJob other = lines.next();
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return StoredJob.BY_PRIORITY.compare(one, other) < 0 ? one : other;
    }

    /** Any job, also one that is as good as gone; null if there is none. */
    @Nullable
    StoredJob any() {
        StoredJob first = running.first();
        first = first == null ? lists.first() : first;
        return first == null ? purged.first() : first;
    }

    // ---- as a whole ----

    /** How many jobs of one key run at a time; 1: in order. */
    long keyMost() {
        return lines.most();
    }

    void setKeyMost(long most) {
        lines.setMost(most);
    }

    /** What a purge has taken out, and is still there. */
    JobLists purged() {
        return purged;
    }

    boolean isPurged(StoredJob job) {
        boolean named = switch (job.state()) {
            case WAITING, DELAYED -> purge.getWaiting();
            case SUCCEEDED, CANCELED -> purge.getFinished();
            case DEAD -> purge.getDead();
            case RUNNING, JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> false;
        };
        return named && job.place() <= purge.getTicket();
    }

    /**
     * Takes all jobs out that are in the states which it names and not behind its ticket. No other purge may be going
     * on.
     *
     * @return takes it back
     */
    Runnable purge(PurgeBound bound) {
        KeyLines linesBefore = lines;
        JobLists taken = new JobLists();
        lists.swap(taken, bound);
        purged = taken;
        purge = bound;
        if (bound.getWaiting()) {
            lines = new KeyLines(linesBefore.most());
            for (StoredJob job = running.first(); job != null; job = running.higher(job)) {
                String key = job.line();
                if (key != null) {
                    lines.enter(key, job);
                }
            }
        }
        return () -> {
            lists.swap(taken, bound);
            purged = new JobLists();
            purge = PurgeBound.getDefaultInstance();
            lines = linesBefore;
        };
    }

    /** There is no purge any more, and nothing left of what it has taken out; or it is there, before jobs have come. */
    void setPurge(PurgeBound bound) {
        purge = bound;
    }

    PurgeBound purge() {
        return purge;
    }
}
