package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.topic.PublishOptions;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicGap;
import io.coordinator.client.topic.TopicMessage;
import io.coordinator.client.topic.TopicSubscription;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Ephemeral topics on three nodes: who hears what, who does not keep up, and a leader that is killed. */
@CoordinatorCluster(config = {"topic-soft-limit-bytes=262144", "topic-hard-limit-bytes=1572864"})
class TopicScenariosTest {
    private static final String TEXT = "x".repeat(4_000);

    @Test
    @Feature({"S-68", "PM-PS-1", "PM-PS-2", "PM-PS-3", "PM-PS-4", "PM-PS-5", "PM-PS-11", "A-42", "A-45"})
    void eachHandlerHearsOnceAndTheCountIsThatOfSessions(
            Cluster cluster, CoordinatorClient a, CoordinatorClient b, CoordinatorClient publisher) {
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        TopicSubscription prefix = a.topics().subscribe("orders.*", message -> heard.add("a prefix " + show(message)));
        a.topics().subscribe("orders.created", message -> heard.add("a exact " + show(message)));
        a.topics().subscribe("orders.created", message -> heard.add("a second " + show(message)));
        b.topics().subscribe("*", message -> heard.add("b all " + show(message)));
        b.namespace("other").topics().subscribe("*", message -> heard.add("b other " + show(message)));

        assertThat(publisher.topics().publish("orders.created", 1)).isEqualTo(2);
        Waiting.await("all hear it").until(() -> heard.size() >= 4);
        assertThat(publisher.topics().publish("users.new", 2)).isEqualTo(1);
        Waiting.await("b hears it").until(() -> heard.size() >= 5);
        assertThat(heard)
                .containsExactlyInAnyOrder(
                        "a prefix orders.created 1",
                        "a exact orders.created 1",
                        "a second orders.created 1",
                        "b all orders.created 1",
                        "b all users.new 2");

        Queue<Integer> inOrder = new ConcurrentLinkedQueue<>();
        publisher
                .topics()
                .subscribe("s68.order", message -> inOrder.add(message.json().intValue()));
        IntStream.range(0, 500)
                .forEach(i -> publisher.topics().publish("s68.order", i, PublishOptions.fireAndForget()));
        Waiting.await("its own messages").until(() -> inOrder.size() == 500);
        assertThat(List.copyOf(inOrder)).isSorted();

        prefix.close();
        heard.clear();
        // Closing waits for nothing, so that the cluster may hear of it after the first of these messages.
        Waiting.await("the cluster knows").until(() -> publisher.topics().publish("orders.changed", 3) == 1);
        assertThat(publisher.topics().publish("orders.created", 4)).isEqualTo(2);
        Waiting.await("the others hear it")
                .until(() -> heard.stream()
                                .filter(line -> line.contains("orders.created"))
                                .count()
                        == 3);
        assertThat(heard).noneMatch(line -> line.startsWith("a prefix"));
    }

    private static String show(TopicMessage message) {
        return message.topic() + " " + message.json();
    }

    @Test
    @Feature({"S-69", "PM-PS-9"})
    void whoIsTooFarBehindLosesItsTopicStreamAndSubscribesAgain(
            CoordinatorClient stalled, CoordinatorClient publisher) {
        CountDownLatch latch = new CountDownLatch(1);
        Queue<String> last = new ConcurrentLinkedQueue<>();
        Queue<TopicGap> gaps = new ConcurrentLinkedQueue<>();
        stalled.topics()
                .subscribe(
                        "s69b",
                        message -> {
                            awaitLatch(latch);
                            last.add(message.json().textValue());
                        },
                        SubscribeOptions.defaults().bufferBytes(1).holdStream().onGap(gaps::add));
        long session = stalled.sessionId();
        String large = TEXT.repeat(16);
        int rounds = 0;
        while (publisher.topics().publish("s69b", large) == 1 || rounds < 60) {
            rounds++;
        }
        latch.countDown();
        Waiting.await("it is subscribed again").until(() -> publisher.topics().publish("s69b", "after") == 1);
        Waiting.await("and hears what comes then").until(() -> last.contains("after"));
        assertThat(gaps).extracting(TopicGap::cause).contains(TopicGap.Cause.RECONNECTED);
        assertThat(stalled.sessionId()).isEqualTo(session);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Feature({"S-70", "PM-PS-7", "A-41"})
    void subscribersGoOnWithTheNextLeaderAndHearNothingTwice(Cluster cluster) {
        CoordinatorClient publisher = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(60)));
        List<Heard> subscribers = IntStream.range(0, 3)
                .mapToObj(i -> new Heard(cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(60)))))
                .toList();
        AtomicBoolean stop = new AtomicBoolean();
        AtomicInteger published = new AtomicInteger();
        CompletableFuture<Void> publishing = CompletableFuture.runAsync(() -> {
            while (!stop.get()) {
                publishOne(publisher, published.incrementAndGet());
            }
        });
        Waiting.await("some are heard").until(() -> subscribers.stream().allMatch(each -> each.last() >= 20));
        String leader = cluster.awaitLeader();
        cluster.kill(leader);
        cluster.awaitLeaderOtherThan(leader);
        int afterwards = published.get() + 50;
        Waiting.await("some of the next leader are heard")
                .until(() -> subscribers.stream().allMatch(each -> each.last() >= afterwards));
        stop.set(true);
        Waiting.get(publishing);
        cluster.start(leader);
        for (Heard each : subscribers) {
            assertThat(List.copyOf(each.numbers)).isSorted().doesNotHaveDuplicates();
            assertThat(each.gaps).extracting(TopicGap::cause).contains(TopicGap.Cause.RECONNECTED);
        }
    }

    private static void publishOne(CoordinatorClient publisher, int number) {
        try {
            publisher.topics().withTimeout(Duration.ofSeconds(2)).publish("s70.numbers", number);
        } catch (CoordinatorException e) {
            // It may be lost, and must not be sent again here: the next number goes on.
            assertThat(e.retryable()).isTrue();
        }
    }

    /** A subscriber that notes down what it hears. */
    private static final class Heard {
        private final Queue<Integer> numbers = new ConcurrentLinkedQueue<>();
        private final Queue<TopicGap> gaps = new ConcurrentLinkedQueue<>();
        private volatile int last;

        Heard(CoordinatorClient client) {
            client.topics()
                    .subscribe(
                            "s70.*",
                            message -> {
                                last = message.json().intValue();
                                numbers.add(last);
                            },
                            SubscribeOptions.defaults().onGap(gaps::add));
        }

        int last() {
            return last;
        }
    }
}
