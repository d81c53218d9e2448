package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.client.topic.RecordGap;
import io.coordinator.client.topic.RecordListener;
import io.coordinator.client.topic.RecordPage;
import io.coordinator.client.topic.RecordSubscription;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.TopicOptions;
import io.coordinator.client.topic.TopicProducer;
import io.coordinator.client.topic.TopicRecord;
import io.coordinator.testing.InMemoryCluster;
import io.coordinator.testing.InMemoryClusterExtension;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Durable topics: publishing, reading from any place, and subscriptions that miss nothing. */
@Feature("B-25")
@ExtendWith(InMemoryClusterExtension.class)
class InMemoryTopicsTest {
    private final InMemoryCluster cluster;
    private final CoordinatorClient client;
    private final DurableTopic orders;

    InMemoryTopicsTest(InMemoryCluster cluster, CoordinatorClient client) {
        this.cluster = cluster;
        this.client = client;
        this.orders = client.durableTopics().topic("orders");
    }

    /** Collects what a subscription hears. */
    private static class HeardRecords implements RecordListener {
        final List<Long> offsets = new CopyOnWriteArrayList<>();
        final List<RecordGap> gaps = new CopyOnWriteArrayList<>();
        final List<CoordinatorException> ends = new CopyOnWriteArrayList<>();

        @Override
        public void onRecord(TopicRecord message) {
            offsets.add(message.offset());
        }

        @Override
        public void onGap(RecordGap gap) {
            gaps.add(gap);
        }

        @Override
        public void onError(CoordinatorException error) {
            ends.add(error);
        }
    }

    private void publish(int count) {
        for (int done = 0; done < count; done += 1_000) {
            orders.publishAll(IntStream.range(done, Math.min(count, done + 1_000))
                    .mapToObj(NewMessage::of)
                    .toList());
        }
    }

