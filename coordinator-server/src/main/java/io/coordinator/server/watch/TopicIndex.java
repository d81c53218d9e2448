package io.coordinator.server.watch;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Which watches a change concerns, found without looking at the others. Not thread-safe. */
final class TopicIndex {
    private final Map<Topic, Set<Watch>> watches = new HashMap<>();
    /** How many distinct prefixes there are of each length; only these lengths are tried. */
    private final SortedMap<Integer, Integer> prefixLengths = new TreeMap<>();

    void add(Watch watch) {
        Topic topic = watch.topic();
        Set<Watch> same = watches.computeIfAbsent(topic, key -> new LinkedHashSet<>());
        if (same.isEmpty() && topic.prefix()) {
            prefixLengths.merge(topic.key().length(), 1, Integer::sum);
        }
        same.add(watch);
    }

    void remove(Watch watch) {
        Topic topic = watch.topic();
        Set<Watch> same = watches.get(topic);
        if (same != null && same.remove(watch) && same.isEmpty()) {
            watches.remove(topic);
            if (topic.prefix()) {
                prefixLengths.computeIfPresent(topic.key().length(), (length, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    void forEachMatching(Change change, Consumer<Watch> action) {
        if (change.getKind() == ChangeKind.CLEARED) {
            forEach(watch -> {
                if (watch.topic().matches(change)) {
                    action.accept(watch);
                }
            });
            return;
        }
        visit(new Topic(change.getDataValue(), change.getNamespace(), change.getKey(), false), action);
        String key = change.getKey();
        for (int length : prefixLengths.headMap(key.length() + 1).keySet()) {
            visit(new Topic(change.getDataValue(), change.getNamespace(), key.substring(0, length), true), action);
        }
    }

    void forEach(Consumer<Watch> action) {
        watches.values().forEach(same -> same.forEach(action));
    }

    private void visit(Topic topic, Consumer<Watch> action) {
        Set<Watch> same = watches.get(topic);
        if (same != null) {
            same.forEach(action);
        }
    }
}
