package io.coordinator.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a lock and who waits for it, at one moment. Times are cluster time in milliseconds.
 *
 * @param hold the live grant, or null; see {@link #holder()}
 * @param waiters in the order in which they will be served
 * @param clusterTimeMillis when this was true
 */
public record LockInspection(@Nullable Hold hold, List<Waiter> waiters, long clusterTimeMillis) {

    public LockInspection {
        waiters = List.copyOf(waiters);
    }

    /** The live grant; empty if the lock is free. */
    public Optional<Hold> holder() {
        return Optional.ofNullable(hold);
    }

    /**
     * A live grant.
     *
     * @param sessionId whose it is
     * @param token its fencing token
     * @param ttlMillis 0 for a grant bound to the session
     * @param acquiredAtMillis when it was granted
     * @param endsAtMillis when it ends unless extended; 0 for a grant bound to the session
     * @param contents what the holder attached, or null; see {@link #description()}
     */
    public record Hold(
            long sessionId,
            long token,
            long ttlMillis,
            long acquiredAtMillis,
            long endsAtMillis,
            @Nullable JsonNode contents) {
        /** What the holder attached. */
        public Optional<JsonNode> description() {
            return Optional.ofNullable(contents);
        }
    }

    /**
     * A session in line.
     *
     * @param sessionId whose it is
     * @param queuedAtMillis since when it waits
     * @param deadlineMillis until when it waits; 0 for ever
     */
    public record Waiter(long sessionId, long queuedAtMillis, long deadlineMillis) {
        /** Until when it waits; empty for ever. */
        public OptionalLong deadline() {
            return deadlineMillis == 0 ? OptionalLong.empty() : OptionalLong.of(deadlineMillis);
        }
    }
}
