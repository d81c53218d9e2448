package io.coordinator.client.internal.topic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The patterns that a client has subscribed to, and the subscriptions of each. Lives on the loop. */
final class Subscribed {
    private final Map<TopicPattern, Group> groups = new HashMap<>();
    private final Map<Long, Group> byId = new HashMap<>();
    private final Map<String, NavigableMap<String, Group>> prefixes = new HashMap<>();
    private long lastId;

    /** The subscriptions of one pattern, which the cluster knows as one. */
    static final class Group {
        private final TopicPattern pattern;
        private final long id;
        private final List<LiveTopic> members = new ArrayList<>();
        private boolean confirmed;

        private Group(TopicPattern pattern, long id) {
            this.pattern = pattern;
            this.id = id;
        }

        TopicPattern pattern() {
            return pattern;
        }

        /** What the cluster calls it; the same on every stream. */
        long id() {
            return id;
        }

        /** A copy, since members leave while they are told something. */
        List<LiveTopic> members() {
            return List.copyOf(members);
        }

        /** Whether the leader has confirmed it on the present stream. */
        boolean isConfirmed() {
            return confirmed;
        }

        void confirmed() {
            confirmed = true;
        }
    }

    boolean isEmpty() {
        return groups.isEmpty();
    }

    /** A copy. */
    List<Group> all() {
        return List.copyOf(groups.values());
    }

    @Nullable
    Group byId(long id) {
        return byId.get(id);
    }

    /** Puts it in the group of its pattern. */
    Group add(LiveTopic topic) {
        Group group = groups.computeIfAbsent(topic.matches(), this::begin);
        group.members.add(topic);
        return group;
    }

    private Group begin(TopicPattern pattern) {
        Group group = new Group(pattern, ++lastId);
        byId.put(group.id, group);
        if (pattern.prefix()) {
            prefixes.computeIfAbsent(pattern.namespace(), any -> new TreeMap<>())
                    .put(pattern.topic(), group);
        }
        return group;
    }

    /** Takes it out; gives its group if that is empty now, and forgotten. */
    @Nullable
    Group remove(LiveTopic topic) {
        Group group = groups.get(topic.matches());
        if (group == null || !group.members.remove(topic) || !group.members.isEmpty()) {
            return null;
        }
        forget(group);
        return group;
    }

    void forget(Group group) {
        TopicPattern pattern = group.pattern;
        groups.remove(pattern);
        byId.remove(group.id);
        NavigableMap<String, Group> alike = pattern.prefix() ? prefixes.get(pattern.namespace()) : null;
        if (alike != null) {
            alike.remove(pattern.topic());
            if (alike.isEmpty()) {
                prefixes.remove(pattern.namespace());
            }
        }
    }

    /** The stream is lost: nothing is confirmed on the next one. */
    void lost() {
        groups.values().forEach(group -> group.confirmed = false);
    }

    /** Visits every subscription that a topic concerns. */
    void match(String namespace, String topic, Consumer<LiveTopic> visit) {
        Group exact = groups.get(new TopicPattern(namespace, topic, false));
        if (exact != null) {
            exact.members.forEach(visit);
        }
        NavigableMap<String, Group> beginnings = prefixes.get(namespace);
        if (beginnings == null) {
            return;
        }
        // Whatever begins the topic comes before it in the order of names, the longest last.
        Map.Entry<String, Group> next = beginnings.floorEntry(topic);
        while (next != null) {
            String beginning = next.getKey();
            if (topic.startsWith(beginning)) {
                next.getValue().members.forEach(visit);
                next = beginnings.lowerEntry(beginning);
            } else {
                next = beginnings.floorEntry(topic.substring(0, shared(beginning, topic)));
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
}
