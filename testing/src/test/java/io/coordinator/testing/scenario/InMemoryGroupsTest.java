package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.ConsumerGroup;
import io.coordinator.client.topic.ConsumerListener;
import io.coordinator.client.topic.Delivery;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.GroupConsumer;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.GroupSummary;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.TopicRecord;
import io.coordinator.testing.InMemoryCluster;
import io.coordinator.testing.InMemoryClusterExtension;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Consumer groups, from the client's side. */
@Feature("B-25")
@ExtendWith(InMemoryClusterExtension.class)
class InMemoryGroupsTest {
    private final InMemoryCluster cluster;
    private final DurableTopic topic;
    private final ConsumerGroup group;

    InMemoryGroupsTest(InMemoryCluster cluster, CoordinatorClient client) {
        this.cluster = cluster;
        this.topic = client.durableTopics().topic("work");
        this.group = topic.group("workers");
    }

    private void publish(int count) {
        topic.publishAll(IntStream.range(0, count).mapToObj(NewMessage::of).toList());
    }

    private ConsumerGroup asAnother() {
        return cluster.connect().durableTopics().topic("work").group("workers");
    }

    private GroupSummary summary() {
        return group.inspect().orElseThrow().summary();
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    /** Its wish to join is still on its way when it leaves. */
    @Test
    void aMemberThatIsClosedAtOnceLeavesTheGroup() {
        group.configure(GroupOptions.defaults(), StartAt.earliest());
        publish(10);
        for (int i = 0; i < 20; i++) {
            group.consume(delivery -> {}).close();
        }
        Waiting.await("nobody is left")
                .until(() -> group.inspect().orElseThrow().members().isEmpty());
        Waiting.await("all is handled or waits for another member")
                .until(() -> summary().leased() == 0);
    }

    @Test
    void membersShareTheMessagesAndEachIsHandledOnce() {
        group.configure(GroupOptions.defaults(), StartAt.earliest());
        publish(1_000);
        List<Long> handled = Collections.synchronizedList(new ArrayList<>());
        List<AtomicInteger> counts = new ArrayList<>();
        List<GroupConsumer> consumers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            AtomicInteger count = new AtomicInteger();
            counts.add(count);
            consumers.add(asAnother()
                    .consume(
                            delivery -> {
                                count.incrementAndGet();
                                handled.add(delivery.record().offset());
                            },
                            ConsumeOptions.defaults().withPrefetch(10)));
        }
        Waiting.await("all are acknowledged").until(() -> summary().lag() == 0);
        assertThat(handled).hasSize(1_000).containsExactlyInAnyOrderElementsOf(range(1, 1_000));
        assertThat(counts).allSatisfy(count -> assertThat(count).hasPositiveValue());
        consumers.forEach(GroupConsumer::close);
        assertThat(summary().members()).isZero();
    }

    @Test
    void aHandlerThatThrowsGetsTheMessageAgainAndThenItIsADeadLetterThatCanBeRedriven() {
        group.configure(GroupOptions.defaults().withAttemptsMax(3), StartAt.earliest());
        publish(1);
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        boolean[] broken = {true};
        ConsumeOptions options = ConsumeOptions.defaults()
                .withRetryDelay(Duration.ofMillis(1))
                .withListener(new ConsumerListener() {
                    @Override
                    public void onFailure(Delivery delivery, Throwable failure) {
                        failures.add(failure);
                    }
                });
        try (GroupConsumer consumer = group.consume(
                delivery -> {
                    attempts.add(delivery.attempt());
                    if (broken[0]) {
                        throw new AssertionError("from the test");
                    }
                },
                options)) {
            Waiting.await("the dead letter").until(() -> summary().deadLetters() == 1);
            assertThat(attempts).containsExactly(1, 2, 3);
            Waiting.await("the failures").until(() -> failures.size() == 3);

            DurableTopic dead = cluster.connect().durableTopics().topic("work.workers.dead");
            TopicRecord letter = dead.read(StartAt.earliest(), 10).records().get(0);
            assertThat(letter.deadLetter().orElseThrow()).satisfies(origin -> {
                assertThat(origin.topic()).isEqualTo("work");
                assertThat(origin.group()).isEqualTo("workers");
                assertThat(origin.offset()).isEqualTo(1);
                assertThat(origin.attempts()).isEqualTo(3);
                assertThat(origin.reason()).contains("from the test");
            });

            broken[0] = false;
            assertThat(dead.redrive()).isEqualTo(1);
            assertThat(dead.redrive()).isZero();
            Waiting.await("another attempt").until(() -> attempts.size() == 4);
            Waiting.await("its end").until(() -> summary().lag() == 0);
            assertThat(attempts).containsExactly(1, 2, 3, 1);
            assertThat(consumer.isActive()).isTrue();
        }
        // Whoever only reads does not see what was published for a group alone.
        assertThat(topic.read(StartAt.earliest(), 10).records())
                .extracting(TopicRecord::offset)
                .containsExactly(1L);
    }

