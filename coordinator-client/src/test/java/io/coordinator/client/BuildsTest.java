package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coordinator.client.builds.BuildContext;
import io.coordinator.client.builds.BuildFunction;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.Builds;
import io.coordinator.client.builds.L1Options;
import io.coordinator.client.builds.OnceOptions;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.error.BuildFailedException;
import io.coordinator.client.error.BuildFailure;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.BuildPendingException;
import io.coordinator.client.error.BuildTimeoutException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@Feature("JC-BOR-1")
class BuildsTest extends ClientFixture {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    @Feature({"JC-BOR-4", "JC-BOR-5"})
    void builtValueIsStoredAndHitLater() {
        Builds builds = connect().builds();
        AtomicInteger runs = new AtomicInteger();

        for (int i = 0; i < 2; i++) {
            assertThat(builds.getOrBuild("k", String.class, context -> "value " + runs.incrementAndGet(), LONG))
                    .isEqualTo("value 1");
        }
        assertThat(builds.status("k").state()).isEqualTo(BuildStatus.State.EXISTS);
        assertThat(builds.get("k", String.class)).isEqualTo("value 1");
    }

    @Test
    void genericTypesAreRead() {
        Builds builds = connect().builds();
        TypeReference<List<Map<String, Integer>>> type = new TypeReference<>() {};
        builds.getOrBuild("k", type, context -> List.of(Map.of("a", 1)), BuildOptions.timeout(LONG));

        assertThat(builds.getOrBuild("k", type, context -> List.of(), BuildOptions.timeout(LONG)))
                .containsExactly(Map.of("a", 1));
    }

    @Test
    @Feature({"S-57", "JC-BOR-16", "JC-BOR-17"})
    @SuppressWarnings("NullAway") // the checker does not see that the function may return null
    void nullIsAResult() {
        Builds builds = connect().builds();

        assertThat(builds.<String, RuntimeException>getOrBuild("k", String.class, context -> null, LONG))
                .isNull();
        assertThat(builds.getOrBuild("k", String.class, context -> "again", LONG))
                .isNull();
    }

    @Test
    void functionOfABlockingCallRunsOnTheCaller() {
        Thread caller = Thread.currentThread();

        connect()
                .builds()
                .getOrBuild(
                        "k",
                        String.class,
                        context -> {
                            assertThat(Thread.currentThread()).isSameAs(caller);
                            return "value";
                        },
                        LONG);
    }

    @Test
    void functionOfAnAsynchronousCallRunsOnTheWorkExecutor() {
        String thread = get(connect()
                .async()
                .builds()
                .getOrBuildAsync(
                        "k", String.class, context -> Thread.currentThread().getName(), LONG));

        assertThat(thread).startsWith("coord-test-work-");
    }

    @Test
    @Feature("JC-BOR-6")
    void waiterGetsTheBuildersValue() {
        CoordinatorClient client = connect();
        CompletableFuture<@Nullable String> waiting = waitForBuilder(client);

        cluster.completeBuild("k", "\"theirs\"");

        assertThat(get(waiting)).isEqualTo("theirs");
    }

    @Test
    @Feature({"S-50", "JC-BOR-6"})
    void waiterGetsTheValueAfterAReconnect() {
        CoordinatorClient client = connect();
        CompletableFuture<@Nullable String> waiting = waitForBuilder(client);
        node.refuse(io.coordinator.protocol.ErrorCode.ENOTLEADER, "");
        node.dropStreams();
        cluster.completeBuild("k", "\"theirs\"");
        node.serve();

        assertThat(get(waiting)).isEqualTo("theirs");
    }

    @Test
    @Feature({"S-46", "JC-BOR-14"})
    void promotedWaiterRunsItsOwnFunction() {
        CoordinatorClient client = connect();
        CompletableFuture<@Nullable String> waiting = waitForBuilder(client);

        cluster.leaveBuild("k");

        assertThat(get(waiting)).isEqualTo("mine");
        assertThat(client.builds().get("k", String.class)).isEqualTo("mine");
    }

