package io.coordinator.server.watch;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.DataKind;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which watches a change of one kind of data concerns, found without looking at the others. Not thread-safe. */
final class TopicIndex {
    private final DataKind kind;
    private final NavigableMap<String, NamespaceTopics> namespaces = new TreeMap<>();
    private long bytes;

    TopicIndex(DataKind kind) {
        this.kind = kind;
    }

    /** The heap that all watches take with their names, as estimated. */
    long bytes() {
        return bytes;
    }

    /** The same topic, with names that are in here already if there are such, so that nobody keeps them twice. */
    Topic shared(Topic topic) {
        NamespaceTopics topics = namespaces.get(topic.namespace());
        return topics == null ? topic : topics.shared(topic);
    }

    void add(Watch watch) {
        String namespace = watch.topic().namespace();
        NamespaceTopics topics = namespaces.get(namespace);
        if (topics == null) {
            topics = new NamespaceTopics(kind, namespace);
            namespaces.put(namespace, topics);
            bytes += topics.ownBytes();
        }
        bytes += topics.add(watch);
    }

    void remove(Watch watch) {
        String namespace = watch.topic().namespace();
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
        NamespaceTopics topics = namespaces.get(change.getNamespace());
        return topics == null ? new Matching() : topics.matching(change);
    }

    /** All watches, to be visited. */
    Sweep sweep() {
        return new Sweep(namespaces);
    }
}
