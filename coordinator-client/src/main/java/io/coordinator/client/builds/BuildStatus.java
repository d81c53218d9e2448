package io.coordinator.client.builds;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key's build at one moment.
 *
 * @param state empty, being built, or stored
 * @param result when EXISTS; see {@link #value()}
 * @param lastProgress when PENDING and something was reported; see {@link #progress()}
 * @param waiters how many wait for the builder
 * @param token the reservation's when PENDING, else 0
 * @param resultRevision the revision of the result when EXISTS, else 0
 * @param builder who builds it when PENDING, or when EXISTS and it is built anew
 * @param task whether it is a task that is done once, as by {@link Builds#runOnce}, and not a value
 * @param keptFor how long the result is kept still, unless it is accessed, when EXISTS: in milliseconds; empty if until
 *     it is deleted
 */
public record BuildStatus(
        State state,
        @Nullable JsonNode result,
        @Nullable JsonNode lastProgress,
        long waiters,
        long token,
        long resultRevision,
        Optional<BuilderInfo> builder,
        boolean task,
        Optional<Duration> keptFor) {

    /** Where a build stands. */
    public enum State {
        /** Neither a result nor a builder. */
        EMPTY,
        /** A builder holds the reservation. */
        PENDING,
        /** A result is stored. */
        EXISTS
    }

    /** The stored result; present exactly when EXISTS. */
    public Optional<JsonNode> value() {
        return Optional.ofNullable(result);
    }

    /** What the builder reported last. */
    public Optional<JsonNode> progress() {
        return Optional.ofNullable(lastProgress);
    }
}
