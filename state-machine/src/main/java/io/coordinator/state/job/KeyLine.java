package io.coordinator.state.job;

import io.coordinator.protocol.JobState;
import io.coordinator.state.kernel.OrderedSet;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The jobs of one key that wait, run or wait for another attempt. Derived from rows. */
final class KeyLine {
    static final Comparator<KeyLine> BY_HEAD = Comparator.comparing(KeyLine::head, StoredJob.BY_PRIORITY);

    private final OrderedSet<StoredJob> waiting = new OrderedSet<>(StoredJob.BY_PLACE);
    /** Those that run, or wait for another attempt. */
    private final OrderedSet<StoredJob> holding = new OrderedSet<>(StoredJob.BY_PLACE);

    private int running;
    /** The job whose turn it is, while the line is among those that have a turn. */
    private @Nullable StoredJob head;

    void enter(StoredJob job) {
        (job.state() == JobState.WAITING ? waiting : holding).add(job);
        running += job.state() == JobState.RUNNING ? 1 : 0;
    }

    void leave(StoredJob job) {
        (job.state() == JobState.WAITING ? waiting : holding).remove(job);
        running -= job.state() == JobState.RUNNING ? 1 : 0;
    }

    boolean isEmpty() {
        return waiting.isEmpty() && holding.isEmpty();
    }

    /** Whether one runs or waits for another attempt: else the first that waits has its turn, however many may run. */
    boolean isHeld() {
        return !holding.isEmpty();
    }

    /**
     * Which job has its turn; null for none.
     *
     * @param most how many run at a time; 1: in order
     */
    @Nullable
    StoredJob next(long most) {
        StoredJob first = waiting.first();
        if (first == null || running >= most) {
            return null;
        }
        StoredJob before = most == 1 ? holding.first() : null;
        return before != null && before.place() < first.place() ? null : first;
    }

    /** Of a line that has a turn. */
    StoredJob head() {
        return Objects.requireNonNull(head);
    }

    boolean hasTurn() {
        return head != null;
    }

    void setHead(@Nullable StoredJob job) {
        head = job;
    }
}
