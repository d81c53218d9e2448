package io.coordinator.server.topic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds the subscriptions that a topic concerns. Used by the exchange's thread only. */
final class SubscriberIndex {
    private final Map<String, Names> byNamespace = new HashMap<>();
    private int size;
    private long bytes;

    /** Those of one namespace. */
    private static final class Names {
        private final Map<String, List<Subscriber>> exact = new HashMap<>();
        private final NavigableMap<String, List<Subscriber>> prefixes = new TreeMap<>();

        Map<String, List<Subscriber>> of(Subscriber subscriber) {
            return subscriber.isPrefix() ? prefixes : exact;
        }

        boolean isEmpty() {
            return exact.isEmpty() && prefixes.isEmpty();
        }
    }

    int size() {
        return size;
    }

    /** The heap that they take, as estimated. */
    long bytes() {
        return bytes;
    }

    void add(Subscriber subscriber) {
        List<Subscriber> alike = byNamespace
                .computeIfAbsent(subscriber.namespace(), any -> new Names())
                .of(subscriber)
                .computeIfAbsent(subscriber.topic(), any -> new ArrayList<>(1));
        subscriber.moveTo(alike.size());
        alike.add(subscriber);
        size++;
        bytes += subscriber.cost();
    }

    /** Takes out one that was added; the last one takes its place, so the order of alike ones means nothing. */
    void remove(Subscriber subscriber) {
        Names names = byNamespace.get(subscriber.namespace());
        if (names == null) {
            return;
        }
        List<Subscriber> alike = names.of(subscriber).get(subscriber.topic());
        if (alike == null) {
            return;
        }
        Subscriber last = alike.remove(alike.size() - 1);
        if (subscriber != last) {
            last.moveTo(subscriber.position());
            alike.set(subscriber.position(), last);
        }
        size--;
        bytes -= subscriber.cost();
        if (alike.isEmpty()) {
            names.of(subscriber).remove(subscriber.topic());
        }
        if (names.isEmpty()) {
            byNamespace.remove(subscriber.namespace());
        }
    }

    /** Visits every subscription that a topic concerns, in no order; it must not change them. */
    void match(String namespace, String topic, Consumer<Subscriber> visit) {
        Names names = byNamespace.get(namespace);
        if (names == null) {
            return;
        }
        List<Subscriber> exact = names.exact.get(topic);
        if (exact != null) {
            visitAll(exact, visit);
        }
        matchPrefixes(names.prefixes, topic, visit);
    }

    /**
     * From the topic downwards: of two prefixes of a topic the longer one comes later in the order of names, and
     * nothing that shares fewer characters with the topic lies between them.
     */
    private static void matchPrefixes(
            NavigableMap<String, List<Subscriber>> prefixes, String topic, Consumer<Subscriber> visit) {
        Map.@Nullable Entry<String, List<Subscriber>> next = prefixes.floorEntry(topic);
        while (next != null) {
            int shared = shared(next.getKey(), topic);
            if (shared == next.getKey().length()) {
                visitAll(next.getValue(), visit);
                next = prefixes.lowerEntry(next.getKey());
            } else {
                next = prefixes.floorEntry(topic.substring(0, shared));
            }
        }
    }

    private static int shared(String one, String other) {
        int max = Math.min(one.length(), other.length());
        int shared = 0;
        while (shared < max && one.charAt(shared) == other.charAt(shared)) {
            shared++;
        }
        return shared;
    }

    private static void visitAll(List<Subscriber> subscribers, Consumer<Subscriber> visit) {
        for (int i = 0; i < subscribers.size(); i++) {
            visit.accept(subscribers.get(i));
        }
    }
}
