package io.coordinator.state;

import static io.coordinator.protocol.SemaphoreReply.OutcomeCase.BUSY;
import static io.coordinator.protocol.SemaphoreReply.OutcomeCase.GRANTED;
import static io.coordinator.protocol.SemaphoreReply.OutcomeCase.QUEUED;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.InspectSemaphore;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.SemaphoreEvent;
import io.coordinator.protocol.SemaphoreInspection;
import io.coordinator.protocol.SemaphoreQuery;
import io.coordinator.state.kernel.Page;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** How long there is a semaphore, who passes when a wait ends, and what an inspection shows. */
class SemaphoreLifeTest extends Script {
    @Test
    @Feature("B-21")
    void whatNobodyUsesIsForgottenWhenItIsDeleted() {
        session("op").resize("s", 2).changes(ChangeKind.RESIZED);
        assertThat(count("semaphores")).isOne();
        assertThat(session("op").deleteSemaphore("s").existed()).isTrue();
        assertThat(count("semaphores")).isZero();
        assertThat(session("op").deleteSemaphore("s").changes().existed()).isFalse();
    }

    @Test
    @Feature("B-21")
    void aSizeThatIsSetStaysThoughItIsWhatThereWas() {
        long token = session("a").permits("s", 1, 2, 0, 0).token();
        session("op").resize("s", 2).changes(ChangeKind.RESIZED);
        session("op").resize("s", 2).changes();
        session("a").releasePermits("s", token);
        assertThat(session("z").inspectSemaphore("s").getLimit()).isEqualTo(2);
        session("a").permits("s", 3, 9, 0, 0).gives(BUSY);
    }

    @Test
    @Feature({"B-08", "DL-SEM-5"})
    void whoseWaitIsOverLetsThoseBehindItPass() {
        at(1_000).session("a").permits("s", 2, 3, 0, 0);
        session("b").permits("s", 3, 3, 0, 500).gives(QUEUED);
        session("c").permits("s", 1, 3, 0, -1).gives(QUEUED);
        session("c").hears();
        at(1_500).tick();
        session("b").hears(SemaphoreEvent.OutcomeCase.WAIT_ELAPSED);
        session("c").hearsPermits();
    }

    @Test
    @Feature({"B-30", "C-08"})
    void anInspectionShowsAPageOfHoldersAndCountsAll() {
        int many = Page.ROWS_MAX + 1;
        for (int i = 0; i < many; i++) {
            session("a").acks(i).permits("s", 1, many, 0, 0).gives(GRANTED);
        }
        SemaphoreInspection shown = session("z").inspectSemaphore("s");
        assertThat(shown.getHeld()).isEqualTo(many);
        assertThat(shown.getHoldsCount()).isEqualTo(Page.ROWS_MAX);
    }

    @Test
    @Feature("B-30")
    void whoInspectsNamesASemaphore() {
        SemaphoreQuery.Builder inspect = SemaphoreQuery.newBuilder()
                .setNamespace(Actor.NAMESPACE)
                .setInspect(InspectSemaphore.getDefaultInstance());
        assertThat(core().refuse(Query.newBuilder().setSemaphore(inspect).build()))
                .isPresent();
        assertThat(core().refuse(Query.newBuilder()
                        .setSemaphore(inspect.setName("s"))
                        .build()))
                .isEmpty();
    }
}
