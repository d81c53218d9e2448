package io.coordinator.client.internal.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.coordinator.client.document.Selector;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.watch.ChangeListener;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.protocol.Change;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets only those edits through that can concern one place in the document. */
record PlaceListener(List<String> place, WatchListener listener) implements ChangeListener {
    private static final String AT_THE_END = "-";

    @Override
    public void onChange(Change change, ChangeEvent event) {
        if (event.kind() != ChangeEvent.Kind.EDITED) {
            listener.onChange(event);
            return;
        }
        Map<Integer, Integer> appended = appended(change);
        ArrayNode concerning = JsonNodeFactory.instance.arrayNode();
        int number = 0;
        for (JsonNode operation : event.value().orElseThrow()) {
            if (concerns(operation, appended.get(number))) {
                concerning.add(operation);
            }
            number++;
        }
        if (!concerning.isEmpty()) {
            listener.onChange(new ChangeEvent(
                    event.revision(), event.data(), event.namespace(), event.key(), event.kind(), concerning));
        }
    }

    /** The indexes that elements got at the ends of arrays, by the number of the operation. */
    private static Map<Integer, Integer> appended(Change change) {
        Map<Integer, Integer> appended = new HashMap<>();
        for (int i = 0; i + 1 < change.getAppendedCount(); i += 2) {
            appended.put(change.getAppended(i), change.getAppended(i + 1));
        }
        return appended;
    }

    /**
     * Whether one leads through the other, or an element comes or goes before ours in the same array.
     *
     * @param appendedAt null if nothing is said of that
     */
    private boolean concerns(JsonNode operation, @Nullable Integer appendedAt) {
        List<String> edited = Selector.pointer(operation.path("path").asText()).path();
        int shared = Math.min(place.size(), edited.size());
        for (int i = 0; i < shared; i++) {
            boolean isEnd = i == edited.size() - 1;
            String step = isEnd && appendedAt != null ? appendedAt.toString() : edited.get(i);
            if (!place.get(i).equals(step)) {
                return isEnd && movesOthers(operation.path("op").asText()) && mayBeBefore(step, place.get(i));
            }
        }
        return true;
    }

    private static boolean movesOthers(String operation) {
        return operation.equals("add") || operation.equals("remove");
    }

    /** Where the end is, older nodes do not say. */
    private static boolean mayBeBefore(String step, String index) {
        return isIndex(index) && (step.equals(AT_THE_END) || (isIndex(step) && isLess(step, index)));
    }

    private static boolean isLess(String index, String other) {
        return index.length() < other.length() || (index.length() == other.length() && index.compareTo(other) < 0);
    }

    private static boolean isIndex(String step) {
        return step.matches("0|[1-9]\\d*");
    }

    @Override
    public void onStarted(long revision) {
        listener.onStarted(revision);
    }

    @Override
    public void onCaughtUp(long revision) {
        listener.onCaughtUp(revision);
    }

    @Override
    public void onCompacted(long oldestRevision) {
        listener.onCompacted(oldestRevision);
    }

    @Override
    public void onError(CoordinatorException error) {
        listener.onError(error);
    }
}
