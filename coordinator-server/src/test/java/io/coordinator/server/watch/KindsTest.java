package io.coordinator.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import io.coordinator.state.DataKinds;
import io.coordinator.state.Limits;
import io.coordinator.state.MessageGate;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Each kind of data keeps its own recent changes. Nothing runs but what a test calls. */
class KindsTest {
    private static final int CHANGES_MAX = 8;
    private static final int BYTES_MAX = 10_000;
    private static final int EVERYTHING = 1 << 20;

    private final EventHub hub = new EventHub(
            new WatchLimits(new MessageGate(Limits.DEFAULT), 10_000, 10_000, 1 << 24),
            CHANGES_MAX,
            BYTES_MAX,
            100,
            bug -> {});
    private final WatchSet watches = hub.open(() -> {});
    private final List<WatchUpdate> updates = new ArrayList<>();

    KindsTest() {
        hub.close();
    }

    @Test
    @Feature({"B-09", "C-08"})
    void aWatchThatIsFarBehindLosesNothingToOtherKinds() {
        start(watch(1, 0, DataKind.LOCK));
        append(DataKind.LOCK, 101);
        chatter(102, 100);
        match();
        append(DataKind.LOCK, 202);
        chatter(203, 100);
        pull();

        assertThat(revisions(1)).containsExactly(101L, 202L);
        assertThat(updates).noneMatch(WatchUpdate::hasEnded);
    }

    @Test
    @Feature({"B-09", "C-08"})
    void aWatchResumesBehindAnyNumberOfChangesOfOtherKinds() {
        append(DataKind.LOCK, 101);
        append(DataKind.LOCK, 102);
        chatter(103, 100);

        start(watch(1, 102, DataKind.LOCK));
        assertThat(revisions(1)).containsExactly(102L);
        WatchUpdate refused = refused(watch(2, 102, DataKind.CACHE));
        assertThat(refused.getEnded().getOldestRevision()).isEqualTo(203 - CHANGES_MAX);
        start(watch(2, refused.getEnded().getOldestRevision(), DataKind.CACHE));
        assertThat(revisions(2)).hasSize(CHANGES_MAX);
    }

    @Test
    @Feature("B-09")
    void whatIsTooOldForAWatchIsToldByTheKindsThatItSelects() {
        for (long revision = 101; revision < 121; revision++) {
            append(revision % 2 == 0 ? DataKind.LOCK : DataKind.DOCUMENT, revision);
        }
        chatter(121, 100);

        assertThat(refused(watch(1, 101, DataKind.LOCK)).getEnded().getOldestRevision())
                .isEqualTo(105);
        assertThat(refused(watch(1, 101, DataKind.DOCUMENT)).getEnded().getOldestRevision())
                .isEqualTo(104);
        assertThat(refused(watch(1, 101, DataKind.DOCUMENT, DataKind.LOCK))
                        .getEnded()
                        .getOldestRevision())
                .isEqualTo(105);
        start(watch(1, 104, DataKind.DOCUMENT));
        assertThat(refused(watch(2, 104, DataKind.DOCUMENT, DataKind.LOCK, DataKind.CACHE))
                        .getEnded())
                .satisfies(ended -> {
                    assertThat(ended.getCode()).isEqualTo(ErrorCode.ECOMPACTED);
                    assertThat(ended.getOldestRevision()).isEqualTo(221 - CHANGES_MAX);
                });
    }

    @Test
    @Feature({"C-04", "C-08"})
    void theWatchesOfOneKindAreNotHeldUpByThoseOfAnother() {
        for (int id = 1; id <= 5_000; id++) {
            start(watch(id, 0, DataKind.CACHE));
        }
        WatchSet other = hub.open(() -> {});
        assertThat(other.start(watch(1, 0, DataKind.DOCUMENT))).isEmpty();
        pullAll(other);
        chatter(101, CHANGES_MAX);
        append(DataKind.DOCUMENT, 101 + CHANGES_MAX);
        Set<WatchSet> woken = new HashSet<>();
        hub.matchSome(woken);
        assertThat(woken).contains(other);
    }

    @Test
    @Feature({"C-04", "C-08"})
    void aLossOfOneKindIsNobodysOfAnother() {
        for (int id = 1; id <= 5_000; id++) {
            start(watch(id, 0, DataKind.LOCK));
        }
        WatchSet other = hub.open(() -> {});
        assertThat(other.start(watch(1, 0, DataKind.CACHE))).isEmpty();
        pullAll(other);
        updates.clear();
        chatter(101, 100);
        Set<WatchSet> woken = new HashSet<>();
        hub.matchSome(woken);
        assertThat(woken).containsExactly(other);
        pullAll(other);
        assertThat(updates)
                .singleElement()
                .satisfies(lost -> assertThat(lost.getEnded().getCode()).isEqualTo(ErrorCode.ECOMPACTED));
    }

    @Test
    @Feature("C-08")
    void eachKindHasItsOwnBytes() {
        for (DataKind kind : DataKinds.all()) {
            for (int i = 0; i < 20; i++) {
                hub.append(List.of(change(kind, 101, "k").toBuilder()
                        .setValue(ByteString.copyFrom(new byte[2_000]))
                        .build()));
            }
        }
        append(DataKind.CACHE, 102);
        for (DataKind kind : DataKinds.all()) {
            assertThat(hub.ringBytes(kind)).as(kind.name()).isBetween(BYTES_MAX * 8L / 10, (long) BYTES_MAX);
        }
    }

