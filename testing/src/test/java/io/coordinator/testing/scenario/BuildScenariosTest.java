package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildFunction;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.error.BuildFailedException;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.process.JavaProcess;
import io.coordinator.testing.process.Worker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exactly-once builds, with builders that die, overrun and fail. */
@CoordinatorCluster
class BuildScenariosTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofSeconds(2);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final AtomicInteger executions = new AtomicInteger();

    @Test
    @Feature({"S-45", "JC-BOR-2"})
    void callersInThreeProcessesAndLateOnesShareOneBuild(Cluster cluster, CoordinatorClient client) {
        List<JavaProcess> others = List.of(
                worker(cluster, "other-1", "ready", "build=s45,33,1000"),
                worker(cluster, "other-2", "ready", "build=s45,33,1000"));
        List<CompletableFuture<String>> callers = new ArrayList<>();
        try (JavaProcess first = others.get(0);
                JavaProcess second = others.get(1)) {
            callers.addAll(build(client, "s45", 34, "here", 1_000));
            Waiting.await("the build runs")
                    .until(() -> executions.get()
                                    + WorkerOutput.count(first, "building")
                                    + WorkerOutput.count(second, "building")
                            > 0);
            // The build takes 1 s: this many more arrive while it ends.
            Waiting.pass(Duration.ofMillis(850));
            callers.addAll(build(client, "s45", 200, "here", 1_000));
            Set<String> values = callers.stream().map(Waiting::get).collect(Collectors.toSet());
            Waiting.await("every caller's answer")
                    .until(() -> WorkerOutput.count(first, "built") == 33 && WorkerOutput.count(second, "built") == 33);
            values.addAll(builtValues(first));
            values.addAll(builtValues(second));
            assertThat(values).hasSize(1);
            assertThat(executions.get()
                            + WorkerOutput.count(first, "building")
                            + WorkerOutput.count(second, "building"))
                    .isEqualTo(1);
        }
    }

    @Test
    @Feature({"S-46", "JC-BOR-14", "A-25"})
    void oneWaiterTakesOverFromABuilderThatWasKilled(Cluster cluster, CoordinatorClient client) {
        JavaProcess builder = worker(cluster, "builder", "build=s46,1,60000");
        Waiting.await("the build runs").until(() -> WorkerOutput.count(builder, "building") == 1);
        List<CompletableFuture<String>> waiters = build(client, "s46", 20, "survivor", 100);
        Waiting.await("the waiters wait")
                .until(() -> client.builds().status("s46").waiters() == 20);
        long killed = System.nanoTime();
        builder.kill();
        assertThat(waiters.stream().map(Waiting::get).collect(Collectors.toSet()))
                .containsExactly("survivor");
        assertThat(Duration.ofNanos(System.nanoTime() - killed))
                .isBetween(LEASE.multipliedBy(2).dividedBy(3).minusMillis(100), LEASE.plusSeconds(3));
        assertThat(executions).hasValue(1);
        assertThat(client.builds().get("s46", String.class)).isEqualTo("survivor");
    }

    @Test
    @Feature({"S-47", "JC-BOR-4", "G-5"})
    void aCompletionWhoseReplyIsLostIsStoredOnceAlsoThroughANewLeader(Cluster cluster, CoordinatorClient b) {
        loseTheCompletion(cluster, b, "s47", Duration.ZERO);
    }

    @Test
    @Tag("soak")
    @Feature({"S-47", "JC-BOR-4", "G-5"})
    void aCompletionWhoseReplyIsLostIsStoredOnceAlsoAfterMoreThanAMinute(Cluster cluster, CoordinatorClient b) {
        loseTheCompletion(cluster, b, "s47-late", Duration.ofSeconds(65));
    }

    private void loseTheCompletion(Cluster cluster, CoordinatorClient b, String key, Duration outage) {
        ConcurrentLinkedQueue<ChangeEvent> events = new ConcurrentLinkedQueue<>();
        try (Subscription watch = b.watch(WatchOptions.buildKey(key), events::add)) {
            Waiting.get(watch.started());
            ClientLinks links = cluster.clientLinks(key);
            CoordinatorClient a = cluster.client(
                    links,
                    settings -> settings.sessionLease(Duration.ofMinutes(3)).requestTimeout(Duration.ofMinutes(3)));
            CompletableFuture<String> build = a.async()
                    .builds()
                    .getOrBuildAsync(
                            key,
                            String.class,
                            context -> {
                                executions.incrementAndGet();
                                links.dropReplies();
                                return "once";
                            },
                            BuildOptions.timeout(TIMEOUT).ttl(Duration.ofMinutes(10)))
                    .toCompletableFuture();
            Waiting.await("the result is stored")
                    .until(() -> b.builds().status(key).state() == BuildStatus.State.EXISTS);
            long revision = b.builds().status(key).resultRevision();
            String leader = cluster.awaitLeader();
            cluster.kill(leader);
            cluster.awaitLeaderOtherThan(leader);
            Waiting.pass(outage);
            links.heal();
            assertThat(Waiting.get(build)).isEqualTo("once");
            assertThat(b.builds().status(key).resultRevision()).isEqualTo(revision);
            assertThat(executions).hasValue(1);
            Waiting.await("the event")
                    .until(() -> events.stream().anyMatch(event -> event.kind() == ChangeEvent.Kind.COMPLETED));
            assertThat(events.stream().filter(event -> event.kind() == ChangeEvent.Kind.COMPLETED))
                    .hasSize(1);
        }
    }

    @Test
    @Feature({"S-48", "JC-BOR-11", "JC-BOR-12"})
    void aBuilderThatOverrunsCannotReplaceTheNewResult(CoordinatorClient a, CoordinatorClient b) {
        CountDownLatch oldIsReserved = new CountDownLatch(1);
        CountDownLatch newIsStored = new CountDownLatch(1);
        CompletableFuture<String> old = a.async()
                .builds()
                .getOrBuildAsync(
                        "s48",
                        String.class,
                        context -> {
                            oldIsReserved.countDown();
                            assertThat(newIsStored.await(30, TimeUnit.SECONDS)).isTrue();
                            return "old";
                        },
                        BuildOptions.timeout(TIMEOUT).buildTimeout(Duration.ofMillis(300)))
                .toCompletableFuture();
        Waiting.await("the old build runs").until(() -> oldIsReserved.getCount() == 0);
        Waiting.await("the first reservation has ended")
                .until(() -> b.builds().status("s48").state() == BuildStatus.State.EMPTY);
        assertThat(b.builds().getOrBuild("s48", String.class, context -> "new", TIMEOUT))
                .isEqualTo("new");
        newIsStored.countDown();
        assertThatThrownBy(() -> Waiting.get(old))
                .isInstanceOfSatisfying(
                        BuildLostException.class,
                        lost -> assertThat(lost.value())
                                .hasValueSatisfying(
                                        value -> assertThat(value.textValue()).isEqualTo("old")));
        assertThat(a.builds().get("s48", String.class)).isEqualTo("new");
        assertThat(b.builds().get("s48", String.class)).isEqualTo("new");
    }

    @Test
    @Feature({"S-49", "JC-BOR-7", "JC-BOR-8"})
    void aBuildThatFailsFailsItsWaitersAndTheNextCallBuildsAnew(CoordinatorClient a, CoordinatorClient b) {
        CountDownLatch waitersWait = new CountDownLatch(1);
        BuildFunction<String, Exception> failing = context -> {
            assertThat(waitersWait.await(30, TimeUnit.SECONDS)).isTrue();
            throw new IllegalStateException("no flour");
        };
        CompletableFuture<String> builder = a.async()
                .builds()
                .getOrBuildAsync("s49", String.class, failing, TIMEOUT)
                .toCompletableFuture();
        Waiting.await("the build runs").until(() -> b.builds().status("s49").state() == BuildStatus.State.PENDING);
        List<CompletableFuture<String>> waiters = build(b, "s49", 50, "unused", 0);
        Waiting.await("the waiters wait").until(() -> b.builds().status("s49").waiters() == 50);
        waitersWait.countDown();
        assertThatThrownBy(() -> Waiting.get(builder)).hasMessageContaining("no flour");
        for (CompletableFuture<String> waiter : waiters) {
            assertThatThrownBy(() -> Waiting.get(waiter))
                    .isInstanceOfSatisfying(
                            BuildFailedException.class,
                            failed -> assertThat(failed.failure().message()).isEqualTo("no flour"));
        }
        assertThat(b.builds().status("s49").state()).isEqualTo(BuildStatus.State.EMPTY);
        assertThat(b.builds().getOrBuild("s49", String.class, context -> "anew", TIMEOUT))
                .isEqualTo("anew");
        assertThat(executions).hasValue(0);
    }

    @Test
    @Feature({"S-50", "JC-BOR-6", "G-11"})
    void waitersGetAResultWhoseLeaderDiedBeforeItToldThem(Cluster cluster, CoordinatorClient builder) {
        ClientLinks links = cluster.clientLinks("s50");
        CoordinatorClient waiting = cluster.client(links, settings -> settings.sessionLease(Duration.ofSeconds(60)));
        CountDownLatch waitersAreDeaf = new CountDownLatch(1);
        CompletableFuture<String> build = builder.async()
                .builds()
                .getOrBuildAsync(
                        "s50",
                        String.class,
                        context -> {
                            assertThat(waitersAreDeaf.await(30, TimeUnit.SECONDS))
                                    .isTrue();
                            return "told";
                        },
                        TIMEOUT)
                .toCompletableFuture();
        Waiting.await("the build runs")
                .until(() -> builder.builds().status("s50").state() == BuildStatus.State.PENDING);
        List<CompletableFuture<String>> waiters = build(waiting, "s50", 10, "unused", 0);
        Waiting.await("the waiters wait")
                .until(() -> builder.builds().status("s50").waiters() == 10);
        links.dropReplies();
        waitersAreDeaf.countDown();
        assertThat(Waiting.get(build)).isEqualTo("told");
        assertThat(waiters).noneMatch(CompletableFuture::isDone);
        String leader = cluster.awaitLeader();
        cluster.kill(leader);
        cluster.awaitLeaderOtherThan(leader);
        links.heal();
        assertThat(waiters.stream().map(Waiting::get)).containsOnly("told");
        assertThat(executions).hasValue(0);
    }

    private List<CompletableFuture<String>> build(
            CoordinatorClient client, String key, int callers, String value, long millis) {
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            calls.add(client.async()
                    .builds()
                    .getOrBuildAsync(
                            key,
                            String.class,
                            context -> {
                                executions.incrementAndGet();
                                TimeUnit.MILLISECONDS.sleep(millis);
                                return value;
                            },
                            TIMEOUT)
                    .toCompletableFuture());
        }
        return calls;
    }

    private JavaProcess worker(Cluster cluster, String name, String... steps) {
        return Worker.start(cluster.endpoints(), name, directory.resolve(name + ".log"), LEASE, List.of(steps));
    }

    private static List<String> builtValues(JavaProcess worker) {
        return WorkerOutput.lines(worker, "built")
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .toList();
    }
}