    @Test
    @Feature({"JC-BOR-8", "JC-BOR-9"})
    void buildersOwnErrorIsItsCallersAndTheNextCallBuildsAnew() {
        Builds builds = connect().builds();

        assertThatThrownBy(() -> builds.getOrBuild("k", String.class, context -> noDisk(), LONG))
                .isInstanceOf(IOException.class)
                .hasMessage("no disk");

        assertThat(builds.status("k").state()).isEqualTo(BuildStatus.State.EMPTY);
        assertThat(builds.getOrBuild("k", String.class, context -> "built", LONG))
                .isEqualTo("built");
    }

    private static String noDisk() throws IOException {
        throw new IOException("no disk");
    }

    @Test
    @Feature({"S-49", "JC-BOR-7"})
    void waiterGetsTheRecordOfTheBuildersFailure() {
        CompletableFuture<@Nullable String> waiting = waitForBuilder(connect());

        cluster.failBuild(
                "k",
                io.coordinator.protocol.BuildFailure.newBuilder()
                        .setType("java.io.IOException")
                        .setMessage("no disk")
                        .build());

        assertThatThrownBy(() -> get(waiting))
                .isInstanceOfSatisfying(
                        BuildFailedException.class,
                        e -> assertThat(e.failure())
                                .isEqualTo(new BuildFailure("java.io.IOException", "no disk", "", null)));
    }

    @Test
    @Feature({"S-51", "JC-BOR-13"})
    void elapsedWaitIsATimeout() {
        CompletableFuture<@Nullable String> waiting = waitForBuilder(connect());

        cluster.advance(LONG);

        assertThatThrownBy(() -> get(waiting)).isInstanceOf(BuildTimeoutException.class);
    }

    /** The reply that reserved it was lost with the connection, and the client is told only how the reservation ended. */
    @Test
    void reservationThatEndedBeforeItsNewsAsksForAnotherTry() {
        CoordinatorClient client = connect();
        node.refuse(io.coordinator.protocol.ErrorCode.ENOTLEADER, "");
        node.dropBeforeReply(Command::hasBuild);
        CompletionStage<@Nullable String> asked =
                client.async().builds().getOrBuildAsync("k", String.class, context -> "never", LONG);
        soon().until(() -> client.state() == ConnectionState.SUSPENDED);
        cluster.advance(LONG);
        node.serve();

        assertThatThrownBy(() -> get(asked))
                .isInstanceOfSatisfying(
                        RequestTimeoutException.class,
                        e -> assertThat(e.outcomeUnknown()).isFalse())
                .hasMessageContaining("nothing was done, so ask again");
    }

    @Test
    @Feature({"S-48", "JC-BOR-11", "JC-BOR-15"})
    void lateValueIsAttachedOrReturned() {
        Builds builds = connect().builds();
        BuildFunction<String, RuntimeException> late = context -> {
            cluster.advance(LONG);
            return "late";
        };

        assertThatThrownBy(() -> builds.getOrBuild("k", String.class, late, LONG))
                .isInstanceOfSatisfying(
                        BuildLostException.class,
                        e -> assertThat(e.value().orElseThrow().textValue()).isEqualTo("late"));
        assertThat(builds.getOrBuild(
                        "k", String.class, late, BuildOptions.timeout(LONG).returnLateValue()))
                .isEqualTo("late");
        assertThat(builds.status("k").state()).isEqualTo(BuildStatus.State.EMPTY);
    }

    @Test
    @Feature({"C-25", "JC-BOR-7"})
    void whatAFunctionThrowsIsNotUnwrapped() {
        CompletionException thrown = new CompletionException("from the function", new IOException("undeclared"));
        BuildFunction<String, RuntimeException> function = context -> {
            throw thrown;
        };
        assertThatThrownBy(() -> connect().builds().getOrBuild("k", String.class, function, LONG))
                .isSameAs(thrown);
    }

