package io.coordinator.server.watch;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The watches of one kind of data in one namespace. Not thread-safe. */
final class NamespaceTopics {
    private final NavigableMap<String, WatchList> keys = new TreeMap<>();
    private final NavigableMap<String, WatchList> prefixes = new TreeMap<>();
    private final Map<Prefix, WatchList> byPrefix = new HashMap<>();
    /** How many distinct prefixes there are of each length; only these lengths are tried. */
    private final SortedMap<Integer, Integer> lengths = new TreeMap<>();

    void add(Watch watch) {
        String key = watch.topic().key();
        if (watch.topic().prefix() && !prefixes.containsKey(key)) {
            WatchList fresh = new WatchList();
            prefixes.put(key, fresh);
            byPrefix.put(Prefix.of(key), fresh);
            lengths.merge(key.length(), 1, Integer::sum);
        }
        topics(watch).computeIfAbsent(key, topic -> new WatchList()).add(watch);
    }

    void remove(Watch watch) {
        String key = watch.topic().key();
        WatchList same = topics(watch).get(key);
        if (same == null) {
            return;
        }
        same.remove(watch);
        if (same.size() == 0) {
            topics(watch).remove(key);
            if (watch.topic().prefix()) {
                byPrefix.remove(Prefix.of(key));
                lengths.computeIfPresent(key.length(), (length, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    boolean isEmpty() {
        return keys.isEmpty() && prefixes.isEmpty();
    }

    Matching matching(Change change) {
        Matching matching = new Matching();
        String key = change.getKey();
        Prefix prefix = new Prefix(key, 0, 0);
        for (int length : lengths.headMap(key.length() + 1).keySet()) {
            prefix = prefix.longer(length);
            matching.probed(byPrefix.get(prefix));
        }
        if (change.getKind() == ChangeKind.CLEARED) {
            matching.walk(keys, key, true);
            // The one that is the key itself was among the prefixes of it.
            matching.walk(prefixes, key, false);
        } else {
            matching.probed(keys.get(key));
        }
        return matching;
    }

    void forEach(Consumer<Watch> action) {
        keys.values().forEach(same -> forEach(same, action));
        prefixes.values().forEach(same -> forEach(same, action));
    }

    private static void forEach(WatchList same, Consumer<Watch> action) {
        for (int i = same.size() - 1; i >= 0; i--) {
            action.accept(same.get(i));
        }
    }

    private NavigableMap<String, WatchList> topics(Watch watch) {
        return watch.topic().prefix() ? prefixes : keys;
    }
}
