package io.coordinator.state.job;

import io.coordinator.protocol.JobState;
import io.coordinator.protocol.PurgeBound;
import io.coordinator.state.kernel.OrderedSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The jobs of one queue that do not run, by their states, each in an order of its own. Derived from rows. */
final class JobLists {
    private OrderedSet<StoredJob> plain = new OrderedSet<>(StoredJob.BY_PRIORITY);
    private OrderedSet<StoredJob> keyed = new OrderedSet<>(StoredJob.BY_PRIORITY);
    /** Those with and without a key. */
    private OrderedSet<StoredJob> byWait = new OrderedSet<>(StoredJob.BY_WAIT);

    private OrderedSet<StoredJob> delayed = new OrderedSet<>(StoredJob.BY_TIME);
    private OrderedSet<StoredJob> dead = new OrderedSet<>(StoredJob.BY_PLACE);
    private OrderedSet<StoredJob> succeeded = new OrderedSet<>(StoredJob.BY_PLACE);
    private OrderedSet<StoredJob> canceled = new OrderedSet<>(StoredJob.BY_PLACE);
    /** Of those that are delayed. */
    private int retrying;

    /** Without a key. */
    OrderedSet<StoredJob> plain() {
        return plain;
    }

    OrderedSet<StoredJob> keyed() {
        return keyed;
    }

    OrderedSet<StoredJob> delayed() {
        return delayed;
    }

    OrderedSet<StoredJob> dead() {
        return dead;
    }

    OrderedSet<StoredJob> succeeded() {
        return succeeded;
    }

    OrderedSet<StoredJob> canceled() {
        return canceled;
    }

    /** Cluster time: since when the job waits that has waited longest; -1 if none waits. */
    long waitsSinceMillis() {
        StoredJob oldest = byWait.first();
        return oldest == null ? -1 : oldest.waitsSinceMillis();
    }

    /** How many of those that are delayed wait for another attempt. */
    int retrying() {
        return retrying;
    }

    /** Takes a job that does not run and is not there. */
    void add(StoredJob job) {
        of(job).add(job);
        if (job.state() == JobState.WAITING) {
            byWait.add(job);
        }
        retrying += job.backsOff() ? 1 : 0;
    }

    /**
     * Takes a job out.
     *
     * @return whether it was there
     */
    boolean remove(StoredJob job) {
        boolean there = of(job).remove(job);
        if (there) {
            if (job.state() == JobState.WAITING) {
                byWait.remove(job);
            }
            retrying -= job.backsOff() ? 1 : 0;
        }
        return there;
    }

    private OrderedSet<StoredJob> of(StoredJob job) {
        return switch (job.state()) {
            case WAITING -> job.line() == null ? plain : keyed;
            case DELAYED -> delayed;
            case DEAD -> dead;
            case SUCCEEDED -> succeeded;
            case CANCELED -> canceled;
            case RUNNING, JOB_STATE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalStateException("no list of jobs that are " + job.state());
        };
    }

    private List<OrderedSet<StoredJob>> all() {
        return List.of(plain, keyed, delayed, dead, succeeded, canceled);
    }

    int size() {
        return all().stream().mapToInt(OrderedSet::size).sum();
    }

    /** Any of them; null if there is none. */
    @Nullable
    StoredJob first() {
        for (OrderedSet<StoredJob> list : all()) {
            StoredJob first = list.first();
            if (first != null) {
                return first;
            }
        }
        return null;
    }

    /** The one that finished first; null if none has. */
    @Nullable
    StoredJob firstFinished() {
        StoredJob one = succeeded.first();
        StoredJob other = canceled.first();
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.place() < other.place() ? one : other;
    }

    /** Moves whole lists that a purge names into others, or back again. */
    void swap(JobLists other, PurgeBound purge) {
        if (purge.getWaiting()) {
            OrderedSet<StoredJob> was = plain;
            plain = other.plain;
            other.plain = was;
            was = keyed;
            keyed = other.keyed;
            other.keyed = was;
            was = byWait;
            byWait = other.byWait;
            other.byWait = was;
            was = delayed;
            delayed = other.delayed;
            other.delayed = was;
            int had = retrying;
            retrying = other.retrying;
            other.retrying = had;
        }
        if (purge.getFinished()) {
            OrderedSet<StoredJob> was = succeeded;
            succeeded = other.succeeded;
            other.succeeded = was;
            was = canceled;
            canceled = other.canceled;
            other.canceled = was;
        }
        if (purge.getDead()) {
            OrderedSet<StoredJob> was = dead;
            dead = other.dead;
            other.dead = was;
        }
    }
}
