package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.ConsumerGroup;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.GroupConsumer;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.client.topic.PublishOptions;
import io.coordinator.client.topic.RecordGap;
import io.coordinator.client.topic.RecordListener;
import io.coordinator.client.topic.RecordPage;
import io.coordinator.client.topic.RecordSubscription;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicMessage;
import io.coordinator.client.topic.TopicProducer;
import io.coordinator.client.topic.TopicRecord;
import io.coordinator.client.topic.TopicSubscription;
import io.coordinator.client.topic.Topics;
import io.coordinator.testing.InMemoryCluster;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The examples of docs/topics.md. */
class TopicsTest {
    private final InMemoryCluster cluster = InMemoryCluster.start();
    private final CoordinatorClient client = cluster.connect();
    private final Queue<TopicMessage> handled = new ConcurrentLinkedQueue<>();
    private final Queue<String> saved = new ConcurrentLinkedQueue<>();
    private final Queue<String> billed = new ConcurrentLinkedQueue<>();

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

    // ---- durable topics ----

    @Test
    @Feature("B-25")
    void durableTopics() {
        // spotless:off
        // snippet: durable-publish
        DurableTopic orders = client.durableTopics().topic("orders");
        long offset = orders.publish("customer-7", new Order(7, "book"));        // with a key; committed when it returns
        orders.publishAll(List.of(NewMessage.of(new Order(8, "pen")), NewMessage.of(new Order(9, "ink"))));  // one log entry
        client.transaction()                                                     // a message and a write, or neither
                .then(writes -> writes.increment("orders/count", 1).publish("orders", new Order(10, "map")))
                .commit();
        RecordPage page = orders.read(StartAt.last(2), 100);
        // end
        // snippet: durable-subscribe
        RecordSubscription subscription = orders.subscribe(StartAt.earliest(), new RecordListener() {
            @Override
            public void onRecord(TopicRecord message) {
                save(message.offset(), message.value(Order.class));              // start there again next time
            }

            @Override
            public void onGap(RecordGap gap) {
                System.err.println("missed messages from " + gap.fromOffset() + " on: " + gap.reason());
            }
        });
        // end
        long lineToStartAt = 1;
        // snippet: durable-producer
        TopicProducer producer = orders.producer("import-2026-11");              // names the producer for ever
        producer.sequence(lineToStartAt);                                        // the number of the next message
        producer.publish(new Order(11, "cup"));                                  // empty: it was published before
        // end
        // snippet: durable-group
        ConsumerGroup billing = orders.group("billing");
        billing.configure(GroupOptions.defaults().ordered().withAttemptsMax(3), StartAt.earliest());
        GroupConsumer consumer = billing.consume(
                delivery -> bill(delivery.record().value(Order.class), delivery.token()),
                ConsumeOptions.defaults().withConcurrency(8));
        // end
        // spotless:on
        assertThat(offset).isEqualTo(1);
        assertThat(page.records()).hasSize(2);
        Awaitility.await().until(() -> saved.size() == 5 && billed.size() == 5);
        subscription.close();
        consumer.close();
    }

    private void save(long offset, @Nullable Order order) {
        saved.add(offset + ": " + order);
    }

    private void bill(@Nullable Order order, long token) {
        billed.add(token + ": " + order);
    }
}
