package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.ConsumerGroup;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.client.topic.PublishOptions;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.InMemoryCluster;
import io.coordinator.testing.InMemoryClusterExtension;
import io.coordinator.testing.feature.Feature;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every publisher of the SDK keeps the rules of reactive streams. */
@Feature({"B-35", "B-25"})
@ExtendWith(InMemoryClusterExtension.class)
class FlowRulesTest {
    private static final int ITEMS = 200;
    /** What the kit has. */
    private static final int TESTS = 38;
    /** Those of them that can be about streams without an end. */
    private static final int REQUIRED = 15;

    private final InMemoryCluster cluster;
    private final CoordinatorClient client;

    FlowRulesTest(InMemoryCluster cluster, CoordinatorClient client) {
        this.cluster = cluster;
        this.client = client;
    }

    @Test
    void changes() throws Exception {
        long first = client.cache().put("flow-0", 0);
        IntStream.range(1, ITEMS).forEach(i -> client.cache().put("flow-" + i, i));
        WatchOptions all = WatchOptions.cachePrefix("flow-").fromRevision(first);

        check(user -> user.changes(all));
    }

    @Test
    void recordsOfADurableTopic() throws Exception {
        fill("records");

        check(user -> user.durableTopics().topic("records").records(StartAt.earliest()));
    }

    @Test
    void deliveriesOfAGroup() throws Exception {
        fill("deliveries");
        AtomicInteger groups = new AtomicInteger();

        check(user -> {
            ConsumerGroup group = user.durableTopics().topic("deliveries").group("g" + groups.incrementAndGet());
            client.durableTopics()
                    .topic("deliveries")
                    .group(group.name())
                    .configure(GroupOptions.defaults(), StartAt.earliest());
            return group.deliveries(ConsumeOptions.defaults());
        });
    }

    @Test
    void messagesOfEphemeralTopics() throws Exception {
        ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();
        try {
            var unused = publisher.scheduleWithFixedDelay(
                    () -> client.topics().publish("news", 1, PublishOptions.fireAndForget()),
                    0,
                    2,
                    TimeUnit.MILLISECONDS);

            check(user -> user.topics().messages("news"));
        } finally {
            publisher.shutdownNow();
        }
    }

    private void fill(String name) {
        DurableTopic topic = client.durableTopics().topic(name);
        topic.publishAll(IntStream.range(0, ITEMS).mapToObj(NewMessage::of).toList());
    }

    /** Other tests of the kit are about streams that complete, what is optional, or what cannot be tested. */
    private <T> void check(Function<CoordinatorClient, Flow.Publisher<T>> publisher) throws Exception {
        CoordinatorClient closed = cluster.connect();
        closed.close();
        FlowRules.Outcome outcome =
                new FlowRules<>(() -> publisher.apply(client), () -> publisher.apply(closed)).check();
        System.out.println("passed " + outcome.passed() + ", do not apply: "
                + outcome.skipped().keySet());
        assertThat(outcome.failed()).isEmpty();
        assertThat(outcome.passed().size() + outcome.skipped().size()).isEqualTo(TESTS);
        assertThat(outcome.passed())
                .filteredOn(name -> name.startsWith("required_"))
                .hasSize(REQUIRED);
        assertThat(outcome.passed()).contains("optional_spec104_mustSignalOnErrorWhenFails");
    }
}
