package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Stages that many callers are given: what one of them does to its future is not seen by the others. */
class SharedStagesTest extends ClientFixture {
    @Test
    @Feature({"C-25", "G-13"})
    void whoWaitsForALossWithATimeoutDoesNotSilenceTheOthers() {
        LockHandle handle = connect().lock("L").acquire();
        CompletableFuture<LossReason> heard = new CompletableFuture<>();
        CompletableFuture<LossReason> future = handle.lost().toCompletableFuture();
        var unused = handle.lost().thenAccept(heard::complete);
        CompletableFuture<LossReason> later = future.thenApply(reason -> reason);
        assertThatThrownBy(() -> handle.lost()
                        .toCompletableFuture()
                        .orTimeout(1, TimeUnit.MILLISECONDS)
                        .get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(TimeoutException.class);
        handle.lost().toCompletableFuture().cancel(true);
        handle.lost().toCompletableFuture().complete(LossReason.TTL_ELAPSED);
        assertThat(handle.lost().toCompletableFuture()).isNotDone();
        cluster.loseLock("L");
        assertThat(get(heard)).isEqualTo(LossReason.FORCED);
        assertThat(get(later)).isEqualTo(LossReason.FORCED);
        assertThat(get(handle.lost())).isEqualTo(LossReason.FORCED);
    }

    @Test
    @Feature("C-25")
    void whoPollsForALossIsGivenTheSameFutureAgain() {
        LockHandle handle = connect().lock("L").acquire();
        assertThat(handle.lost().toCompletableFuture()).isSameAs(handle.lost().toCompletableFuture());
    }

    @Test
    @Feature("C-25")
    void whoCancelsTheStartOfAWatchDoesNotHideItFromTheOthers() {
        Subscription watch = connect().watch(WatchOptions.cacheKey("k"), event -> {});
        watch.started().toCompletableFuture().cancel(true);
        assertThat(get(watch.started())).isNotNegative();
    }

    @Test
    @Feature({"C-25", "G-13"})
    void whoCastsTheStageOfALossCanNeitherSettleItForTheOthersNorWaitInVain() {
        LockHandle handle = connect().lock("L").acquire();
        CompletableFuture<LossReason> cast = (CompletableFuture<LossReason>) handle.lost();

        settle(cast);
        assertThatThrownBy(() -> cast.orTimeout(1, TimeUnit.MILLISECONDS).get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(TimeoutException.class);
        assertThat(get(cast.completeOnTimeout(LossReason.TTL_ELAPSED, 1, TimeUnit.MILLISECONDS)))
                .isEqualTo(LossReason.TTL_ELAPSED);
        assertThat(get(cast.completeAsync(() -> LossReason.TTL_ELAPSED))).isEqualTo(LossReason.TTL_ELAPSED);

        assertThat(handle.lost().toCompletableFuture()).isNotDone();
        cluster.loseLock("L");
        assertThat(get(cast)).isEqualTo(LossReason.FORCED);
        assertThat(get(handle.lost())).isEqualTo(LossReason.FORCED);
    }

    /** Each method is asked twice of one object; whoever has the second stage must not settle the first. */
    @Test
    @Feature("C-25")
    void noStageThatTheApiGivesCanBeSettledByTheOwnerOfAnother() throws Throwable {
        CoordinatorClient client = connect();
        List<PublicApi.Prepared> prepared = new ArrayList<>();
        for (PublicApi.Call call : PublicApi.calls()) {
            if (CompletionStage.class.isAssignableFrom(call.method().getReturnType())) {
                prepared.add(call.on(client));
            }
        }
        node.silent(true);
        List<PublicApi.Call> shared = new ArrayList<>();
        int pending = 0;
        for (PublicApi.Prepared one : prepared) {
            CompletionStage<?> first = one.make();
            CompletableFuture<?> second = (CompletableFuture<?>) one.make();
            CompletableFuture<?> ofFirst = first.toCompletableFuture();
            if (!ofFirst.isDone()) {
                pending++;
                settle(second);
                if (ofFirst.isDone() || first.toCompletableFuture().isDone()) {
                    shared.add(one.call());
                }
            }
        }
        System.out.println("Asked twice: " + prepared.size() + " methods, of which " + pending + " had to wait");
        assertThat(shared).isEmpty();
        assertThat(pending).isGreaterThan(80);
    }

    @SuppressWarnings("NullAway") // null will do to settle anything
    private static <T> void settle(CompletableFuture<T> stage) {
        stage.complete(null);
        stage.completeExceptionally(new IllegalStateException("from the test"));
        stage.cancel(true);
        try {
            stage.obtrudeException(new IllegalStateException("from the test"));
        } catch (UnsupportedOperationException e) {
            assertThat(e).hasMessageContaining("toCompletableFuture");
        }
    }
}
