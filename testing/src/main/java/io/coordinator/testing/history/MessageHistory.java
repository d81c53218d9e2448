package io.coordinator.testing.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What producers, readers and members of one consumer group saw of a durable topic, and whether that may be. The group
 * is ordered by key. Thread-safe until it is checked.
 *
 * <p>A message is lost if it was published and is not in the topic, or nobody in the group tried to acknowledge it.
 * It is repeated if the topic has it twice, a reader heard it twice, or a member got it after its acknowledgement. A
 * reader or member is ahead of the log if it was told of something that the topic does not have.
 */
public final class MessageHistory {
    /** Problems of one kind that are told. */
    private static final int TOLD_MAX = 3;

    private final AtomicLong clock = new AtomicLong();
    private final Set<String> published = java.util.concurrent.ConcurrentHashMap.newKeySet();
    private final Map<String, Queue<Seen>> readers = new java.util.concurrent.ConcurrentHashMap<>();
    private final Queue<Delivered> deliveries = new ConcurrentLinkedQueue<>();

    /**
     * A message at its place.
     *
     * @param id that its producer gave it
     */
    public record Seen(long offset, String key, String id) {}

    /** One delivery to a member, in the order of this history's clock. */
    public final class Delivered {
        private final Seen message;
        private final long token;
        private final int attempt;
        private final long at;
        private volatile long acknowledging = Long.MAX_VALUE;
        private volatile long acknowledged = Long.MAX_VALUE;

        private Delivered(Seen message, long token, int attempt) {
            this.message = message;
            this.token = token;
            this.attempt = attempt;
            at = clock.incrementAndGet();
        }

        /** Its member is about to acknowledge it. */
        public void acknowledging() {
            acknowledging = clock.incrementAndGet();
        }

        /** The cluster has taken the acknowledgement. */
        public void acknowledged() {
            acknowledged = clock.incrementAndGet();
        }

        @Override
        public String toString() {
            return "offset " + message.offset() + " attempt " + attempt + " token " + token + " at " + at;
        }
    }

    /** A producer was told that a message is in the topic. */
    public void published(String id) {
        published.add(id);
    }

    /** A reader heard a message. */
    public void read(String reader, Seen message) {
        readers.computeIfAbsent(reader, name -> new ConcurrentLinkedQueue<>()).add(message);
    }

    /** A member got a message. */
    public Delivered delivered(Seen message, long token, int attempt) {
        Delivered delivery = new Delivered(message, token, attempt);
        deliveries.add(delivery);
        return delivery;
    }

    /** How many deliveries were recorded. */
    public int deliveries() {
        return deliveries.size();
    }

    /**
     * What cannot be, in words; empty if all is well.
     *
     * @param topic all that the topic has in the end, from its first offset on
     */
    public List<String> problems(List<Seen> topic) {
        List<String> problems = new ArrayList<>();
        Map<Long, Seen> byOffset = new HashMap<>();
        topic.forEach(message -> byOffset.put(message.offset(), message));
        checkTopic(topic, problems);
        readers.forEach((reader, heard) -> checkReader(reader, List.copyOf(heard), topic, byOffset, problems));
        checkGroup(topic, byOffset, problems);
        return problems;
    }

    private void checkTopic(List<Seen> topic, List<String> problems) {
        Problems lost = new Problems("published and not in the topic", problems);
        Problems twice = new Problems("twice in the topic", problems);
        Set<String> ids = new HashSet<>();
        long expected = topic.isEmpty() ? 0 : topic.get(0).offset();
        for (Seen message : topic) {
            if (message.offset() != expected) {
                problems.add("offset " + message.offset() + " follows " + (expected - 1));
            }
            expected = message.offset() + 1;
            twice.addIf(!ids.add(message.id()), message);
        }
        published.forEach(id -> lost.addIf(!ids.contains(id), id));
        lost.end();
        twice.end();
    }

    private static void checkReader(
            String reader, List<Seen> heard, List<Seen> topic, Map<Long, Seen> byOffset, List<String> problems) {
        Problems ahead = new Problems(reader + " was ahead of the log", problems);
        Problems order = new Problems(reader + " heard out of order", problems);
        long last = heard.isEmpty() ? 0 : heard.get(0).offset() - 1;
        for (Seen message : heard) {
            ahead.addIf(!message.equals(byOffset.get(message.offset())), message);
            order.addIf(message.offset() != last + 1, message + " after offset " + last);
            last = message.offset();
        }
        ahead.end();
        order.end();
        if (heard.size() != topic.size()) {
            problems.add(reader + " heard " + heard.size() + " messages of " + topic.size());
        }
    }

    private void checkGroup(List<Seen> topic, Map<Long, Seen> byOffset, List<String> problems) {
        Map<Long, List<Delivered>> byMessage = new TreeMap<>();
        deliveries.forEach(delivery -> byMessage
                .computeIfAbsent(delivery.message.offset(), offset -> new ArrayList<>())
                .add(delivery));
        Problems unsettled = new Problems("never acknowledged", problems);
        Problems repeated = new Problems("delivered after its acknowledgement", problems);
        Problems ahead = new Problems("the group was ahead of the log", problems);
        Problems tokens = new Problems("tokens do not grow", problems);
        for (Seen message : topic) {
            List<Delivered> all = byMessage.getOrDefault(message.offset(), List.of());
            long settled =
                    all.stream().mapToLong(each -> each.acknowledged).min().orElse(Long.MAX_VALUE);
            // Whether an acknowledgement has arrived nobody knows whose session was lost meanwhile.
            unsettled.addIf(all.stream().allMatch(each -> each.acknowledging == Long.MAX_VALUE), message);
            for (int i = 0; i < all.size(); i++) {
                Delivered each = all.get(i);
                repeated.addIf(each.at > settled, each);
                ahead.addIf(!each.message.equals(byOffset.get(message.offset())), each);
                tokens.addIf(
                        i > 0 && all.get(i - 1).attempt < each.attempt && all.get(i - 1).token >= each.token, each);
            }
        }
        byMessage.keySet().forEach(offset -> ahead.addIf(!byOffset.containsKey(offset), "offset " + offset));
        unsettled.end();
        repeated.end();
        ahead.end();
        tokens.end();
        checkKeys(topic, byMessage, problems);
    }

    /** A message is delivered only when the one of its key before it is being acknowledged, at least. */
    private static void checkKeys(List<Seen> topic, Map<Long, List<Delivered>> byMessage, List<String> problems) {
        Problems order = new Problems("delivered before an earlier one of its key was settled", problems);
        Map<String, Long> settledFrom = new HashMap<>();
        for (Seen message : topic) {
            List<Delivered> all = byMessage.getOrDefault(message.offset(), List.of());
            long before = settledFrom.getOrDefault(message.key(), 0L);
            all.forEach(each -> order.addIf(each.at < before, each));
            long settled =
                    all.stream().mapToLong(each -> each.acknowledging).min().orElse(Long.MAX_VALUE);
            settledFrom.merge(message.key(), settled, Math::max);
        }
        order.end();
    }

    /** Of one kind: the first ones, and how many there are. */
    private static final class Problems {
        private final String kind;
        private final List<String> all;
        private final List<String> first = new ArrayList<>();
        private int count;

        Problems(String kind, List<String> all) {
            this.kind = kind;
            this.all = all;
        }

        void addIf(boolean wrong, Object what) {
            if (wrong && count++ < TOLD_MAX) {
                first.add(what.toString());
            }
        }

        void end() {
            if (count > 0) {
                all.add(kind + " (" + count + "): " + String.join("; ", first));
            }
        }
    }
}
