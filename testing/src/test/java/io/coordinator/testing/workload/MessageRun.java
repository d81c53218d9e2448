package io.coordinator.testing.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.Delivery;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.GroupConsumer;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.GroupSummary;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.client.topic.RecordGap;
import io.coordinator.client.topic.RecordListener;
import io.coordinator.client.topic.RecordPage;
import io.coordinator.client.topic.RecordSubscription;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.TopicOptions;
import io.coordinator.client.topic.TopicProducer;
import io.coordinator.client.topic.TopicRecord;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.history.MessageHistory;
import io.coordinator.testing.history.MessageHistory.Delivered;
import io.coordinator.testing.history.MessageHistory.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Producers, readers and a consumer group on one durable topic, while nodes are killed, paused and cut off.
 *
 * @param messages how many are published
 * @param faultsFor for how long things are broken
 * @param seed of what is broken
 */
public record MessageRun(int messages, Duration faultsFor, long seed, ClusterOptions options) {
    private static final Logger log = LoggerFactory.getLogger(MessageRun.class);
    private static final int PRODUCERS = 4;
    private static final int MEMBERS = 3;
    private static final int KEYS = 8;
    private static final int BATCH = 20;
    private static final Duration END_MAX = Duration.ofMinutes(1);

    /**
     * What came of it.
     *
     * @param problems what cannot be; empty if all is well
     * @param published how many messages the topic has
     * @param deliveries how many there were to members
     * @param faults how often each was tried
     */
    public record Result(List<String> problems, int published, int deliveries, String faults) {}

    /** Runs and checks. */
    public Result go() throws Exception {
        try (ProcessCluster cluster = ProcessCluster.start(options)) {
            return on(cluster);
        }
    }

