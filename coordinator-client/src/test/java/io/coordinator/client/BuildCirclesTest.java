package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.Builds;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.error.BuildCircleException;
import io.coordinator.client.error.BuildFailedException;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Builds that would wait for themselves fail at once, however they ask. */
@Feature("C-27")
@Timeout(60)
@SuppressWarnings("NullAway") // the checker does not see that functions may return null
class BuildCirclesTest extends ClientFixture {
    /** Far longer than a test may take. */
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void aFunctionThatAsksForItsOwnKey() {
        Builds builds = connect().builds();

        assertThatThrownBy(() -> builds.getOrBuild("a", String.class, context -> blocking(builds, "a"), LONG))
                .isInstanceOfSatisfying(
                        BuildCircleException.class,
                        e -> assertThat(e.circle()).containsExactly("default/a", "default/a"))
                .hasMessageContaining("EBUILDCIRCLE")
                .hasMessageContaining("default/a → default/a");

        assertThat(builds.status("a").state()).isEqualTo(BuildStatus.State.EMPTY);
        assertThat(cluster.buildWaiters("a")).isZero();
        assertThat(builds.getOrBuild("a", String.class, context -> "alone", LONG))
                .isEqualTo("alone");
    }

    @Test
    void twoFunctionsOnOneThread() {
        Builds builds = connect().builds();

        assertThatThrownBy(() -> builds.getOrBuild(
                        "a",
                        String.class,
                        a -> builds.getOrBuild("b", String.class, b -> blocking(builds, "a"), LONG),
                        LONG))
                .isInstanceOfSatisfying(
                        BuildCircleException.class,
                        e -> assertThat(e.circle()).containsExactly("default/b", "default/a", "default/b"));
    }

    @Test
    void threeFunctionsOfAsynchronousCalls() {
        AsyncBuilds builds = connect().async().builds();
        CompletionStage<@Nullable String> outcome = builds.getOrBuildAsync(
                "a",
                String.class,
                a -> get(builds.getOrBuildAsync(
                        "b",
                        String.class,
                        b -> get(builds.getOrBuildAsync("c", String.class, c -> staged(builds, "a"), LONG)),
                        LONG)),
                LONG);

        assertThatThrownBy(() -> get(outcome))
                .isInstanceOfSatisfying(
                        BuildCircleException.class,
                        e -> assertThat(e.circle())
                                .containsExactly("default/c", "default/a", "default/b", "default/c"));
    }

    /** Neither was called by the other. */
    @Test
    void twoFunctionsThatWaitForEachOther() {
        Builds builds = connect().builds();
        CyclicBarrier bothRun = new CyclicBarrier(2);
        CompletableFuture<@Nullable String> a = inBackground(() -> afterBoth(builds, bothRun, "a", "b"));
        CompletableFuture<@Nullable String> b = inBackground(() -> afterBoth(builds, bothRun, "b", "a"));

        List<Throwable> failures = List.of(failure(a), failure(b));

        assertThat(failures)
                .anyMatch(BuildCircleException.class::isInstance)
                .allMatch(e -> e instanceof BuildCircleException
                        || (e instanceof BuildFailedException failed
                                && failed.failure().code().equals("EBUILDCIRCLE")));
    }

    private static @Nullable String afterBoth(Builds builds, CyclicBarrier bothRun, String key, String other)
            throws Exception {
        return builds.<@Nullable String, Exception>getOrBuild(
                key,
                String.class,
                context -> {
                    bothRun.await(10, TimeUnit.SECONDS);
                    return blocking(builds, other);
                },
                LONG);
    }

    private static Throwable failure(CompletableFuture<?> call) {
        return call.handle((value, error) -> error)
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
    }

    @Test
    void aTaskThatIsToBeDoneOnceAndAskedForAgain() {
        Builds builds = connect().builds();

        assertThatThrownBy(() -> builds.runOnce("a", outer -> builds.runOnce("a", inner -> {}, LONG), LONG))
                .isInstanceOf(BuildCircleException.class);
    }

