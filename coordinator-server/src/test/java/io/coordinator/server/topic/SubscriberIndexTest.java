package io.coordinator.server.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Finds what a topic concerns as a look at each subscription would. */
@Feature({"PM-PS-1", "PM-PS-3"})
class SubscriberIndexTest {
    private static final int ROUNDS = 600;

    private final SubscriberIndex index = new SubscriberIndex();
    private final TopicStreams streams = new TopicStreams();

    private List<Subscriber> matches(String namespace, String topic) {
        List<Subscriber> found = new ArrayList<>();
        index.match(namespace, topic, found::add);
        return found;
    }

    @Test
    void prefixesNestAndNamespacesAreApart() {
        Subscriber all = add("n", "", true);
        Subscriber orders = add("n", "orders.", true);
        Subscriber exact = add("n", "orders.created", false);
        add("n", "orders.d", true);
        add("n", "orders", false);
        add("other", "orders.", true);
        assertThat(matches("n", "orders.created")).containsExactlyInAnyOrder(all, orders, exact);
        assertThat(matches("n", "order")).containsExactly(all);
        assertThat(matches("none", "orders.created")).isEmpty();
        index.remove(orders);
        assertThat(matches("n", "orders.created")).containsExactlyInAnyOrder(all, exact);
    }

    private Subscriber add(String namespace, String topic, boolean prefix) {
        Subscriber subscriber = new Subscriber(streams.exchange.connect(streams.sink()), namespace, topic, prefix);
        index.add(subscriber);
        return subscriber;
    }

    @Test
    void randomSubscriptionsAreFoundAsByLookingAtEach() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Subscriber> model = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            if (model.isEmpty() || random.nextInt(3) > 0) {
                model.add(add("n" + random.nextInt(2), name(random), random.nextBoolean()));
            } else {
                index.remove(model.remove(random.nextInt(model.size())));
            }
            String topic = name(random);
            List<Subscriber> expected = model.stream()
                    .filter(each -> each.namespace().equals("n0"))
                    .filter(each -> each.isPrefix() ? topic.startsWith(each.topic()) : topic.equals(each.topic()))
                    .toList();
            assertThat(matches("n0", topic))
                    .as("seed %d, round %d, topic %s", seed, round, topic)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
        assertThat(index.size()).isEqualTo(model.size());
        model.forEach(index::remove);
        assertThat(index.size()).isZero();
        assertThat(index.bytes()).isZero();
        assertThat(matches("n0", "")).isEmpty();
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int length = random.nextInt(6); length > 0; length--) {
            name.append((char) ('a' + random.nextInt(3)));
        }
        return name.toString();
    }
}
