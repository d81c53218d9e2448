package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.document.BatchOutcome;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentListing;
import io.coordinator.client.document.DocumentPage;
import io.coordinator.client.document.EditOutcome;
import io.coordinator.client.document.FileMirror;
import io.coordinator.client.document.ItemMatch;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.document.Selector;
import io.coordinator.client.document.TransactionOptions;
import io.coordinator.client.document.TypedDocument;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.ConflictException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.transaction.TransactionResult;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/documents.md, against three servers. */
@CoordinatorCluster
class DocumentsTest {
    // spotless:off
    // snippet: user
    record User(int id, String name) {}
    // end
    // spotless:on

    @Test
    @Feature({"DJ-MGR-2", "DJ-SET-1", "DJ-PUSH-1", "DJ-TYPE-1"})
    void openAndEdit(CoordinatorClient client) throws Exception {
        // spotless:off
        // snippet: open
        Document team = client.documents().open("team", OpenOptions.defaults().initialContent(Map.of("users", List.of())));
        if (team.created()) {
            System.out.println("of all who opened it, this one created it");
        }

        team.set("name", "platform");                              // a member of the root
        team.at("users").push(new User(1, "Ada"), new User(2, "Bob"));
        Optional<User> first = team.at("users.0").get(User.class);
        Optional<JsonNode> whole = team.get();
        // end
        // spotless:on
        assertThat(first).contains(new User(1, "Ada"));
        assertThat(whole.orElseThrow().get("name").textValue()).isEqualTo("platform");
        // spotless:off
        // snippet: outcomes
        EditOutcome outcome = team.at("users").pop();
        if (outcome instanceof EditOutcome.Applied applied) {
            System.out.println("took " + applied.result() + ", left " + applied.length());
        } else if (outcome instanceof EditOutcome.Empty) {
            System.out.println("there was none");
        } else if (outcome instanceof EditOutcome.NotApplied not) {
            System.out.println("there is no array: " + not.reason());
        }
        // end
        // spotless:on
        assertThat(outcome.isApplied()).isTrue();
        // spotless:off
        // snippet: selectors
        team.at("users.0.name").exists();                          // steps separated by dots
        team.at(Selector.of(List.of("a.b", ""))).exists();         // any names
        team.at(Selector.pointer("/users/0/name")).exists();       // RFC 6901
        // end
        // snippet: arrays
        Document queue = client.documents().open("queue", OpenOptions.defaults().initialContent(List.of(3, 4)));
        queue.unshift(1, 2);                                       // [1,2,3,4]
        queue.shift();                                             // takes 1
        queue.pop();                                               // takes 4
        queue.splice(-1, 5, "x", "y");                             // removes 3, puts others in its place: [2,"x","y"]
        queue.insert(1, 2.5);                                      // [2,2.5,"x","y"]
        queue.setIndex(0, 0);                                      // [0,2.5,"x","y"]
        queue.removeItem("x");                                     // the first that is equal
        long length = queue.length().orElseThrow();
        // end
        // snippet: items
        Document users = client.documents().open("users", OpenOptions.defaults().initialContent(List.of(new User(1, "Ada"))));
        users.updateItem(Map.of("id", 1), Map.of("name", "Ada L."), ItemMatch.by("id"));   // merged into the element
        users.replaceItem(Map.of("id", 1), new User(1, "Ada"), ItemMatch.by("id"));        // in its place
        users.removeItem(Map.of("id", "1"), ItemMatch.by("id").loose());                   // "1" is 1
        // end
        // snippet: more
        Document settings = client.documents().open("settings");
        settings.at("mail.smtp").createPath();                     // objects on the way, where they are missing
        settings.at("mail").merge(Map.of("on", true));             // JSON Merge Patch (RFC 7396)
        settings.at("visits").increment(1);                        // a missing member counts as 0
        settings.at("mail.on").replace(false);
        settings.remove("visits");
        // end
        // spotless:on
        assertThat(length).isEqualTo(3);
        assertThat(queue.get().orElseThrow()).hasToString("[0,2.5,\"y\"]");
        assertThat(users.length()).hasValue(0);
        assertThat(settings.get().orElseThrow()).hasToString("{\"mail\":{\"smtp\":{},\"on\":false}}");
    }