    @Test
    @Feature({"C-25", "JC-BOR-1"})
    void whatAFunctionReturnedThatLeftAnInterruptIsAttached() {
        BuildFunction<String, RuntimeException> function = context -> {
            Thread.currentThread().interrupt();
            return "made";
        };
        assertThatThrownBy(() -> connect().builds().getOrBuild("k", String.class, function, LONG))
                .isInstanceOfSatisfying(CoordinatorInterruptedException.class, e -> {
                    assertThat(e.outcomeUnknown()).isTrue();
                    assertThat(e.functionResult()).contains("made");
                });
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void functionLearnsThatItsReservationIsLost() {
        CompletableFuture<BuildContext> running = new CompletableFuture<>();
        CompletionStage<@Nullable String> building = buildUntilCancelled(connect(), running);
        assertThat(get(running).isCancelled()).isFalse();
        assertThat(get(running).remaining()).isPositive();

        cluster.deleteBuild("k");

        assertThatThrownBy(() -> get(building)).isInstanceOf(BuildLostException.class);
        assertThat(get(running).isCancelled()).isTrue();
    }

    @Test
    void functionLearnsOfItsDeadlineByTheLocalClock() {
        Builds builds = connect().builds();
        BuildFunction<String, RuntimeException> overrun = context -> {
            soon().until(context::isCancelled);
            assertThat(context.remaining()).isZero();
            cluster.advance(LONG);
            return "late";
        };

        assertThatThrownBy(() -> builds.getOrBuild("k", String.class, overrun, Duration.ofMillis(100)))
                .isInstanceOf(BuildLostException.class);
    }

    @Test
    void cancelledBuilderGivesItsReservationUp() {
        CoordinatorClient client = connect();
        CompletableFuture<BuildContext> running = new CompletableFuture<>();
        CompletableFuture<@Nullable String> building = buildUntilCancelled(client, running);
        assertThat(get(running).isCancelled()).isFalse();

        building.cancel(true);

        soon().until(() -> get(running).isCancelled());
        soon().until(() -> client.builds().status("k").state() == BuildStatus.State.EMPTY);
    }

    @Test
    void cancelledWaiterIsWithdrawn() {
        CompletableFuture<@Nullable String> waiting = waitForBuilder(connect());

        waiting.cancel(true);

        soon().until(() -> cluster.buildWaiters("k") == 0);
    }

    @Test
    @Feature("U-05")
    void aTaskIsKeptAsDoneForAYearUnlessToldOtherwise() {
        Builds builds = connect().builds();
        OnceOptions once = OnceOptions.timeout(LONG);
        builds.runOnce("by default", context -> {}, LONG);
        builds.runOnce("with options", context -> {}, once);
        builds.runOnce("for a week", context -> {}, once.keepFor(Duration.ofDays(7)));
        builds.runOnce("for ever", context -> {}, once.keepFor(LONG).keepForever());

        assertThat(buildCommands().stream()
                        .filter(command -> command.getBuild().hasComplete())
                        .map(command -> command.getBuild().getComplete()))
                .extracting(CompleteBuild::getTtlMillis, CompleteBuild::getSliding)
                .containsExactly(
                        tuple(Duration.ofDays(365).toMillis(), true),
                        tuple(Duration.ofDays(365).toMillis(), true),
                        tuple(Duration.ofDays(7).toMillis(), true),
                        tuple(0L, false));
        assertThat(OnceOptions.RETENTION).isEqualTo(Duration.ofDays(365));
        assertThatThrownBy(() -> once.keepFor(Duration.ZERO)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> OnceOptions.timeout(Duration.ZERO)).isInstanceOf(ValidationException.class);
    }

    @Test
    @Feature("JC-BOR-18")
    void resultAboveTheLimitFailsTheBuildForAll() {
        Builds builds = connect().builds();

        assertThatThrownBy(() -> builds.getOrBuild("k", String.class, context -> "x".repeat(2 << 20), LONG))
                .isInstanceOf(PayloadTooLargeException.class);

        assertThat(buildCommands().stream().filter(command -> command.getBuild().hasFail()))
                .singleElement()
                .extracting(command -> command.getBuild().getFail().getFailure().getCode())
                .isEqualTo("ETOOLARGE");
    }

    @Test
    @Feature({"C-21", "JC-BOR-1"})
    void whatABuildHadLeftIsNothingWhenItHasEnded() {
        CoordinatorClient client = connect();
        List<BuildContext> contexts = new ArrayList<>();
        client.builds().getOrBuild("k", String.class, remembering(contexts, () -> "v"), Duration.ofMinutes(1));
        assertThatThrownBy(() -> client.builds()
                        .getOrBuild(
                                "failed",
                                String.class,
                                remembering(contexts, () -> {
                                    throw new IllegalStateException("from the test");
                                }),
                                Duration.ofMinutes(1)))
                .isInstanceOf(IllegalStateException.class);
        get(client.async()
                .builds()
                .getOrBuildAsync("async", String.class, remembering(contexts, () -> "v"), Duration.ofMinutes(1)));

        assertThat(contexts).hasSize(3).allSatisfy(context -> {
            assertThat(context.remaining()).isZero();
            assertThat(context.isCancelled()).isFalse();
            context.progress("too late");
        });
        client.cache().put("after", 1);
        assertThat(cluster.applied()).noneMatch(command -> command.getBuild().hasProgress());
        client.close();
        assertThat(contexts).noneMatch(BuildContext::isCancelled);
    }

    private static BuildFunction<String, RuntimeException> remembering(
            List<BuildContext> contexts, Supplier<String> result) {
        return context -> {
            assertThat(context.remaining()).isPositive();
            contexts.add(context);
            return result.get();
        };
    }

    private static final class Opaque {}

    private record Box(List<Map<String, Opaque>> content) {}

    private record Timed(Instant at) {}

    @Test
    @Feature("U-02")
    void typeThatCannotBeWrittenIsRefusedBeforeTheFunctionRuns() {
        CoordinatorClient client = connect();
        AtomicInteger runs = new AtomicInteger();
        for (Class<?> type : List.of(Opaque.class, Box.class, Opaque[].class)) {
            refuses(() -> client.builds().getOrBuild("k", type, counted(runs), LONG));
            refuses(() -> get(client.async().builds().getOrBuildAsync("k", type, counted(runs), LONG)));
            refuses(() -> client.readThroughCache(ReadThroughOptions.of("cache", String.class, type))
                    .buildOrRetrieve("k", counted(runs), LONG));
            refuses(() -> get(client.async().builds().shareAsync("k", type, counted(runs), LONG)));
        }
        TypeReference<List<Box>> boxes = new TypeReference<>() {};
        refuses(() -> client.builds().getOrBuild("k", boxes, counted(runs), BuildOptions.timeout(LONG)));
        CoordinatorClient plain = connect(config -> config.objectMapper(new ObjectMapper()));
        refuses(() -> plain.builds().getOrBuild("k", Timed.class, counted(runs), LONG));
        assertThat(runs).hasValue(0);
        assertThat(buildCommands()).isEmpty();
        assertThat(client.builds().getOrBuild("k", Timed.class, context -> new Timed(Instant.EPOCH), LONG))
                .isEqualTo(new Timed(Instant.EPOCH));
    }

    private static <T> BuildFunction<T, RuntimeException> counted(AtomicInteger runs) {
        return context -> {
            throw new IllegalStateException("run " + runs.incrementAndGet());
        };
    }

    private static void refuses(ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(ValidationException.class).hasMessageContaining("cannot be written");
    }

    @Test
    @Feature("U-02")
    void resultThatCannotBeStoredIsNotLost() {
        CoordinatorClient client = connect();
        Object unknown = new Opaque();
        String large = "x".repeat(2 << 20);
        carries(
                unknown,
                ValidationException.class,
                () -> client.builds().getOrBuild("k", Object.class, context -> unknown, LONG));
        carries(
                large,
                PayloadTooLargeException.class,
                () -> client.builds().getOrBuild("k", String.class, context -> large, LONG));
        carries(
                large,
                PayloadTooLargeException.class,
                () -> get(client.async().builds().getOrBuildAsync("k", String.class, context -> large, LONG)));
        carries(
                unknown,
                ValidationException.class,
                () -> get(client.async().builds().shareAsync("k", Object.class, context -> unknown, LONG)));
        carries(
                "late",
                BuildLostException.class,
                () -> client.builds().getOrBuild("k", String.class, context -> lostWith("late"), LONG));
        carries(
                large,
                PayloadTooLargeException.class,
                () -> client.lockedValue("v", String.class).withLock(LONG, before -> large));
    }

    private <T> T lostWith(T value) {
        cluster.advance(LONG);
        return value;
    }

    private static void carries(
            Object result, Class<? extends CoordinatorException> type, ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        type, e -> assertThat(e.functionResult().orElseThrow()).isSameAs(result));
    }

