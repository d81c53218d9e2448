package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.cache.AsyncCache;
import io.coordinator.client.error.ClosedException;
import io.coordinator.testing.feature.Feature;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

@Feature("A-45")
class CallbacksTest extends ClientFixture {
    @Test
    void dependentsRunOnTheCallbackExecutor() {
        AsyncCache cache = connect().async().cache();
        node.holdReplies(true);
        CompletionStage<String> thread =
                cache.put("k", 1).thenApply(revision -> Thread.currentThread().getName());
        node.holdReplies(false);
        assertThat(get(thread)).startsWith("coord-test-callback-");
    }

    @Test
    void dependentsRunOnTheUsersExecutorIfThereIsOne() {
        AsyncCache cache = connect(config -> config.callbackExecutor(task -> new Thread(task, "mine").start()))
                .async()
                .cache();
        node.holdReplies(true);
        CompletionStage<String> thread =
                cache.put("k", 1).thenApply(revision -> Thread.currentThread().getName());
        node.holdReplies(false);
        assertThat(get(thread)).isEqualTo("mine");
    }

    @Test
    void callbackMayMakeBlockingCalls() {
        CoordinatorClient client = connect();
        long sum = get(client.async()
                .cache()
                .put("k", 1)
                .thenApply(revision -> client.cache().increment("k", 1)));
        assertThat(sum).isEqualTo(2);
    }

    @Test
    void callbackMayWaitForAnotherCallback() {
        AsyncCache cache = connect().async().cache();
        node.holdReplies(true);
        CompletionStage<Long> later = cache.put("b", 1);
        CompletionStage<Long> both = cache.put("a", 1)
                .thenApply(revision ->
                        later.thenApply(other -> other).toCompletableFuture().join());
        node.holdReplies(false);
        assertThat(get(both)).isPositive();
    }

    @Test
    void failureOfAStageIsACoordinatorException() {
        CoordinatorClient client = connect();
        client.close();
        assertThatThrownBy(() ->
                        client.async().cache().put("k", 1).toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ClosedException.class);
    }

    @Test
    void blockingFailureShowsTheCaller() {
        CoordinatorClient client = connect();
        client.close();
        assertThatThrownBy(() -> client.cache().put("k", 1))
                .isInstanceOfSatisfying(
                        ClosedException.class,
                        e -> assertThat(e.getSuppressed()[0].getStackTrace())
                                .anyMatch(frame -> frame.getMethodName().contains("blockingFailureShowsTheCaller")));
    }
}
