package io.coordinator.server.watch;

import io.coordinator.protocol.Change;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which watches a change concerns, found without looking at the others. Not thread-safe. */
final class TopicIndex {
    private final NavigableMap<Namespace, NamespaceTopics> namespaces = new TreeMap<>();
    private long bytes;

    record Namespace(int data, String name) implements Comparable<Namespace> {
        static Namespace of(Topic topic) {
            return new Namespace(topic.data(), topic.namespace());
        }

        @Override
        public int compareTo(Namespace other) {
            int byData = Integer.compare(data, other.data);
            return byData != 0 ? byData : name.compareTo(other.name);
        }
    }

    /** The heap that all watches take with their names, as estimated. */
    long bytes() {
        return bytes;
    }

    /** The same topic, with names that are in here already if there are such, so that nobody keeps them twice. */
    Topic shared(Topic topic) {
        NamespaceTopics topics = namespaces.get(Namespace.of(topic));
        return topics == null ? topic : topics.shared(topic);
    }

    void add(Watch watch) {
        Namespace namespace = Namespace.of(watch.topic());
        NamespaceTopics topics = namespaces.get(namespace);
        if (topics == null) {
            topics = new NamespaceTopics(namespace.name());
            namespaces.put(namespace, topics);
            bytes += topics.ownBytes();
        }
        bytes += topics.add(watch);
    }

    void remove(Watch watch) {
        Namespace namespace = Namespace.of(watch.topic());
        NamespaceTopics topics = namespaces.get(namespace);
        if (topics != null) {
            bytes -= topics.remove(watch);
            if (topics.isEmpty()) {
                namespaces.remove(namespace);
                bytes -= topics.ownBytes();
            }
        }
    }

    /** Whom the change concerns, to be visited. */
    Matching matching(Change change) {
        NamespaceTopics topics = namespaces.get(new Namespace(change.getDataValue(), change.getNamespace()));
        return topics == null ? new Matching() : topics.matching(change);
    }

    /** All watches, to be visited. */
    Sweep sweep() {
        return new Sweep(namespaces);
    }
}