    private Result on(ProcessCluster cluster) throws Exception {
        MessageHistory history = new MessageHistory();
        Queue<String> surprises = new ConcurrentLinkedQueue<>();
        CoordinatorClient steady = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(60)));
        ClientLinks links = cluster.clientLinks("cut-off");
        DurableTopic topic = topic(steady);
        topic.create(TopicOptions.defaults().keepMessages(10L * messages));
        topic.group("group")
                .configure(
                        GroupOptions.defaults().ordered().withAttemptsMax(0).withVisibility(Duration.ofSeconds(5)),
                        StartAt.earliest());
        List<GroupConsumer> members = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            members.add(member(i == 0 ? cluster.client(links, s -> s) : shortLived(cluster), history));
        }
        ExecutorService threads = Executors.newFixedThreadPool(PRODUCERS);
        try (RecordSubscription first = subscribe(steady, "steady reader", history, surprises);
                RecordSubscription second = subscribe(shortLived(cluster), "other reader", history, surprises)) {
            List<CompletableFuture<Void>> producing = new ArrayList<>();
            long endNanos = System.nanoTime() + faultsFor.toNanos();
            for (int i = 0; i < PRODUCERS; i++) {
                int number = i;
                CoordinatorClient client = i == 0 ? cluster.client(links, s -> s) : shortLived(cluster);
                producing.add(CompletableFuture.runAsync(() -> produce(client, number, history, endNanos), threads));
            }
            Faults faults = new Faults(cluster, steady, links, Optional.empty(), new Random(seed));
            faults.run(endNanos, () -> producing.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
            for (CompletableFuture<Void> each : producing) {
                each.get(END_MAX.toSeconds(), TimeUnit.SECONDS);
            }
            awaitEnd(topic, first, second);
            List<String> problems = new ArrayList<>(surprises);
            List<Seen> all = all(topic);
            problems.addAll(history.problems(all));
            cluster.awaitEqualDigests();
            return new Result(
                    problems, all.size(), history.deliveries(), faults.counts().toString());
        } finally {
            members.forEach(GroupConsumer::close);
            threads.shutdownNow();
        }
    }

    private static CoordinatorClient shortLived(ProcessCluster cluster) {
        return cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(2)));
    }

    private static DurableTopic topic(CoordinatorClient client) {
        return client.durableTopics().topic("history").withTimeout(Duration.ofSeconds(5));
    }

    // ---- producing ----

    /** Spreads the messages over the time of the faults; each batch is tried until it is known to be there. */
    private void produce(CoordinatorClient client, int number, MessageHistory history, long endNanos) {
        TopicProducer producer = topic(client).producer("producer-" + number);
        int count = messages / PRODUCERS;
        long start = System.nanoTime();
        for (int done = 0; done < count; done += BATCH) {
            int from = done;
            List<NewMessage> batch = IntStream.range(from, Math.min(count, from + BATCH))
                    .mapToObj(i -> NewMessage.of(key(number, i), Map.of("id", id(number, i))))
                    .toList();
            publish(producer, from + 1L, batch);
            IntStream.range(from, from + batch.size()).forEach(i -> history.published(id(number, i)));
            pace(start, endNanos, (double) (from + batch.size()) / count);
        }
    }

    private static void publish(TopicProducer producer, long sequence, List<NewMessage> batch) {
        while (true) {
            try {
                producer.sequence(sequence).publishAll(batch);
                return;
            } catch (CoordinatorException e) {
                log.debug("once more from {}", sequence, e);
            }
        }
    }

    private static void pace(long start, long endNanos, double share) {
        long due = start + (long) ((endNanos - start) * share);
        long wait = due - System.nanoTime();
        if (wait > 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(wait);
        }
    }

    private static String key(int producer, int message) {
        return producer + "-" + message % KEYS;
    }

    private static String id(int producer, int message) {
        return producer + ":" + message;
    }

    // ---- reading ----

    private static RecordSubscription subscribe(
            CoordinatorClient client, String name, MessageHistory history, Queue<String> surprises) {
        return topic(client).subscribe(StartAt.earliest(), new RecordListener() {
            @Override
            public void onRecord(TopicRecord message) {
                history.read(name, seen(message));
            }

            @Override
            public void onGap(RecordGap gap) {
                surprises.add(name + " was told of a gap: " + gap);
            }

            @Override
            public void onError(CoordinatorException error) {
                surprises.add(name + " ended: " + error);
            }
        });
    }

    private static Seen seen(TopicRecord message) {
        JsonNode value = message.json();
        return new Seen(message.offset(), message.key(), value.path("id").asText());
    }

    // ---- the group ----

    private static GroupConsumer member(CoordinatorClient client, MessageHistory history) {
        ConsumeOptions options =
                ConsumeOptions.defaults().withPrefetch(64).withConcurrency(4).withRetryDelay(Duration.ofMillis(5));
        return topic(client).group("group").consume(delivery -> handle(delivery, history), options);
    }

    /** Some fail, some are handed back, and some are held for so long that the lease may end. */
    private static void handle(Delivery delivery, MessageHistory history) throws InterruptedException {
        Delivered seen = history.delivered(seen(delivery.record()), delivery.token(), delivery.attempt());
        switch (ThreadLocalRandom.current().nextInt(200)) {
            case 0 -> throw new IllegalStateException("from the test");
            case 1 -> {
                var unused = delivery.handBack();
            }
            default -> {
                seen.acknowledging();
                delivery.acknowledge().thenAccept(taken -> {
                    if (taken) {
                        seen.acknowledged();
                    }
                });
            }
        }
    }

    // ---- the end ----

    private static void awaitEnd(DurableTopic topic, RecordSubscription first, RecordSubscription second) {
        Awaitility.await("everything was read and acknowledged")
                .atMost(END_MAX)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsInstanceOf(CoordinatorException.class)
                .untilAsserted(() -> {
                    long end = topic.inspect().orElseThrow().summary().nextOffset();
                    GroupSummary group =
                            topic.group("group").inspect().orElseThrow().summary();
                    org.assertj.core.api.Assertions.assertThat(group.lag())
                            .as("%s", group)
                            .isZero();
                    org.assertj.core.api.Assertions.assertThat(first.nextOffset())
                            .isEqualTo(end);
                    org.assertj.core.api.Assertions.assertThat(second.nextOffset())
                            .isEqualTo(end);
                });
    }

    private static List<Seen> all(DurableTopic topic) {
        List<Seen> all = new ArrayList<>();
        StartAt next = StartAt.earliest();
        while (true) {
            RecordPage page = topic.read(next, 1_000);
            page.records().forEach(message -> all.add(seen(message)));
            if (!page.more()) {
                return all;
            }
            next = StartAt.offset(page.nextOffset());
        }
    }
}
