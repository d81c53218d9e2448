package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.protocol.LockLost;
import io.coordinator.testing.feature.Feature;
import java.util.concurrent.CompletableFuture;
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
        cluster.loseLock("L", LockLost.Reason.FORCED);
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
}
