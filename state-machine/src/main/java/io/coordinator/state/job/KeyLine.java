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
    /** The first that waits, and how many must be allowed to run at a time for it to have its turn. */
    private @Nullable StoredJob head;

    private long need;

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

    /** Looks anew who is first, and what it needs. */
    void renew() {
        head = waiting.first();
        need = head == null ? 0 : need(head);
    }

    /** With one at a time they run in order: who waits for another attempt holds up those behind it. */
    private long need(StoredJob first) {
        StoredJob before = holding.first();
        boolean isHeldUp = before != null && before.place() < first.place();
        return running == 0 && isHeldUp ? 2 : running + 1L;
    }

    /** Whether any wait. */
    boolean isListed() {
        return head != null;
    }

    /** Of a line in which some wait. */
    StoredJob head() {
        return Objects.requireNonNull(head);
    }

    /** Of a line in which some wait. */
    long need() {
        return need;
    }
}