    @Test
    void aWaitForTheResultOfItsOwnBuild() {
        Builds builds = connect().builds();

        assertThatThrownBy(() ->
                        builds.getOrBuild("a", String.class, context -> builds.get("a", String.class, LONG), LONG))
                .isInstanceOf(BuildCircleException.class);
    }

    @Test
    void aReadThroughCacheAndTheBuildsOfItsNamespace() {
        CoordinatorClient client = connect();
        ReadThroughCache<String, String> cache =
                client.readThroughCache(ReadThroughOptions.of("texts", String.class, String.class));
        Builds builds = client.namespace("texts").builds();

        assertThatThrownBy(() ->
                        cache.buildOrRetrieve("a", context -> cache.buildOrRetrieve("a", again -> "never", LONG), LONG))
                .isInstanceOf(BuildCircleException.class)
                .hasMessageContaining("texts/a");
        assertThatThrownBy(() -> cache.buildOrRetrieve("a", context -> blocking(builds, "a"), LONG))
                .isInstanceOf(BuildCircleException.class);
        assertThatThrownBy(() -> cache.buildOrRetrieve(
                        "a", context -> get(cache.buildOrRetrieveAsync("a", again -> "never", LONG)), LONG))
                .isInstanceOf(BuildCircleException.class);
    }

    @Test
    void aJobForAllThatCallsForItself() {
        AsyncBuilds builds = connect().namespace("dlock").async().builds();
        CompletionStage<@Nullable String> itself = builds.shareAsync(
                "a", String.class, a -> get(builds.shareAsync("a", String.class, again -> "never", LONG)), LONG);
        assertThatThrownBy(() -> get(itself)).isInstanceOf(BuildCircleException.class);

        CompletionStage<@Nullable String> other = builds.shareAsync(
                "b",
                String.class,
                b -> get(builds.shareAsync(
                        "c",
                        String.class,
                        c -> get(builds.shareAsync("b", String.class, again -> "never", LONG)),
                        LONG)),
                LONG);
        assertThatThrownBy(() -> get(other))
                .isInstanceOfSatisfying(
                        BuildCircleException.class,
                        e -> assertThat(e.circle()).containsExactly("dlock/c", "dlock/b", "dlock/c"));
    }

    @Test
    void aFunctionMayWaitForABuildThatDoesNotWaitForIt() {
        CoordinatorClient client = connect();
        Builds builds = client.builds();
        CompletableFuture<String> go = new CompletableFuture<>();
        CompletionStage<@Nullable String> other =
                client.async().builds().getOrBuildAsync("b", String.class, context -> go.join(), LONG);
        soon().until(() -> builds.status("b").state() == BuildStatus.State.PENDING);
        CompletableFuture<@Nullable String> waiting =
                inBackground(() -> builds.getOrBuild("a", String.class, context -> blocking(builds, "b"), LONG));
        soon().until(() -> cluster.buildWaiters("b") == 1);

        go.complete("made");

        assertThat(get(other)).isEqualTo("made");
        assertThat(get(waiting)).isEqualTo("made");
    }

    /** Somebody else builds the key by then. */
    @Test
    void aFunctionThatLostItsReservationMayWaitForItsKey() {
        Builds builds = connect().builds();
        CompletableFuture<@Nullable String> late = inBackground(() -> builds.getOrBuild(
                "a",
                String.class,
                context -> {
                    cluster.deleteBuild("a");
                    soon().until(context::isCancelled);
                    cluster.takeBuild("a");
                    return blocking(builds, "a");
                },
                BuildOptions.timeout(LONG).returnLateValue()));
        soon().until(() -> cluster.buildWaiters("a") == 1);

        cluster.leaveBuild("a");

        assertThat(get(late)).isEqualTo("never");
    }

    private static @Nullable String blocking(Builds builds, String key) {
        return builds.<@Nullable String, RuntimeException>getOrBuild(key, String.class, context -> "never", LONG);
    }

    private static @Nullable String staged(AsyncBuilds builds, String key) {
        return get(builds.getOrBuildAsync(key, String.class, context -> "never", LONG));
    }
}