    @Test
    @Feature({"DJ-BAT-1", "B-10", "B-23", "DJ-REPL-1"})
    void severalAtOnce(CoordinatorClient client) throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        Document order = client.documents()
                .open("order", OpenOptions.defaults().initialContent(Map.of("state", "new", "lines", List.of())));
        // spotless:off
        // snippet: batch
        BatchOutcome done = order.batch(batch -> {
            batch.set("state", "paid");
            batch.at("lines").push("book");
        });
        System.out.println("one revision: " + done.info().revision());
        // end
        // snippet: patch
        try {
            order.patch(mapper.readTree("""
                    [{"op": "test", "path": "/state", "value": "paid"},
                     {"op": "replace", "path": "/state", "value": "sent"}]
                    """));
        } catch (BatchException e) {
            System.out.println("operation " + e.index() + " cannot be made, so none was");
        }
        // end
        // snippet: compare
        long revision = order.info().orElseThrow().revision();
        try {
            order.compareAndReplace(revision, Map.of("state", "closed"));
            order.batchAt(revision, batch -> batch.set("state", "lost"));
        } catch (ConflictException e) {
            System.out.println("somebody was faster: " + e.getMessage());
        }
        // end
        // spotless:on
        assertThat(order.at("state").get(String.class)).contains("closed");
    }

    @Test
    @Feature({"DJ-TX-1", "A-11"})
    void transactions(CoordinatorClient client) throws Exception {
        Document account = client.documents()
                .open("account", OpenOptions.defaults().initialContent(Map.of("balance", 100, "log", List.of())));
        // spotless:off
        // snippet: transaction
        boolean paid = account.transaction(tx -> {
            int balance = tx.at("balance").get(Integer.class).orElseThrow();
            if (balance < 30) {
                return false;
            }
            tx.set("balance", balance - 30);
            tx.at("log").push("paid 30");
            return true;
        });
        // end
        // snippet: optimistic
        TransactionOptions options = TransactionOptions.defaults().optimistic().timeout(Duration.ofSeconds(2)).retries(50);
        account.transaction(options, tx -> tx.at("log").push("entry " + tx.at("log").length().orElseThrow()));
        // end
        // spotless:on
        assertThat(paid).isTrue();
        assertThat(account.get())
                .contains(new ObjectMapper().readTree("{\"balance\":70,\"log\":[\"paid 30\",\"entry 1\"]}"));
    }

    @Test
    @Feature("B-11")
    void acrossDocumentsAndKeys(CoordinatorClient client) {
        client.documents().open("orders/7", OpenOptions.defaults().initialContent(Map.of("state", "new")));
        client.documents().open("outbox", OpenOptions.defaults().initialContent(List.of()));
        // spotless:off
        // snippet: across
        TransactionResult result = client.transaction()
                .whenDocument("orders/7", "state", Expect.value("new"))
                .whenCache("stock/book", Expect.absent())
                .then(writes -> writes.put("stock/book", 10)
                        .increment("orders/open", 1)
                        .edit("orders/7", order -> order.set("state", "accepted"))
                        .edit("outbox", outbox -> outbox.push("orders/7")))
                .otherwise(writes -> writes.increment("orders/refused", 1))
                .commit();
        // end
        // spotless:on
        assertThat(result.held()).isTrue();
        assertThat(client.documents().handle("outbox").length()).hasValue(1);
    }

    @Test
    @Feature({"B-09", "B-27", "B-33", "PM-FENCE-4"})
    void watchedListedGuarded(CoordinatorClient client, CoordinatorClient other) {
        List<String> seen = new CopyOnWriteArrayList<>();
        // spotless:off
        // snippet: ephemeral
        OpenOptions options = OpenOptions.defaults().initialContent(Map.of("port", 80)).ephemeral();
        Document me = client.documents().open("members/web-1", options);
        // end
        // snippet: watch
        Subscription subscription = other.documents().handle("members/web-1")
                .watch(change -> seen.add(change.kind() + " " + change.value().orElse(null)));
        subscription.started().toCompletableFuture().join();
        me.set("ready", true);                                     // EDITED [{"op":"add","path":"/ready","value":true}]
        // end
        // snippet: scan
        DocumentPage page = other.documents().scan("members/", "", 100, true);
        page.documents().forEach(member -> System.out.println(member.id() + " " + member.content().orElseThrow()));
        // end
        // snippet: guarded
        try (LockHandle lock = client.lock("members/web-1").acquire()) {
            me.guardedBy(lock.guard()).set("leader", true);        // refused once the lock is gone
        }
        me.delete();
        // end
        // spotless:on
        assertThat(page.documents()).hasSize(1);
        Awaitility.await().until(() -> seen.size() == 3);
        assertThat(seen)
                .containsExactly(
                        "EDITED [{\"op\":\"add\",\"path\":\"/ready\",\"value\":true}]",
                        "EDITED [{\"op\":\"add\",\"path\":\"/leader\",\"value\":true}]",
                        "DELETED null");
    }

    @Test
    @Feature({"DJ-TYPE-1", "DJ-MGR-1"})
    void typed(CoordinatorClient client) {
        // spotless:off
        // snippet: typed
        TypedDocument<User> owner = client.documents().open("owner", User.class, new User(1, "Ada"));
        User renamed = owner.update(user -> new User(user.id(), "Ada L."));
        // end
        // spotless:on
        assertThat(renamed).isEqualTo(new User(1, "Ada L."));
        assertThat(owner.get()).contains(renamed);
    }

    @Test
    @Feature({"B-09", "B-33"})
    void listedAndFollowed(CoordinatorClient client, CoordinatorClient other) {
        Document me =
                client.documents().open("members/web-1", OpenOptions.defaults().ephemeral());
        List<ChangeEvent> seen = new CopyOnWriteArrayList<>();
        List<ChangeEvent> published = new CopyOnWriteArrayList<>();
        Flow.Subscriber<ChangeEvent> subscriber = new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ChangeEvent change) {
                published.add(change);
            }

            @Override
            public void onError(Throwable failure) {
                throw new AssertionError(failure);
            }

            @Override
            public void onComplete() {
                throw new AssertionError("changes do not end");
            }
        };
        // spotless:off
        // snippet: place
        Subscription ready = other.documents().handle("members/web-1")
                .watch(Selector.of("ready"), change -> System.out.println("ready changed: " + change.value()));
        // end
        // snippet: flow
        Flow.Publisher<ChangeEvent> changes = other.changes(WatchOptions.documentPrefix("members/"));
        changes.subscribe(subscriber);                             // each says how many it wants
        // end
        // snippet: list
        DocumentListing all = other.documents().list("members/");  // however many pages, at one revision
        other.watch(WatchOptions.documentPrefix("members/").fromRevision(all.revision() + 1), seen::add);
        // end
        // spotless:on
        ready.started().toCompletableFuture().join();
        assertThat(all.documents()).extracting(DocumentListing.Item::id).containsExactly("members/web-1");
        Awaitility.await().until(() -> {
            me.at("n").increment(1); // A publisher has no way to say that it has begun.
            return !published.isEmpty() && !seen.isEmpty();
        });
        me.delete();
    }

    @Test
    @Feature("DJ-SRC-2")
    void mirrored(CoordinatorClient client, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("settings.json");
        // spotless:off
        // snippet: mirror
        try (FileMirror mirror = client.documents().mirrorToFile("/etc/app/settings.json", file)) {
            mirror.document().set("level", "debug");               // and soon in the file, on every host that mirrors it
        }
        // end
        // spotless:on
        assertThat(file).exists();
    }

    @Test
    @Feature("DJ-MGR-2")
    void withStages(CoordinatorClient client) {
        // spotless:off
        // snippet: async
        client.async().documents().open("later")
                .thenCompose(document -> document.set("a", 1))
                .thenAccept(outcome -> System.out.println(outcome.isApplied()))
                .toCompletableFuture().join();
        // end
        // spotless:on
        assertThat(client.documents().handle("later").at("a").get(Integer.class))
                .contains(1);
    }
}
