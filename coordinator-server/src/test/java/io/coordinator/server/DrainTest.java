package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coordinator.server.session.LeaderView;
import io.coordinator.server.support.HandNode;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** To whom a node that ends hands over, and what it does if nobody takes it. */
@Feature({"S-78", "B-13"})
class DrainTest {
    private final LeadershipState state =
            new LeadershipState("n1", Optional::empty, () -> 0, TimeUnit.SECONDS.toNanos(1), node -> node + ":4701");
    private final HandNode node = new HandNode(state);
    private final LeadershipCycle cycle = new LeadershipCycle(
            Duration.ZERO, state, node.replica(), node.proposer(), node.gate(), node.gateway(), node.time(), bug -> {});
    private final Drain drain = new Drain(List.of("n2", "n3", "n4"), node.log(), cycle);

    @BeforeEach
    void lead() {
        cycle.elected();
        cycle.ready(1);
        await().until(() ->
                state.state() == LeaderView.State.SERVING && node.proposer().isOpen());
    }

    @AfterEach
    void close() {
        cycle.close();
        node.close();
        assertThat(node.bug()).isEmpty();
    }

    @Test
    void whoDoesNotTakeItIsFollowedByTheNext() {
        node.log().handsOverTo("n3", failed());
        node.log().handsOverTo("n2", failed());
        node.log().handsOverTo("n4", CompletableFuture.completedFuture(null));
        CompletableFuture<Void> end = CompletableFuture.runAsync(drain::run);
        for (int i = 0; i < 3; i++) {
            assertThat(end).isNotDone();
            assertThat(node.commit().getLeaseReleased()).isTrue();
        }
        await().until(end::isDone);
        assertThat(end).isCompleted();
        assertThat(node.log().asked()).as("the one heard of last comes first").containsExactly("n3", "n2", "n4");
        assertThat(state.leaderAddress()).isEqualTo("n4:4701");
    }

    @Test
    void ifNobodyTakesItTheLastEntryReleasesTheReadLeaseAllTheSame() {
        node.log().handsOverTo("n3", failed());
        CompletableFuture<Void> end = CompletableFuture.runAsync(drain::run);
        assertThat(node.commit().getLeaseReleased()).isTrue();
        assertThat(node.commit().getLeaseReleased()).isTrue();
        await().until(end::isDone);
        assertThat(end).isCompleted();
        assertThat(node.log().asked()).as("nobody else was heard of").containsExactly("n3");
        assertThat(node.answersAtOnce()).isFalse();
    }

    @Test
    void aHandOverThatIsUnderWayIsWaitedFor() {
        CompletableFuture<Void> other = new CompletableFuture<>();
        node.log().handsOverTo("n2", other);
        CompletableFuture<Void> asked = cycle.transfer(node.log(), "n2", Duration.ofMinutes(1));
        node.commit();
        CompletableFuture<Void> end = CompletableFuture.runAsync(drain::run);
        await().until(() -> !state.admitsNewSessions());
        other.completeExceptionally(new IllegalStateException("n2 does not take it"));
        await().until(asked::isDone);
        node.log().handsOverTo("n2", CompletableFuture.completedFuture(null));
        assertThat(node.commit().getLeaseReleased()).isTrue();
        await().until(end::isDone);
        assertThat(end).isCompleted();
    }

    private static CompletableFuture<Void> failed() {
        return CompletableFuture.failedFuture(new IllegalStateException("it does not take it"));
    }
}