    @Test
    void slowConnectionSeesOnlyTheLatestProgress() {
        BuildFunction<String, RuntimeException> reporting = context -> {
            node.holdReplies(true);
            for (int i = 0; i < 100; i++) {
                context.progress(Map.of("percent", i));
            }
            soon().until(() -> progressReports().size() == 1);
            node.holdReplies(false);
            soon().until(() -> progressReports().size() == 2);
            return "done";
        };

        connect().builds().getOrBuild("k", String.class, reporting, LONG);

        assertThat(progressReports()).last().isEqualTo("{\"percent\":99}");
    }

    @Test
    @Feature({"JC-GET-2", "JC-GET-4"})
    void getOfNothingAndOfABuildInProgress() {
        Builds builds = connect().builds();

        assertThatThrownBy(() -> builds.get("k", String.class))
                .isInstanceOf(KeyNotFoundException.class)
                .hasMessageContaining("Key k does not exist in cache default")
                .hasMessageContaining("there is no build default/k");

        cluster.takeBuild("k");
        assertThatThrownBy(() -> builds.get("k", String.class)).isInstanceOf(BuildPendingException.class);
    }

    /** A call that waits for somebody else's build of "k", and would make "mine". */
    private CompletableFuture<@Nullable String> waitForBuilder(CoordinatorClient client) {
        cluster.takeBuild("k");
        CompletableFuture<@Nullable String> waiting = client.async()
                .builds()
                .getOrBuildAsync("k", String.class, context -> "mine", LONG)
                .toCompletableFuture();
        soon().until(() -> cluster.buildWaiters("k") == 1);
        return waiting;
    }

