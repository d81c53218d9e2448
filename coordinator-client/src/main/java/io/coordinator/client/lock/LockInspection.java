package io.coordinator.client.lock;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Who holds a lock and who waits for it, at one moment. Times are cluster time in milliseconds.
 *
 * @param holders the live grants, several only if they are shared; empty if the lock is free
 * @param waiters the first ones, in the order in which they will be served
 * @param waiterCount how many wait, also beyond those listed
 * @param clusterTimeMillis when this was true
 */
public record LockInspection(List<Hold> holders, List<Waiter> waiters, int waiterCount, long clusterTimeMillis) {
    public LockInspection {
        holders = List.copyOf(holders);
        waiters = List.copyOf(waiters);
    }

    /** The oldest live grant, which is the only one unless the lock is shared; empty if the lock is free. */
    public Optional<Hold> holder() {
        return holders.stream().findFirst();
    }

    /**
     * A live grant.
     *
     * @param sessionId whose it is
     * @param clientName the name its client gave itself
     * @param token its fencing token
     * @param mode how the lock is held
     * @param owner who within the session, as {@link LockOptions#owner} said; may be empty
     * @param entered how often it is entered: more than once only if it is reentrant
     * @param names all locks that were granted together
     * @param ttlMillis 0 for a grant bound to the session
     * @param acquiredAtMillis when it was granted
     * @param endsAtMillis when it ends unless extended; 0 for a grant bound to the session
     * @param contents what the holder attached, or null; see {@link #description()}
     */
    public record Hold(
            long sessionId,
            String clientName,
            long token,
            LockMode mode,
            String owner,
            int entered,
            List<String> names,
            long ttlMillis,
            long acquiredAtMillis,
            long endsAtMillis,
            @Nullable JsonNode contents) {
        public Hold {
            names = List.copyOf(names);
        }

        /** What the holder attached. */
        public Optional<JsonNode> description() {
            return Optional.ofNullable(contents);
        }
    }

    /**
     * A session in line.
     *
     * @param sessionId whose it is
     * @param clientName the name its client gave itself
     * @param mode how it wants to hold the lock
     * @param owner who within the session; may be empty
     * @param names all locks that it wants together
     * @param queuedAtMillis since when it waits
     * @param deadlineMillis until when it waits; 0 for ever
     * @param contents what it attached, or null
     */
    public record Waiter(
            long sessionId,
            String clientName,
            LockMode mode,
            String owner,
            List<String> names,
            long queuedAtMillis,
            long deadlineMillis,
            @Nullable JsonNode contents) {
        public Waiter {
            names = List.copyOf(names);
        }

        /** Until when it waits; empty for ever. */
        public OptionalLong deadline() {
            return deadlineMillis == 0 ? OptionalLong.empty() : OptionalLong.of(deadlineMillis);
        }
    }
}
