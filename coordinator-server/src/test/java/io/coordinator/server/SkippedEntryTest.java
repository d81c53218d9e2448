package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.data.DataInfo;
import io.coordinator.server.data.OfflineData;
import io.coordinator.server.data.OfflineException;
import io.coordinator.server.data.SkipRequest;
import io.coordinator.server.event.ServerListener;
import io.coordinator.server.raft.SkippedEntry;
import io.coordinator.server.raft.StoredEntry;
import io.coordinator.server.raft.Submission;
import io.coordinator.server.read.LogLease;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The day on which an entry is committed that no replica can apply. */
@Feature("C-01")
class SkippedEntryTest {

    @Test
    void anEntryThatEndsTheNodeAtEveryStartIsShownSkippedAndTheDataIsThere(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)) {
            poison(nodes, 1);
            Throwable cause = endOf(nodes.start("n1"));
            assertThat(cause).hasRootCauseInstanceOf(InvalidProtocolBufferException.class);
            nodes.kill("n1");

            try (OfflineData data = openWhenFree(nodes.data("n1"))) {
                StoredEntry poisoned = unreadable(data);
                assertThat(data.entry(poisoned.index())).isEqualTo(poisoned);
                SkippedEntry mark = data.skip(request(poisoned.index()));
                assertThat(mark.sha256()).isEqualTo(poisoned.sha256());
                assertThat(data.skip(request(poisoned.index()))).isEqualTo(mark);
                assertThat(data.info().skipped()).containsExactly(mark);
            }
            nodes.start("n1");
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.read("before")).isEqualTo("1");
                assertThat(client.read("after")).isEqualTo("2");
                client.call(client.put("later", "3"));
            }
            // Once a snapshot is past it the mark is history, and stays.
            nodes.stop("n1");
            try (OfflineData data = openWhenFree(nodes.data("n1"))) {
                DataInfo info = data.info();
                assertThat(info.skipped()).hasSize(1);
                assertThat(info.snapshots()).first().satisfies(snapshot -> {
                    assertThat(snapshot.index())
                            .isGreaterThan(info.skipped().get(0).index());
                    assertThat(snapshot.rows()).isPositive();
                    assertThat(snapshot.problem()).isEmpty();
                });
            }
            nodes.start("n1");
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.read("later")).isEqualTo("3");
            }
        }
    }

    @Test
    void threeMembersSkipItAlikeAndOneWithoutTheMarkDoesNotServe(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3)) {
            poison(nodes, 3);
            SkippedEntry mark = skipOnTheFirstThatHasIt(nodes);
            skipAsToldByAnother(nodes, "n1", mark);
            skipAsToldByAnother(nodes, "n2", mark);
            nodes.startAll();
            assertThat(endOf(nodes.node("n3"))).hasRootCauseInstanceOf(InvalidProtocolBufferException.class);
            nodes.kill("n3");
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                assertThat(client.read("after")).isEqualTo("2");
                client.call(client.put("later", "3"));
            }

            skipAsToldByAnother(nodes, "n3", mark);
            nodes.start("n3");
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                List<NodeStatusReply> statuses = nodes.running().values().stream()
                        .map(CoordinatorServer::status)
                        .toList();
                assertThat(statuses)
                        .extracting(NodeStatusReply::getDigestIndex)
                        .containsOnly(statuses.get(0).getDigestIndex());
                assertThat(statuses)
                        .extracting(NodeStatusReply::getDigest)
                        .containsOnly(statuses.get(0).getDigest());
                assertThat(statuses)
                        .extracting(NodeStatusReply::getDigestMismatches)
                        .containsOnly(0L);
            });
        }
    }

    @Test
    void whatIsNotExactlyTheEntryIsNotMarked(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                client.call(client.put("k", "1"));
            }
            refused(
                    ErrorCode.EPERSISTLOCKED,
                    () -> OfflineData.open(nodes.data("n1")).close());
            nodes.kill("n1");
            try (OfflineData data = openWhenFree(nodes.data("n1"))) {
                List<StoredEntry> entries = entries(data);
                long last = entries.get(entries.size() - 1).index();
                assertThat(data.info().lastIndex()).contains(last);
                assertThat(data.info().firstIndex()).contains(0L);
                long configuration = entries.stream()
                        .filter(entry -> entry.kind() == StoredEntry.Kind.CONFIGURATION)
                        .findFirst()
                        .orElseThrow()
                        .index();
                refused(ErrorCode.EINVAL, () -> data.skip(request(configuration)));
                refused(ErrorCode.EKEYNOTFOUND, () -> data.skip(request(last + 1)));
                refused(ErrorCode.EKEYNOTFOUND, () -> data.entry(last + 1));
                refused(ErrorCode.EMISMATCH, () -> data.skip(request(last, 77L, "00")));
                assertThat(data.info().skipped()).isEmpty();
            }
            nodes.start("n1");
            nodes.leader();
            nodes.stop("n1");
            try (OfflineData data = openWhenFree(nodes.data("n1"))) {
                refused(ErrorCode.EINVAL, () -> data.skip(request(1)));
            }
            Path other = Files.createDirectory(directory.resolve("other"));
            refused(ErrorCode.EMISMATCH, () -> OfflineData.open(other).close());
        }
    }

    @Test
    void aMarkOnAnEntryThatWasReplacedSkipsNothing(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                client.call(client.put("k", "1"));
            }
            nodes.kill("n1");
            long next;
            try (OfflineData data = openWhenFree(nodes.data("n1"))) {
                next = data.info().lastIndex().orElseThrow() + 1;
                data.skip(request(next + 1, 1L, "ab".repeat(32)));
            }
            nodes.start("n1");
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                client.call(client.put("k", "2"));
                assertThat(nodes.node("n1").status().getAppliedIndex()).isGreaterThan(next);
                assertThat(client.read("k")).isEqualTo("2");
            }
        }
    }

    @Test
    void aDamagedFileOfMarksStopsTheStart(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)) {
            Files.createDirectories(nodes.data("n1"));
            Files.writeString(nodes.data("n1").resolve("skipped"), "17\t1\n");
            assertThatThrownBy(() -> nodes.start("n1"))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("skipped is damaged")
                    .hasMessageContaining("another member");
        }
    }

    // ---- the poison ----

    /**
     * Leaves the logs of stopped nodes with a put, an entry that cannot be parsed, and another put if one node
     * suffices.
     */
    private static void poison(TestNodes nodes, int size) throws Exception {
        List<Running> running = new ArrayList<>();
        for (String name : nodes.names()) {
            CompletableFuture<Throwable> end = new CompletableFuture<>();
            running.add(new Running(
                    new NodeAssembly(nodes.config(name), LogLease::new, ServerListener.NONE, end::complete).start(),
                    end));
        }
        try {
            Node leader = leader(running);
            try (RawClient client = RawClient.open(leader.listener().address().toString())) {
                client.call(client.put("before", "1"));
                client.call(client.put("after", "2"));
                leader.log().submit(new Poison());
                if (size == 1) {
                    client.call(client.put("after", "2"));
                }
            }
            for (Running each : running) {
                // The leader applies what it submitted; the others read its bytes.
                if (!each.node().equals(leader)) {
                    assertThat(each.end().get(30, TimeUnit.SECONDS)).isInstanceOf(InvalidProtocolBufferException.class);
                }
            }
        } finally {
            for (Running each : running) {
                each.node().stop();
                each.node().closeAll();
            }
        }
    }

    /** A node, and what it ended of. */
    private record Running(Node node, CompletableFuture<Throwable> end) {}

    private static Node leader(List<Running> running) {
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        running.stream().anyMatch(each -> each.node().reporter().isServing()));
        return running.stream()
                .map(Running::node)
                .filter(node -> node.reporter().isServing())
                .findFirst()
                .orElseThrow();
    }

    /** An entry whose bytes are no entry: the field of its commands holds something else. */
    private static final class Poison implements Submission {
        private static final int COMMANDS = Entry.COMMANDS_FIELD_NUMBER;

        @Override
        public Entry entry() {
            return Entry.newBuilder()
                    .setUnknownFields(UnknownFieldSet.newBuilder()
                            .addField(
                                    COMMANDS,
                                    UnknownFieldSet.Field.newBuilder()
                                            .addLengthDelimited(ByteString.copyFrom(new byte[] {0x0a}))
                                            .build())
                            .build())
                    .build();
        }

        @Override
        public void failed(Throwable cause) {
            // Whether it was committed is seen by what the nodes do.
        }
    }

    // ---- what an operator does ----

    private static SkippedEntry skipOnTheFirstThatHasIt(TestNodes nodes) throws Exception {
        for (String node : nodes.names()) {
            try (OfflineData data = openWhenFree(nodes.data(node))) {
                Optional<StoredEntry> poisoned = findUnreadable(data);
                if (poisoned.isPresent()) {
                    return data.skip(request(poisoned.get().index()));
                }
            }
        }
        throw new AssertionError("no member has the poisoned entry");
    }

    private static void skipAsToldByAnother(TestNodes nodes, String node, SkippedEntry mark) throws Exception {
        try (OfflineData data = openWhenFree(nodes.data(node))) {
            assertThat(data.skip(request(mark.index(), mark.term(), mark.sha256()))
                            .isSameEntry(mark))
                    .isTrue();
        }
    }

    private static SkipRequest request(long index) {
        return new SkipRequest(index, Optional.empty(), Optional.empty(), "op", "it\nfails", Instant.EPOCH);
    }

    private static SkipRequest request(long index, long term, String sha256) {
        return new SkipRequest(index, Optional.of(term), Optional.of(sha256), "op", "it fails", Instant.EPOCH);
    }

    private static List<StoredEntry> entries(OfflineData data) throws OfflineException {
        List<StoredEntry> entries = new ArrayList<>();
        data.forEachEntry(0, Long.MAX_VALUE, entries::add);
        return entries;
    }

    private static StoredEntry unreadable(OfflineData data) throws OfflineException {
        return findUnreadable(data).orElseThrow();
    }

    private static Optional<StoredEntry> findUnreadable(OfflineData data) throws OfflineException {
        return entries(data).stream().filter(entry -> !isReadable(entry)).findFirst();
    }

    private static boolean isReadable(StoredEntry entry) {
        try {
            return Entry.parseFrom(entry.data()).isInitialized();
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    /** A node that broke gives its directory back in the background. */
    private static OfflineData openWhenFree(Path data) {
        return await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsMatching(
                        e -> e instanceof OfflineException locked && locked.code() == ErrorCode.EPERSISTLOCKED)
                .until(() -> OfflineData.open(data), opened -> true);
    }

    private static Throwable endOf(CoordinatorServer server) {
        try {
            server.terminated().get(30, TimeUnit.SECONDS);
            throw new AssertionError("the node stopped well");
        } catch (ExecutionException e) {
            return e;
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("the node did not end", e);
        }
    }

    private interface Attempt {
        void run() throws OfflineException, IOException;
    }

    private static void refused(ErrorCode code, Attempt attempt) {
        assertThatThrownBy(attempt::run)
                .isInstanceOfSatisfying(
                        OfflineException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