    private static CompletableFuture<@Nullable String> buildUntilCancelled(
            CoordinatorClient client, CompletableFuture<BuildContext> running) {
        return client.async()
                .builds()
                .getOrBuildAsync(
                        "k",
                        String.class,
                        context -> {
                            running.complete(context);
                            context.cancelled().toCompletableFuture().join();
                            return "late";
                        },
                        LONG)
                .toCompletableFuture();
    }

    private List<Command> buildCommands() {
        return node.commands().stream().filter(Command::hasBuild).toList();
    }

    private List<String> progressReports() {
        return buildCommands().stream()
                .filter(command -> command.getBuild().hasProgress())
                .map(command -> command.getBuild().getProgress().getProgress().toStringUtf8())
                .toList();
    }

    @Test
    void aCacheEndsWithItsClientWithoutAWord() {
        try (Logged logged = new Logged("io.coordinator.client.internal.near")) {
            CoordinatorClient client = connect();
            ReadThroughCache<String, String> cache =
                    client.readThroughCache(ReadThroughOptions.of("left open", String.class, String.class)
                            .l1(L1Options.defaults()));
            assertThat(cache.buildOrRetrieve("k", context -> "v", Duration.ofSeconds(10)))
                    .isEqualTo("v");
            client.close();
            assertThatThrownBy(() -> cache.get("k")).isInstanceOf(ClosedException.class);
            assertThat(logged.messages()).isEmpty();
        }
    }
}
