package io.coordinator.client.internal.work;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The work that has come one way, in a session or on a stream, by the tokens of its leases. Lives on the loop. */
public final class HeldRuns {
    private final Map<Long, HandlerRun> runs = new HashMap<>();

    /** One has come: its worker gets it. */
    public void add(HandlerRun run) {
        runs.put(run.token(), run);
        run.arrive();
    }

    /** The one with this token; null if it is over. */
    public @Nullable HandlerRun find(long token) {
        return runs.get(token);
    }

    public boolean isEmpty() {
        return runs.isEmpty();
    }

    /** None of them is this client's any more. */
    void loseAll() {
        List.copyOf(runs.values()).forEach(HandlerRun::lose);
    }

    /** The same, and workers do not wait for the handlers. */
    public void forgetAll() {
        List.copyOf(runs.values()).forEach(HandlerRun::forget);
    }

    /** A handler is done, or will not be heard any more. */
    void remove(HandlerRun run) {
        runs.remove(run.token(), run);
    }
}
