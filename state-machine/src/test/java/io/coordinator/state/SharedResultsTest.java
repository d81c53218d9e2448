package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildFailure;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.Event;
import io.coordinator.state.kernel.Slices;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What many wait for is kept once, whoever is told, and goes when the last of them has heard it. */
@Feature("C-06")
class SharedResultsTest extends Script {
    private static final int WAITERS = 2_100;
    private static final int RESULT_BYTES = 1 << 20;
    private static final String RESULT = "\"" + "x".repeat(RESULT_BYTES - 2) + "\"";

    @BeforeEach
    void oneReplica() {
        withoutShadow();
    }

    @Test
    void aResultOfOneMegabyteIsKeptOnceForTwoThousandWaiters() throws Exception {
        long token = at(1_000).session("a").reserve("k", 60_000, 0).token();
        queue("b", "k", WAITERS);
        session("a").complete("k", token, RESULT).gives(BuildReply.OutcomeCase.COMPLETED);
        drain();

        List<Event> heard = session("b").heard();
        assertThat(heard).hasSize(WAITERS);
        for (Event event : heard) {
            assertThat(event.getBuild().getOutcomeCase()).isEqualTo(BuildEvent.OutcomeCase.COMPLETED);
            assertThat(event.getValue().size()).isEqualTo(RESULT_BYTES);
        }
        Store store = new Store().save(core());
        assertThat(large(store)).as("the build and what is shared").isEqualTo(2);

        Coordinator restored = store.load();
        List<Event> pending = restored.pendingEvents(session("b").id());
        assertThat(pending).isEqualTo(heard);
        // The last event but one, and the value stays; the last one, and it goes: on both replicas alike.
        long last = pending.get(pending.size() - 1).getNumber();
        acknowledge(restored, last - 1);
        assertThat(large(store.save(core()))).isEqualTo(2);
        acknowledge(restored, last);
        assertThat(large(store.save(core()))).as("the build alone").isEqualTo(1);
        assertThat(restored.digest()).isEqualTo(core().digest());
    }

    private void acknowledge(Coordinator restored, long event) {
        session("b").acksEvents(event).acknowledge();
        restored.apply(index(), lastEntry());
    }

    @Test
    void aFailureWithALongAccountIsKeptOnceToo() throws Exception {
        long token = at(1_000).session("a").reserve("k", 60_000, 0).token();
        queue("b", "k", WAITERS);
        session("a").fail("k", token, "x".repeat(900_000));
        drain();
        for (Event event : session("b").heard()) {
            assertThat(BuildFailure.parseFrom(event.getValue()).getMessage()).hasSize(900_000);
        }
        assertThat(large(new Store().save(core()))).isEqualTo(1);
    }

    @Test
    void whatIsSharedGoesWithTheLastSessionThatWasToldOfIt() {
        long token = at(1_000).session("a").reserve("k", 60_000, 0).token();
        queue("b", "k", 10);
        queue("c", "k", 10);
        session("a").complete("k", token, RESULT);
        drain();
        Store store = new Store().save(core());
        session("b").close();
        assertThat(large(store.save(core()))).as("the build and what is shared").isEqualTo(2);
        session("c").close();
        assertThat(large(store.save(core()))).as("the build alone").isEqualTo(1);
    }

    /** The waiters who have been told acknowledge at once, so that for a moment the job alone needs what is shared. */
    @Test
    void whatAJobStillTellsStaysOnARestoredReplicaToo() {
        cutSlices(1_000);
        long token = at(1_000).session("a").reserve("k", 60_000, 0).token();
        queue("b", "k", 60);
        session("a").complete("k", token, RESULT);
        Coordinator restored = new Store().save(core()).load();
        Slices.setSteps(restored.state().storage.budget(), 1_000);
        session("b").acksEvents(Long.MAX_VALUE).acknowledge();
        assertThat(core().hasWorkLeft()).isTrue();
        assertThat(restored.apply(index(), lastEntry())).isEqualTo(last());
        assertThat(restored.digest()).isEqualTo(core().digest());
        while (core().hasWorkLeft()) {
            tick();
            assertThat(restored.apply(index(), lastEntry())).isEqualTo(last());
        }
        assertThat(session("b").heard()).hasSize(60);
        assertThat(restored.digest()).isEqualTo(core().digest());
    }

    @Test
    void whoeverComesLaterHearsOnlyOfTheLaterBuild() {
        cutSlices(1);
        long first = at(1_000).session("a").reserve("k", 60_000, 0).token();
        queue("b", "k", 50);
        session("a").fail("k", first, "no");
        assertThat(core().hasWorkLeft()).isTrue();
        // The key is free at once, and its next build ends before all have heard of the one before.
        long second = session("a")
                .reserve("k", 60_000, 0)
                .gives(BuildReply.OutcomeCase.BUILD)
                .token();
        queue("c", "k", 10);
        session("a").complete("k", second, "\"yes\"");
        drain();
        assertThat(session("b").heard())
                .hasSize(50)
                .allMatch(event -> event.getBuild().hasFailed());
        assertThat(session("c").heard())
                .hasSize(10)
                .allMatch(event -> event.getBuild().hasCompleted());
    }

    @Test
    @Feature({"JC-BOR-14", "B-08"})
    void nobodyOvertakesThoseToWhomABuildIsBeingHandedOn() {
        cutSlices(1);
        at(1_000).session("a").reserve("k", 60_000, 0).gives(BuildReply.OutcomeCase.BUILD);
        for (int i = 0; i < 30; i++) {
            session("b").reserve("k", 60_000, 500).gives(BuildReply.OutcomeCase.WAIT);
        }
        session("c").reserve("k", 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        at(2_000).session("a").close();
        assertThat(core().hasWorkLeft()).isTrue();
        session("d").reserve("k", 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        drain();
        session("c").hears(BuildEvent.OutcomeCase.PROMOTED);
        session("d").hears();
    }

    @Test
    void whoIsBeingToldIsNotPromoted() {
        cutSlices(1);
        long first = at(1_000).session("a").reserve("k", 60_000, 0).token();
        queue("b", "k", 30);
        session("a").complete("k", first, "\"yes\"");
        session("a").deleteBuild("k");
        long second = session("a")
                .reserve("k", 60_000, 0)
                .gives(BuildReply.OutcomeCase.BUILD)
                .token();
        session("c").reserve("k", 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        session("a").deleteBuild("k");
        drain();
        assertThat(session("b").heard())
                .hasSize(30)
                .allMatch(event -> event.getBuild().hasCompleted());
        session("c").hears(BuildEvent.OutcomeCase.PROMOTED);
        assertThat(session("c").status("k").getToken()).isGreaterThan(second);
    }

    private void queue(String session, String key, int count) {
        for (int i = 0; i < count; i++) {
            session(session).reserve(key, 60_000, -1).gives(BuildReply.OutcomeCase.WAIT);
        }
    }

    /** How many rows of a snapshot are larger than a tenth of the result. */
    private static long large(Store store) {
        List<byte[]> rows = new ArrayList<>(store.rows().values());
        assertThat(rows).allMatch(row -> row.length < RESULT_BYTES + 1_000);
        return rows.stream().filter(row -> row.length > RESULT_BYTES / 10).count();
    }
}
