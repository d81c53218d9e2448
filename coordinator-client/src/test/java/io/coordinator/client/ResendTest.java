package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.builds.Builds;
import io.coordinator.client.cache.AsyncCache;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.protocol.Command;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

@Feature({"PM-CONN-10", "G-5"})
class ResendTest extends ClientFixture {
    @Test
    void lostReplyIsAskedForUnderTheSameNumber() {
        CoordinatorClient client = connect();
        node.dropBeforeReply(Command::hasCache);
        assertThat(client.cache().increment("n", 1)).isEqualTo(1);
        assertThat(cacheCommands()).hasSize(2);
        assertThat(cacheCommands().get(0).getSeq())
                .isEqualTo(cacheCommands().get(1).getSeq());
        assertThat(client.cache().increment("n", 1)).isEqualTo(2);
    }

    @Test
    void lostCommandIsSentAgainUnderTheSameNumber() {
        CoordinatorClient client = connect();
        node.dropBeforeApply(Command::hasCache);
        assertThat(client.cache().increment("n", 1)).isEqualTo(1);
        assertThat(cacheCommands()).extracting(Command::getSeq).containsExactly(1L, 1L);
    }

    @Test
    void numbersStayContiguousWhileStreamsBreakUnderLoad() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        AsyncCache cache = connect().async().cache();
        List<CompletionStage<Long>> increments = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            increments.add(cache.increment("n", 1));
            if (i % 100 == 50) {
                if (random.nextBoolean()) {
                    node.dropBeforeReply(command -> random.nextInt(5) == 0);
                } else {
                    node.dropBeforeApply(command -> random.nextInt(5) == 0);
                }
            }
        }

        HashSet<Long> results = new HashSet<>();
        increments.forEach(stage -> results.add(get(stage)));
        assertThat(results).hasSize(2000);
        assertThat(get(cache.get("n")).orElseThrow().value().longValue()).isEqualTo(2000);
    }

    @Test
    @Feature("C-29")
    void manyLargeRepliesAtOnceStallNothing() {
        CoordinatorClient client = connect();
        build(client, 200_000);
        hitsThatTheClusterTurnsBack(client, 200_000);
    }

    /** A cluster whose state is more than full keeps hardly anything for a session. */
    @Test
    @Feature("C-29")
    void aClusterThatKeepsOneReplyAtATimeIsServedOneByOne() {
        CoordinatorClient client = connect();
        build(client, 3_500);
        client.cache().put("large", "x".repeat(1_000_000));
        client.cache().put("too large", "x".repeat(1_000_000));
        cluster.quota(1);
        hitsThatTheClusterTurnsBack(client, 3_500);
    }

    private static void build(CoordinatorClient client, int bytes) {
        client.builds().getOrBuild("k", String.class, context -> "x".repeat(bytes), Duration.ofSeconds(5));
    }

    private void hitsThatTheClusterTurnsBack(CoordinatorClient client, int bytes) {
        List<ConnectionState> states = new CopyOnWriteArrayList<>();
        client.addConnectionListener((from, to) -> states.add(to));
        AsyncBuilds builds = client.async().builds();

        int before = node.commands().size();
        List<CompletionStage<String>> hits = new ArrayList<>();
        node.holdReplies(true); // Or the client would acknowledge the first before the last is sent.
        for (int i = 0; i < 200; i++) {
            hits.add(builds.getOrBuildAsync("k", String.class, context -> "again", Duration.ofSeconds(5)));
        }
        soon().until(() -> node.commands().size() == before + 200);
        node.holdReplies(false);

        hits.forEach(hit -> assertThat(get(hit)).hasSize(bytes));
        assertThat(node.commands())
                .as("commands sent, repeated ones included")
                .hasSizeGreaterThan(cluster.applied().size())
                .hasSizeLessThan(600);
        assertThat(states).isEmpty();
        assertThat(node.hellos()).hasSize(1);
    }

    @Test
    @Feature("C-29")
    void largeRepliesOfAnIdleSessionAreAcknowledgedSoon() {
        CoordinatorClient client = connect();
        Builds builds = client.builds();
        for (int i = 0; i < 10; i++) {
            builds.getOrBuild("k" + i, String.class, context -> "x".repeat(10_000), Duration.ofSeconds(5));
        }
        AsyncBuilds hits = client.async().builds();
        List<CompletionStage<String>> unread = new ArrayList<>();
        node.holdReplies(true);
        for (int i = 0; i < 10; i++) {
            unread.add(hits.getOrBuildAsync("k" + i, String.class, context -> "again", Duration.ofSeconds(5)));
        }
        soon().until(() -> cluster.unacknowledged(client.sessionId()) >= 10);

        node.holdReplies(false);
        unread.forEach(ClientFixture::get);
        soon().until(() -> cluster.unacknowledged(client.sessionId()) == 1);
    }

    @Test
    @Feature("C-29")
    void commandsThatAreTurnedBackForEverEndWithTheirDeadline() {
        CoordinatorClient client = connect(config -> config.requestTimeout(Duration.ofMillis(500)));
        cluster.turnBack(true);

        assertThatThrownBy(() -> client.cache().put("k", 1)).isInstanceOf(RequestTimeoutException.class);
        cluster.turnBack(false);
        soon().untilAsserted(() -> assertThat(client.cache().put("k", 2)).isPositive());
        assertThat(node.commands()).as("commands sent, repeated ones included").hasSizeLessThan(100);
    }

    @Test
    @Feature("C-29")
    void aStreamThatLosesTheRepliesToWhatWasTurnedBackIsLeft() {
        CoordinatorClient client = connect(config -> config.sessionLease(Duration.ofSeconds(2)));
        node.refuse(io.coordinator.protocol.ErrorCode.ENOTLEADER, "");
        node.dropStreams();
        AsyncCache cache = client.async().cache();
        List<CompletionStage<Long>> puts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            puts.add(cache.put("k", i));
        }
        cluster.turnBack(true);
        node.loseReplies(reply -> reply.getSeq() > 1);
        node.serve();
        soon().until(() -> node.commands().size() >= 10);

        int hellos = node.hellos().size();
        soon().until(() -> node.hellos().size() > hellos);
        cluster.turnBack(false);
        node.loseReplies(reply -> false);

        puts.forEach(ClientFixture::get);
    }

    @Test
    void commandsApplyInTheOrderOfSubmission() {
        AsyncCache cache = connect().async().cache();
        List<CompletionStage<Long>> puts = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            puts.add(cache.put("k", i));
            if (i == 250) {
                node.dropStreams();
            }
        }

        puts.forEach(ClientFixture::get);
        assertThat(cluster.applied().stream()
                        .map(command -> Integer.parseInt(
                                command.getCache().getPut().getValue().toStringUtf8())))
                .isSorted();
    }

    @Test
    void readSeesTheWritesMadeBeforeIt() {
        AsyncCache cache = connect().async().cache();
        for (int i = 0; i < 200; i++) {
            CompletionStage<Long> write = cache.put("k", i);
            assertThat(get(cache.get("k")).orElseThrow().as(Integer.class)).isEqualTo(i);
            get(write);
        }
    }

    @Test
    @Feature("G-14")
    void commandPastItsDeadlineKeepsItsPlace() {
        CoordinatorClient client = connect();
        node.holdReplies(true);
        Cache hasty = client.cache().withTimeout(Duration.ofMillis(50));
        assertThatThrownBy(() -> hasty.increment("n", 1)).isInstanceOfSatisfying(RequestTimeoutException.class, e -> {
            assertThat(e.outcomeUnknown()).isTrue();
            assertThat(e.code()).isEqualTo(ErrorCode.ETIMEOUT);
        });
        node.dropStreams();
        node.holdReplies(false);
        assertThat(client.cache().increment("n", 1)).isEqualTo(2);
        // The second may have gone to the stream that ended as well; after that they go in their order.
        assertThat(cacheCommands())
                .extracting(Command::getSeq)
                .startsWith(1L)
                .endsWith(1L, 2L)
                .containsOnly(1L, 2L);
    }

    @Test
    void commandNeverSentLeavesNoGap() {
        CoordinatorClient client = connect();
        node.refuse(io.coordinator.protocol.ErrorCode.ENOTLEADER, "");
        node.dropStreams();
        soon().until(() -> client.state() == ConnectionState.SUSPENDED);
        Cache hasty = client.cache().withTimeout(Duration.ofMillis(50));
        assertThatThrownBy(() -> hasty.put("k", 1)).isInstanceOfSatisfying(CoordinatorException.class, e -> {
            assertThat(e.outcomeUnknown()).isFalse();
            assertThat(e.retryable()).isTrue();
        });
        node.serve();
        client.cache().put("k", 2);
        assertThat(cacheCommands()).extracting(Command::getSeq).containsExactly(1L);
    }

    @Test
    void readPastItsDeadlineHasNoUnknownOutcome() {
        CoordinatorClient client = connect();
        node.silent(true);
        assertThatThrownBy(
                        () -> client.cache().withTimeout(Duration.ofMillis(50)).get("k"))
                .isInstanceOfSatisfying(
                        CoordinatorException.class,
                        e -> assertThat(e.outcomeUnknown()).isFalse());
        node.silent(false);
    }

    @Test
    void cancelledCommandThatWasNotSentNeverIs() {
        CoordinatorClient client = connect();
        node.refuse(io.coordinator.protocol.ErrorCode.ENOTLEADER, "");
        node.dropStreams();
        soon().until(() -> client.state() == ConnectionState.SUSPENDED);
        client.async().cache().put("k", "cancelled").toCompletableFuture().cancel(true);
        node.serve();
        client.cache().put("k", "kept");
        assertThat(cacheCommands())
                .singleElement()
                .satisfies(command -> assertThat(
                                command.getCache().getPut().getValue().toStringUtf8())
                        .isEqualTo("\"kept\""));
    }

    @Test
    @Feature("PM-CACHE-14")
    void requestAboveTheLimitIsRefusedBeforeItBreaksAnything() {
        CoordinatorClient client = connect();
        String huge = "x".repeat(2 << 20);
        assertThatThrownBy(() -> client.cache().put("k", huge)).isInstanceOf(PayloadTooLargeException.class);
        client.cache().put("k", 1);
        assertThat(cacheCommands()).extracting(Command::getSeq).containsExactly(1L);
    }

    @Test
    @Feature("PM-CONN-11")
    void failFastFailsAtOnceWithoutConnection() {
        CoordinatorClient client = connect(config -> config.failFast(true));
        node.refuse(io.coordinator.protocol.ErrorCode.ENOTLEADER, "");
        node.dropStreams();
        soon().until(() -> client.state() == ConnectionState.SUSPENDED);
        assertThatThrownBy(() -> client.cache().put("k", 1)).isInstanceOf(DisconnectedException.class);
    }

    @Test
    void tooManyPendingCallsAreRefused() {
        CoordinatorClient client = connect(config -> config.pendingCallsMax(3));
        node.holdReplies(true);
        AsyncCache cache = client.async().cache();
        List<CompletionStage<Long>> puts = List.of(cache.put("k", 1), cache.put("k", 2), cache.put("k", 3));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> get(cache.put("k", 4))).isInstanceOf(ThrottledException.class);
        }
        node.holdReplies(false);
        puts.forEach(ClientFixture::get);
        assertThat(get(cache.put("k", 5))).isPositive();
    }

    @Test
    @Feature({"G-15", "PM-CONN-11"})
    void aCallThatIsLargerThanAllMayBeIsNotToldToTryAgain() {
        CoordinatorClient client = connect(config -> config.pendingBytesMax(1_000));
        assertNeverFits(() -> client.cache().put("k", "x".repeat(1_000)));
        assertNeverFits(() -> get(client.async().cache().put("k", "x".repeat(1_000))));
        assertNeverFits(() -> client.cache().putAll(Map.of("k", "x".repeat(600), "l", "x".repeat(600))));
        assertNeverFits(() -> client.builds().put("k", "x".repeat(1_000), PutOptions.defaults()));
        assertNeverFits(() -> client.lock("L").acquire(LockOptions.defaults().contents("x".repeat(1_000))));
        assertNeverFits(() ->
                client.documents().open("d", OpenOptions.defaults().initialContent("x".repeat(1_000))));
        assertNeverFits(() -> client.transaction()
                .then(writes -> writes.put("k", "x".repeat(1_000)))
                .commit());
        assertThat(client.cache().put("k", "x".repeat(500))).isPositive();
    }

    private static void assertNeverFits(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PayloadTooLargeException.class,
                        refused -> assertThat(refused.retryable()).isFalse())
                .hasMessageMatching(".* has 1[0-9]{3} bytes.* at most 1000 .*pendingBytesMax.*");
    }

    @Test
    void receivedRepliesAreAcknowledgedWithLaterCommands() {
        Cache cache = connect().cache();
        cache.put("k", 1);
        cache.put("k", 2);
        cache.put("k", 3);
        assertThat(cacheCommands()).extracting(Command::getAckedSeq).containsExactly(0L, 1L, 2L);
    }

    @Test
    void busyClusterIsReportedToTheCallerAndTheNumberIsUsedUp() {
        Cache cache = connect().cache();
        cluster.refuseNext(1);
        assertThatThrownBy(() -> cache.put("k", 1)).isInstanceOf(ThrottledException.class);
        cache.put("k", 2);
        assertThat(cacheCommands()).extracting(Command::getSeq).containsExactly(1L, 2L);
    }

    private List<Command> cacheCommands() {
        return node.commands().stream().filter(Command::hasCache).toList();
    }
}
