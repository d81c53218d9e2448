package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.builds.BuildContext;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A caller who settles his future himself waits no longer, and is withdrawn as one who cancels. */
@Feature({"PM-LOCK-10", "C-25"})
@SuppressWarnings("NullAway") // null is what such callers complete futures with
class LeavingCallersTest extends ClientFixture {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Map<String, Consumer<CompletableFuture<?>>> WAYS = ways();

    private static Map<String, Consumer<CompletableFuture<?>>> ways() {
        Map<String, Consumer<CompletableFuture<?>>> ways = new LinkedHashMap<>();
        ways.put("cancel", future -> future.cancel(true));
        ways.put("complete", future -> future.complete(null));
        ways.put("completeExceptionally", future -> future.completeExceptionally(new IllegalStateException("enough")));
        ways.put("completeAsync", future -> {
            var unused = future.completeAsync(() -> null);
        });
        ways.put("completeOnTimeout", future -> {
            var unused = future.completeOnTimeout(null, 1, TimeUnit.MILLISECONDS);
        });
        ways.put("orTimeout", future -> {
            var unused = future.orTimeout(1, TimeUnit.MILLISECONDS);
        });
        ways.put("obtrudeValue", future -> future.obtrudeValue(null));
        ways.put("obtrudeException", future -> future.obtrudeException(new IllegalStateException("enough")));
        return ways;
    }

    static Stream<String> leaving() {
        return WAYS.keySet().stream();
    }

    private static void leave(String way, CompletableFuture<?> future) {
        Consumer<CompletableFuture<?>> leaving = WAYS.get(way);
        leaving.accept(future);
    }

    @ParameterizedTest
    @MethodSource("leaving")
    void aBuilderIsToldThatNobodyWaits(String way) {
        CoordinatorClient client = connect();
        CompletableFuture<BuildContext> begun = new CompletableFuture<>();
        CompletableFuture<String> caller = client.async()
                .builds()
                .getOrBuildAsync(
                        "k",
                        String.class,
                        context -> {
                            begun.complete(context);
                            context.cancelled().toCompletableFuture().join();
                            return "late";
                        },
                        LONG)
                .toCompletableFuture();
        BuildContext context = get(begun);
        assertThat(context.isCancelled()).isFalse();

        leave(way, caller);

        get(context.cancelled());
        assertThat(context.isCancelled()).isTrue();
        assertThat(client.builds().getOrBuild("k", String.class, own -> "own", LONG))
                .isEqualTo("own");
    }

    @ParameterizedTest
    @MethodSource("leaving")
    void aPlaceInLineIsGivenUp(String way) {
        CoordinatorClient client = connect();
        LockHandle held = client.lock("L").acquire();
        CompletableFuture<LockHandle> waiting =
                client.async().lock("L").acquire().toCompletableFuture();
        soon().until(() -> cluster.applied().stream()
                        .filter(command -> command.getLock().hasAcquire())
                        .count()
                == 2);

        leave(way, waiting);

        soon().until(() ->
                cluster.applied().stream().anyMatch(command -> command.getLock().hasCancel()));
        assertThat(held.isHeld()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("leaving")
    void theOnlyCallerOfAJobEndsIt(String way) {
        AsyncBuilds builds = connect().async().builds();
        CompletableFuture<BuildContext> begun = new CompletableFuture<>();
        CompletableFuture<String> caller = builds.shareAsync(
                        "j",
                        String.class,
                        context -> {
                            begun.complete(context);
                            context.cancelled().toCompletableFuture().join();
                            return "late";
                        },
                        LONG)
                .toCompletableFuture();
        BuildContext context = get(begun);

        leave(way, caller);

        get(context.cancelled());
    }
}