    @Test
    void messagesOfOneKeyAreInOrderWithAnyNumberOfMembers() {
        group.configure(GroupOptions.defaults().ordered(), StartAt.earliest());
        List<NewMessage> messages = IntStream.range(0, 600)
                .mapToObj(i -> NewMessage.of("key-" + i % 7, i / 7))
                .toList();
        topic.publishAll(messages);
        Map<String, List<Integer>> seen = new ConcurrentHashMap<>();
        List<GroupConsumer> consumers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            consumers.add(asAnother()
                    .consume(
                            delivery -> seen.computeIfAbsent(
                                            delivery.record().key(), key -> new CopyOnWriteArrayList<>())
                                    .add(delivery.record().value(Integer.class)),
                            ConsumeOptions.defaults().withConcurrency(4)));
        }
        Waiting.await("all are acknowledged").until(() -> summary().lag() == 0);
        assertThat(seen).hasSize(7);
        seen.forEach((key, values) -> assertThat(values).as(key).isSorted().doesNotHaveDuplicates());
        assertThat(seen.values().stream().mapToInt(List::size).sum()).isEqualTo(600);
        consumers.forEach(GroupConsumer::close);
    }

    @Test
    void whatASilentMemberHasIsDeliveredAgainWhenItsTimeIsOverAndItsAcknowledgementIsTooLate() {
        group.configure(GroupOptions.defaults().withVisibility(Duration.ofSeconds(10)), StartAt.earliest());
        publish(1);
        List<Delivery> held = new CopyOnWriteArrayList<>();
        group.deliveries(ConsumeOptions.defaults().withHandlingMax(Duration.ZERO))
                .subscribe(new Taker(held));
        Waiting.await("the delivery").until(() -> held.size() == 1);

        cluster.advance(Duration.ofSeconds(9));
        assertThat(held).hasSize(1);
        cluster.advance(Duration.ofSeconds(2));
        Waiting.await("the second delivery").until(() -> held.size() == 2);

        assertThat(held.get(1).attempt()).isEqualTo(2);
        assertThat(held.get(1).token()).isGreaterThan(held.get(0).token());
        assertThat(Waiting.get(held.get(0).acknowledge())).isFalse();
        assertThat(held.get(0).isLive()).isFalse();
        assertThat(summary().lag()).isEqualTo(1);
        assertThat(Waiting.get(held.get(1).acknowledge())).isTrue();
        assertThat(Waiting.get(held.get(1).acknowledge())).isFalse();
        assertThat(summary().lag()).isZero();
    }

    /** Takes whatever comes, and settles nothing. */
    private record Taker(List<Delivery> taken) implements java.util.concurrent.Flow.Subscriber<Delivery> {
        @Override
        public void onSubscribe(java.util.concurrent.Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Delivery delivery) {
            taken.add(delivery);
        }

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }

    @Test
    void aMemberWhoseSessionIsLostJoinsAgainAndItsMessagesComeAgain() {
        group.configure(GroupOptions.defaults(), StartAt.earliest());
        CoordinatorClient other = cluster.connect();
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        AtomicInteger joined = new AtomicInteger();
        java.util.concurrent.CountDownLatch go = new java.util.concurrent.CountDownLatch(1);
        GroupConsumer consumer = other.durableTopics()
                .topic("work")
                .group("workers")
                .consume(
                        delivery -> {
                            attempts.add(delivery.attempt());
                            if (delivery.attempt() == 1) {
                                go.await();
                            }
                        },
                        ConsumeOptions.defaults().withListener(new ConsumerListener() {
                            @Override
                            public void onJoined() {
                                joined.incrementAndGet();
                            }
                        }));
        Waiting.get(consumer.started());
        publish(1);
        Waiting.await("the first attempt").until(() -> attempts.size() == 1);
        cluster.expireSession(other);
        Waiting.await("it is back").until(() -> joined.get() == 2);
        go.countDown();
        Waiting.await("its end").until(() -> summary().lag() == 0);
        assertThat(attempts).containsExactly(1, 2);
        consumer.close();
    }

    @Test
    void whatAHandlerAsksForIsNotCutShortByTheExtensionsOfTheClient() {
        group.configure(GroupOptions.defaults().withVisibility(Duration.ofMillis(300)), StartAt.earliest());
        publish(1);
        List<Delivery> held = new CopyOnWriteArrayList<>();
        group.deliveries(ConsumeOptions.defaults()).subscribe(new Taker(held));
        Waiting.await("the delivery").until(() -> held.size() == 1);
        assertThat(Waiting.get(held.get(0).extend(Duration.ofHours(1)))).isTrue();

        Waiting.pass(Duration.ofMillis(500)); // Several extensions, if there were any.
        cluster.advance(Duration.ofMinutes(50));

        assertThat(held).hasSize(1);
        assertThat(Waiting.get(held.get(0).acknowledge())).isTrue();
    }

    @Test
    void oneMemberAtATimeHasItsTurn() {
        group.configure(GroupOptions.defaults().oneAtATime(), StartAt.earliest());
        List<Long> turns = new CopyOnWriteArrayList<>();
        List<String> handled = new CopyOnWriteArrayList<>();
        ConsumeOptions options = ConsumeOptions.defaults().withListener(new ConsumerListener() {
            @Override
            public void onTurn(long token) {
                turns.add(token);
            }
        });
        GroupConsumer first = asAnother().consume(delivery -> handled.add("first"), options);
        Waiting.get(first.started());
        GroupConsumer second = asAnother().consume(delivery -> handled.add("second"), options);
        Waiting.get(second.started());
        publish(3);
        Waiting.await("the first one's").until(() -> handled.size() == 3);
        first.close();
        publish(2);
        Waiting.await("the second one's").until(() -> handled.size() == 5);
        assertThat(handled).containsExactly("first", "first", "first", "second", "second");
        assertThat(turns).hasSize(2).isSorted().doesNotHaveDuplicates();
        second.close();
    }

    @Test
    void closingLetsARunningHandlerEndAndHandsTheOthersBack() throws Exception {
        group.configure(GroupOptions.defaults(), StartAt.earliest());
        publish(5);
        java.util.concurrent.CountDownLatch running = new java.util.concurrent.CountDownLatch(1);
        java.util.concurrent.CountDownLatch go = new java.util.concurrent.CountDownLatch(1);
        GroupConsumer first = asAnother().consume(delivery -> {
            running.countDown();
            go.await();
        });
        assertThat(running.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        var closed = first.closeAsync();
        Waiting.await("the others are back").until(() -> summary().leased() == 1);
        List<Delivery> others = new CopyOnWriteArrayList<>();
        GroupConsumer second = asAnother().consume(others::add);
        Waiting.await("the second one has them").until(() -> others.size() == 4);
        assertThat(others).allSatisfy(each -> assertThat(each.attempt()).isEqualTo(1));
        go.countDown();
        Waiting.get(closed);
        Waiting.await("all are acknowledged").until(() -> summary().lag() == 0);
        assertThat(summary().redeliveries()).isZero();
        second.close();
    }

    @Test
    void anExecutorThatRefusesIsAskedAgain() {
        group.configure(GroupOptions.defaults(), StartAt.earliest());
        publish(1);
        AtomicInteger refusals = new AtomicInteger();
        AtomicInteger handled = new AtomicInteger();
        try (GroupConsumer consumer = group.consume(
                delivery -> handled.incrementAndGet(), ConsumeOptions.defaults().withExecutor(task -> {
                    if (refusals.getAndIncrement() == 0) {
                        throw new RejectedExecutionException("from the test");
                    }
                    task.run();
                }))) {
            Waiting.await("it is handled").until(() -> handled.get() == 1);
            assertThat(refusals).hasValue(2);
            assertThat(consumer.isActive()).isTrue();
        }
    }

    @Test
    void aGroupCanBeMovedBack() {
        group.configure(GroupOptions.defaults(), StartAt.latest());
        publish(3);
        List<Long> handled = new CopyOnWriteArrayList<>();
        try (GroupConsumer consumer =
                group.consume(delivery -> handled.add(delivery.record().offset()))) {
            Waiting.get(consumer.started());
            Waiting.await("all").until(() -> handled.size() == 3 && summary().lag() == 0);
            assertThat(group.seek(StartAt.offset(2))).isEqualTo(2);
            Waiting.await("two of them again")
                    .until(() -> handled.size() == 5 && summary().lag() == 0);
            assertThat(handled).containsExactly(1L, 2L, 3L, 2L, 3L);
        }
    }
}
