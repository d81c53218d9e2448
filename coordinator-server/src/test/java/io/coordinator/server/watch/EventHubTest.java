package io.coordinator.server.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import io.coordinator.state.Limits;
import io.coordinator.state.MessageGate;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventHubTest {
    private static final int EVERYTHING = 1 << 20;

    private final EventHub hub = new EventHub(
            new WatchLimits(new MessageGate(Limits.DEFAULT), 100, 1_000, 1 << 20), 8, 1 << 20, 100, bug -> {});
    private final AtomicInteger wakes = new AtomicInteger();
    private final WatchSet watches = hub.open(wakes::incrementAndGet);
    private final List<WatchUpdate> updates = new ArrayList<>();

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void aWatchFromNowSeesLaterChangesOfItsKeyOnly() {
        start(watch(1, "a", false, 0));
        assertThat(updates).first().satisfies(first -> {
            assertThat(first.getStarted()).isTrue();
            assertThat(first.getRevision()).isEqualTo(100);
        });

        append(101, "b");
        append(102, "a");
        append(103, "ab");
        await().until(() -> wakes.get() > 0);
        pull();
        assertThat(revisions(1)).containsExactly(102L);
    }

    @Test
    void aPrefixWatchSeesAllKeysUnderIt() {
        start(watch(1, "a/", true, 0));
        append(101, "a/x");
        append(102, "a");
        append(103, "a/y");
        await().untilAsserted(() -> {
            pull();
            assertThat(revisions(1)).containsExactly(101L, 103L);
        });
    }

    @Test
    void aWatchFromARevisionReplaysTheRing() {
        append(101, "a");
        append(102, "a");
        append(103, "a");
        start(watch(1, "a", false, 102));
        pull();

        assertThat(updates.get(0).getRevision()).isEqualTo(101);
        assertThat(revisions(1)).containsExactly(102L, 103L);
    }

    @Test
    @Feature("A-02")
    void itIsKnownUpToWhereChangesWereMatched() {
        CountDownLatch release = new CountDownLatch(1);
        WatchSet held = hub.open(() -> await().until(() -> release.getCount() == 0));
        assertThat(hub.hasMatched(100)).isTrue();
        append(101, "a");
        await().until(() -> hub.hasMatched(101));

        assertThat(held.start(watch(1, "a", false, 0))).isEmpty();
        held.pull(EVERYTHING, update -> {});
        held.pull(EVERYTHING, update -> {});
        append(102, "a");
        await().until(held::hasUpdates);
        append(103, "a");
        append(104, "b");
        assertThat(hub.hasMatched(102)).isTrue();
        assertThat(hub.hasMatched(103)).as("the hub's thread is held up").isFalse();
        release.countDown();
        await().until(() -> hub.hasMatched(104));
    }

    @Test
    @Feature("B-09")
    void aWatchIsToldOnceThatItHasCaughtUp() {
        append(101, "a");
        append(102, "b");
        start(watch(1, "a", false, 101));
        pull();
        assertThat(updates).last().satisfies(caughtUp -> {
            assertThat(caughtUp.getCaughtUp()).isTrue();
            assertThat(caughtUp.getRevision()).isEqualTo(102);
        });
        append(103, "a");
        await().untilAsserted(() -> {
            pull();
            assertThat(revisions(1)).containsExactly(101L, 103L);
        });
        assertThat(updates).filteredOn(WatchUpdate::getCaughtUp).hasSize(1);
    }

    @Test
    void anExactReplayHasNeitherGapNorDuplicateAtTheJoin() {
        append(101, "a");
        start(watch(1, "a", false, 101));
        append(102, "a");
        await().untilAsserted(() -> {
            pull();
            assertThat(revisions(1)).containsExactly(101L, 102L);
        });
    }

    @Test
    @Feature("C-08")
    void nothingIsKeptOfWatchesThatWereStoppedBeforeTheClientTookAnything() {
        for (int round = 0; round < 100; round++) {
            for (int id = 1; id <= 10; id++) {
                assertThat(watches.start(watch(id, "a", false, 0))).isEmpty();
            }
            for (int id = 1; id <= 10; id++) {
                watches.stop(id);
            }
        }
        assertThat(watches.hasUpdates()).isFalse();

        start(watch(1, "a", false, 0));
        pull();
        assertThat(updates).extracting(WatchUpdate::getId).containsOnly(1L);
    }

    @Test
    void aRevisionThatIsGoneIsRefusedWithTheOldestThatIsThere() {
        for (int i = 0; i < 12; i++) {
            append(101 + i, "a");
        }
        WatchUpdate refused = watches.start(watch(1, "a", false, 104)).orElseThrow();

        assertThat(refused.getEnded().getCode()).isEqualTo(ErrorCode.ECOMPACTED);
        assertThat(refused.getEnded().getOldestRevision()).isEqualTo(105);
        assertThat(watches.start(watch(2, "a", false, 105))).isEmpty();
    }

    @Test
    void whatHappenedBeforeTheStartOfTheNodeIsGone() {
        assertThat(watches.start(watch(1, "a", false, 100))
                        .orElseThrow()
                        .getEnded()
                        .getCode())
                .isEqualTo(ErrorCode.ECOMPACTED);
    }

    @Test
    void aWatcherThatFallsOffTheRingIsToldSoAndCostsNothing() {
        start(watch(1, "a", false, 0));
        append(101, "a");
        await().until(() -> wakes.get() > 0);
        for (int i = 0; i < 20; i++) {
            append(102 + i, "b");
        }
        pull();

        assertThat(updates.get(updates.size() - 1).getEnded().getCode()).isEqualTo(ErrorCode.ECOMPACTED);
        assertThat(hub.watches()).isZero();
    }

    @Test
    void aWatchWithoutChangesIsNotHurtByTheRingMovingOn() {
        start(watch(1, "quiet", false, 0));
        start(watch(2, "busy", false, 0));
        for (int i = 0; i < 50; i++) {
            long revision = 101L + i;
            append(revision, "busy");
            await().pollInterval(Duration.ofMillis(1)).until(() -> {
                pull();
                return revisions(2).contains(revision);
            });
        }
        append(151, "quiet");
        await().untilAsserted(() -> {
            pull();
            assertThat(updates.stream().noneMatch(WatchUpdate::hasEnded)).isTrue();
            assertThat(revisions(1)).containsExactly(151L);
        });
    }

    @Test
    void anUpdateNeverEndsInTheMiddleOfARevision() {
        start(watch(1, "", true, 0));
        hub.append(List.of(change(101, "a"), change(102, "a"), change(102, "b"), change(102, "c"), change(103, "a")));
        await().until(() -> wakes.get() > 0);
        updates.clear();
        watches.pull(1, updates::add);
        watches.pull(1, updates::add);
        watches.pull(1, updates::add);

        assertThat(updates.stream().map(WatchUpdate::getChangesCount)).containsExactly(1, 3, 1);
        assertThat(updates.stream().map(WatchUpdate::getRevision)).containsExactly(101L, 102L, 103L);
    }

    @Test
    @Feature("C-08")
    void aPullLooksAtSoManyChangesWhetherTheyAreWantedOrNot() {
        WatchLimits limits = new WatchLimits(new MessageGate(Limits.DEFAULT), 100, 1_000, 1 << 20);
        try (EventHub large = new EventHub(limits, 10_000, 1 << 20, 100, bug -> {})) {
            for (int i = 0; i < 5_000; i++) {
                large.append(List.of(change(101 + i, "busy")));
            }
            WatchSet set = large.open(() -> {});
            for (int id = 1; id <= 10; id++) {
                assertThat(set.start(watch(id, "quiet", false, 101))).isEmpty();
            }
            int all = 0;
            int looks = set.pull(EVERYTHING, updates::add);
            while (looks > 0) {
                assertThat(looks).isLessThan(2 * WatchSet.LOOKS_MAX);
                all += looks;
                looks = set.pull(EVERYTHING, updates::add);
            }
            assertThat(all).isBetween(10 * 5_000, 11 * 5_000);
            assertThat(updates).filteredOn(WatchUpdate::getCaughtUp).hasSize(10);
        }
    }

    @Test
    void anInstalledSnapshotEndsAllWatches() {
        start(watch(1, "a", false, 0));
        hub.reset(500);
        await().untilAsserted(() -> {
            pull();
            assertThat(updates.get(updates.size() - 1).getEnded().getOldestRevision())
                    .isEqualTo(501);
        });
        assertThat(watches.start(watch(2, "a", false, 501))).isEmpty();
    }

    @Test
    @Feature({"C-04", "C-08"})
    void watchesThatHaveMissedChangesAreToldBitByBit() {
        missed(large -> {
            for (int i = 0; i < 20; i++) {
                large.append(List.of(change(101 + i, "quiet")));
            }
            large.append(List.of(change(200, "k1")));
        });
    }

    @Test
    @Feature({"C-04", "C-08"})
    void anInstalledSnapshotEndsWatchesBitByBit() {
        missed(large -> large.reset(500));
        missed(large -> {
            large.reset(500);
            large.append(List.of(change(501, "k1")));
        });
    }

    /** None hears of anything later in place of the loss. */
    private void missed(Consumer<EventHub> loss) {
        updates.clear();
        WatchLimits limits = new WatchLimits(new MessageGate(Limits.DEFAULT), 5_000, 5_000, 1 << 24);
        EventHub stopped = new EventHub(limits, 8, 1 << 20, 100, bug -> {});
        stopped.close();
        WatchSet set = stopped.open(wakes::incrementAndGet);
        for (int id = 1; id <= 5_000; id++) {
            assertThat(set.start(watch(id, "k" + id, id % 2 == 0, 0))).isEmpty();
        }
        pullAll(set);
        updates.clear();
        loss.accept(stopped);
        pullAll(set);
        assertThat(updates).as("told by the thread of the entry").isEmpty();
        for (int turn = 1; stopped.watches() > 0; turn++) {
            int before = updates.size();
            stopped.matchSome(new HashSet<>());
            pullAll(set);
            assertThat(updates.size() - before).as("turn " + turn).isLessThanOrEqualTo(1_024);
            assertThat(turn).isLessThan(100);
        }
        assertThat(updates).hasSize(5_000).allMatch(update -> update.getEnded().getCode() == ErrorCode.ECOMPACTED);
    }

    private void pullAll(WatchSet set) {
        while (set.pull(EVERYTHING, updates::add) > 0) {
            // Until nothing is left.
        }
    }

    @Test
    void aStoppedWatchIsSilent() {
        start(watch(1, "a", false, 0));
        watches.stop(1);
        append(101, "a");
        pull();

        assertThat(revisions(1)).isEmpty();
        assertThat(hub.watches()).isZero();
    }

    @Test
    @Feature({"C-04", "C-08"})
    void aStreamThatEndsLeavesItsWatchesToTheHubWhichForgetsThemBitByBit() {
        WatchLimits limits = new WatchLimits(new MessageGate(Limits.DEFAULT), 1_000, 1_000, 1 << 20);
        EventHub stopped = new EventHub(limits, 8, 1 << 20, 100, bug -> {});
        stopped.close();
        WatchSet set = stopped.open(wakes::incrementAndGet);
        for (int id = 1; id <= 600; id++) {
            assertThat(set.start(watch(id, "k" + id, false, 0))).isEmpty();
        }
        set.close();
        set.stop(600);
        assertThat(set.pull(EVERYTHING, updates::add)).isZero();
        assertThat(updates).isEmpty();
        assertThat(stopped.watches()).as("taken out by the thread that closes").isEqualTo(600);
        stopped.forgetSome();
        assertThat(stopped.watches()).isEqualTo(600 - EventHub.LEAVING_MAX);
        stopped.forgetSome();
        stopped.forgetSome();
        stopped.forgetSome();
        assertThat(stopped.watches()).isZero();
    }

    @Test
    @Feature("C-08")
    void theWatchesOfAStreamThatEndsAreGoneSoon() {
        WatchSet other = hub.open(wakes::incrementAndGet);
        assertThat(other.start(watch(1, "a", false, 0))).isEmpty();
        for (int id = 1; id <= 100; id++) {
            start(watch(id, "a", id % 2 == 0, 0));
        }
        watches.close();
        await().until(() -> hub.watches() == 1);
        assertThat(other.start(watch(2, "a", false, 0))).isEmpty();
        assertThat(code(watch(101, "a", false, 0))).isEqualTo(ErrorCode.EBUSY);
    }

    @Test
    @Feature("C-08")
    void theHeapThatWatchesTakeWithTheirNamesIsBounded() {
        WatchLimits limits = new WatchLimits(new MessageGate(Limits.DEFAULT), 1_000, 1_000, 50_000);
        try (EventHub small = new EventHub(limits, 8, 1 << 20, 100, bug -> {})) {
            WatchSet set = small.open(() -> {});
            WatchSet other = small.open(() -> {});
            int started = startUntilRefused(set, "x".repeat(1_000));
            assertThat(started).isBetween(25, 50);
            assertThat(small.watches()).isEqualTo(started);
            assertThat(other.start(watch(1, "short", false, 0)).orElseThrow().getEnded())
                    .satisfies(busy -> {
                        assertThat(busy.getCode()).isEqualTo(ErrorCode.EBUSY);
                        assertThat(busy.getMessage()).contains("the watches of this node take 50000 bytes");
                        assertThat(busy.getRetryAfterMillis()).isPositive();
                    });
            set.stop(1);
            assertThat(other.start(watch(1, "short", false, 0))).isEmpty();
            set.close();
            other.close();
            await().until(() -> small.watches() == 0);
            assertThat(small.watchBytes()).isZero();
            assertThat(startUntilRefused(small.open(() -> {}), "")).isGreaterThan(started);
        }
    }

    @Test
    @Feature("C-08")
    void watchesOfOneKeyShareItsName() {
        start(watch(1, "k".repeat(1_000), false, 0));
        long one = hub.watchBytes();
        start(watch(2, "k".repeat(1_000), false, 0));
        assertThat(hub.watchBytes() - one).isLessThan(300);
        watches.stop(1);
        assertThat(hub.watchBytes()).isEqualTo(one);
        watches.stop(2);
        assertThat(hub.watchBytes()).isZero();
    }

    /** Each of a namespace and key of its own; returns how many were taken. */
    private static int startUntilRefused(WatchSet set, String start) {
        int started = 0;
        StartWatch next = watch(1, start + "k1", true, 0);
        while (set.start(next).isEmpty()) {
            started++;
            next = watch(started + 1, start + "k" + (started + 1), true, 0).toBuilder()
                    .setNamespace("n" + started)
                    .build();
        }
        return started;
    }

    @Test
    void nonsenseIsRefused() {
        assertThat(code(watch(1, "", false, 0))).isEqualTo(ErrorCode.EINVAL);
        assertThat(code(watch(1, "a", false, 0).toBuilder().setNamespace("").build()))
                .isEqualTo(ErrorCode.EINVAL);
        start(watch(1, "a", false, 0));
        assertThat(code(watch(1, "b", false, 0))).isEqualTo(ErrorCode.EINVAL);
    }

    private ErrorCode code(StartWatch request) {
        return watches.start(request).orElseThrow().getEnded().getCode();
    }

    private void start(StartWatch request) {
        assertThat(watches.start(request)).isEmpty();
        pull();
    }

    private void pull() {
        while (watches.pull(EVERYTHING, updates::add) > 0) {
            // Until nothing is left.
        }
    }

    private List<Long> revisions(long id) {
        return updates.stream()
                .filter(update -> update.getId() == id)
                .flatMap(update -> update.getChangesList().stream())
                .map(Change::getRevision)
                .toList();
    }

    private void append(long revision, String key) {
        hub.append(List.of(change(revision, key)));
    }

    private static Change change(long revision, String key) {
        return Change.newBuilder()
                .setRevision(revision)
                .setData(DataKind.CACHE)
                .setNamespace("default")
                .setKey(key)
                .setKind(ChangeKind.PUT)
                .setValue(ByteString.copyFromUtf8("1"))
                .build();
    }

    private static StartWatch watch(long id, String key, boolean prefix, long from) {
        return StartWatch.newBuilder()
                .setId(id)
                .setData(DataKind.CACHE)
                .setNamespace("default")
                .setKey(key)
                .setPrefix(prefix)
                .setFromRevision(from)
                .build();
    }
}
