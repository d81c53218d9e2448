package io.coordinator.client.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an edit came to. */
public sealed interface EditOutcome {
    /** Whether the edit was made. A pop or shift of an empty array was not. */
    default boolean isApplied() {
        return this instanceof Applied;
    }

    /** What was taken, removed or added up; empty if it has nothing of that kind. */
    default Optional<JsonNode> value() {
        return this instanceof Applied applied ? Optional.ofNullable(applied.result()) : Optional.empty();
    }

    /**
     * The edit was made. It may have changed nothing, as a splice that removes and adds nothing.
     *
     * @param result what was taken, an array of what was removed, or the new number; null for other edits. A taken JSON
     *     null is a null node
     * @param length of the array afterwards; 0 for other edits
     */
    record Applied(@Nullable JsonNode result, long length) implements EditOutcome {}

    /** There was nothing to take: the array is empty. */
    record Empty() implements EditOutcome {}

    /**
     * The edit could not be made and changed nothing.
     *
     * @param reason why
     */
    record NotApplied(Reason reason) implements EditOutcome {}

    /** Why an edit could not be made. */
    enum Reason {
        NO_SUCH_PATH,
        NOT_AN_OBJECT,
        NOT_AN_ARRAY,
        /** No element is equal to the item. */
        NO_MATCH,
        OUT_OF_RANGE,
        NOT_A_NUMBER,
        OVERFLOW,
        TEST_FAILED,
        /** The value would be nested deeper than 256. */
        TOO_DEEP,
        /** The value would be moved into itself. */
        INTO_ITSELF,
        /** The name of a member or a step of the path is longer than 1,024 bytes. */
        NAME_TOO_LONG,
        /** The cluster does not know the edit. */
        UNKNOWN
    }
}
