package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.ReserveBuild;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.StartWatch;
import io.coordinator.server.config.Keys;
import io.coordinator.server.support.Metrics;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that take less than they ask for: they wait or lose their streams, and nobody else notices (C-08, C-06). */
class SlowReaderTest {
    private static final int MEBIBYTE = 1 << 20;
    private static final int ACCOUNT_BYTES = 4 * MEBIBYTE;
    private static final int VALUE_BYTES = 1_000_000;
    private static final int REFUSED_WATCHES = 65_536;
    private static final int REFUSED_FRAME_BYTES_MIN = 200_000;
    /** One message may pass the limit, and frames of the small ones around it. */
    private static final long ACCOUNT_BYTES_SEEN_MAX = ACCOUNT_BYTES + VALUE_BYTES + MEBIBYTE;

    private static TestNodes start(Path directory, int slowMillis) throws StartupException {
        return new TestNodes(directory, 1)
                .with(config ->
                        config.set(Keys.OUTGOING_BYTES_MAX, ACCOUNT_BYTES).set(Keys.SLOW_CONSUMER_MILLIS, slowMillis))
                .startAll();
    }

    @Test
    @Feature("C-08")
    void aReaderThatTakesNothingLosesItsStreamButNotItsSession(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = start(directory, 1_500);
                RawClient good = RawClient.open(nodes.leaderAddress());
                RawClient stalled = new RawClient(nodes.leaderAddress())) {
            CoordinatorServer node = nodes.node(nodes.leader());
            good.call(good.put("large", json(VALUE_BYTES)));
            good.call(good.put("small", "1"));
            Hello hello = RawClient.freshHello().build();
            stalled.hello(hello);
            stalled.useSession(
                    stalled.await(ServerFrame::hasWelcome).getWelcome().getSessionId());
            stalled.stopReading();
            ask(stalled, "large", 500);

            long most = 0;
            while (Metrics.read(node, "coordinator_slow_consumers_total") == 0) {
                assertThat(good.read("small")).isEqualTo("1");
                most = Math.max(most, Metrics.read(node, "coordinator_outgoing_bytes"));
            }
            assertThat(most).isPositive().isLessThanOrEqualTo(ACCOUNT_BYTES_SEEN_MAX);
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> Metrics.read(node, "coordinator_outgoing_bytes") < 100_000);