    @Test
    @Feature("B-09")
    void changesOfOneRevisionComeAsTheEntryHasThem() {
        start(watch(1, 0, DataKind.CACHE, DataKind.LOCK, DataKind.DOCUMENT));
        hub.append(List.of(
                change(DataKind.LOCK, 101, "a"),
                change(DataKind.CACHE, 101, "b"),
                change(DataKind.DOCUMENT, 101, "c"),
                change(DataKind.CACHE, 101, "d"),
                change(DataKind.BUILD, 101, "e"),
                change(DataKind.LOCK, 101, "f")));
        match();
        updates.clear();
        watches.pull(1, updates::add);

        assertThat(updates)
                .as("one revision is never cut")
                .singleElement()
                .satisfies(update -> assertThat(update.getChangesList())
                        .extracting(Change::getKey)
                        .containsExactly("a", "b", "c", "d", "f"));
    }

    @Test
    @Feature("B-09")
    void aWatchOfSeveralKindsGoesOnWhereItHadCome() {
        start(watch(1, 0, DataKind.LOCK, DataKind.CACHE));
        append(DataKind.CACHE, 101);
        append(DataKind.LOCK, 102);
        match();
        pull();
        watches.stop(1);
        append(DataKind.LOCK, 103);
        append(DataKind.DOCUMENT, 104);
        append(DataKind.CACHE, 105);
        start(watch(2, 103, DataKind.CACHE, DataKind.LOCK));
        append(DataKind.CACHE, 106);
        append(DataKind.LOCK, 107);
        match();
        pull();

        assertThat(revisions(1)).containsExactly(101L, 102L);
        assertThat(revisions(2)).containsExactly(103L, 105L, 106L, 107L);
        assertThat(hub.watches()).isEqualTo(1);
    }

    /** One kind is matched before the other, whose earlier change must not be passed over. */
    @Test
    @Feature("B-09")
    void aKindThatIsMatchedFirstHidesNothingOfTheOthers() {
        for (int id = 1; id <= 2_000; id++) {
            start(watch(id, 0, DataKind.CACHE));
        }
        WatchSet other = hub.open(() -> {});
        assertThat(other.start(watch(1, 0, DataKind.LOCK, DataKind.CACHE))).isEmpty();
        pullAll(other);
        updates.clear();
        chatter(101, 2);
        append(DataKind.LOCK, 103);
        hub.matchSome(new HashSet<>());
        pullAll(other);
        match();
        pullAll(other);

        assertThat(revisions(1)).containsExactly(101L, 102L, 103L);
    }

    /** What one kind has dropped was no concern of the watch, and that is known, though not of the other kind's changes. */
    @Test
    @Feature({"B-09", "C-08"})
    void aKindThatIsBehindMakesAWatchLoseNothingOfTheOthers() {
        for (int id = 1; id <= 5_000; id++) {
            start(watch(id, 0, DataKind.CACHE));
        }
        WatchSet other = hub.open(() -> {});
        assertThat(other.start(watch(1, 0, DataKind.LOCK, DataKind.CACHE).toBuilder()
                        .setKey("mine")
                        .build()))
                .isEmpty();
        pullAll(other);
        updates.clear();
        append(DataKind.CACHE, 101);
        LongStream.range(102, 102 + CHANGES_MAX).forEach(revision -> append(DataKind.LOCK, revision));
        hub.matchSome(new HashSet<>());
        LongStream.range(110, 114).forEach(revision -> append(DataKind.LOCK, revision));
        hub.append(List.of(change(DataKind.LOCK, 114, "mine")));
        Set<WatchSet> woken = new HashSet<>();
        hub.matchSome(woken);
        assertThat(hub.isBehind()).as("the other kind").isTrue();
        assertThat(woken).contains(other);
        pullAll(other);

        assertThat(updates).noneMatch(WatchUpdate::hasEnded);
        assertThat(revisions(1)).containsExactly(114L);
    }

    @Test
    @Feature("C-08")
    void aWatchOfSeveralKindsCountsInEachAndLeavesNothing() {
        start(watch(1, 0, DataKind.CACHE));
        long one = hub.watchBytes();
        watches.stop(1);
        assertThat(hub.watchBytes()).isZero();
        start(watch(1, 0, DataKind.CACHE, DataKind.LOCK, DataKind.CACHE));
        assertThat(hub.watchBytes()).isEqualTo(2 * one);
        assertThat(hub.watches()).isEqualTo(1);
        watches.stop(1);
        assertThat(hub.watchBytes()).isZero();
        assertThat(hub.watches()).isZero();
    }

    private void chatter(long first, int count) {
        LongStream.range(first, first + count).forEach(revision -> append(DataKind.CACHE, revision));
    }

    private void append(DataKind kind, long revision) {
        hub.append(List.of(change(kind, revision, "k")));
    }

    private static Change change(DataKind kind, long revision, String key) {
        return Change.newBuilder()
                .setRevision(revision)
                .setData(kind)
                .setNamespace("default")
                .setKey(key)
                .setKind(ChangeKind.PUT)
                .build();
    }

    private static StartWatch watch(long id, long from, DataKind kind, DataKind... more) {
        return StartWatch.newBuilder()
                .setId(id)
                .setData(kind)
                .addAllMoreData(List.of(more))
                .setNamespace("default")
                .setPrefix(true)
                .setFromRevision(from)
                .build();
    }

    private void start(StartWatch request) {
        assertThat(watches.start(request)).isEmpty();
        pull();
    }

    private WatchUpdate refused(StartWatch request) {
        return watches.start(request).orElseThrow();
    }

    /** To the end. */
    private void match() {
        while (hub.isBehind()) {
            hub.matchSome(new HashSet<>());
        }
    }

    private void pull() {
        pullAll(watches);
    }

    private void pullAll(WatchSet set) {
        while (set.pull(EVERYTHING, updates::add) > 0) {
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
}
