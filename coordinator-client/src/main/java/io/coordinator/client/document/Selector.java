package io.coordinator.client.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.document.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A path from the root of a document to a part of it. Its steps are names of members, and indexes of elements as
 * decimal numbers without leading zeros (DJ-SEL-1). A step has at most 1,024 bytes of UTF-8, a path at most 1,000
 * steps. The call that uses a longer step fails with {@link PayloadTooLargeException}; with more steps it fails with
 * {@link ValidationException}.
 *
 * @param path the steps; none is the root
 */
public record Selector(List<String> path) {
    private static final Selector ROOT = new Selector(List.of());

    /**
     * Checks the steps.
     *
     * @throws ValidationException if one has half of a surrogate pair
     */
    public Selector {
        path = List.copyOf(path);
        path.forEach(step -> Text.wellFormed("a step of the selector", step));
    }

    /** The whole document. */
    public static Selector root() {
        return ROOT;
    }

    /**
     * Steps separated by dots; empty ones are dropped, so {@code "a..b"} is {@code "a.b"} and {@code ""} the root
     * (DJ-SEL-2).
     */
    public static Selector of(String dotted) {
        List<String> steps = new ArrayList<>();
        for (String step : dotted.split("\\.", -1)) {
            if (!step.isEmpty()) {
                steps.add(step);
            }
        }
        return new Selector(steps);
    }

    /** Steps taken as they are: the only way to names that are empty or contain a dot (DJ-SEL-3). */
    public static Selector of(List<String> steps) {
        return new Selector(steps);
    }

    /**
     * A JSON Pointer (RFC 6901).
     *
     * @throws ValidationException if it neither is empty nor begins with a slash, or has a tilde that stands for
     *     nothing
     */
    public static Selector pointer(String pointer) {
        if (pointer.isEmpty()) {
            return ROOT;
        }
        if (pointer.charAt(0) != '/') {
            throw new ValidationException("a JSON Pointer begins with a slash or is empty, but is " + pointer);
        }
        if (pointer.matches("(?s).*~([^01].*|$)")) {
            throw new ValidationException("a tilde in a JSON Pointer is ~0 and a slash ~1, but it is " + pointer);
        }
        List<String> steps = new ArrayList<>();
        for (String step : pointer.substring(1).split("/", -1)) {
            steps.add(step.replace("~1", "/").replace("~0", "~"));
        }
        return new Selector(steps);
    }

    /** This way and then that one. */
    public Selector then(Selector further) {
        List<String> steps = new ArrayList<>(path);
        steps.addAll(further.path);
        return new Selector(steps);
    }

    /** As a JSON Pointer. */
    public String toPointer() {
        return Path.toPointer(path);
    }

    /**
     * What this path leads to in a tree; empty if there is nothing. Never fails, even if the path goes through a scalar
     * (DJ-SEL-8).
     */
    public static Optional<JsonNode> select(Selector selector, @Nullable JsonNode json) {
        JsonNode at = json;
        for (String step : selector.path) {
            if (at == null) {
                break;
            }
            at = at instanceof ArrayNode array ? element(array, step) : at.get(step);
        }
        return Optional.ofNullable(at);
    }

    private static @Nullable JsonNode element(ArrayNode array, String step) {
        return step.matches("0|[1-9]\\d{0,8}") ? array.get(Integer.parseInt(step)) : null;
    }
}
