package io.coordinator.client.document;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.ValidationException;
import java.util.Optional;
import java.util.OptionalLong;

/** One place in a document. Cheap and without state: each call asks the cluster. */
public interface DocumentNode extends DocumentOperations<EditOutcome> {
    /** The way here. */
    Selector selector();

    /**
     * A place below this one.
     *
     * @param selector as for {@link Selector#of(String)}: steps separated by dots, empty for this place
     * @throws ValidationException if it has half of a surrogate pair
     */
    default DocumentNode at(String selector) {
        return at(Selector.of(selector));
    }

    /** A place below this one. */
    DocumentNode at(Selector selector);

    /** A copy of what is here (DJ-GET-2). Empty if there is nothing, which is not the same as JSON null. */
    Optional<JsonNode> get();

    /**
     * What is here, as a type; JSON null reads as empty.
     *
     * @throws ValidationException if it does not fit; nothing is changed (DJ-TYPE-1)
     */
    <T> Optional<T> get(Class<T> type);

    /** As {@link #get(Class)}, for generic types. */
    <T> Optional<T> get(TypeReference<T> type);

    /** Whether something is here. */
    boolean exists();

    /** How many elements or members are here; empty if it is neither an array nor an object. */
    OptionalLong length();
}
