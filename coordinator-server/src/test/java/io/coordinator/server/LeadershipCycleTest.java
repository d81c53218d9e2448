package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.server.propose.Batch;
import io.coordinator.server.session.LeaderView;
import io.coordinator.server.support.HandNode;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeadershipCycleTest {
    private static final Duration WAIT = Duration.ofHours(1);
    private static final Duration SESSION_LEASE = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration REST = Duration.ofMillis(200);

    private final LeadershipState state =
            new LeadershipState("n1", Optional::empty, () -> 0, TimeUnit.SECONDS.toNanos(1), node -> node + ":4701");
    private final HandNode node = new HandNode(state);
    private final LeadershipCycle cycle = new LeadershipCycle(
            WAIT, state, node.replica(), node.proposer(), node.gate(), node.gateway(), node.time(), bug -> {});

    @AfterEach
    void close() {
        cycle.close();
        node.close();
        assertThat(node.bug()).isEmpty();
    }

    @Test
    @Feature("G-2")
    void aLeaderServesNobodyWhileTheLeaseOfTheOneBeforeMayHold() {
        cycle.elected();
        node.time().advance(WAIT.minus(REST));
        long begun = System.nanoTime();
        cycle.ready(1);
        assertThat(state.state()).isEqualTo(LeaderView.State.OPENING);

        await().until(() -> state.state() == LeaderView.State.SERVING);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(REST);
    }

    @Test
    @Feature("S-78")
    void anHeirServesAtOnceBecauseTheLeaseWasReleased() {
        node.follow(Entry.newBuilder().setLeaseReleased(true).build());
        cycle.elected();
        cycle.ready(1);
        await().until(() -> state.state() == LeaderView.State.SERVING);
    }

    @Test
    @Feature("G-2")
    void whoIsDeposedWhileItWaitsDoesNotServeAfterwards() {
        cycle.elected();
        node.time().advance(WAIT.minus(REST));
        cycle.ready(1);
        cycle.deposed();
        await().during(REST.multipliedBy(2)).until(() -> state.state() == LeaderView.State.ELSEWHERE);
        assertThat(node.proposer().isOpen()).isFalse();
    }

    @Test
    @Feature("G-2")
    void aLeadershipThatIsLostServesNeverAgain() {
        long lost = state.elected();
        assertThat(state.serve(lost, 1)).isTrue();
        state.lost();
        assertThat(state.serve(lost, 1)).isFalse();
        long next = state.elected();
        assertThat(state.serve(lost, 1)).isFalse();
        assertThat(state.state()).isEqualTo(LeaderView.State.OPENING);
        assertThat(state.serve(next, 2)).isTrue();
    }

    @Test
    @Feature("G-2")
    void whoeverIsDeposedAnswersNothingUnderTheLease() {
        lead(1);
        prove();
        assertThat(node.answersAtOnce()).isTrue();
        cycle.deposed();
        assertThat(node.answersAtOnce()).isFalse();
        await().until(() -> !node.proposer().isOpen());
    }

    @Test
    @Feature({"G-2", "S-78"})
    void aHandOverGivesUpTheReadLeaseBeforeItSaysSo() {
        node.log().handsOverTo("n2", new CompletableFuture<>());
        lead(1);
        prove();
        assertThat(node.answersAtOnce()).isTrue();

        CompletableFuture<Void> transfer = transfer();
        assertThat(node.answersAtOnce()).isFalse();
        assertThat(node.commit().getLeaseReleased()).isTrue();
        assertThat(node.answersAtOnce()).as("an entry proves nothing any more").isFalse();
        assertThat(state.leaderAddress()).isEqualTo("n2:4701");
        assertThat(transfer).isNotDone();
        assertThat(transfer()).as("one at a time").isCompletedExceptionally();
    }

    @Test
    @Feature("S-78")
    void aHandOverThatFailsLeavesTheLeaderAsItWas() {
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        node.log().handsOverTo("n2", outcome);
        lead(1);
        CompletableFuture<Void> transfer = transfer();
        node.commit();
        outcome.completeExceptionally(new IllegalStateException("n2 does not take it"));
        await().until(transfer::isDone);
        assertThat(transfer).isCompletedExceptionally();

        prove();
        assertThat(node.answersAtOnce()).isTrue();
        assertThat(transfer()).isNotDone();
        assertThat(node.commit().getLeaseReleased()).as("it may try again").isTrue();
    }

    /** Whoever was silent towards the leader before may have been heard by nobody, since nobody led. */
    @Test
    @Feature({"C-09", "PM-LOCK-4"})
    void aLeadershipBeginsWithFullLeasesForAll() {
        node.follow(Entry.newBuilder()
                .addCommands(Command.newBuilder()
                        .setSession(SessionCommand.newBuilder()
                                .setOpen(OpenSession.newBuilder()
                                        .setResumeToken(ByteString.copyFrom(new byte[16]))
                                        .setLeaseMillis(SESSION_LEASE.toMillis()))))
                .build());
        lead(1);
        node.pass(SESSION_LEASE.minus(LOOK));
        cycle.deposed();
        await().until(() -> !node.proposer().isOpen());
        node.pass(SESSION_LEASE);
        lead(2);
        node.pass(SESSION_LEASE);
        node.gateway().tick();
        assertThat(node.proposer().queuedCommands()).isZero();
        assertThat(node.log().waiting()).isZero();

        // The time before the first look counts for a look more at most.
        node.pass(LOOK.multipliedBy(3));
        node.gateway().tick();
        assertThat(node.commit().getCommands(0).getSession().hasExpire()).isTrue();
        assertThat(node.replica().status().sessions()).isZero();
    }

    private void lead(long term) {
        cycle.elected();
        node.time().advance(WAIT);
        cycle.ready(term);
        await().until(() ->
                state.state() == LeaderView.State.SERVING && node.proposer().isOpen());
    }

    private void prove() {
        node.proposer().requestEntry();
        Batch proof = (Batch) node.log().next();
        node.commit(proof);
    }

    private CompletableFuture<Void> transfer() {
        return cycle.transfer(node.log(), "n2", Duration.ofMinutes(1));
    }
}