            try (RawClient back = new RawClient(nodes.leaderAddress())) {
                back.hello(hello.toBuilder().setSessionId(stalled.session()).build());
                assertThat(back.await(ServerFrame::hasWelcome).getWelcome().getResumed())
                        .isTrue();
                assertThat(back.read("large")).hasSize(VALUE_BYTES);
            }
        }
    }

    @Test
    @Feature("C-08")
    void manyStalledReadersLeaveRoomForTheOthers(@TempDir Path directory) throws Exception {
        List<RawClient> stalled = new ArrayList<>();
        try (TestNodes nodes = start(directory, 5_000);
                RawClient good = RawClient.open(nodes.leaderAddress())) {
            CoordinatorServer node = nodes.node(nodes.leader());
            good.call(good.put("large", json(VALUE_BYTES)));
            good.call(good.put("small", "1"));
            for (int i = 0; i < 15; i++) {
                RawClient client = RawClient.open(nodes.leaderAddress());
                stalled.add(client);
                client.stopReading();
                ask(client, "large", 50);
            }
            for (int i = 0; i < 20; i++) {
                assertThat(good.read("small")).isEqualTo("1");
                assertThat(good.read("large")).hasSize(VALUE_BYTES);
                assertThat(Metrics.read(node, "coordinator_outgoing_bytes"))
                        .isLessThanOrEqualTo(ACCOUNT_BYTES_SEEN_MAX);
            }
        } finally {
            stalled.forEach(RawClient::close);
        }
    }

    @Test
    @Feature("C-08")
    void whoReadsGetsEverythingInOrder(@TempDir Path directory) throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (TestNodes nodes = start(directory, 10_000)) {
            CoordinatorServer node = nodes.node(nodes.leader());
            for (int i = 0; i < 8; i++) {
                clients.add(RawClient.open(nodes.leaderAddress()));
            }
            RawClient first = clients.get(0);
            first.call(first.put("large", json(VALUE_BYTES / 4)));
            clients.forEach(client -> ask(client, "large", 60));
            for (RawClient client : clients) {
                List<Long> answered = new ArrayList<>();
                while (answered.size() < 60) {
                    client.await(frame -> frame.getAnswersCount() > 0)
                            .getAnswersList()
                            .forEach(answer -> answered.add(answer.getId()));
                    assertThat(Metrics.read(node, "coordinator_outgoing_bytes"))
                            .isLessThanOrEqualTo(ACCOUNT_BYTES_SEEN_MAX);
                }
                assertThat(answered).isSorted().doesNotHaveDuplicates();
            }
            await().until(() -> Metrics.read(node, "coordinator_outgoing_bytes") == 0);
            assertThat(Metrics.read(node, "coordinator_slow_consumers_total")).isZero();
        } finally {
            clients.forEach(RawClient::close);
        }
    }

    @Test
    @Feature("C-06")
    void eventsThatAreNotTakenStayInTheSessionAndComeInOrder(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = start(directory, 60_000);
                RawClient builder = RawClient.open(nodes.leaderAddress());
                RawClient waiter = RawClient.open(nodes.leaderAddress())) {
            CoordinatorServer node = nodes.node(nodes.leader());
            long token = builder.call(reserve(builder, 0)).getBuild().getBuild().getToken();
            for (int i = 0; i < 40; i++) {
                assertThat(waiter.call(reserve(waiter, -1)).getBuild().hasWait())
                        .isTrue();
            }
            waiter.stopReading();
            builder.call(complete(builder, token));
            for (int i = 0; i < 20; i++) {
                assertThat(builder.call(builder.put("alive", String.valueOf(i))).hasError())
                        .isFalse();
                assertThat(Metrics.read(node, "coordinator_outgoing_bytes")).isLessThan(MEBIBYTE);
            }
            waiter.resumeReading();
            List<Long> numbers = new ArrayList<>();
            while (numbers.size() < 40) {
                waiter.await(frame -> frame.getEventsCount() > 0).getEventsList().stream()
                        .map(Event::getNumber)
                        .forEach(numbers::add);
            }
            assertThat(numbers).isSorted().doesNotHaveDuplicates().startsWith(1L);
        }
    }

    @Test
    @Feature("C-08")
    void watchersOfOneLargeValueDoNotHoldACopyEach(@TempDir Path directory) throws Exception {
        List<RawClient> watchers = new ArrayList<>();
        try (TestNodes nodes = start(directory, 60_000);
                RawClient writer = RawClient.open(nodes.leaderAddress())) {
            CoordinatorServer node = nodes.node(nodes.leader());
            for (int i = 0; i < 25; i++) {
                RawClient watcher = RawClient.open(nodes.leaderAddress());
                watchers.add(watcher);
                watcher.watch(StartWatch.newBuilder()
                        .setId(1)
                        .setData(DataKind.CACHE)
                        .setNamespace("default")
                        .setKey("hot")
                        .build());
                watcher.await(frame -> frame.getWatchesCount() > 0);
                watcher.stopReading();
            }
            for (int i = 0; i < 5; i++) {
                writer.call(writer.put("hot", json(VALUE_BYTES)));
                assertThat(Metrics.read(node, "coordinator_outgoing_bytes"))
                        .isLessThanOrEqualTo(ACCOUNT_BYTES_SEEN_MAX);
            }
            RawClient last = watchers.get(watchers.size() - 1);
            watchers.forEach(RawClient::resumeReading);
            last.await(frame -> frame.getWatchesList().stream().anyMatch(update -> update.getChangesCount() > 0));
        } finally {
            watchers.forEach(RawClient::close);
        }
    }

    @Test
    @Feature("C-08")
    void watchesThatAreRefusedSwellNothingWhileNobodyReadsWhy(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = start(directory, 60_000);
                RawClient good = RawClient.open(nodes.leaderAddress());
                RawClient deaf = RawClient.open(nodes.leaderAddress())) {
            CoordinatorServer node = nodes.node(nodes.leader());
            deaf.stopReading();
            for (int frames = 0; frames < 3; frames++) {
                deaf.send(refusedWatches());
            }
            await().until(() -> Metrics.read(node, "coordinator_outgoing_bytes") > REFUSED_FRAME_BYTES_MIN);
            for (int i = 0; i < 20; i++) {
                assertThat(good.call(good.put("alive", String.valueOf(i))).hasError())
                        .isFalse();
                assertThat(Metrics.read(node, "coordinator_outgoing_bytes"))
                        .as("a frame that is under way, and what the other is told")
                        .isLessThan(MEBIBYTE);
            }
            deaf.resumeReading();
            long reasons = 0;
            while (reasons < 3L * REFUSED_WATCHES) {
                reasons += deaf.await(frame -> frame.getWatchesCount() > 0).getWatchesCount();
            }
        }
    }

    /** Each needs a key, and has none. */
    private static ClientFrame refusedWatches() {
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        for (int id = 1; id <= REFUSED_WATCHES; id++) {
            frame.addStartWatches(StartWatch.newBuilder().setId(id).setData(DataKind.CACHE));
        }
        return frame.build();
    }

    private static void ask(RawClient client, String key, int times) {
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        for (int i = 0; i < times; i++) {
            frame.addQueries(client.get(key, Consistency.LINEARIZABLE, 0));
        }
        client.send(frame.build());
    }

    private static String json(int bytes) {
        return "\"" + "x".repeat(bytes - 2) + "\"";
    }

    private static Command reserve(RawClient client, long waitMillis) {
        return client.command()
                .setBuild(BuildCommand.newBuilder()
                        .setNamespace("default")
                        .setKey("report")
                        .setReserve(
                                ReserveBuild.newBuilder().setBuildMillis(60_000).setWaitMillis(waitMillis)))
                .build();
    }

    private static Command complete(RawClient client, long token) {
        return client.command()
                .setBuild(BuildCommand.newBuilder()
                        .setNamespace("default")
                        .setKey("report")
                        .setComplete(CompleteBuild.newBuilder()
                                .setToken(token)
                                .setValue(ByteString.copyFromUtf8(json(200_000)))))
                .build();
    }
}
