package io.coordinator.server.watch;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.kernel.Usage;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;

/** The watches of one kind of data in one namespace. Not thread-safe. */
final class NamespaceTopics {
    /** The objects of a namespace, of a topic, of the place of a prefix, and of a watch in all maps that it is in. */
    private static final int NAMESPACE_BYTES = 448;

    private static final int TOPIC_BYTES = 232;
    private static final int PREFIX_BYTES = 168;
    private static final int WATCH_BYTES = 216;

    private final DataKind kind;
    private final String name;
    private final NavigableMap<String, WatchList> keys = new TreeMap<>();
    private final NavigableMap<String, WatchList> prefixes = new TreeMap<>();
    private final Map<Prefix, WatchList> byPrefix = new HashMap<>();
    /** How many distinct prefixes there are of each length; only these lengths are tried. */
    private final SortedMap<Integer, Integer> lengths = new TreeMap<>();

    NamespaceTopics(DataKind kind, String name) {
        this.kind = kind;
        this.name = name;
    }

    /** The heap that this takes without any watch, as estimated. */
    long ownBytes() {
        return NAMESPACE_BYTES + Usage.text(name);
    }

    /** The same topic with names that are in here already. */
    Topic shared(Topic topic) {
        WatchList same = topics(topic).get(topic.key());
        return same == null ? new Topic(name, topic.key(), topic.prefix()) : same.topic();
    }

    /** Returns the heap that it takes, as estimated. */
    long add(Watch watch) {
        Topic topic = watch.topic();
        WatchList same = topics(topic).get(topic.key());
        if (same != null) {
            same.add(watch);
            return WATCH_BYTES;
        }
        begin(topic).add(watch);
        return WATCH_BYTES + bytes(topic);
    }

    private WatchList begin(Topic topic) {
        WatchList fresh = new WatchList(kind, topic);
        topics(topic).put(topic.key(), fresh);
        if (topic.prefix()) {
            byPrefix.put(Prefix.of(topic.key()), fresh);
            lengths.merge(topic.key().length(), 1, Integer::sum);
        }
        return fresh;
    }

    /** Returns the heap that it took. */
    long remove(Watch watch) {
        Topic topic = watch.topic();
        WatchList same = topics(topic).get(topic.key());
        if (same == null) {
            return 0;
        }
        same.remove(watch);
        if (same.size() > 0) {
            return WATCH_BYTES;
        }
        end(topic);
        return WATCH_BYTES + bytes(topic);
    }

    private void end(Topic topic) {
        topics(topic).remove(topic.key());
        if (topic.prefix()) {
            byPrefix.remove(Prefix.of(topic.key()));
            lengths.computeIfPresent(topic.key().length(), (length, count) -> count == 1 ? null : count - 1);
        }
    }

    private static long bytes(Topic topic) {
        return TOPIC_BYTES + Usage.text(topic.key()) + (topic.prefix() ? PREFIX_BYTES : 0);
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

    /** All watches, to be visited. */
    Matching all() {
        Matching all = new Matching();
        all.walk(keys, "", true);
        all.walk(prefixes, "", true);
        return all;
    }

    private NavigableMap<String, WatchList> topics(Topic topic) {
        return topic.prefix() ? prefixes : keys;
    }
}
