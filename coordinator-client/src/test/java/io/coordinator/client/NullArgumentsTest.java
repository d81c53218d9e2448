package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.document.TransactionOptions;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.topic.AsyncDurableTopic;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.TopicOptions;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.protocol.Command;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Arguments that are null where a value is needed: refused at once, and never taken for something else. */
@SuppressWarnings("NullAway")
class NullArgumentsTest extends ClientFixture {
    @Test
    @Feature({"C-41", "PM-FENCE-4"})
    void aGuardThatIsNoneIsRefusedInsteadOfWritingUnguarded() {
        CoordinatorClient client = connect();
        assertRefused(
                () -> client.cache().guardedBy(null),
                () -> client.builds().guardedBy(null),
                () -> client.documents().handle("d").guardedBy(null),
                () -> client.async().cache().guardedBy(null),
                () -> client.async().builds().guardedBy(null),
                () -> client.async().documents().handle("d").guardedBy(null));
    }

    @Test
    @Feature({"C-41", "PM-ATOM-8"})
    void aCompareAndSetToNothingDeletesNothing() {
        CoordinatorClient client = connect();
        assertRefused(
                () -> client.cache().compareAndSet("k", Expect.absentOrNull(), null),
                () -> client.cache().compareAndSet("k", null, Next.delete()),
                () -> client.transaction().whenCache("k", null));
        assertThat(cluster.applied().stream().filter(Command::hasCache)).isEmpty();
    }

    @Test
    @Feature("C-41")
    void whatWouldOnlyFailLaterIsRefusedAtOnce() {
        CoordinatorClient client = connect();
        assertRefused(
                () -> client.cache().withConsistency(null),
                () -> client.cache().opaque(null),
                () -> client.builds().get("k", (Class<String>) null),
                () -> client.addConnectionListener(null),
                () -> client.async().run(null),
                () -> client.async().builds().shareAsync("j", String.class, null, Duration.ofSeconds(1)),
                () -> new WatchOptions(null, null, "k", false, 0),
                () -> new TransactionOptions(null, Duration.ofSeconds(1), Duration.ofSeconds(1), 0),
                () -> ClientConfig.builder().endpoints("h:1").objectMapper(null).build(),
                () -> ClientConfig.builder()
                        .endpoints("h:1")
                        .addressTranslator(null)
                        .build());
        assertThatThrownBy(() -> new WatchOptions(ChangeEvent.Data.CACHE, null, "k", false, -1))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("fromRevision");
    }

    @Test
    @Feature({"C-41", "B-25"})
    void aPlaceInATopicThatIsNoneIsNotItsBeginning() {
        CoordinatorClient client = connect();
        DurableTopic topic = client.durableTopics().topic("t");
        AsyncDurableTopic async = client.async().durableTopics().topic("t");
        assertRefused(
                () -> topic.subscribe(null, record -> {}),
                () -> topic.subscribe(StartAt.earliest(), null),
                () -> topic.records(null),
                () -> topic.group("g").consume(null),
                () -> topic.group("g").consume(delivery -> {}, null),
                () -> topic.group("g").deliveries(null),
                () -> async.subscribe(null, record -> {}),
                () -> async.group("g").consume(null),
                () -> new StartAt.Time(null),
                () -> ConsumeOptions.defaults().withListener(null),
                () -> ConsumeOptions.defaults().withExecutor(null),
                () -> TopicOptions.defaults().withOverflow(null));
        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> topic.read(null, 1),
                () -> topic.group("g").seek(null),
                () -> topic.group("g").configure(null, StartAt.earliest()),
                () -> topic.group("g").configure(GroupOptions.defaults(), null),
                () -> topic.publishAll(null),
                () -> topic.configure(null),
                () -> topic.create(null),
                () -> topic.publish(null, 1),
                () -> new NewMessage(null, 1))) {
            assertThatThrownBy(call).isInstanceOf(NullPointerException.class);
        }
        assertThat(cluster.applied().stream().filter(Command::hasTopic)).isEmpty();
    }

    private static void assertRefused(ThrowingCallable... calls) {
        for (ThrowingCallable call : List.of(calls)) {
            assertThatNullPointerException().isThrownBy(call).withMessageMatching("[a-zA-Z]+");
        }
    }
}