    private static List<Long> range(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    // ---- publishing and reading ----

    @Test
    void aReaderOfMoreThanThereIsHearsOfIt() {
        RecordPage none = orders.read(StartAt.earliest(), 5);
        assertThat(none.nextOffset()).as("where to read on").isEqualTo(1);
        assertThat(none.gap()).isEmpty();
        assertThat(orders.read(StartAt.offset(7), 5).gap())
                .hasValueSatisfying(gap -> assertThat(gap.reason()).isEqualTo(RecordGap.Reason.DELETED));
        publish(2);
        HeardRecords heard = new HeardRecords();

        RecordPage page = orders.read(StartAt.offset(7), 5);
        RecordSubscription subscription = orders.subscribe(StartAt.offset(7), heard);

        RecordGap gap = new RecordGap(3, 6, RecordGap.Reason.RESTORED);
        assertThat(page.nextOffset()).isEqualTo(3);
        assertThat(page.gap()).contains(gap);
        assertThat(Waiting.get(subscription.started())).isEqualTo(3);
        orders.publish("next");
        Waiting.await("the next message").until(() -> heard.offsets.size() == 1);
        assertThat(heard.offsets).containsExactly(3L);
        assertThat(heard.gaps).containsExactly(gap);
    }

    @Test
    @Feature({"PM-N-4", "PM-N-5"})
    void offsetsCountFromOneAndAPageHasWhatWasPublished() {
        Instant before = Instant.now().minusMillis(1);
        assertThat(orders.publish("k", List.of(1, "two"))).isEqualTo(1);
        assertThat(orders.publish(null)).isEqualTo(2);
        assertThat(orders.publishAll(List.of(NewMessage.of("a"), NewMessage.of("key", "b"))))
                .containsExactly(3L, 4L);

        RecordPage page = orders.read(StartAt.earliest(), 3);

        assertThat(page.records()).extracting(TopicRecord::offset).containsExactly(1L, 2L, 3L);
        assertThat(page.records().get(0).json()).hasToString("[1,\"two\"]");
        assertThat(page.records().get(0).key()).isEqualTo("k");
        assertThat(page.records().get(0).publishedAt()).isBetween(before, Instant.now());
        assertThat(page.records().get(1).json().isNull()).isTrue();
        assertThat(page.more()).isTrue();
        assertThat(page.nextOffset()).isEqualTo(4);
        assertThat(page.gap()).isEmpty();
        assertThat(orders.read(StartAt.offset(page.nextOffset()), 10).records())
                .singleElement()
                .satisfies(last -> assertThat(last.key()).isEqualTo("key"));
    }

    @Test
    void readingBeginsAtAnOffsetATimeOrSoManyBeforeTheEnd() {
        publish(10);
        assertThat(offsets(StartAt.last(3))).isEqualTo(range(8, 10));
        assertThat(offsets(StartAt.last(0))).isEmpty();
        assertThat(offsets(StartAt.last(Long.MAX_VALUE))).isEqualTo(range(1, 10));
        assertThat(offsets(StartAt.offset(7))).isEqualTo(range(7, 10));
        assertThat(offsets(StartAt.offset(Long.MAX_VALUE))).isEmpty();
        assertThat(offsets(StartAt.time(Instant.EPOCH))).isEqualTo(range(1, 10));
        assertThat(offsets(StartAt.time(Instant.MIN))).isEqualTo(range(1, 10));
        assertThat(offsets(StartAt.time(Instant.MAX))).isEmpty();
        assertThat(offsets(StartAt.time(Instant.now().plusSeconds(60)))).isEmpty();
    }

    private List<Long> offsets(StartAt start) {
        return orders.read(start, 100).records().stream()
                .map(TopicRecord::offset)
                .toList();
    }

    @Test
    void aTopicThatIsNotThereIsEmpty() {
        assertThat(orders.inspect()).isEmpty();
        assertThat(orders.delete()).isFalse();
        RecordPage page = orders.read(StartAt.earliest(), 10);
        assertThat(page.records()).isEmpty();
        assertThat(page.more()).isFalse();
        assertThat(client.durableTopics().list()).isEmpty();
    }

    @Test
    @Feature("PM-N-4")
    void whatATopicDoesNotKeepIsAGap() {
        orders.configure(TopicOptions.defaults().keepMessages(5));
        publish(8);

        RecordPage page = orders.read(StartAt.offset(2), 10);

        assertThat(page.gap()).contains(new RecordGap(2, 3, RecordGap.Reason.TRIMMED));
        assertThat(page.records()).extracting(TopicRecord::offset).isEqualTo(range(4, 8));
        assertThat(orders.inspect().orElseThrow().summary().firstOffset()).isEqualTo(4);
    }

    @Test
    void oldMessagesGoByTheirAge() {
        orders.configure(TopicOptions.defaults().keepFor(Duration.ofMinutes(1)));
        publish(2);
        cluster.advance(Duration.ofSeconds(59));
        assertThat(offsets(StartAt.earliest())).isEqualTo(range(1, 2));
        cluster.advance(Duration.ofSeconds(2));
        assertThat(offsets(StartAt.earliest())).isEmpty();
        assertThat(orders.publish("next")).isEqualTo(3);
    }

    @Test
    void aFullTopicThatRefusesTakesMoreWhenAGroupHasAcknowledged() {
        orders.configure(TopicOptions.workQueue(2));
        orders.group("workers").configure(io.coordinator.client.topic.GroupOptions.defaults(), StartAt.earliest());
        publish(2);
        assertThatThrownBy(() -> orders.publish("third"))
                .isInstanceOf(ThrottledException.class)
                .hasMessageContaining("is full");
        try (var consumer = orders.group("workers").consume(delivery -> {})) {
            Waiting.await("room")
                    .until(() -> orders.inspect().orElseThrow().summary().messages() == 0);
            assertThat(orders.publish("third")).isEqualTo(3);
        }
    }

    @Test
    void badArgumentsAreRefusedAndChangeNothing() {
        assertThatThrownBy(() -> client.durableTopics().topic("")).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> client.durableTopics().topic("\ud800")).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> orders.publishAll(List.of())).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> orders.publish(Double.NaN)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> orders.read(StartAt.earliest(), 0)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> orders.purge(-1)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> StartAt.offset(0)).isInstanceOf(ValidationException.class);
        assertThat(orders.inspect()).isEmpty();
    }

    // ---- producers ----

    @Test
    @Feature({"PM-N-2", "PM-N-6"})
    void aProducerThatStartsAnewPublishesNothingTwice() {
        TopicProducer first = orders.producer("import");
        assertThat(first.publish("a")).isEqualTo(OptionalLong.of(1));
        assertThat(first.publish("b")).isEqualTo(OptionalLong.of(2));
        assertThat(first.sequence()).isEqualTo(3);

        TopicProducer again = cluster.connect().durableTopics().topic("orders").producer("import");
        assertThat(again.publish("a")).isEmpty();
        assertThat(again.publishAll(List.of(NewMessage.of("b"), NewMessage.of("c"))))
                .containsExactly(OptionalLong.empty(), OptionalLong.of(3));
        assertThat(orders.inspect().orElseThrow().summary().duplicates()).isEqualTo(2);
        assertThat(orders.producer("another").publish("a")).isEqualTo(OptionalLong.of(4));
    }

    // ---- transactions ----

    @Test
    void aTransactionPublishesOrDoesNot() {
        client.transaction()
                .then(writes -> writes.put("k", 1).publish("orders", "done"))
                .commit();
        assertThat(offsets(StartAt.earliest())).isEqualTo(range(1, 1));

        assertThatThrownBy(() -> client.transaction()
                        .then(writes -> writes.publish("orders", "no")
                                .increment("k2", 1)
                                .edit("none", edits -> {}))
                        .commit())
                .isInstanceOf(BatchException.class);
        assertThat(offsets(StartAt.earliest())).isEqualTo(range(1, 1));
        assertThat(client.cache().get("k2")).isEmpty();
    }

    // ---- subscriptions ----

    @Test
    @Feature("PM-N-5")
    void aSubscriptionReadsWhatThereIsAndGoesOnWithWhatComes() {
        publish(2_500);
        HeardRecords heard = new HeardRecords();
        try (RecordSubscription subscription = orders.subscribe(StartAt.offset(3), heard)) {
            assertThat(Waiting.get(subscription.started())).isEqualTo(3);
            publish(2_000);
            Waiting.await("all messages").until(() -> heard.offsets.size() == 4_498);
            assertThat(heard.offsets).isEqualTo(range(3, 4_500));
            assertThat(heard.gaps).isEmpty();
            assertThat(subscription.nextOffset()).isEqualTo(4_501);
        }
    }

    @Test
    void aSubscriptionCanBeginBeforeThereIsATopic() {
        HeardRecords heard = new HeardRecords();
        try (RecordSubscription subscription = orders.subscribe(StartAt.latest(), heard)) {
            Waiting.get(subscription.started());
            publish(3);
            Waiting.await("the messages").until(() -> heard.offsets.size() == 3);
        }
        publish(1);
        assertThat(heard.offsets).isEqualTo(range(1, 3));
    }

    @Test
    @Feature("S-70")
    void aLostConnectionMakesNeitherAGapNorARepetition() {
        HeardRecords heard = new HeardRecords();
        CoordinatorClient publisher = cluster.connect();
        try (RecordSubscription subscription = orders.subscribe(StartAt.earliest(), heard)) {
            Waiting.get(subscription.started());
            for (int i = 0; i < 5; i++) {
                publisher.durableTopics().topic("orders").publish(i);
                cluster.disconnect(client);
                publisher.durableTopics().topic("orders").publish(i);
                cluster.reconnect(client);
            }
            Waiting.await("all messages").until(() -> heard.offsets.size() >= 10);
            assertThat(heard.offsets).isEqualTo(range(1, 10));
        }
    }

    @Test
    void aSubscriberThatIsOvertakenByTheRetentionIsToldWhatItMissed() throws InterruptedException {
        orders.configure(TopicOptions.defaults().keepMessages(100));
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        HeardRecords heard = new HeardRecords() {
            @Override
            public void onRecord(TopicRecord message) {
                super.onRecord(message);
                if (message.offset() == 1) {
                    blocked.countDown();
                    await(go);
                }
            }
        };
        try (RecordSubscription subscription = orders.subscribe(StartAt.earliest(), heard)) {
            Waiting.get(subscription.started());
            orders.publish("first");
            await(blocked);
            publish(10_000);
            go.countDown();
            Waiting.await("the last message").until(() -> heard.offsets.contains(10_001L));
            assertThat(heard.gaps).isNotEmpty();
            long missed = heard.gaps.stream().mapToLong(RecordGap::count).sum();
            assertThat(heard.offsets.size() + missed).isEqualTo(10_001);
            assertThat(heard.offsets).isSorted().doesNotHaveDuplicates();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDeletedTopicIsAGapAndItsSuccessorIsReadFromItsBeginning() {
        publish(3);
        HeardRecords heard = new HeardRecords();
        try (RecordSubscription subscription = orders.subscribe(StartAt.earliest(), heard)) {
            Waiting.await("the messages").until(() -> heard.offsets.size() == 3);
            assertThat(orders.delete()).isTrue();
            publish(2);
            Waiting.await("those of the new topic").until(() -> heard.offsets.size() == 5);
            assertThat(heard.offsets).containsExactly(1L, 2L, 3L, 1L, 2L);
            assertThat(heard.gaps).extracting(RecordGap::reason).containsOnly(RecordGap.Reason.DELETED);
        }
    }

    @Test
    @Feature("PM-PS-6")
    void aListenerThatThrowsHearsWhatComesAfter() {
        HeardRecords heard = new HeardRecords() {
            @Override
            public void onRecord(TopicRecord message) {
                super.onRecord(message);
                throw new AssertionError("from the test");
            }
        };
        try (RecordSubscription subscription = orders.subscribe(StartAt.earliest(), heard)) {
            Waiting.get(subscription.started());
            publish(3);
            Waiting.await("the messages").until(() -> heard.offsets.size() == 3);
        }
    }

    @Test
    void aClosedClientEndsASubscription() {
        CoordinatorClient other = cluster.connect();
        HeardRecords heard = new HeardRecords();
        RecordSubscription subscription = other.durableTopics().topic("orders").subscribe(StartAt.earliest(), heard);
        Waiting.get(subscription.started());
        other.close();
        Waiting.await("the end").until(() -> !heard.ends.isEmpty());
        assertThat(subscription.isActive()).isFalse();
    }

    // ---- reactive streams ----

    @Test
    void aSubscriberGetsNoMoreThanItAskedFor() {
        publish(5_000);
        List<Long> offsets = new CopyOnWriteArrayList<>();
        List<Flow.Subscription> subscriptions = new CopyOnWriteArrayList<>();
        orders.records(StartAt.earliest()).subscribe(new Flow.Subscriber<TopicRecord>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscriptions.add(subscription);
                subscription.request(10);
            }

            @Override
            public void onNext(TopicRecord message) {
                offsets.add(message.offset());
            }

            @Override
            public void onError(Throwable failure) {}

            @Override
            public void onComplete() {}
        });
        Waiting.await("ten").until(() -> offsets.size() >= 10);
        publish(2_000);
        assertThat(offsets).isEqualTo(range(1, 10));
        subscriptions.get(0).request(Long.MAX_VALUE);
        Waiting.await("all").until(() -> offsets.size() == 7_000);
        assertThat(offsets).isEqualTo(range(1, 7_000));
        subscriptions.get(0).cancel();
    }

    @Test
    void deletedGroupsAreTold() {
        publish(1);
        List<CoordinatorException> ends = new CopyOnWriteArrayList<>();
        var options = io.coordinator.client.topic.ConsumeOptions.defaults()
                .withListener(new io.coordinator.client.topic.ConsumerListener() {
                    @Override
                    public void onEnd(CoordinatorException why) {
                        ends.add(why);
                    }
                });
        var consumer = orders.group("g").consume(delivery -> {}, options);
        Waiting.get(consumer.started());
        assertThat(orders.group("g").delete()).isTrue();
        Waiting.await("the end").until(() -> !ends.isEmpty());
        assertThat(ends).singleElement().isInstanceOf(KeyNotFoundException.class);
        assertThat(consumer.isActive()).isFalse();
        consumer.close();
    }
}
