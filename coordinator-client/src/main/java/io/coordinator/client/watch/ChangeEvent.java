package io.coordinator.client.watch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One change of one key, or of all keys with a prefix.
 *
 * @param revision the global revision of the change
 * @param data what kind of data changed
 * @param namespace of the key
 * @param key that changed
 * @param kind what happened
 * @param newValue where the kind has one: the cached JSON, a document's content or patch, a build's result, progress or
 *     failure, a message; see {@link #value()}
 */
public record ChangeEvent(
        long revision,
        Data data,
        String namespace,
        String key,
        Kind kind,
        @Nullable JsonNode newValue) {

    /** Types of data that can be watched, under the names that they have on the wire. */
    public enum Data {
        LOCK,
        CACHE,
        BUILD,
        SEMAPHORE,
        DOCUMENT,
        TOPIC,
        JOB,
        SCHEDULE
    }

    /** What can happen to a key. */
    public enum Kind {
        PUT,
        DELETED,
        EXPIRED,
        EVICTED,
        CLEARED,
        STARTED,
        COMPLETED,
        FAILED,
        LOST,
        PROGRESS,
        ACQUIRED,
        RELEASED,
        FORCED_RELEASE,
        DOWNGRADED,
        RESIZED,
        /** A document was edited; the value is the change as a JSON Patch (RFC 6902). */
        EDITED,
        /** A message was published to a durable topic; the value is the message's. */
        PUBLISHED,
        /** A job was submitted to a queue, rerun or redriven. */
        SUBMITTED,
        /** The attempts of a job are used up. */
        DIED,
        /** A job was cancelled. */
        WITHDRAWN,
        /** A schedule has fired: there is a job. */
        FIRED,
        /** A schedule has not fired although it was time. */
        SKIPPED,
        /** Something that this version of the SDK does not know. */
        OTHER
    }

    /** The new value where the kind has one. */
    public Optional<JsonNode> value() {
        return Optional.ofNullable(newValue);
    }
}
