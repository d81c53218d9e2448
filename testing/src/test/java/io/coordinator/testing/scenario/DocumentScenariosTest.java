package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.ScanPage;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentInfo;
import io.coordinator.client.document.DocumentListing;
import io.coordinator.client.document.EditOutcome;
import io.coordinator.client.document.FileMirror;
import io.coordinator.client.document.ItemMatch;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.document.Selector;
import io.coordinator.client.document.TransactionOptions;
import io.coordinator.client.document.TypedDocument;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.ConflictException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.TransactionException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.compat.Compat;
import io.coordinator.compat.DynamicJson;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents on three nodes. */
@CoordinatorCluster
class DocumentScenariosTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    private static Document open(CoordinatorClient client, String id, String content) {
        return client.documents().open(id, OpenOptions.defaults().initialContent(json(content)));
    }

    private static String text(Document document) {
        return document.get().orElseThrow().toString();
    }

    @Test
    @Feature({"S-01", "DJ-INIT-1", "DJ-MGR-2", "DJ-AUTH-1"})
    void oneOfThoseWhoOpenItAtOnceCreatesIt(Cluster cluster) {
        List<CompletableFuture<Document>> opened = new ArrayList<>();
        for (String node : cluster.nodes()) {
            CoordinatorClient client = cluster.client(settings -> settings.endpoints(cluster.clientAddress(node)));
            opened.add(CompletableFuture.supplyAsync(() -> open(client, "s01", "{\"by\":\"" + node + "\"}")));
        }
        List<Document> documents = opened.stream().map(Waiting::get).toList();
        assertThat(documents).filteredOn(Document::created).hasSize(1);
        assertThat(documents).extracting(DocumentScenariosTest::text).containsOnly(text(documents.get(0)));
        assertThat(documents)
                .extracting(document -> document.info().orElseThrow().revision())
                .containsOnly(documents.get(0).info().orElseThrow().revision());
    }

    @Test
    @Feature({"S-02", "DJ-PUSH-1", "DJ-GET-1", "G-2"})
    void whatWasPushedIsSeenThroughAnotherNode(Cluster cluster, CoordinatorClient a) {
        Document users = open(a, "s02", "{\"users\":[]}");
        CoordinatorClient b = cluster.client(settings ->
                settings.endpoints(cluster.clientAddress(cluster.nodes().get(2))));
        for (int i = 1; i <= 20; i++) {
            assertThat(users.at("users").push(Map.of("id", i))).isEqualTo(new EditOutcome.Applied(null, i));
            assertThat(b.documents().handle("s02").at("users").length()).hasValue(i);
        }
        assertThat(b.documents().handle("s02").at("users.19.id").get(Integer.class))
                .contains(20);
    }

    @Test
    @Feature({"S-05", "S-06", "S-07", "S-09", "A-07", "B-24", "DJ-SEL-3", "DJ-TYPE-1", "DJ-ERR-2"})
    void itFeelsLikeALocalObject(CoordinatorClient a) {
        Document document = a.documents().open("local");
        assertThat(document.created()).isTrue();
        assertThat(document.set("list", List.of(3, "x")).isApplied()).isTrue();
        assertThat(document.set("x.y", 1).isApplied()).isTrue();
        assertThat(document.at("x.y").exists()).isFalse();
        assertThat(document.at(Selector.of(List.of("x.y"))).get(Integer.class)).contains(1);
        assertThat(document.at("list").pop().value()).contains(json("\"x\""));
        assertThat(document.at("list").unshift(1, 2)).isEqualTo(new EditOutcome.Applied(null, 3));
        assertThat(document.at("list").splice(-1, 5).value()).contains(json("[3]"));
        assertThat(document.at("list").shift().value()).contains(json("1"));
        assertThat(document.at("list").removeItem(2).isApplied()).isTrue();
        assertThat(document.at("list").pop()).isEqualTo(new EditOutcome.Empty());
        assertThat(document.at("missing").pop()).isEqualTo(new EditOutcome.NotApplied(EditOutcome.Reason.NO_SUCH_PATH));
        document.at("list").push(Map.of("id", 1, "a", 1));
        document.at("list").updateItem(Map.of("id", 1), Map.of("b", 2), ItemMatch.by("id"));
        assertThat(document.at("list.0").get()).contains(json("{\"id\":1,\"a\":1,\"b\":2}"));
        assertThat(document.at("count").increment(5).value()).contains(json("5"));
        document.at("settings.mail").createPath();
        document.at("settings").merge(json("{\"mail\":{\"on\":true}}"));
        assertThat(document.at(Selector.pointer("/settings/mail/on")).get(Boolean.class))
                .contains(true);
        assertThat(document.remove("x.y").value()).contains(json("1"));
        assertThatThrownBy(() -> document.at("settings").get(Integer.class)).isInstanceOf(ValidationException.class);
        assertThat(document.replace(List.of()).isApplied()).isTrue();
        assertThat(text(document)).isEqualTo("[]");
        assertThat(document.delete()).isTrue();
        assertThat(document.get()).isEmpty();
        assertThatThrownBy(() -> document.push(1)).isInstanceOf(KeyNotFoundException.class);
    }

    @Test
    @Feature({"S-08", "B-10", "B-23", "DJ-BAT-1", "DJ-REPL-1", "A-10"})
    void batchesAndPatchesAreOneRevision(CoordinatorClient a) {
        Document document = open(a, "s08", "{\"o\":{},\"l\":[1]}");
        long created = document.info().orElseThrow().revision();
        assertThatThrownBy(
                        () -> document.batch(batch -> batch.set("k", 1).at("o").push(1)))
                .isInstanceOfSatisfying(
                        BatchException.class, e -> assertThat(e.index()).isEqualTo(1));
        assertThat(document.info().orElseThrow().revision()).isEqualTo(created);
        var lenient = document.batchLeniently(batch -> {
            batch.set("k", 1);
            batch.at("o").push(1);
            batch.at("l").unshift(0).at("").push(2);
        });
        assertThat(lenient.outcomes()).extracting(EditOutcome::isApplied).containsExactly(true, false, true, true);
        assertThat(lenient.info().revision()).isEqualTo(created + 1);
        assertThat(text(document)).isEqualTo("{\"o\":{},\"l\":[0,1,2],\"k\":1}");
        document.patch(json(
                "[{\"op\":\"test\",\"path\":\"/k\",\"value\":1},{\"op\":\"move\",\"from\":\"/l\",\"path\":\"/o/l\"}]"));
        assertThat(text(document)).isEqualTo("{\"o\":{\"l\":[0,1,2]},\"k\":1}");
        assertThatThrownBy(() -> document.patch(json("[{\"op\":\"test\",\"path\":\"/k\",\"value\":2}]")))
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("TEST_FAILED");
        assertThatThrownBy(() -> document.patch(json("[{\"op\":\"jump\",\"path\":\"/k\"}]")))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> document.compareAndReplace(created, "late")).isInstanceOf(ConflictException.class);
        document.compareAndReplace(document.info().orElseThrow().revision(), 0);
        assertThat(text(document)).isEqualTo("0");
    }

    @Test
    @Feature({"S-10", "DJ-TX-1", "DJ-TX-2", "DJ-TX-8"})
    void transactionsOfManyLoseNothing(Cluster cluster) {
        open(cluster.client(), "s10", "{\"n\":0}");
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int times = i == 0 ? 5 : 3;
            boolean optimistic = i == 2;
            Document document = cluster.client().documents().handle("s10");
            TransactionOptions how = optimistic
                    ? TransactionOptions.defaults().optimistic().retries(100)
                    : TransactionOptions.defaults();
            clients.add(CompletableFuture.runAsync(() -> {
                for (int time = 0; time < times; time++) {
                    document.transaction(how, tx -> {
                        int before = tx.at("n").get(Integer.class).orElseThrow();
                        return tx.set("n", before + 1);
                    });
                }
            }));
        }
        clients.forEach(Waiting::get);
        assertThat(cluster.client().documents().handle("s10").at("n").get(Integer.class))
                .contains(11);
    }

    @Test
    @Feature({"S-11", "DJ-TX-4", "DJ-TX-6"})
    void whatATransactionThrowsReachesTheCallerAndNothingIsChanged(CoordinatorClient a) {
        Document document = open(a, "s11", "{\"a\":1,\"b\":1}");
        long revision = document.info().orElseThrow().revision();
        assertThatThrownBy(() -> document.transaction(tx -> {
                    tx.set("a", 2);
                    tx.set("b", 2);
                    assertThat(tx.get()).contains(json("{\"a\":2,\"b\":2}"));
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no");
        assertThat(text(document)).isEqualTo("{\"a\":1,\"b\":1}");
        assertThat(document.info().orElseThrow().revision()).isEqualTo(revision);
        assertThatThrownBy(() -> document.transaction(tx -> document.transaction(inner -> 1)))
                .isInstanceOfSatisfying(
                        TransactionException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ETXNESTED));
        assertThat(document.<Integer, RuntimeException>transaction(tx -> 5)).isEqualTo(5);
    }

    @Test
    @Feature({"S-12", "DJ-TX-3", "A-11"})
    void aTransactionThatTakesTooLongIsNotAppliedAndTheNextOneGoesOn(CoordinatorClient a, CoordinatorClient b) {
        Document slow = open(a, "s12", "{\"v\":0}");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        TransactionOptions second = TransactionOptions.defaults().timeout(Duration.ofSeconds(1));
        CompletableFuture<EditOutcome> late = CompletableFuture.supplyAsync(() -> slow.transaction(second, tx -> {
            inside.countDown();
            awaitQuietly(go);
            return tx.set("v", "late");
        }));
        awaitQuietly(inside);
        long start = System.nanoTime();
        b.documents().handle("s12").transaction(tx -> tx.set("v", "b"));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(700), Duration.ofSeconds(3));
        go.countDown();
        assertThatThrownBy(() -> Waiting.get(late))
                .isInstanceOfSatisfying(
                        TransactionException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ETXEXPIRED));
        assertThat(slow.at("v").get(String.class)).contains("b");
    }

    @Test
    @Feature({"S-13", "DJ-TX-7"})
    void theTransactionOfADeadClientLetsTheNextOneGoOn(Cluster cluster, CoordinatorClient b) {
        ClientLinks links = cluster.clientLinks("s13");
        CoordinatorClient a = cluster.client(
                links, settings -> settings.sessionLease(Duration.ofSeconds(2)).requestTimeout(Duration.ofSeconds(2)));
        Document dying = open(a, "s13", "{\"v\":0}");
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        TransactionOptions long30 = TransactionOptions.defaults().timeout(Duration.ofSeconds(30));
        CompletableFuture<EditOutcome> dead = CompletableFuture.supplyAsync(() -> dying.transaction(long30, tx -> {
            tx.set("v", "dead");
            inside.countDown();
            awaitQuietly(go);
            return tx.set("w", "dead");
        }));
        awaitQuietly(inside);
        links.isolate();
        b.documents().handle("s13").transaction(long30.waitTimeout(Duration.ofSeconds(20)), tx -> {
            assertThat(tx.get()).contains(json("{\"v\":0}"));
            return tx.set("v", "b");
        });
        go.countDown();
        assertThatThrownBy(() -> Waiting.get(dead)).isInstanceOf(RuntimeException.class);
        assertThat(text(b.documents().handle("s13"))).isEqualTo("{\"v\":\"b\"}");
    }

    @Test
    @Feature({"DJ-TX-8", "A-11"})
    void aSingleEditIsNotHeldUpAndMakesTheTransactionRunAgain(CoordinatorClient a, CoordinatorClient b) {
        Document document = open(a, "tx8", "{\"n\":0,\"l\":[]}");
        AtomicInteger runs = new AtomicInteger();
        document.transaction(tx -> {
            if (runs.incrementAndGet() == 1) {
                b.documents().handle("tx8").at("n").increment(10);
            }
            return tx.at("l").push(tx.at("n").get(Integer.class).orElseThrow());
        });
        assertThat(runs).hasValue(2);
        assertThat(text(document)).isEqualTo("{\"n\":10,\"l\":[10]}");
        assertThatThrownBy(() -> document.transaction(
                        TransactionOptions.defaults().optimistic().retries(0), tx -> {
                            b.documents().handle("tx8").at("n").increment(1);
                            return tx.set("n", 0);
                        }))
                .isInstanceOf(ConflictException.class);
    }

    @Test
    @Feature({"S-14", "DJ-SHIFT-1", "G-5"})
    void aLostReplyOfAPopTakesOneElement(Cluster cluster, CoordinatorClient b) {
        ClientLinks links = cluster.clientLinks("s14");
        CoordinatorClient a = cluster.client(links, settings -> settings);
        Document queue = open(a, "s14", "[1,2,3]");
        links.dropReplies();
        CompletableFuture<EditOutcome> pop = CompletableFuture.supplyAsync(queue::pop);
        Waiting.await("the effect")
                .until(() -> b.documents().handle("s14").length().orElseThrow() == 2);
        links.heal();
        assertThat(Waiting.get(pop).value()).contains(json("3"));
        assertThat(text(b.documents().handle("s14"))).isEqualTo("[1,2]");
    }

    @Test
    @Feature({"B-09", "B-27", "DJ-SRC-1", "A-02"})
    void watchersHearPatchesAndEphemeralOnesEndWithTheirClient(Cluster cluster, CoordinatorClient b) {
        List<ChangeEvent> heard = new CopyOnWriteArrayList<>();
        CoordinatorClient a = cluster.client();
        Waiting.get(b.documents().handle("presence").watch(heard::add).started());
        Document presence = a.documents()
                .open(
                        "presence",
                        OpenOptions.defaults().initialContent(List.of()).ephemeral());
        presence.push("a");
        String leader = cluster.awaitLeader();
        cluster.kill(leader);
        cluster.awaitLeaderOtherThan(leader);
        presence.push("b");
        presence.pop();
        a.close();
        Waiting.await("all of it").until(() -> heard.size() == 5);
        assertThat(heard)
                .extracting(event ->
                        event.kind() + event.value().map(value -> " " + value).orElse(""))
                .containsExactly(
                        "PUT []",
                        "EDITED [{\"op\":\"add\",\"path\":\"/-\",\"value\":\"a\"}]",
                        "EDITED [{\"op\":\"add\",\"path\":\"/-\",\"value\":\"b\"}]",
                        "EDITED [{\"op\":\"remove\",\"path\":\"/1\"}]",
                        "EXPIRED");
        assertThat(heard).extracting(ChangeEvent::revision).isSorted().doesNotHaveDuplicates();
        assertThatThrownBy(() ->
                        b.documents().open("presence2", OpenOptions.defaults().ephemeral(Duration.ZERO)))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    @Feature({"B-33", "PM-FENCE-4", "DJ-SRC-4"})
    void idsAreScannedAndGuardedEditsAreFenced(CoordinatorClient a, CoordinatorClient b) {
        for (int i = 0; i < 5; i++) {
            open(a, "scan/" + i, Integer.toString(i));
        }
        var page = b.documents().scan("scan/", "scan/1", 2, true);
        assertThat(page.more()).isTrue();
        assertThat(page.documents())
                .extracting(item -> item.id() + "=" + item.content().orElseThrow())
                .containsExactly("scan/2=2", "scan/3=3");
        assertThat(b.documents().scan("scan/").documents())
                .hasSize(5)
                .allMatch(item -> item.content().isEmpty());
        assertThatThrownBy(() ->
                        b.documents().open("scan/0", OpenOptions.defaults().ephemeral()))
                .isInstanceOf(ValidationException.class);
        LockHandle held = a.lock("doc-lock").acquire();
        Document guarded = a.documents().handle("scan/0").guardedBy(held.guard());
        assertThat(guarded.replace("x").isApplied()).isTrue();
        held.release();
        assertThatThrownBy(() -> guarded.replace("y")).isInstanceOf(FencedException.class);
        assertThat(guarded.info().map(DocumentInfo::version)).isEqualTo(Optional.of(2L));
    }

    @Test
    @Feature("B-11")
    void whatIsWrittenTogetherIsSeenTogetherWhileTheLeaderIsKilled(
            Cluster cluster, CoordinatorClient a, CoordinatorClient b) {
        open(a, "tx/ledger", "[]");
        a.cache().put("tx/left", 1_000);
        a.cache().put("tx/right", 0);
        AtomicInteger moved = new AtomicInteger();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            while (moved.get() < 150) {
                int next = moved.get() + 1;
                boolean held = a.transaction()
                        .whenCache("tx/left", Expect.value(1_000 - moved.get()))
                        .whenDocument("tx/ledger", "", Expect.absentOrNull())
                        .then(writes -> writes.delete("never"))
                        .otherwise(writes -> writes.increment("tx/left", -1)
                                .increment("tx/right", 1)
                                .edit("tx/ledger", edits -> edits.push(next)))
                        .commit()
                        .held();
                assertThat(held).isFalse();
                moved.set(next);
            }
        });
        Waiting.await("some of it").until(() -> moved.get() > 30);
        String leader = cluster.awaitLeader();
        cluster.kill(leader);
        while (!writer.isDone()) {
            ScanPage page = b.cache().scan("tx/", "", 10);
            assertThat(page.entries()).hasSize(2);
            int sum = page.entries().stream()
                    .mapToInt(entry -> entry.as(Integer.class))
                    .sum();
            assertThat(sum).as("%s", page.entries()).isEqualTo(1_000);
        }
        Waiting.get(writer);
        assertThat(b.cache().get("tx/right").orElseThrow().as(Integer.class)).isEqualTo(150);
        assertThat(b.documents().handle("tx/ledger").length()).hasValue(150);
        cluster.repair();
        cluster.awaitEqualDigests();
    }

    @Test
    @Feature("B-11")
    void aTransactionIsAppliedWholeOrNotAtAll(CoordinatorClient a) {
        Document document = open(a, "b11", "{\"n\":1}");
        LockHandle lock = a.lock("b11").acquire();
        assertThat(a.transaction()
                        .whenDocument("b11", "n", Expect.value(1))
                        .whenCache("b11/new", Expect.absent())
                        .whenHeld(lock.guard())
                        .then(writes -> writes.put("b11/new", "x").edit("b11", edits -> edits.set("n", 2)))
                        .commit()
                        .held())
                .isTrue();
        assertThatThrownBy(() -> a.transaction()
                        .then(writes -> writes.put("b11/other", 1).increment("b11/new", 1))
                        .commit())
                .isInstanceOfSatisfying(
                        BatchException.class, e -> assertThat(e.index()).isEqualTo(1))
                .hasMessageContaining("ENOTNUMBER");
        assertThat(a.cache().get("b11/other")).isEmpty();
        assertThatThrownBy(() -> a.transaction()
                        .then(writes -> writes.edit("missing", edits -> edits.set("n", 2)))
                        .commit())
                .isInstanceOf(BatchException.class)
                .hasMessageContaining("EKEYNOTFOUND");
        lock.release();
        assertThat(Waiting.get(a.transaction()
                                .whenHeld(lock.guard())
                                .then(writes -> writes.delete("b11/new"))
                                .commitAsync())
                        .held())
                .isFalse();
        assertThat(document.at("n").get(Integer.class)).contains(2);
        assertThat(a.cache().get("b11/new")).isPresent();
    }

    @Test
    @Feature("B-09")
    void aSlowSubscriberHearsEveryChangeOnceAndInOrder(Cluster cluster, CoordinatorClient a, CoordinatorClient b) {
        int changes = 3_000;
        Document document = open(a, "flow", "[]");
        List<Long> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<Flow.Subscription> subscribed = new CompletableFuture<>();
        long from = document.info().orElseThrow().revision() + 1;
        b.changes(WatchOptions.documentId("flow").fromRevision(from)).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscribed.complete(subscription);
            }

            @Override
            public void onNext(ChangeEvent event) {
                heard.add(event.value().orElseThrow().get(0).get("value").asLong());
            }

            @Override
            public void onError(Throwable failure) {
                heard.add(-1L);
            }

            @Override
            public void onComplete() {
                heard.add(-2L);
            }
        });
        Flow.Subscription demand = Waiting.get(subscribed);
        var edits = LongStream.range(0, changes)
                .mapToObj(i -> a.async().documents().handle("flow").push(i).toCompletableFuture())
                .toList();
        edits.forEach(Waiting::get);
        demand.request(10);
        Waiting.await("what was asked for").until(() -> heard.size() >= 10);
        assertThat(heard).hasSize(10);
        String leader = cluster.awaitLeader();
        cluster.kill(leader);
        demand.request(changes);
        Waiting.await("all of them").until(() -> heard.size() >= changes);
        assertThat(heard).isEqualTo(LongStream.range(0, changes).boxed().toList());
        demand.cancel();
    }

    @Test
    @Feature({"B-33", "B-09"})
    void aListingOfManyPagesIsOfOneRevision(CoordinatorClient a, CoordinatorClient b) {
        int count = 250;
        String first = "list/000";
        String last = "list/249";
        var opened = IntStream.range(0, count)
                .mapToObj(i -> a.async()
                        .documents()
                        .open("list/%03d".formatted(i), OpenOptions.defaults().initialContent(Map.of("n", 0)))
                        .toCompletableFuture())
                .toList();
        opened.forEach(Waiting::get);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger rounds = new AtomicInteger();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 1; !done.get(); i++) {
                int n = i;
                a.transaction()
                        .then(writes ->
                                writes.edit(last, edits -> edits.set("n", n)).edit(first, edits -> edits.set("n", n)))
                        .commit();
                open(a, "list/new-" + i, "{\"n\":" + i + "}");
                a.documents().handle("list/new-" + (i - 1)).delete();
                rounds.incrementAndGet();
            }
        });
        Waiting.await("a few rounds").until(() -> rounds.get() > 10 || writer.isDone());
        long before = 0;
        int between = 0;
        // A listing can be faster than a round of the writer; what counts are those with something new.
        for (int i = 0; between < 20 && i < 10_000; i++) {
            DocumentListing listing = b.documents().list("list/");
            assertThat(listing.documents()).extracting(DocumentListing.Item::id).isSorted();
            List<String> both = listing.documents().stream()
                    .filter(item -> item.id().equals(first) || item.id().equals(last))
                    .map(item -> item.content().toString())
                    .toList();
            assertThat(both).hasSize(2).containsOnly(both.get(0));
            assertThat(listing.documents())
                    .as("the new one is there, or between two of them none")
                    .hasSizeBetween(count, count + 2);
            assertThat(listing.revision()).isGreaterThanOrEqualTo(before);
            assertThat(listing.documents())
                    .extracting(DocumentListing.Item::revision)
                    .allMatch(revision -> revision <= listing.revision());
            between += listing.revision() > before ? 1 : 0;
            before = listing.revision();
        }
        done.set(true);
        Waiting.get(writer);
        assertThat(between).isEqualTo(20);
        assertThat(b.documents().list("list/0").documents()).hasSize(100);
        assertThat(b.documents().list("none/").documents()).isEmpty();
    }

    @Test
    @Feature({"DJ-SRC-2", "A-02"})
    void aFileFollowsADocument(Cluster cluster, CoordinatorClient a, CoordinatorClient b, @TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("settings.json");
        Files.writeString(file, "{\"exact\":0.10000000000000000555}");
        Document document;
        try (FileMirror mirror = a.documents().mirrorToFile("/etc/settings.json", file)) {
            document = mirror.document();
            assertThat(document.info().orElseThrow().kind()).isEqualTo(DocumentInfo.Kind.FILE);
            Document other = b.documents().handle("/etc/settings.json");
            other.set("level", "info");
            Waiting.await("the file")
                    .until(() -> mirror.revision() == other.info().orElseThrow().revision());
            assertThat(file).hasContent("{\"exact\":0.10000000000000000555,\"level\":\"info\"}");
            Files.writeString(file, "not JSON, and not the truth");
            cluster.kill(cluster.awaitLeader());
            other.set("level", "debug");
            Waiting.await("the file").until(() -> Files.readString(file).contains("\"debug\""));
            assertThat(mirror.failure()).isEmpty();
            assertThat(folder).isDirectoryNotContaining("glob:**.next");

            Files.writeString(folder.resolve("second.json"), "{");
            try (FileMirror second = b.documents().mirrorToFile("/etc/settings.json", folder.resolve("second.json"))) {
                assertThat(second.file()).hasSameTextualContentAs(file);
            }
        }
        document.set("level", "after");
        assertThat(text(document)).contains("after");
        assertThat(file).content().contains("debug");
        Files.writeString(file, "{");
        assertThatThrownBy(() -> a.documents().mirrorToFile("/etc/other.json", file))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("is not JSON");
        assertThat(a.documents().handle("/etc/other.json").info()).isEmpty();
        assertThatThrownBy(() -> a.documents().mirrorToFile("/etc/settings.json", folder.resolve("no/such/folder")))
                .isInstanceOf(UncheckedIOException.class);
    }

    /** Edits make documents that are larger than the value that one can begin with. */
    @Test
    @Feature({"DJ-SRC-2", "C-50"})
    void aLargeDocumentIsMirroredToTheFileThatItMadeItself(CoordinatorClient client, @TempDir Path folder)
            throws Exception {
        Path file = folder.resolve("large.json");
        try (FileMirror mirror = client.documents().mirrorToFile("mirrored-large", file)) {
            mirror.document().set("a", "x".repeat(900_000));
            mirror.document().set("b", "y".repeat(900_000));
            Waiting.await("the file").until(() -> Files.exists(file) && Files.size(file) > 1_800_000);
        }

        try (FileMirror again = client.documents().mirrorToFile("mirrored-large", file)) {
            again.document().set("c", 1);
            Waiting.await("the file").until(() -> Files.readString(file).endsWith("\"c\":1}"));
        }
    }

    @Test
    @Feature("C-50")
    void aMirrorKeepsLinkAndModeOfItsFileOrSaysThatItCannot(CoordinatorClient a, @TempDir Path folder)
            throws Exception {
        Path file = Files.writeString(folder.resolve("secret.json"), "{\"n\":0}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), Path.of("secret.json"));
        try (FileMirror mirror = a.documents().mirrorToFile("mirrored-link", link)) {
            mirror.document().set("n", 1);
            Waiting.await("the file").until(() -> Files.readString(file).equals("{\"n\":1}"));
            assertThat(link).isSymbolicLink();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");

            Files.delete(file);
            Files.createDirectory(file);
            mirror.document().set("n", 2);
            Waiting.await("the failure").until(() -> mirror.failure().isPresent());
            assertThat(mirror.failure().orElseThrow()).hasMessageContaining("no regular file");
            Files.delete(file);
            mirror.document().set("n", 3);
            Waiting.await("the file")
                    .until(() -> Files.isRegularFile(file) && mirror.failure().isEmpty());
            assertThat(link).isSymbolicLink().hasContent("{\"n\":3}");
        }
    }

    @Test
    @Feature("C-43")
    void whatIsReadAndWrittenBackKeepsItsDigits(CoordinatorClient a, CoordinatorClient b) throws Exception {
        List<String> numbers = List.of(
                "0.12345678901234567890", "1.0", "1", "0.00", "123456789012345678901234567890", "1E+400", "2.50");
        String text = "{\"numbers\":[" + String.join(",", numbers) + "],\"deep\":{\"exact\":0.10000000000000000555}}";
        Document document =
                a.documents().open("digits", OpenOptions.defaults().file().initialContent(new RawValue(text)));
        Document copy = a.documents().open("copy", OpenOptions.defaults().file());
        List<Object> read = List.of(
                document.get().orElseThrow(),
                document.get(Object.class).orElseThrow(),
                document.get(new TypeReference<Map<String, Object>>() {}).orElseThrow(),
                document.<JsonNode, RuntimeException>transaction(
                        transaction -> transaction.get().orElseThrow()));
        for (Object value : read) {
            copy.replace(null);
            copy.replace(value);
            assertThat(raw(b, copy)).isEqualTo(text);
        }
        JsonNode popped = document.at("numbers").pop().value().orElseThrow();
        document.batch(batch -> batch.at("numbers").push(popped));
        assertThat(raw(b, document)).isEqualTo(text);
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Subscription watch = copy.watch(event -> event.value().ifPresent(value -> heard.add(value.toString())))) {
            Waiting.get(watch.started());
            copy.replace(Map.of());
            for (String number : numbers) {
                copy.set("n" + number, new RawValue(number));
                Waiting.await(number)
                        .until(() -> heard.stream().anyMatch(event -> event.endsWith("\"value\":" + number + "}]")));
            }
        }
    }

    /** The text as the cluster has it, which no mapper has seen. */
    private static String raw(CoordinatorClient client, Document document) throws IOException {
        Path file = Files.createTempFile("digits", ".json");
        Files.delete(file);
        try (FileMirror mirror = client.documents().mirrorToFile(document.id(), file)) {
            return Files.readString(mirror.file());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    @Test
    @Feature("B-09")
    void aPlaceInADocumentIsWatched(CoordinatorClient a, CoordinatorClient b) {
        Document document = open(a, "place", "{\"list\":[{\"n\":0},{\"n\":1}],\"other\":{}}");
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Subscription watch = b.documents()
                .handle("place")
                .watch(
                        Selector.of("list.1.n"),
                        event -> heard.add(event.kind() + " "
                                + event.value().map(JsonNode::toString).orElse("")))) {
            Waiting.get(watch.started());
            document.set("other", 1);
            document.at("list.0").set("n", 5);
            document.at("list").push("behind");
            document.at("list.1").set("n", 2);
            document.batch(batch -> batch.set("other", 2).at("list").unshift("before"));
            document.at("list").replace(List.of());
            document.delete();
            Waiting.await("the end").until(() -> heard.contains("DELETED "));
        }
        assertThat(heard)
                .containsExactly(
                        "EDITED [{\"op\":\"replace\",\"path\":\"/list/1/n\",\"value\":2}]",
                        "EDITED [{\"op\":\"add\",\"path\":\"/list/0\",\"value\":\"before\"}]",
                        "EDITED [{\"op\":\"replace\",\"path\":\"/list\",\"value\":[]}]",
                        "DELETED ");
    }

    @Test
    @Feature({"C-44", "B-09"})
    void whoWatchesAnElementHearsThePushThatMakesIt(CoordinatorClient a, CoordinatorClient b) {
        Document document = open(a, "element", "{\"list\":[0]}");
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Subscription watch = b.documents()
                .handle("element")
                .watch(
                        Selector.of("list.1"),
                        event -> heard.add(event.kind() + " "
                                + event.value().map(JsonNode::toString).orElse("")))) {
            Waiting.get(watch.started());
            document.at("list").push(1);
            document.at("list").push(2);
            document.at("list").setIndex(0, 5);
            document.at("list").pop();
            document.at("list").splice(0, 1);
            document.patch(json("[{\"op\":\"add\",\"path\":\"/list/-\",\"value\":3}]"));
            document.delete();
            Waiting.await("the end").until(() -> heard.contains("DELETED "));
        }
        assertThat(heard)
                .containsExactly(
                        "EDITED [{\"op\":\"add\",\"path\":\"/list/-\",\"value\":1}]",
                        "EDITED [{\"op\":\"remove\",\"path\":\"/list/0\"}]",
                        "EDITED [{\"op\":\"add\",\"path\":\"/list/-\",\"value\":3}]",
                        "DELETED ");
    }

    @Test
    @Feature({"C-45", "A-48", "G-10"})
    void whatHasNothingToDoSucceedsAndTellsNobody(CoordinatorClient a, CoordinatorClient b) {
        Document document = open(a, "nothing", "{\"n\":1,\"l\":[1]}");
        DocumentInfo before = document.info().orElseThrow();
        List<String> heard = new CopyOnWriteArrayList<>();
        try (Subscription watch = b.documents()
                .handle("nothing")
                .watch(event -> heard.add(event.kind() + " "
                        + event.value().map(JsonNode::toString).orElse("")))) {
            Waiting.get(watch.started());
            assertThat(document.patch(json("[]")).info()).isEqualTo(before);
            assertThat(document.batch(batch -> {}).info()).isEqualTo(before);
            assertThat(document.batchLeniently(batch -> {}).info()).isEqualTo(before);
            assertThat(document.batchAt(before.revision(), batch -> {}).info()).isEqualTo(before);
            document.transaction(copy -> copy.set("n", 1));
            document.set("n", 1);
            document.merge(Map.of("l", List.of(1)));
            document.at("l").push();
            document.batch(batch -> batch.set("n", 2).set("n", 1));
            a.cache().putAll(Map.of());
            a.cache().asMap(Integer.class).putAll(Map.of());
            assertThat(a.transaction().commit().held()).isTrue();
            a.transaction().then(writes -> writes.edit("nothing", batch -> {})).commit();
            assertThat(document.info()).contains(before);
            document.delete();
            Waiting.await("the end").until(() -> heard.contains("DELETED "));
        }
        assertThat(heard).containsExactly("DELETED ");
    }

    @Test
    @Feature({"DJ-AUTH-2", "DJ-AUTH-3", "G-4"})
    void editsOfOneClientApplyInTheOrderOfItsCallsWhileTheLeaderIsKilled(
            Cluster cluster, CoordinatorClient a, CoordinatorClient b) {
        open(a, "fifo", "{\"a\":[],\"b\":[]}");
        int edits = 200;
        List<CompletableFuture<EditOutcome>> calls = new ArrayList<>();
        for (int i = 0; i < edits; i++) {
            if (i == edits / 2) {
                cluster.kill(cluster.awaitLeader());
            }
            int n = i;
            for (CoordinatorClient client : List.of(a, b)) {
                calls.add(client.async()
                        .documents()
                        .handle("fifo")
                        .at(client == a ? "a" : "b")
                        .push(n)
                        .toCompletableFuture());
            }
        }
        calls.forEach(Waiting::get);
        List<Integer> inOrder = IntStream.range(0, edits).boxed().toList();
        TypeReference<Map<String, List<Integer>>> type = new TypeReference<>() {};
        assertThat(a.documents().handle("fifo").get(type)).contains(Map.of("a", inOrder, "b", inOrder));
    }

    @Test
    @Feature({"DJ-AUTH-4", "DJ-AUTH-5"})
    void withoutAMajorityACallEndsAtItsDeadline(Cluster cluster, CoordinatorClient a) {
        Document document = open(a, "majority", "{}");
        List<String> killed = cluster.nodes().subList(0, 2);
        killed.forEach(cluster::kill);
        long start = System.nanoTime();
        assertThatThrownBy(() -> document.withTimeout(Duration.ofMillis(700)).set("a", 1))
                .isInstanceOfSatisfying(
                        CoordinatorException.class,
                        e -> assertThat(e.code())
                                .isIn(ErrorCode.ETIMEOUT, ErrorCode.EDISCONNECTED, ErrorCode.ENOLEADER));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(700), Duration.ofSeconds(3));
        killed.forEach(cluster::start);
        assertThat(document.set("b", 2).isApplied()).isTrue();
    }

    @Test
    @Feature({"DJ-SRC-3", "A-02"})
    void aDurableDocumentOutlivesItsCreatorAndARestartOfAllNodes(Cluster cluster) {
        CoordinatorClient creator = cluster.client(settings -> settings);
        open(creator, "durable", "{\"kept\":[1,2]}");
        creator.close();
        cluster.nodes().forEach(cluster::kill);
        cluster.nodes().forEach(cluster::start);
        CoordinatorClient reader = cluster.client(settings -> settings);
        assertThat(text(open(reader, "durable", "{\"other\":1}"))).isEqualTo("{\"kept\":[1,2]}");
    }

    @Test
    @Feature({"DJ-GET-2", "DJ-GET-3", "A-04", "DJ-TX-5", "DJ-ERR-1"})
    void readsSeeWhatIsCommittedAndTransactionsWaitInTurn(CoordinatorClient a, CoordinatorClient b) {
        Document document = open(a, "turns", "{\"n\":1}");
        ((ObjectNode) document.get().orElseThrow()).put("n", 99);
        document.<EditOutcome, RuntimeException>transaction(tx -> {
            EditOutcome set = tx.set("n", 2);
            assertThat(tx.at("n").get(Integer.class)).contains(2);
            assertThat(b.documents().handle("turns").at("n").get(Integer.class)).contains(1);
            TransactionOptions impatient = TransactionOptions.defaults().waitTimeout(Duration.ofMillis(50));
            assertThatThrownBy(() -> Waiting.get(CompletableFuture.supplyAsync(
                            () -> b.documents().handle("turns").transaction(impatient, other -> other.set("n", 3)))))
                    .isInstanceOf(LockTimeoutException.class);
            return set;
        });
        assertThat(text(document)).isEqualTo("{\"n\":2}");
    }

    record Counter(int value, String name) {}

    @Test
    @Feature({"DJ-TYPE-1", "DJ-TX-1"})
    void aTypedDocumentIsMappedAndRefusesWhatDoesNotFit(CoordinatorClient a, CoordinatorClient b) {
        TypedDocument<Counter> counter = a.documents().open("typed", Counter.class, new Counter(0, "c"));
        TypedDocument<Counter> other = b.documents().open("typed", Counter.class, new Counter(9, "ignored"));
        List<CompletableFuture<Void>> both = List.of(counter, other).stream()
                .map(document -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 10; i++) {
                        document.update(it -> new Counter(it.value() + 1, it.name()));
                    }
                }))
                .toList();
        both.forEach(Waiting::get);
        assertThat(counter.get()).contains(new Counter(20, "c"));
        counter.document().set("value", "no number");
        assertThatThrownBy(counter::get).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> counter.update(it -> new Counter(0, "lost"))).isInstanceOf(ValidationException.class);
        assertThat(text(counter.document())).isEqualTo("{\"value\":\"no number\",\"name\":\"c\"}");
    }

    @Test
    @Feature({"S-03", "S-05", "S-06", "S-07", "S-09", "DJ-MGR-1", "DJ-POP-1", "DJ-BAT-2", "A-07"})
    void theOlderLibrarysWordsMeanWhatTheyMeant(CoordinatorClient a) {
        DynamicJson json = Compat.of(a)
                .dynamicJson(
                        "dynamic",
                        OpenOptions.defaults()
                                .initialContent(json("{\"a\":{},\"s\":\"x\",\"n\":null,\"l\":[1,{\"id\":2}]}")));
        long revision = json.document().info().orElseThrow().revision();
        for (String selector : List.of("a", "s", "n", "missing")) {
            assertThat(json.push(selector, 1)).isFalse();
            assertThat(json.unshift(selector, 1)).isFalse();
            assertThat(json.pop(selector)).contains(json("false"));
            assertThat(json.shift(selector)).contains(json("false"));
            assertThat(json.splice(selector, 0, 1)).isEqualTo(json("false"));
            assertThat(json.removeItemFromArray(selector, 1)).isFalse();
            assertThat(json.updateItemInArray(selector, 1, 2)).isFalse();
        }
        assertThat(json.document().info().orElseThrow().revision()).isEqualTo(revision);
        assertThat(json.set("a", "b.c", 1)).isTrue();
        assertThat(json.set("a.b", "k", 1)).isFalse();
        assertThat(json.updateItemInArray("l", Map.of("id", 2), Map.of("x", 3), "id"))
                .isTrue();
        assertThat(json.get("l.1")).contains(json("{\"id\":2,\"x\":3}"));
        assertThat(json.removeItemFromArray("l", Map.of("id", 2), "id")).isTrue();
        assertThat(json.splice("l", 0, 5)).isEqualTo(json("[1]"));
        assertThat(json.pop("l")).isEmpty();
        json.batch(queries -> queries.at("l").push(1).at("..").set("k", true));
        json.transaction(tx -> tx.at("l").push(2));
        assertThat(json.get("l")).contains(json("[1,2]"));
        json.updateJsonFromProvided(0);
        assertThat(json.get("")).contains(json("0"));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        Waiting.await("the other side").until(() -> latch.getCount() == 0);
    }
}
