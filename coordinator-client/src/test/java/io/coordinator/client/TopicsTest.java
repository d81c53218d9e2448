package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.fake.FakeTopics;
import io.coordinator.client.topic.PublishOptions;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicGap;
import io.coordinator.client.topic.TopicMessage;
import io.coordinator.client.topic.TopicSubscription;
import io.coordinator.client.topic.Topics;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.PublishMessage;
import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ephemeral topics of a client, while its node does what the test says. */
class TopicsTest extends ClientFixture {
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();
    private final Queue<TopicGap> gaps = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();
    private final SubscribeOptions options =
            SubscribeOptions.defaults().onGap(gaps::add).onError(errors::add);

    private void hear(TopicMessage message) {
        heard.add(message.topic() + " " + message.json());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Feature("PM-N-1")
    void theOptionsSayWhatBecomesOfAMessageForWhoIsSlow() {
        Topics topics = connect().topics();
        topics.publish("t", 1, PublishOptions.defaults());
        topics.publish("t", 2, PublishOptions.neverDropped());
        topics.publish("t", 3, PublishOptions.fireAndForget());
        soon().untilAsserted(() -> assertThat(node.topics().frames().stream()
                        .flatMap(frame -> frame.getPublishList().stream())
                        .map(message -> message.getUndroppable() + " " + (message.getId() != 0)))
                .containsExactly("false true", "true true", "false false"));
    }

    @Test
    @Feature({"PM-PS-1", "PM-PS-3", "PM-PS-5", "A-45"})
    void oneRegistrationForAPatternAndAllHandlersRun() {
        Topics topics = connect().topics();
        TopicSubscription one = topics.subscribe("a.*", this::hear);
        TopicSubscription two = topics.subscribe("a.*", this::hear);
        topics.subscribe("a*b", this::hear);
        assertThat(one.pattern()).isEqualTo("a.*");
        assertThat(topics.publish("a.x", 1)).isEqualTo(1);
        assertThat(topics.publish("axb", 2))
                .as("a star elsewhere is a character")
                .isZero();
        assertThat(topics.publish("a*b", 3)).isEqualTo(1);
        soon().until(() -> heard.size() == 3);
        assertThat(heard).containsExactlyInAnyOrder("a.x 1", "a.x 1", "a*b 3");
        assertThat(node.topics().frames().stream()
                        .mapToInt(frame -> frame.getSubscribeCount())
                        .sum())
                .isEqualTo(2);

        one.close();
        one.close();
        heard.clear();
        assertThat(one.isActive()).isFalse();
        topics.publish("a.y", 4);
        soon().until(() -> !heard.isEmpty());
        assertThat(heard).containsExactly("a.y 4");
        two.close();
        soon().until(() -> topics.publish("a.z", 5) == 0);
    }

    @Test
    @Feature({"PM-PS-6", "C-42"})
    void aHandlerThatThrowsIsReportedAndHearsTheNextMessage() {
        Topics topics = connect().topics();
        topics.subscribe(
                "t",
                message -> {
                    hear(message);
                    throw new StackOverflowError("test");
                },
                options);
        topics.subscribe("t", this::hear);
        topics.publish("t", 1);
        topics.publish("t", 2);
        soon().until(() -> heard.size() == 4 && errors.size() == 2);
        assertThat(errors).allMatch(StackOverflowError.class::isInstance);

        topics.subscribe("u", message -> message.value(Integer.class), options.onError(e -> {
            errors.add(e);
            throw new IllegalStateException("from onError");
        }));
        topics.publish("u", "no number");
        topics.publish("u", "nor this");
        soon().until(() -> errors.size() == 4);
        assertThat(errors).filteredOn(ValidationException.class::isInstance).hasSize(2);
    }

    @Test
    @Feature("PM-PS-1")
    void afterCloseNoCallBegins() {
        Topics topics = connect().topics();
        CountDownLatch latch = new CountDownLatch(1);
        TopicSubscription subscription = topics.subscribe("t", message -> {
            hear(message);
            await(latch);
        });
        topics.publish("t", 1);
        topics.publish("t", 2);
        soon().until(() -> heard.size() == 1);
        subscription.close();
        latch.countDown();
        topics.subscribe("t", message -> errors.add(new AssertionError()));
        topics.publish("t", 3);
        soon().until(() -> errors.size() == 1);
        assertThat(heard).containsExactly("t 1");
    }

    @Test
    @Feature("PM-PS-8")
    void aSlowHandlerFillsItsOwnBufferOnlyAndHearsOfTheGapInItsPlace() {
        Topics topics = connect().topics();
        CountDownLatch latch = new CountDownLatch(1);
        Queue<String> order = new ConcurrentLinkedQueue<>();
        topics.subscribe(
                "t",
                message -> {
                    await(latch);
                    order.add(message.json().toString());
                },
                options.bufferBytes(1).onGap(gap -> order.add(gap.cause() + " " + gap.messages())));
        topics.subscribe("t", this::hear);
        IntStream.rangeClosed(1, 5).forEach(i -> topics.publish("t", i));
        soon().until(() -> heard.size() == 5);
        latch.countDown();
        soon().until(() -> order.size() == 2);
        topics.publish("t", 6);
        soon().until(() -> order.size() == 3);
        assertThat(order).containsExactly("1", "SLOW_HANDLER 4", "6");
        node.topics().send(TopicServerFrame.newBuilder().setDropped(7).build());
        soon().until(() -> order.contains("SLOW_CLIENT 7"));
    }

    @Test
    @Feature({"PM-PS-9", "PM-PS-7"})
    void aLostStreamIsMadeAgainAndNothingIsShownTwice() {
        Topics topics = connect().topics();
        topics.subscribe("t", this::hear, options);
        assertThat(topics.publish("t", 1)).isEqualTo(1);
        node.topics().goodbye(ErrorCode.ESLOWCONSUMER);
        soon().until(() -> gaps.size() == 1);
        assertThat(gaps).containsExactly(new TopicGap(TopicGap.Cause.RECONNECTED, 0));
        assertThat(topics.publish("t", 2)).isEqualTo(1);

        PublishMessage value = PublishMessage.newBuilder()
                .setNamespace(topics.namespace())
                .setValue(ByteString.copyFromUtf8("\"again\""))
                .build();
        node.topics().send(FakeTopics.message("t", 1, 2, value));
        node.topics().send(FakeTopics.message("t", 0, 9, value));
        node.topics()
                .send(FakeTopics.message(
                        "t",
                        2,
                        1,
                        value.toBuilder().setValue(ByteString.copyFromUtf8("3")).build()));
        soon().until(() -> heard.size() == 3);
        assertThat(heard).containsExactly("t 1", "t 2", "t 3");
    }

    @Test
    @Feature({"PM-PS-7", "C-26"})
    void whatWasSentWhenTheStreamWasLostFailsAndIsNotSentAgain() {
        Topics topics = connect().topics();
        topics.subscribe("t", this::hear, options);
        node.topics().breakBeforeCounts();
        assertThatThrownBy(() -> topics.publish("t", 1))
                .isInstanceOfSatisfying(
                        DisconnectedException.class,
                        e -> assertThat(e.outcomeUnknown()).isTrue());
        soon().until(() -> gaps.size() == 1);
        assertThat(topics.publish("t", 2)).isEqualTo(1);
        soon().until(() -> heard.size() >= 2);
        assertThat(heard).containsExactly("t 1", "t 2");
    }

    @Test
    @Feature("C-26")
    void callsEndByTheirDeadlineAndLeaveNothingBehind() {
        CoordinatorClient client = connect();
        Topics topics = client.topics().withTimeout(Duration.ofMillis(50));
        node.silent(true);
        assertThatThrownBy(() -> topics.subscribe("t", this::hear)).isInstanceOf(RequestTimeoutException.class);
        assertThatThrownBy(() -> topics.publish("t", 1))
                .isInstanceOfSatisfying(
                        RequestTimeoutException.class,
                        e -> assertThat(e.outcomeUnknown()).isFalse());
        CompletableFuture<Integer> left =
                client.async().topics().publish("t", 2).toCompletableFuture();
        left.cancel(true);
        node.silent(false);
        node.dropStreams();
        soon().until(() -> client.topics().publish("t", 3) == 0);
        assertThat(node.topics().frames().stream()
                        .mapToInt(frame -> frame.getPublishCount())
                        .sum())
                .isEqualTo(1);
        assertThat(heard).isEmpty();
    }

    @Test
    @Feature("PM-PS-9")
    void aRefusedSubscriptionFailsOrEnds() {
        Topics topics = connect().topics();
        TopicSubscription kept = topics.subscribe("kept", this::hear, options);
        node.topics().refuse(ErrorCode.EBUSY);
        assertThatThrownBy(() -> topics.subscribe("t", this::hear)).isInstanceOf(ThrottledException.class);
        node.topics().goodbye(ErrorCode.EDISCONNECTED);
        soon().until(() -> errors.size() == 1);
        assertThat(errors).allMatch(ThrottledException.class::isInstance);
        assertThat(kept.isActive()).isFalse();
        node.topics().refuse(null);
        topics.subscribe("t", this::hear);
    }

    @Test
    @Feature({"C-26", "C-40"})
    void badArgumentsAndClosedClientsAreRefused() {
        CoordinatorClient client = connect();
        Topics topics = client.topics();
        for (String bad : List.of("", "a\0", "\uD83D")) {
            assertThatThrownBy(() -> topics.publish(bad, 1)).isInstanceOf(ValidationException.class);
            assertThatThrownBy(() -> topics.subscribe(bad, this::hear)).isInstanceOf(ValidationException.class);
            assertThatThrownBy(() -> topics.messages(bad)).isInstanceOf(ValidationException.class);
        }
        assertThatThrownBy(() -> topics.publish("t", Double.NaN)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> options.bufferBytes(0)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> topics.withTimeout(Duration.ZERO)).isInstanceOf(ValidationException.class);
        TopicSubscription open = topics.subscribe("t", this::hear, options);
        client.close();
        soon().until(() -> errors.size() == 1);
        assertThat(open.isActive()).isFalse();
        assertThatThrownBy(() -> topics.publish("t", 1)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> topics.publish("t", 1, PublishOptions.fireAndForget()))
                .isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> topics.subscribe("t", this::hear)).isInstanceOf(ClosedException.class);
        open.close();
    }

