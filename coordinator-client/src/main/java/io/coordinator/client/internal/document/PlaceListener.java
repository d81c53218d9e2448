package io.coordinator.client.internal.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.coordinator.client.ChangeEvent;
import io.coordinator.client.CoordinatorException;
import io.coordinator.client.Selector;
import io.coordinator.client.WatchListener;
import java.util.List;

/** Lets only those edits through that can concern one place in the document. */
record PlaceListener(List<String> place, WatchListener listener) implements WatchListener {
    @Override
    public void onChange(ChangeEvent event) {
        if (event.kind() != ChangeEvent.Kind.EDITED) {
            listener.onChange(event);
            return;
        }
        ArrayNode concerning = JsonNodeFactory.instance.arrayNode();
        for (JsonNode operation : event.value().orElseThrow()) {
            if (concerns(Selector.pointer(operation.path("path").asText()).path())) {
                concerning.add(operation);
            }
        }
        if (!concerning.isEmpty()) {
            listener.onChange(new ChangeEvent(
                    event.revision(), event.data(), event.namespace(), event.key(), event.kind(), concerning));
        }
    }

    /** Whether one leads through the other, or the edited is an element that stands before ours in the same array. */
    private boolean concerns(List<String> edited) {
        int shared = Math.min(place.size(), edited.size());
        for (int i = 0; i < shared; i++) {
            if (!place.get(i).equals(edited.get(i))) {
                return i == edited.size() - 1 && isBefore(edited.get(i), place.get(i));
            }
        }
        return true;
    }

    private static boolean isBefore(String index, String other) {
        return isIndex(index)
                && isIndex(other)
                && (index.length() < other.length()
                        || (index.length() == other.length() && index.compareTo(other) < 0));
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
