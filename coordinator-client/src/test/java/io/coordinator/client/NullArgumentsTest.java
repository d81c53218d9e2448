package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.document.TransactionOptions;
import io.coordinator.client.error.ValidationException;
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

    private static void assertRefused(ThrowingCallable... calls) {
        for (ThrowingCallable call : List.of(calls)) {
            assertThatNullPointerException().isThrownBy(call).withMessageMatching("[a-zA-Z]+");
        }
    }
}