    @Test
    @Feature("A-45")
    void handlersRunOnTheirExecutorEvenIfThatRefuses() {
        Topics topics = connect().topics();
        ExecutorService pool = Executors.newSingleThreadExecutor(task -> new Thread(task, "users"));
        topics.subscribe("t", message -> heard.add(Thread.currentThread().getName()), options.executor(pool));
        topics.publish("t", 1);
        soon().until(() -> heard.size() == 1);
        pool.shutdownNow();
        topics.publish("t", 2);
        soon().until(() -> heard.size() == 2);
        assertThat(heard.remove()).isEqualTo("users");
        assertThat(heard.remove()).contains("callback");
    }

    @Test
    @Feature({"PM-PS-1", "PM-PS-8"})
    void aPublisherGivesWhatIsWantedAndDropsWhatFindsNoRoom() {
        Topics topics = connect().topics();
        Taker taker = new Taker();
        topics.messages("t", options.bufferBytes(1)).subscribe(taker);
        soon().until(() -> topics.publish("t", 0) == 1);
        Flow.Subscription subscription = Objects.requireNonNull(taker.subscription);
        subscription.request(1);
        soon().until(() -> taker.taken.size() == 1);
        topics.publish("t", 1);
        topics.publish("t", 2);
        topics.publish("t", 3);
        topics.subscribe("t", this::hear);
        topics.publish("t", 4);
        soon().until(() -> heard.size() == 1);
        subscription.request(Long.MAX_VALUE);
        subscription.request(Long.MAX_VALUE);
        soon().until(() -> gaps.stream().mapToLong(TopicGap::messages).sum() == 3);
        assertThat(taker.taken).containsExactly(0, 1);
        subscription.request(0);
        soon().until(() -> taker.failure != null);
        assertThat(taker.failure).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("3.9");
    }

    private static final class Taker implements Flow.Subscriber<TopicMessage> {
        private final Queue<Integer> taken = new ConcurrentLinkedQueue<>();
        private volatile Flow.@Nullable Subscription subscription;
        private volatile @Nullable Throwable failure;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
        }

        @Override
        public void onNext(TopicMessage message) {
            taken.add(message.json().intValue());
        }

        @Override
        public void onError(Throwable why) {
            failure = why;
        }

        @Override
        public void onComplete() {}
    }
}
