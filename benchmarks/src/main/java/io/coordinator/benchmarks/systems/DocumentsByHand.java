package io.coordinator.benchmarks.systems;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.benchmarks.systems.Versions.Versioned;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/**
 * Documents as users of a store without documents have them: read the text, change it, write it if nobody else has;
 * again if somebody has.
 */
final class DocumentsByHand {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Versions store;

    DocumentsByHand(Versions store) {
        this.store = store;
    }

    CompletionStage<Void> set(String document, long value) {
        return change(document, root -> {
            ((ObjectNode) root.get("a")).put("b", value);
            return root;
        });
    }

    CompletionStage<Void> pushAndShift(String document, long value) {
        return change(document, root -> {
            ArrayNode list = (ArrayNode) root.get("list");
            list.add(value);
            list.remove(0);
            return root;
        });
    }

    CompletionStage<Void> move(String from, String to) {
        return store.read(from)
                .thenCombine(store.read(to), List::of)
                .thenCompose(read -> store.writeAll(List.of(add(read.get(0), -1), add(read.get(1), 1))))
                .thenCompose(written -> written ? done() : move(from, to));
    }

    private static Versioned add(Versioned read, int amount) {
        return changed(read, root -> root.put("n", root.get("n").asLong() + amount));
    }

    private CompletionStage<Void> change(String document, UnaryOperator<ObjectNode> change) {
        return store.read(document)
                .thenCompose(read -> store.writeAll(List.of(changed(read, change))))
                .thenCompose(written -> written ? done() : change(document, change));
    }

    private static Versioned changed(Versioned read, UnaryOperator<ObjectNode> change) {
        try {
            ObjectNode root = (ObjectNode) MAPPER.readTree(read.text());
            return new Versioned(read.key(), read.version(), MAPPER.writeValueAsString(change.apply(root)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(read.key() + " is no JSON", e);
        }
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }
}
