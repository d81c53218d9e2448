package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.OnceOptions;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.LockAcquisitionException;
import io.coordinator.client.error.QueueNoResponseException;
import io.coordinator.client.error.RemoteJobException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.LockedValue;
import io.coordinator.compat.CallbackQueue;
import io.coordinator.compat.CallbackQueueOptions;
import io.coordinator.compat.Compat;
import io.coordinator.compat.JobCallback;
import io.coordinator.compat.JobCompleter;
import io.coordinator.compat.PushResult;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Jobs that one does for all. */
@CoordinatorCluster
class JobScenariosTest {
    private static final CallbackQueueOptions OPTIONS = CallbackQueueOptions.defaults();

    private static List<CallbackQueue> queues(Cluster cluster, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Compat.of(cluster.client()).callbackQueue(OPTIONS))
                .toList();
    }

    @Test
    @Feature({"S-60", "DL-PUSH-1", "DL-PUSH-2", "DL-PUSH-3", "DL-PUSH-6", "DL-PUSH-10", "A-36"})
    void oneOwnsAJobAndAllHearOfItsEnd(Cluster cluster) {
        List<String> heard = new CopyOnWriteArrayList<>();
        List<JobCompleter> owners = new ArrayList<>();
        List<CallbackQueue> queues = new ArrayList<>(queues(cluster, 9));
        queues.add(queues.get(0)); // Two in one process.
        for (CallbackQueue queue : queues) {
            try {
                owners.add(queue.push("1", (error, args) -> heard.add(error + " " + args)));
            } catch (LockAcquisitionException e) {
                assertThat(e).hasMessageContaining("job is already running");
            }
        }
        assertThat(owners).hasSize(1);
        Waiting.get(owners.get(0).completed("done", 7));
        owners.get(0).completed("again");
        owners.get(0).failed(new IllegalStateException("too late"));
        Waiting.await("all of them").until(() -> heard.size() >= 10);
        assertThat(heard).hasSize(10).containsOnly("null [\"done\", 7]");

        // The next run: its failure is the original where it ran, and an account of it elsewhere.
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        JobCallback callback = (error, args) -> errors.add(error);
        PushResult mine = queues.get(0).tryPush("1", callback, Duration.ZERO);
        queues.get(1).tryPush("1", callback, Duration.ZERO);
        IllegalArgumentException original = new IllegalArgumentException("broken");
        Waiting.get(mine.completer().orElseThrow().failed(original));
        Waiting.await("both").until(() -> errors.size() == 2);
        assertThat(errors).contains(original);
        assertThat(errors)
                .filteredOn(RemoteJobException.class::isInstance)
                .singleElement()
                .satisfies(remote -> assertThat(((RemoteJobException) remote).name() + remote.getMessage())
                        .contains("java.lang.IllegalArgumentException")
                        .contains("broken"));
    }

    @Test
    @Feature({"DL-PUSH-4", "DL-PUSH-5", "DL-PUSH-7"})
    void eachPusherHasItsOwnTimeAndALostOwnerIsToldOf(Cluster cluster) {
        ClientLinks links = cluster.clientLinks("owner");
        CoordinatorClient owner = cluster.client(links, settings -> settings);
        CallbackQueue other = Compat.of(cluster.client()).callbackQueue(OPTIONS);
        PushResult mine = Compat.of(owner).callbackQueue(OPTIONS).tryPush("lost", (error, args) -> {}, Duration.ZERO);
        assertThat(mine.isOwner()).isTrue();
        PushResult hasty = other.tryPush("lost", (error, args) -> {}, Duration.ofMillis(100));
        PushResult patient = other.tryPush("lost", (error, args) -> {}, Duration.ofSeconds(60));
        assertThatThrownBy(() -> Waiting.get(hasty.outcome()))
                .isInstanceOf(QueueNoResponseException.class)
                .hasMessageContaining("queue-no-response");
        assertThat(patient.outcome().toCompletableFuture()).isNotDone();
        links.isolate();
        assertThatThrownBy(() -> Waiting.get(patient.outcome())).isInstanceOf(BuildLostException.class);
        links.heal();
        assertThatThrownBy(() -> Waiting.get(mine.completer().orElseThrow().completed("late")))
                .isInstanceOf(RuntimeException.class);
        assertThat(other.tryPush("lost", (error, args) -> {}, Duration.ZERO).isOwner())
                .isTrue();
    }

    @Test
    @Feature({"S-61", "DL-FAN-1", "DL-FAN-3", "DL-FAN-6", "DL-FAN-7", "DL-FAN-9"})
    void aJobRunsOnceForAllWhoAskAtTheSameTime(Cluster cluster) {
        List<CallbackQueue> queues = queues(cluster, 10);
        AtomicInteger runs = new AtomicInteger();
        List<CompletionStage<String>> results = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(1);
        for (int i = 0; i < queues.size(); i++) {
            String argument = "argument of " + i % 3;
            results.add(queues.get(i).fanout("fan-" + i % 3, String.class, context -> {
                runs.incrementAndGet();
                all.await();
                return argument;
            }));
        }
        Waiting.await("three runs").until(() -> runs.get() == 3);
        CoordinatorClient looker = cluster.client();
        Waiting.await("all others wait")
                .until(() -> IntStream.range(0, 3)
                                .mapToLong(i -> looker.namespace("dlock")
                                        .builds()
                                        .status("fan-" + i)
                                        .waiters())
                                .sum()
                        == 7);
        all.countDown();
        for (int i = 0; i < queues.size(); i++) {
            assertThat(Waiting.get(results.get(i))).isEqualTo("argument of " + i % 3);
        }
        assertThat(runs).hasValue(3);
        assertThat(Waiting.get(queues.get(0).fanout("fan-0", String.class, context -> "anew")))
                .isEqualTo("anew");

        CountDownLatch both = new CountDownLatch(1);
        CompletionStage<String> failing = queues.get(0).fanout("failing", String.class, context -> {
            both.await();
            throw new IllegalStateException("no luck");
        });
        Waiting.await("it runs")
                .until(() ->
                        looker.namespace("dlock").builds().status("failing").token() != 0);
        CompletionStage<String> waiting = queues.get(1).fanout("failing", String.class, context -> "never");
        Waiting.await("one waits")
                .until(() ->
                        looker.namespace("dlock").builds().status("failing").waiters() == 1);
        both.countDown();
        assertThatThrownBy(() -> Waiting.get(failing)).isExactlyInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Waiting.get(waiting))
                .isInstanceOf(RemoteJobException.class)
                .hasMessageContaining("no luck");
    }

    @Test
    @Feature({"S-62", "DL-FAN-2", "DL-FAN-4", "DL-FAN-5", "A-37"})
    void whenTheRunnersTimeIsOverItsJobIsCancelledAndAllHearIt(Cluster cluster) {
        List<CallbackQueue> queues = queues(cluster, 3);
        AtomicBoolean cancelled = new AtomicBoolean();
        CountDownLatch never = new CountDownLatch(1);
        Duration timeout = Duration.ofMillis(1_500);
        List<CompletionStage<String>> results = new ArrayList<>();
        for (CallbackQueue queue : queues) {
            Duration own = results.isEmpty() ? timeout : timeout.multipliedBy(20);
            results.add(queue.fanout(
                    "slow",
                    String.class,
                    context -> {
                        context.cancelled().thenRun(() -> cancelled.set(true));
                        never.await();
                        return "never";
                    },
                    own));
            Waiting.await("the first runs")
                    .until(() -> cluster.client()
                                    .namespace("dlock")
                                    .builds()
                                    .status("slow")
                                    .token()
                            != 0);
        }
        for (CompletionStage<String> result : results) {
            assertThatThrownBy(() -> Waiting.get(result)).isInstanceOf(QueueNoResponseException.class);
        }
        Waiting.await("the job's cancellation").until(cancelled::get);
        never.countDown();
        assertThatThrownBy(() -> Waiting.get(queues.get(0).fanout("slow", String.class, context -> "", Duration.ZERO)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("invalid timeout value");

        cluster.nodes().subList(0, 2).forEach(cluster::kill);
        AtomicBoolean ran = new AtomicBoolean();
        CompletionStage<String> leaderless = queues.get(0)
                .fanout(
                        "leaderless",
                        String.class,
                        context -> {
                            ran.set(true);
                            return "";
                        },
                        timeout);
        assertThatThrownBy(() -> Waiting.get(leaderless)).isInstanceOf(QueueNoResponseException.class);
        assertThat(ran).isFalse();
        cluster.repair();
    }

    @Test
    @Feature("DL-PUSH-5")
    void aRunGoesOnForAsLongAsOneOfItsCallersWaits(CoordinatorClient a) {
        CallbackQueue queue = Compat.of(a).callbackQueue(OPTIONS);
        CountDownLatch go = new CountDownLatch(1);
        CompletionStage<String> hasty = queue.fanout(
                "shared",
                String.class,
                context -> {
                    go.await();
                    return "done";
                },
                Duration.ofMillis(100));
        CompletionStage<String> patient =
                queue.fanout("shared", String.class, context -> "another run", Duration.ofSeconds(60));
        assertThatThrownBy(() -> Waiting.get(hasty)).isInstanceOf(QueueNoResponseException.class);
        Waiting.pass(Duration.ofSeconds(7)); // Longer than any time that the first caller could have set for both.
        go.countDown();
        assertThat(Waiting.get(patient)).isEqualTo("done");
    }

    @Test
    @Feature({"S-63", "DL-FAN-8"})
    void aJobMayTakeLongerThanALock(Cluster cluster) {
        CallbackQueueOptions shortLocks = OPTIONS.lockTimeout(Duration.ofMillis(500));
        AtomicInteger runs = new AtomicInteger();
        List<CompletionStage<Integer>> results = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            results.add(Compat.of(cluster.client())
                    .callbackQueue(shortLocks)
                    .fanout(
                            "long",
                            Integer.class,
                            context -> {
                                Waiting.pass(Duration.ofSeconds(3));
                                return runs.incrementAndGet();
                            },
                            Duration.ofSeconds(20)));
        }
        assertThat(results.stream().map(Waiting::get)).containsOnly(1);
        assertThat(runs).hasValue(1);
    }

    @Test
    @Feature("DL-FAN-10")
    void whenTheRunnerDiesAWaiterRunsItsOwn(Cluster cluster) {
        ClientLinks links = cluster.clientLinks("runner");
        CoordinatorClient runner = cluster.client(links, settings -> settings);
        CountDownLatch never = new CountDownLatch(1);
        Compat.of(runner).callbackQueue(OPTIONS).fanout("dies", String.class, context -> {
            never.await();
            return "the dead one's";
        });
        CoordinatorClient other = cluster.client();
        Waiting.await("it runs")
                .until(() -> other.namespace("dlock").builds().status("dies").token() != 0);
        CompletionStage<String> waiting = Compat.of(other)
                .callbackQueue(OPTIONS)
                .fanout("dies", String.class, context -> "the other's", Duration.ofSeconds(60));
        links.isolate();
        assertThat(Waiting.get(waiting)).isEqualTo("the other's");
        never.countDown();
    }

    @Test
    @Feature({"S-64", "DL-PUSH-9"})
    void joinersAroundTheEndGetThisRunsResultOrTheNextOnes(Cluster cluster) {
        int rounds = 300;
        CallbackQueue first = Compat.of(cluster.client()).callbackQueue(OPTIONS);
        CallbackQueue second = Compat.of(cluster.client()).callbackQueue(OPTIONS);
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < rounds; i++) {
            int round = i;
            List<CompletableFuture<Integer>> results = new ArrayList<>();
            for (int j = 0; j < 2; j++) {
                results.add(first.fanout("edge", Integer.class, context -> {
                            runs.incrementAndGet();
                            return round;
                        })
                        .toCompletableFuture());
                results.add(second.fanout("edge", Integer.class, context -> {
                            runs.incrementAndGet();
                            return round;
                        })
                        .toCompletableFuture());
                if (j == 0) {
                    // The others come just as the first is about to have its result.
                    CompletableFuture<Integer> before = results.get(0);
                    Waiting.await("the run").until(() -> before.isDone() || runs.get() > 0);
                }
            }
            results.forEach(result -> assertThat(Waiting.get(result)).isEqualTo(round));
        }
        assertThat(runs.get()).isBetween(rounds, 4 * rounds);
    }

    @Test
    @Feature("EL-USE-1")
    void aTaskRunsOnceInTheCluster(CoordinatorClient a, CoordinatorClient b) throws Exception {
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> a.builds()
                        .runOnce(
                                "migrate",
                                context -> {
                                    throw new IllegalStateException("not yet");
                                },
                                Duration.ofSeconds(20)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(a.builds().runOnce("migrate", context -> runs.incrementAndGet(), Duration.ofSeconds(20)))
                .isTrue();
        assertThat(b.builds().runOnce("migrate", context -> runs.incrementAndGet(), Duration.ofSeconds(20)))
                .isFalse();
        assertThat(runs).hasValue(1);
    }

    @Test
    @Feature("U-05")
    void aTaskStaysDoneForItsRetentionAfterTheLastCall(CoordinatorClient a) {
        AtomicInteger runs = new AtomicInteger();
        OnceOptions brief = OnceOptions.timeout(Duration.ofSeconds(20)).keepFor(Duration.ofSeconds(3));
        long start = System.nanoTime();
        assertThat(a.builds().runOnce("nightly", context -> runs.incrementAndGet(), brief))
                .isTrue();
        while (System.nanoTime() - start < Duration.ofSeconds(5).toNanos()) {
            assertThat(a.builds().runOnce("nightly", context -> runs.incrementAndGet(), brief))
                    .as("asked for all the time")
                    .isFalse();
        }
        Waiting.await("the key to go").until(() -> a.builds().status("nightly").state() == BuildStatus.State.EMPTY);
        assertThat(a.builds().runOnce("nightly", context -> runs.incrementAndGet(), brief))
                .isTrue();
        assertThat(runs).hasValue(2);
    }

    @Test
    @Feature({"JC-LK-1", "JC-LK-2"})
    void aLockedValueIsReadAndWrittenUnderItsLock(CoordinatorClient a, CoordinatorClient b) {
        LockedValue<Integer> mine = a.lockedValue("counter", Integer.class);
        LockedValue<Integer> other = b.lockedValue("counter", Integer.class);
        List<CompletableFuture<Void>> writers = List.of(mine, other).stream()
                .map(value -> CompletableFuture.runAsync(() -> {
                    for (int i = 0; i < 10; i++) {
                        value.withLock(Duration.ofSeconds(30), n -> n == null ? 1 : n + 1);
                    }
                }))
                .toList();
        writers.forEach(Waiting::get);
        try (LockedValue.Held<Integer> held = mine.acquire(Duration.ofSeconds(1))) {
            assertThat(held.value()).isEqualTo(20);
            assertThat(other.tryAcquire()).isEmpty();
            b.locks().forceRelease("counter", "operator", "a test");
            assertThat(held.release(99)).isFalse();
        }
        assertThat(other.tryAcquire().map(held -> {
                    try (held) {
                        return held.value();
                    }
                }))
                .contains(20);
        assertThatThrownBy(() -> mine.withLock(Duration.ofSeconds(1), n -> {
                    throw new IllegalStateException("changes nothing");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(mine.acquire(Duration.ofSeconds(1)).release(5)).isTrue();
        assertThat(other.acquire(Duration.ofSeconds(1)).value()).isEqualTo(5);
    }
}
