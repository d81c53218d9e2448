package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.topic.PublishOptions;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicMessage;
import io.coordinator.client.topic.TopicSubscription;
import io.coordinator.client.topic.Topics;
import io.coordinator.testing.InMemoryCluster;
import io.coordinator.testing.feature.Feature;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The examples of docs/topics.md. */
class TopicsTest {
    private final InMemoryCluster cluster = InMemoryCluster.start();
    private final CoordinatorClient client = cluster.connect();
    private final Queue<TopicMessage> handled = new ConcurrentLinkedQueue<>();

    record Order(int id, String what) {}

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    @Feature({"PM-PS-1", "PM-PS-2"})
    void publishAndSubscribe() {
        // spotless:off
        // snippet: topics
        Topics topics = client.topics();
        TopicSubscription orders = topics.subscribe("orders.*", message -> {
            Order order = message.value(Order.class);
            System.out.println(message.topic() + ": " + order);
        });
        int sessions = topics.publish("orders.created", new Order(7, "book"));   // to how many sessions it goes
        topics.publish("orders.seen", 7, PublishOptions.fireAndForget());        // nobody answers
        orders.close();                                                          // no call begins after this
        // end
        // spotless:on
        assertThat(sessions).isEqualTo(1);
        assertThat(orders.isActive()).isFalse();
    }

    @Test
    @Feature("PM-PS-6")
    void gaps() {
        Executor pool = Runnable::run;
        // spotless:off
        // snippet: topic-gaps
        SubscribeOptions options = SubscribeOptions.defaults()
                .executor(pool)
                .bufferBytes(1 << 20)
                .onError(failure -> System.err.println("an order was not handled: " + failure))
                .onGap(gap -> System.err.println("missed " + gap.messages() + ": " + gap.cause()));
        client.topics().subscribe("orders.*", this::handle, options);
        // end
        // spotless:on
        assertThat(client.topics().publish("orders.created", 1)).isEqualTo(1);
        Awaitility.await().until(() -> handled.size() == 1);
    }

    private void handle(TopicMessage message) {
        handled.add(message);
    }
}
