package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.OnceOptions;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cache.AsyncOpaqueCache;
import io.coordinator.client.cache.ValueCodec;
import io.coordinator.client.document.AsyncDocument;
import io.coordinator.client.document.AsyncTypedDocument;
import io.coordinator.client.document.DocumentListing;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.AsyncLockedValue;
import io.coordinator.client.lock.LockedValue;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Calls that give stages do what their twins that wait do. */
@CoordinatorCluster(nodes = 1)
@Feature("B-35")
class AsyncFacesTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** What users keep. */
    record Account(String owner, int cents) {}

    // ---- values under a lock ----

    @Test
    @Feature("JC-LK-1")
    void aValueIsChangedUnderItsLock(CoordinatorClient a, CoordinatorClient b) {
        List<CompletionStage<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            AsyncLockedValue<Integer> value = (i % 2 == 0 ? a : b).async().lockedValue("sum", Integer.class);
            all.add(value.withLock(LONG, before -> CompletableFuture.completedFuture(before == null ? 1 : before + 1)));
        }
        all.forEach(Waiting::get);
        assertThat(Waiting.get(all.get(19))).isBetween(1, 20);
        try (LockedValue.Held<Integer> held =
                Waiting.get(a.async().lockedValue("sum", Integer.class).acquire(LONG))) {
            assertThat(held.value()).isEqualTo(20);
            assertThat(Waiting.get(b.async().lockedValue("sum", Integer.class).tryAcquire()))
                    .isEmpty();
            assertThatThrownBy(() -> Waiting.get(
                            b.async().lockedValue("sum", Integer.class).acquire(Duration.ZERO)))
                    .isInstanceOf(LockTimeoutException.class);
            assertThat(Waiting.get(held.releaseAsync(21))).isTrue();
            assertThat(Waiting.get(held.releaseAsync(22))).isFalse();
        }
        assertThat(b.lockedValue("sum", Integer.class).acquire(LONG).value()).isEqualTo(21);
    }

    @Test
    @Feature("JC-LK-1")
    void whatCannotBeWrittenIsNotLostAndTheLockIsFree(CoordinatorClient client) {
        AsyncLockedValue<String> value = client.async().lockedValue("v", String.class);
        IllegalStateException thrown = new IllegalStateException("from the function");
        assertThatThrownBy(() -> Waiting.get(value.withLock(LONG, before -> CompletableFuture.failedFuture(thrown))))
                .isSameAs(thrown);
        assertThatThrownBy(() -> Waiting.get(value.withLock(LONG, before -> {
                    throw thrown;
                })))
                .isSameAs(thrown);
        assertThatThrownBy(() -> Waiting.get(value.withLock(LONG, before -> {
                    client.locks().forceRelease("v", "operator", "test");
                    return CompletableFuture.completedFuture("late");
                })))
                .isInstanceOfSatisfying(
                        FencedException.class,
                        e -> assertThat(e.functionResult()).contains("late"));
        LockedValue.Held<String> held = Waiting.get(value.tryAcquire()).orElseThrow();
        assertThat(held.value()).isNull();
        client.locks().forceRelease("v", "operator", "test");
        assertThat(Waiting.get(held.releaseAsync("late"))).isFalse();
        assertThat(Waiting.get(value.withLock(LONG, before -> CompletableFuture.completedFuture("kept"))))
                .isEqualTo("kept");
    }

    @Test
    @Feature("JC-LK-1")
    void whoLeavesHoldsNothing(CoordinatorClient a, CoordinatorClient b) {
        LockedValue.Held<String> held = a.lockedValue("left", String.class).acquire(LONG);
        CompletableFuture<LockedValue.Held<String>> waiting =
                b.async().lockedValue("left", String.class).acquire(LONG).toCompletableFuture();
        Waiting.await("one waits").until(() -> a.lock("left").inspect().waiterCount() == 1);
        waiting.cancel(true);
        Waiting.await("nobody waits").until(() -> a.lock("left").inspect().waiterCount() == 0);
        assertThat(held.release("v")).isTrue();
        assertThat(a.lock("left").inspect().holder()).isEmpty();
    }

    // ---- documents ----

    @Test
    @Feature("DJ-TYPE-1")
    void aTypedDocumentIsReadReplacedAndUpdated(CoordinatorClient client) {
        AsyncTypedDocument<Account> account =
                Waiting.get(client.async().documents().open("account", Account.class, new Account("Ada", 0)));
        List<CompletionStage<Account>> updates = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            updates.add(account.update(before -> new Account(before.owner(), before.cents() + 7)));
            Waiting.get(updates.get(i));
        }
        assertThat(Waiting.get(account.get())).contains(new Account("Ada", 35));
        assertThat(Waiting.get(account.replace(new Account("Bob", 1))).isApplied())
                .isTrue();
        assertThat(Waiting.get(account.document().get(Account.class))).contains(new Account("Bob", 1));
        Waiting.get(account.document().delete());
        assertThatThrownBy(() -> Waiting.get(account.update(before -> before)))
                .isInstanceOf(KeyNotFoundException.class);
    }

    @Test
    @Feature("DJ-TX-1")
    void aTransactionRunsAsAStage(CoordinatorClient client) {
        AsyncDocument document = Waiting.get(
                client.async().documents().open("tx", OpenOptions.defaults().initialContent(Map.of("n", 1))));
        CompletionStage<Integer> doubled = document.transaction(own -> {
            int n = own.at("n").get(Integer.class).orElseThrow();
            own.set("n", n * 2);
            return n * 2;
        });
        assertThat(Waiting.get(doubled)).isEqualTo(2);
        assertThat(Waiting.get(document.get())).map(JsonNode::toString).contains("{\"n\":2}");
        IllegalStateException thrown = new IllegalStateException("from the function");
        assertThatThrownBy(() -> Waiting.get(document.transaction(own -> {
                    own.set("n", 9);
                    throw thrown;
                })))
                .isSameAs(thrown);
        assertThat(Waiting.get(document.get())).map(JsonNode::toString).contains("{\"n\":2}");
    }

    @Test
    @Feature("B-33")
    void aListingOfManyPagesIsAStage(CoordinatorClient client, CoordinatorClient other) {
        for (int i = 0; i < 250; i++) {
            client.documents().open("many/" + i, OpenOptions.defaults().initialContent(i));
        }
        List<CompletionStage<DocumentListing>> listings = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            other.documents().handle("many/" + i).replace("changed");
            listings.add(client.async().documents().list("many/"));
        }
        for (CompletionStage<DocumentListing> listing : listings) {
            DocumentListing seen = Waiting.get(listing);
            assertThat(seen.documents()).hasSize(250);
            assertThat(seen.documents())
                    .allSatisfy(one -> assertThat(one.revision()).isLessThanOrEqualTo(seen.revision()));
        }
        assertThat(Waiting.get(client.async().documents().list("many/")))
                .isEqualTo(client.documents().list("many/"));
        assertThat(Waiting.get(client.async().documents().scan("many/")))
                .isEqualTo(client.documents().scan("many/"));
    }

    // ---- cache ----

    @Test
    @Feature({"PM-ATOM-2", "A-15"})
    void valuesOfACodecAndCountersHaveStages(CoordinatorClient client) {
        AsyncOpaqueCache<String> texts = client.async().cache().opaque(new Texts());
        long revision = Waiting.get(texts.put("text", "one"));
        assertThat(Waiting.get(texts.get("text")).map(item -> item.value() + item.revision()))
                .contains("one" + revision);
        assertThat(Waiting.get(texts.compareAndSet("text", revision + 1, "two")))
                .isFalse();
        assertThat(Waiting.get(texts.compareAndSet("text", revision, "two"))).isTrue();
        assertThat(Waiting.get(texts.delete("text"))).isTrue();
        assertThat(Waiting.get(texts.get("text"))).isEqualTo(Optional.empty());
        assertThatThrownBy(() -> Waiting.get(texts.put("text", "broken"))).isInstanceOf(ValidationException.class);
        client.cache().put("json", 1);
        assertThatThrownBy(() -> Waiting.get(texts.get("json"))).isInstanceOf(ValidationException.class);
        assertThat(Waiting.get(client.async().cache().decrement("count", 3))).isEqualTo(-3);
        assertThatThrownBy(() -> Waiting.get(client.async().cache().decrement("count", Long.MIN_VALUE)))
                .isInstanceOf(ValidationException.class);
    }

    private static final class Texts implements ValueCodec<String> {
        @Override
        public byte[] encode(String value) {
            if (value.equals("broken")) {
                throw new IllegalStateException("from the codec");
            }
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    // ---- builds ----

    @Test
    @Feature("EL-USE-1")
    void aTaskIsDoneOnce(CoordinatorClient a, CoordinatorClient b) {
        AtomicInteger runs = new AtomicInteger();
        List<CompletionStage<Boolean>> all = new ArrayList<>();
        for (CoordinatorClient client : List.of(a, b, a, b)) {
            all.add(client.async().builds().runOnceAsync("once", context -> runs.incrementAndGet(), LONG));
        }
        assertThat(all.stream().map(Waiting::get).filter(ran -> ran)).hasSize(1);
        assertThat(runs).hasValue(1);
        assertThat(Waiting.get(a.async()
                        .builds()
                        .runOnceAsync("once", context -> runs.incrementAndGet(), OnceOptions.timeout(LONG))))
                .isFalse();
    }

    @Test
    @Feature({"JC-GET-1", "JC-GET-2", "JC-STA-1", "JC-DEL-1", "JC-BOR-3"})
    void aReadThroughCacheHasStages(CoordinatorClient client) {
        try (ReadThroughCache<Integer, String> cache =
                client.readThroughCache(ReadThroughOptions.of("names", Integer.class, String.class))) {
            assertThatThrownBy(() -> Waiting.get(cache.getAsync(7))).isInstanceOf(KeyNotFoundException.class);
            assertThat(Waiting.get(cache.statusAsync(7))).isEqualTo(BuildStatus.State.EMPTY);
            assertThat(Waiting.get(cache.buildOrRetrieveAsync(7, context -> rows(client) + cache.status(7), LONG)))
                    .isEqualTo("7 PENDING");
            assertThat(rows(client)).isEqualTo("7 ");
            assertThat(Waiting.get(cache.getAsync(7))).isEqualTo("7 PENDING");
            assertThat(Waiting.get(cache.getAsync(7, Duration.ZERO))).isEqualTo("7 PENDING");
            assertThat(Waiting.get(cache.statusAsync(7))).isEqualTo(BuildStatus.State.EXISTS);
            assertThat(Waiting.get(cache.deleteAsync(7))).isTrue();
            assertThat(Waiting.get(cache.deleteAsync(7))).isFalse();
        }
    }

    /** A reservation and the value that comes of it are one row. */
    private static String rows(CoordinatorClient client) {
        return client.namespace("names").builds().list("", "", 10).builds().stream()
                .map(row -> row.key() + " ")
                .collect(Collectors.joining());
    }
}
