package io.coordinator.client.internal.builds;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.internal.async.Promise;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One run of a job, for all callers of this process (DL-PUSH-3). It goes on for as long as one of them waits. */
final class SharedRun {
    private final Set<Promise<@Nullable JsonNode>> callers = new LinkedHashSet<>();
    private @Nullable Job job;
    private boolean over;

    /** What runs. */
    interface Job {
        /** Begins; the run ends when the promise is settled. */
        Promise<@Nullable JsonNode> begin();

        /** Nobody waits for it any more. */
        void abandon();
    }

    /**
     * Joins the run, and begins it if this caller is its first.
     *
     * @return false if it is over: the next run is for this caller
     */
    synchronized boolean join(
            Promise<@Nullable JsonNode> caller, Job mine, Consumer<Promise<@Nullable JsonNode>> begun) {
        if (over) {
            return false;
        }
        callers.add(caller);
        if (job == null) {
            job = mine;
            begun.accept(mine.begin());
        }
        return true;
    }

    /** The caller does not wait any more. */
    void leave(Promise<@Nullable JsonNode> caller) {
        Job abandoned;
        synchronized (this) {
            abandoned = callers.remove(caller) && callers.isEmpty() && !over ? job : null;
        }
        if (abandoned != null) {
            abandoned.abandon();
        }
    }

    /** The run is over: whoever joins later is for the next one. */
    void end(Consumer<Promise<@Nullable JsonNode>> outcome) {
        List<Promise<@Nullable JsonNode>> all;
        synchronized (this) {
            over = true;
            all = new ArrayList<>(callers);
            callers.clear();
        }
        all.forEach(outcome);
    }
}
