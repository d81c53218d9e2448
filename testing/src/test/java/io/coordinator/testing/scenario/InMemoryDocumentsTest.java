package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.document.AsyncDocument;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentListing;
import io.coordinator.client.document.Documents;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.document.Selector;
import io.coordinator.client.document.TransactionOptions;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.TransactionException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.testing.InMemoryCluster;
import io.coordinator.testing.InMemoryClusterExtension;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Documents of a cluster in memory, as tests of code that uses them have them. */
@Feature("A-02")
@ExtendWith(InMemoryClusterExtension.class)
class InMemoryDocumentsTest {
    private final InMemoryCluster cluster;
    private final CoordinatorClient client;
    private final Documents documents;

    InMemoryDocumentsTest(InMemoryCluster cluster, CoordinatorClient client) {
        this.cluster = cluster;
        this.client = client;
        documents = client.namespace("unit").documents();
    }

    private Document counter() {
        return documents.open("counter", OpenOptions.defaults().initialContent(Map.of("n", 0, "list", List.of())));
    }

    @Test
    void editsGoByTheClustersRules() {
        Document document = counter();
        assertThat(document.created()).isTrue();
        assertThat(counter().created()).isFalse();
        assertThat(document.at("list").push(1, 2).isApplied()).isTrue();
        assertThat(document.at("n").pop().isApplied()).isFalse();
        assertThat(document.at("list").pop().value()).hasToString("Optional[2]");
        assertThatThrownBy(
                        () -> document.batch(batch -> batch.set("a", 1).at("n").push(1)))
                .isInstanceOfSatisfying(
                        BatchException.class, e -> assertThat(e.index()).isEqualTo(1));
        assertThat(document.at("a").exists()).isFalse();
        assertThatThrownBy(() -> documents.handle("none").set("a", 1)).isInstanceOf(KeyNotFoundException.class);
        assertThatThrownBy(
                        () -> documents.open("counter", OpenOptions.defaults().file()))
                .isInstanceOf(ValidationException.class);
        assertThat(client.namespace("other").documents().handle("counter").info())
                .isEmpty();
        assertThat(document.delete()).isTrue();
        assertThat(document.get()).isEmpty();
    }

    @Test
    @Feature("PM-FENCE-4")
    void transactionsOfAGuardedDocumentAreRefusedOnceTheGrantIsGone() {
        counter();
        LockHandle lock = client.lock("owner").acquire();
        Document guarded = client.guardedBy(lock).namespace("unit").documents().handle("counter");
        guarded.transaction(tx -> tx.set("n", 1));
        lock.release();
        AsyncDocument staged =
                client.async().guardedBy(lock).namespace("unit").documents().handle("counter");
        TransactionOptions waiting = TransactionOptions.defaults();
        for (TransactionOptions options : List.of(waiting, waiting.optimistic())) {
            assertThatThrownBy(() -> guarded.transaction(options, tx -> tx.set("n", 2)))
                    .isInstanceOfSatisfying(
                            FencedException.class, e -> assertThat(e.lock()).isEqualTo("owner"));
            assertThatThrownBy(() -> Waiting.get(staged.transaction(options, tx -> tx.set("n", 2))))
                    .isInstanceOf(FencedException.class);
        }
        assertThat(counter().at("n").get(Integer.class)).contains(1);
    }

    @Test
    @Feature({"DJ-TX-3", "PM-FENCE-4"})
    void aTransactionOfAGuardedDocumentTakesNoLongerThanItMay() {
        counter();
        LockHandle lock = client.lock("owner").acquire();
        Document guarded = client.guardedBy(lock).namespace("unit").documents().handle("counter");
        assertThatThrownBy(() -> guarded.transaction(tx -> {
                    cluster.advance(Duration.ofMinutes(1));
                    return tx.set("n", 1);
                }))
                .isInstanceOfSatisfying(
                        TransactionException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ETXEXPIRED));
        assertThat(counter().at("n").get(Integer.class)).contains(0);
    }

    @Test
    @Feature("DJ-TX-3")
    void aTransactionThatLosesItsSessionSaysThatItMayHave() {
        Document document = counter();
        assertThatThrownBy(() -> document.transaction(tx -> {
                    cluster.expireSession(client);
                    return tx.set("n", 1);
                }))
                .isInstanceOf(TransactionException.class)
                .hasMessageContaining("or its session was lost");
        assertThat(document.at("n").get(Integer.class)).contains(0);
    }

    @Test
    @Feature("DJ-TX-4")
    void whatATransactionThrowsOfAnotherGuardIsNotTakenForItsOwnEnd() {
        Document document = counter();
        LockHandle lock = client.lock("elsewhere").acquire();
        lock.release();
        assertThatThrownBy(() -> document.transaction(
                        tx -> client.guardedBy(lock).cache().put("k", "v")))
                .isInstanceOfSatisfying(
                        FencedException.class, e -> assertThat(e.lock()).isEqualTo("elsewhere"));
    }

    @Test
    void transactionsOfManyThreadsLoseNothingAndWaitInTurn() {
        Document document = counter();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(CompletableFuture.runAsync(() -> {
                for (int j = 0; j < 25; j++) {
                    document.transaction(
                            tx -> tx.set("n", tx.at("n").get(Integer.class).orElseThrow() + 1));
                }
            }));
        }
        writers.forEach(Waiting::get);
        assertThat(document.at("n").get(Integer.class)).contains(100);
        document.transaction(tx -> assertThatThrownBy(() ->
                        Waiting.get(CompletableFuture.runAsync(() -> document.transaction(
                                TransactionOptions.defaults().waitTimeout(Duration.ofMillis(10)),
                                other -> other.set("n", 0)))))
                .isInstanceOf(LockTimeoutException.class));
    }

    @Test
    void watchesListingsAndTtls() {
        List<String> heard = new CopyOnWriteArrayList<>();
        Document document = counter();
        var watch = document.watch(change -> heard.add(change.kind().name()));
        document.set("a", 1);
        document.at("a").push(1);
        Waiting.await("the change").until(() -> !heard.isEmpty());
        assertThat(heard).containsExactly("EDITED");
        watch.close();
        List<String> ofAnElement = new CopyOnWriteArrayList<>();
        document.watch(
                Selector.of("list.1"), change -> ofAnElement.add(change.kind().name()));
        document.at("list").push(1);
        document.at("list").push(2);
        Waiting.await("the push").until(() -> !ofAnElement.isEmpty());
        documents.open("soon gone", OpenOptions.defaults().ephemeral(Duration.ofMinutes(20)));
        assertThat(documents.list("").documents())
                .extracting(DocumentListing.Item::id)
                .contains("counter");
        cluster.advance(Duration.ofMinutes(20));
        assertThat(documents.handle("soon gone").info()).isEmpty();
        assertThat(heard).hasSize(1);
    }
}
