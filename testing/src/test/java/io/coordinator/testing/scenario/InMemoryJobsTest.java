package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.JobClaim;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.compat.CallbackQueue;
import io.coordinator.compat.CallbackQueueOptions;
import io.coordinator.compat.Compat;
import io.coordinator.compat.PushResult;
import io.coordinator.testing.InMemoryCluster;
import io.coordinator.testing.InMemoryClusterExtension;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Jobs whose pushers leave at the wrong moment. */
@Feature("DL-PUSH-1")
@ExtendWith(InMemoryClusterExtension.class)
class InMemoryJobsTest {
    private final InMemoryCluster cluster;

    InMemoryJobsTest(InMemoryCluster cluster) {
        this.cluster = cluster;
    }

    private static CompletableFuture<JobClaim> claim(CoordinatorClient client, String id) {
        return client.async().builds().claimAsync(id, Duration.ZERO).toCompletableFuture();
    }

    private static void awaitFree(CoordinatorClient client, String id) {
        Waiting.await("the end of the claim")
                .until(() -> client.builds().status(id).state() == BuildStatus.State.EMPTY);
        assertThat(Waiting.get(claim(client, id)).job()).isPresent();
    }

    // ---- claims ----

    @Test
    @Feature("C-30")
    void aJobIsNobodysIfItsCallerLeavesBeforeItIsTold(CoordinatorClient client, CoordinatorClient other) {
        List<Consumer<CompletableFuture<JobClaim>>> ways = List.of(
                claim -> claim.cancel(true),
                claim -> claim.completeExceptionally(new IllegalStateException("from the test")),
                claim -> claim.obtrudeException(new IllegalStateException("from the test")));
        for (int i = 0; i < ways.size(); i++) {
            cluster.disconnect(client); // so that there is no answer yet
            CompletableFuture<JobClaim> claim = claim(client, "job-" + i);
            ways.get(i).accept(claim);
            cluster.reconnect(client);
            awaitFree(other, "job-" + i);
        }
    }

    @Test
    void whoJoinedAClaimThatIsGivenUpHearsOfALoss(CoordinatorClient client, CoordinatorClient other) {
        cluster.disconnect(client);
        CompletableFuture<JobClaim> first = claim(client, "job");
        CompletableFuture<JobClaim> second = claim(client, "job");
        first.cancel(true);
        cluster.reconnect(client);
        JobClaim joined = Waiting.get(second);
        assertThat(joined.job()).isEmpty();
        assertThatThrownBy(() -> Waiting.get(joined.outcome()))
                .isInstanceOf(BuildLostException.class)
                .hasMessageContaining("owner of job 'job' was lost");
        awaitFree(other, "job");
    }

    @Test
    void anOwnerThatFailsAJobWithACancellationHearsThat(CoordinatorClient client) {
        JobClaim owned = Waiting.get(claim(client, "job"));
        Waiting.get(owned.job().orElseThrow().fail(new CancellationException("from the test")));
        assertThatThrownBy(() -> Waiting.get(owned.outcome()))
                .isInstanceOf(CancellationException.class)
                .hasStackTraceContaining("from the test");
    }

    @Test
    void aClaimThatJoinedSomebodyElsesIsGivenUpAlone(CoordinatorClient client, CoordinatorClient other) {
        JobClaim owned = Waiting.get(claim(other, "job"));
        cluster.disconnect(client);
        CompletableFuture<JobClaim> first = claim(client, "job");
        CompletableFuture<JobClaim> second = claim(client, "job");
        first.cancel(true);
        cluster.reconnect(client);
        JobClaim joined = Waiting.get(second);
        Waiting.get(owned.job().orElseThrow().complete("done"));
        assertThat(Waiting.get(joined.outcome()).textValue()).isEqualTo("done");
    }

    @Test
    void aJobWhoseOwnerCannotBeToldIsNobodysOnceItsCallerLeaves(CoordinatorClient other) {
        CoordinatorClient busy = cluster.connect(settings -> settings.workExecutor(task -> {}));
        CompletableFuture<JobClaim> claim = claim(busy, "job");
        Waiting.await("the claim").until(() -> other.builds().status("job").state() == BuildStatus.State.PENDING);
        claim.cancel(true);
        awaitFree(other, "job");
    }

    // ---- pushes ----

    private static CallbackQueue queue(CoordinatorClient client) {
        return Compat.of(client).callbackQueue(CallbackQueueOptions.defaults());
    }

    @Test
    @Feature({"C-24", "DL-PUSH-2"})
    void aPusherThatIsInterruptedIsNoOwner(CoordinatorClient client, CoordinatorClient other) {
        cluster.disconnect(client);
        CompletableFuture<Throwable> heard = new CompletableFuture<>();
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> queue(client).tryPush("job", (error, args) -> heard.complete(error), Duration.ZERO))
                .isInstanceOf(CoordinatorInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        cluster.reconnect(client);
        assertThat(Waiting.get(heard)).isInstanceOf(BuildLostException.class).hasMessageContaining("interrupted");
        Waiting.await("the end of the push")
                .until(() -> queue(other)
                        .tryPush("job", (error, args) -> {}, Duration.ofMillis(1))
                        .isOwner());
    }

    @Test
    @Feature("DL-PUSH-2")
    void callbacksRunOnTheCallbackExecutorWhoeverEndsTheWait(CoordinatorClient client) {
        CompletableFuture<String> heardOn = new CompletableFuture<>();
        PushResult pushed = queue(client)
                .tryPush(
                        "job",
                        (error, args) -> heardOn.complete(Thread.currentThread().getName()),
                        Duration.ZERO);
        pushed.outcome().toCompletableFuture().cancel(true);
        assertThat(Waiting.get(heardOn)).contains("-callback-");
    }
}
