package io.coordinator.state;

import static io.coordinator.protocol.BuildReply.OutcomeCase.BUILD;
import static io.coordinator.protocol.BuildReply.OutcomeCase.KNOWN_FAILURE;
import static io.coordinator.protocol.BuildReply.OutcomeCase.WAIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildStatus;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ClearBuilds;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.NamespaceUsage;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ReserveBuild;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Builds when one thing is done in each entry: what is over is over at once for everybody, whatever is left to do. */
@Feature("C-09")
class ThinBuildsTest extends Script {
    private static final int FEW = 6;

    @BeforeEach
    void oneThingAtATime() {
        at(1_000);
        for (String name : List.of("a", "b", "c", "d", "e", "z")) {
            session(name);
        }
        cutSlices(1);
    }

    private void fill(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            session("a").putBuild(prefix + i, "1");
        }
    }

    private List<String> keys() {
        return session("z").listBuilds("", "", 0).getKeysList();
    }

    private BuildStatus.State state(String key) {
        return session("z").status(key).getState();
    }

    private long rows() {
        return stats().getUsageList().stream()
                .filter(usage -> usage.getData() == DataKind.BUILD)
                .mapToLong(NamespaceUsage::getRows)
                .sum();
    }

    /** Applies empty entries until nothing is left to do, and returns what they told. */
    private List<Change> settle() {
        assertThat(core().hasWorkLeft()).isTrue();
        List<Change> told = new ArrayList<>();
        while (core().hasWorkLeft()) {
            tick();
            told.addAll(last().changes());
        }
        return told;
    }

    // ---- clears ----

    @Test
    @Feature({"B-32", "G-3"})
    void whatIsClearedIsGoneAtOnceAndWhatIsNewerStays() {
        fill("p/", 2 * FEW);
        session("a").putBuild("q", "1");
        long cleared = session("b").reserve("p/x", 60_000, 0).token();
        Outcome clear = session("z").clearBuilds("p/").changes(ChangeKind.DELETED);
        assertThat(clear.reply().getBuild().getCleared().getCount()).isOne();
        assertThat(state("p/9")).isEqualTo(BuildStatus.State.EMPTY);
        assertThat(state("p/x")).isEqualTo(BuildStatus.State.EMPTY);
        assertThat(keys()).containsExactly("q");
        assertThat(state("q")).isEqualTo(BuildStatus.State.EXISTS);

        long newer = session("c").reserve("p/9", 60_000, 0).gives(BUILD).token();
        assertThat(last().changes())
                .extracting(Change::getKey, Change::getKind)
                .endsWith(tuple("p/9", ChangeKind.DELETED), tuple("p/9", ChangeKind.STARTED));
        session("a").putBuild("p/8", "2");
        session("b").complete("p/x", cleared, "1").refused(ErrorCode.EBUILDLOST);
        session("b").hears(BuildEvent.OutcomeCase.LOST);

        assertThat(settle()).extracting(Change::getKind).containsOnly(ChangeKind.DELETED);
        assertThat(keys()).containsExactly("p/8", "p/9", "q");
        session("a").reserve("p/8", 60_000, 0).hit("2");
        session("c").complete("p/9", newer, "3").changes(ChangeKind.COMPLETED);
        session("c").hears();
        assertThat(rows()).isEqualTo(3);
    }

    @Test
    void soManyClearsAreAtWorkAndTheNextIsNotBegun() {
        fill("k/", 40);
        Entry.Builder entry = Entry.newBuilder();
        for (int i = 0; i < 17; i++) {
            entry.addCommands(session("z")
                    .stamp(Command.newBuilder()
                            .setBuild(BuildCommand.newBuilder()
                                    .setNamespace(Actor.NAMESPACE)
                                    .setKey("k/")
                                    .setClear(ClearBuilds.getDefaultInstance()))));
        }
        List<Reply> replies = apply(entry).replies();
        assertThat(replies.subList(0, 16)).noneMatch(Reply::hasError);
        assertThat(replies.get(16).getError().getCode()).isEqualTo(ErrorCode.EBUSY);
        settle();
        assertThat(rows()).isZero();
        fill("k/", 2);
        session("z").clearBuilds("k/").changes(ChangeKind.DELETED);
    }

    // ---- what is over ----

    @Test
    @Feature({"G-4", "JC-BOR-14"})
    void whatAnEndedSessionBuiltIsFreeAtOnce() {
        for (int i = 0; i < FEW; i++) {
            session("a").reserve("k" + i, 60_000, 0).gives(BUILD);
        }
        expire("a");
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(keys()).isEmpty();
        assertThat(state("k5")).isEqualTo(BuildStatus.State.EMPTY);
        session("b").reserve("k5", 60_000, 0).gives(BUILD);
        assertThat(last().changes()).extracting(Change::getKind).endsWith(ChangeKind.LOST, ChangeKind.STARTED);
        settle();
        assertThat(keys()).containsExactly("k5");
        assertThat(rows()).isOne();
    }

    @Test
    @Feature({"B-32", "G-3"})
    void aKeptFailureIsOverAtItsTimeThoughItIsStillThere() {
        for (int i = 0; i < FEW; i++) {
            long token = session("a").reserve("k" + i, 60_000, 0).token();
            session("a").failKept("k" + i, token, 500);
        }
        session("b").reserve("k5", 60_000, 0).gives(KNOWN_FAILURE);
        at(2_000).tick();
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(keys()).isEmpty();
        session("b").reserve("k5", 60_000, 0).gives(BUILD);
    }

    // ---- those who wait ----

    private static ReserveBuild.Builder takingOver() {
        return ReserveBuild.newBuilder()
                .setBuildMillis(60_000)
                .setWaitMillis(-1)
                .setTakeOver(true);
    }

    @Test
    @Feature({"A-26", "JC-BOR-7", "C-06"})
    void aFailureThatIsToldInSlicesIsToldToNobodyWhoTakesOver() {
        long token = session("a").reserve("k", 60_000, 0).token();
        for (String name : List.of("b", "c")) {
            for (int i = 0; i < FEW / 2; i++) {
                session(name).reserve("k", 60_000, -1).gives(WAIT);
            }
        }
        session("d").reserve("k", takingOver()).gives(WAIT);
        session("e").reserve("k", takingOver()).gives(WAIT);
        session("a").fail("k", token, "broken");
        session("d").hears(BuildEvent.OutcomeCase.PROMOTED);
        settle();
        for (String name : List.of("b", "c")) {
            assertThat(session(name).heard())
                    .hasSize(FEW / 2)
                    .allMatch(event -> event.getBuild().hasFailed());
        }
        session("e").hears();
        expire("d");
        session("e").hears(BuildEvent.OutcomeCase.PROMOTED);
        assertThat(rows()).isOne();
    }

    @Test
    @Feature({"JC-BOR-14", "G-5"})
    void whoCameFirstBuildsNextWhetherItWouldTakeOverOrNot() {
        session("a").reserve("k", 60_000, 0);
        session("b").reserve("k", takingOver());
        session("c").reserve("k", 60_000, -1);
        session("d").reserve("k", takingOver());
        for (String next : List.of("b", "c", "d")) {
            expire(next.equals("b") ? "a" : next.equals("c") ? "b" : "c");
            drain();
            session(next).hears(BuildEvent.OutcomeCase.PROMOTED);
        }
    }

    @Test
    @Feature("C-06")
    void nothingStaysOfOutcomesThatWereToldInSlicesAtTheSameTime() {
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < FEW; i++) {
                session("b").await("k", -1);
                session("c").reserve("k", 60_000, -1);
            }
            session("a").putBuild("k", "" + round);
            session("z").deleteBuild("k");
        }
        settle();
        assertThat(count("buildWaiters")).isZero();
        assertThat(session("c").heard())
                .filteredOn(event -> event.getBuild().hasPromoted())
                .isEmpty();
        assertThat(rows()).isZero();
    }
}
