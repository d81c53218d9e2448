package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.HandlerGoneException;
import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.client.rpc.RpcFailure;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.RpcRequest;
import io.coordinator.client.rpc.RpcWorker;
import io.coordinator.client.rpc.WorkerOptions;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Calls through the leader's memory, with workers that hang and die, and leaders that are killed. */
@CoordinatorCluster
class EphemeralCallScenariosTest {
    private static final CallOptions LOGGED = CallOptions.defaults().timeout(Duration.ofMinutes(1));
    private static final CallOptions PATIENT = LOGGED.ephemeral();

    /** Runs until it is let go, whatever it is told. */
    private static final class Stubborn implements RpcHandler {
        final Queue<RpcRequest> begun = new ConcurrentLinkedQueue<>();
        final CountDownLatch go = new CountDownLatch(1);

        @Override
        public Object handle(RpcRequest request) {
            begun.add(request);
            while (go.getCount() > 0) {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    // That is what it is: it hangs.
                }
            }
            return request.arguments();
        }
    }

    private static CompletableFuture<Integer> call(
            CoordinatorClient client, String name, int argument, CallOptions options) {
        return client.async().rpc().call(name, argument, Integer.class, options).toCompletableFuture();
    }

    private static CompletableFuture<Integer> call(CoordinatorClient client, String name, int argument) {
        return call(client, name, argument, PATIENT);
    }

    /** What a call says of its end. */
    private static CoordinatorException failureOf(CompletableFuture<?> call) {
        try {
            Waiting.get(call);
        } catch (CoordinatorException e) {
            return e;
        }
        throw new AssertionError("the call has a result");
    }

    interface Resize {
        String size(int width, int height);
    }

    @Test
    @Feature({"A-21", "PM-RPC-3", "PM-RPC-5", "PM-RPC-6"})
    void resultsFailuresAndReportsComeBack(Cluster cluster, CoordinatorClient caller) {
        CoordinatorClient worker = cluster.client();
        worker.rpc().register("e-echo", request -> {
            request.progress("half");
            return request.arguments();
        });
        worker.rpc().register("e-fails", request -> {
            throw new RpcFailure("EQUOTA", "used up");
        });
        worker.rpc()
                .register("e-large", request -> "x".repeat(request.arguments().asInt()));
        Resize local = (width, height) -> width + "x" + height;
        worker.rpc().serve(Resize.class, local);
        Queue<String> heard = new ConcurrentLinkedQueue<>();

        CallOptions listening = PATIENT.onProgress(report -> heard.add(report.asText()));
        assertThat(caller.rpc().call("e-echo", List.of(1, 2), int[].class, listening))
                .containsExactly(1, 2);
        Waiting.await("the report").until(() -> heard.contains("half"));
        assertThat(caller.rpc().call("e-echo", null, String.class, PATIENT)).isNull();
        assertThat(caller.rpc().proxy(Resize.class, PATIENT).size(8, 6)).isEqualTo("8x6");
        assertThatThrownBy(() -> caller.rpc().call("e-fails", null, String.class, PATIENT))
                .isInstanceOfSatisfying(RemoteException.class, e -> {
                    assertThat(e.remoteCode()).isEqualTo("EQUOTA");
                    assertThat(e.remoteMessage()).isEqualTo("used up");
                });
        for (int bytes : List.of((1 << 20) + 1, 10 << 20)) {
            assertThatThrownBy(() -> caller.rpc().call("e-large", bytes, String.class, PATIENT))
                    .isInstanceOfSatisfying(
                            RemoteException.class,
                            e -> assertThat(e.remoteCode()).isEqualTo("ETOOLARGE"));
            assertThatThrownBy(() -> caller.rpc().call("e-echo", "x".repeat(bytes), String.class, PATIENT))
                    .isInstanceOf(PayloadTooLargeException.class);
        }
        assertThatThrownBy(() -> caller.rpc().call("e-nobody", null, String.class, PATIENT))
                .isInstanceOf(NoHandlerException.class)
                .hasMessageContaining("no handler registered for \"e-nobody\"");
        assertThat(caller.rpc().call("e-echo", 5, Integer.class, PATIENT)).isEqualTo(5);
        assertThat(caller.stats().count("rpcCalls")).as("none is in the log").isZero();
    }

    @Test
    @Feature({"A-21", "PM-RPC-4"})
    void bothKindsOfCallsTogetherTakeNoMoreThanAWorkersPlaces(Cluster cluster, CoordinatorClient caller) {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Semaphore go = new Semaphore(0);
        RpcWorker worker = cluster.client()
                .rpc()
                .register(
                        "e-mix",
                        request -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            go.acquire();
                            running.decrementAndGet();
                            return request.arguments();
                        },
                        WorkerOptions.defaults().concurrency(3));
        List<CompletableFuture<Integer>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(call(caller, "e-mix", i, i % 2 == 0 ? PATIENT : LOGGED));
        }
        Waiting.await("each kind has given the worker as many as it takes").until(() -> worker.running() == 6);
        Waiting.await("all places are taken").until(() -> running.get() == 3);
        for (int i = 0; i < calls.size(); i++) {
            go.release();
        }
        assertThat(calls.stream().map(Waiting::get))
                .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
        assertThat(most).hasValue(3);
    }

    @Test
    @Feature({"A-21", "PM-RPC-13"})
    void aBacklogThatIsFullIsToldAndNoCallRunsTwice(Cluster cluster, CoordinatorClient caller) {
        Stubborn held = new Stubborn();
        cluster.client()
                .rpc()
                .register(
                        "e-full", held, WorkerOptions.defaults().concurrency(1).backlogMax(5));
        CompletableFuture<Integer> first = call(caller, "e-full", 0);
        Waiting.await("it runs").until(() -> held.begun.size() == 1);
        List<CompletableFuture<Integer>> calls =
                IntStream.range(1, 11).mapToObj(i -> call(caller, "e-full", i)).toList();
        Waiting.await("half of them are refused")
                .until(() -> calls.stream().filter(CompletableFuture::isDone).count() == 5);
        calls.stream()
                .filter(CompletableFuture::isDone)
                .forEach(each -> assertThat(failureOf(each)).isInstanceOf(ThrottledException.class));
        held.go.countDown();
        assertThat(Waiting.get(first)).isZero();
        assertThat(calls.stream()
                        .filter(each -> !each.isCompletedExceptionally())
                        .map(Waiting::get))
                .hasSize(5);
        assertThat(held.begun).hasSize(6);
    }

    @Test
    @Feature({"A-21", "S-72", "PM-RPC-8", "PM-RPC-10"})
    void aWorkerThatHangsIsGivenOtherCalls(CoordinatorClient worker, CoordinatorClient caller) {
        Stubborn hanging = new Stubborn();
        AtomicInteger number = new AtomicInteger();
        worker.rpc()
                .register(
                        "e-hangs",
                        request -> number.incrementAndGet() == 1 ? hanging.handle(request) : "served",
                        WorkerOptions.defaults().concurrency(1));
        long began = System.nanoTime();
        assertThatThrownBy(() ->
                        caller.rpc().call("e-hangs", "late", String.class, PATIENT.timeout(Duration.ofSeconds(1))))
                .isInstanceOf(RequestTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
        Waiting.await("it is told").until(() -> hanging.begun.element().isCancelled());
        assertThat(caller.rpc().call("e-hangs", "next", String.class, PATIENT)).isEqualTo("served");
        hanging.go.countDown();
        assertThat(caller.rpc().call("e-hangs", "logged", String.class, LOGGED)).isEqualTo("served");

        CompletableFuture<Integer> unwanted = call(caller, "e-hangs-2", 1, PATIENT.waitForWorker());
        Stubborn told = new Stubborn();
        worker.rpc().register("e-hangs-2", told);
        Waiting.await("it waited for its worker").until(() -> told.begun.size() == 1);
        unwanted.cancel(false);
        Waiting.await("it is told").until(() -> told.begun.element().isCancelled());
        told.go.countDown();
    }

    @Test
    @Feature({"A-21", "S-73", "PM-RPC-7", "PM-RPC-12"})
    void callersHearOfAWorkerThatIsCutOff(Cluster cluster, CoordinatorClient caller) {
        ClientLinks links = cluster.clientLinks("e-cut");
        CoordinatorClient first = cluster.client(links, settings -> settings.sessionLease(Duration.ofSeconds(2)));
        Stubborn held = new Stubborn();
        RpcWorker cutOff = first.rpc().register("e-cut", held);
        CompletableFuture<Integer> once = call(caller, "e-cut", 1);
        CompletableFuture<Integer> again = call(caller, "e-cut", 2, PATIENT.idempotent());
        Waiting.await("both run").until(() -> held.begun.size() == 2);
        cluster.client().rpc().register("e-cut", request -> 10 + request.attempt());

        links.isolate();
        first.rpc(); // Its handlers go on.

        CoordinatorException gone = failureOf(once);
        assertThat(gone).isInstanceOf(HandlerGoneException.class);
        assertThat(gone.outcomeUnknown()).isTrue();
        assertThat(Waiting.get(again)).isEqualTo(12);
        Waiting.await("they are told").until(() -> held.begun.stream().allMatch(RpcRequest::isCancelled));
        held.go.countDown();
        links.heal();
        Waiting.await("it serves again").until(cutOff::isRegistered);
    }

    @Test
    @Feature({"A-21", "S-73", "PM-RPC-2"})
    void aWorkerThatClosesLeavesItsCallsToOthers(Cluster cluster, CoordinatorClient caller) {
        CoordinatorClient client = cluster.client();
        Stubborn held = new Stubborn();
        RpcWorker leaving =
                client.rpc().register("e-leaves", held, WorkerOptions.defaults().concurrency(1));
        CompletableFuture<Integer> runs = call(caller, "e-leaves", 1);
        Waiting.await("it runs").until(() -> held.begun.size() == 1);
        CompletableFuture<Integer> waits = call(caller, "e-leaves", 2);
        cluster.client().rpc().register("e-leaves", request -> 20);
        assertThat(Waiting.get(waits)).isEqualTo(20);
        leaving.unregister();
        assertThat(Waiting.get(call(caller, "e-leaves", 3))).isEqualTo(20);
        held.go.countDown();
        assertThat(Waiting.get(runs)).isEqualTo(1);
    }

    @Test
    @Feature({"A-21", "PM-RPC-11"})
    void aCallerThatIsGoneHasItsCallsStopped(Cluster cluster) {
        Stubborn held = new Stubborn();
        cluster.client().rpc().register("e-gone", held);
        CoordinatorClient caller = cluster.client();
        CompletableFuture<Integer> call = call(caller, "e-gone", 1);
        Waiting.await("it runs").until(() -> held.begun.size() == 1);
        caller.close();
        assertThat(failureOf(call).outcomeUnknown()).isTrue();
        Waiting.await("it is told").until(() -> held.begun.element().isCancelled());
        held.go.countDown();
    }

    @Test
    @Feature({"A-21", "S-73"})
    void theEndOfALeaderEndsItsCallsAndTheNextOnesWork(Cluster cluster) {
        CoordinatorClient worker = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(60)));
        CoordinatorClient caller = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(60)));
        Stubborn held = new Stubborn();
        AtomicInteger others = new AtomicInteger();
        worker.rpc()
                .register(
                        "e-leader",
                        request -> request.arguments().asInt() < 10 ? held.handle(request) : others.incrementAndGet());
        CompletableFuture<Integer> once = call(caller, "e-leader", 7);
        CompletableFuture<Integer> again = call(caller, "e-leader", 8, PATIENT.idempotent());
        Waiting.await("both run").until(() -> held.begun.size() == 2);

        String leader = cluster.awaitLeader();
        cluster.kill(leader);
        CoordinatorException lost = failureOf(once);
        assertThat(lost).isInstanceOf(DisconnectedException.class);
        assertThat(lost.code()).isEqualTo(ErrorCode.EDISCONNECTED);
        assertThat(lost.outcomeUnknown()).isTrue();
        cluster.awaitLeaderOtherThan(leader);
        assertThat(Waiting.get(call(caller, "e-leader", 10)))
                .as("although its worker may come later")
                .isEqualTo(1);
        held.go.countDown();
        assertThat(Waiting.get(again)).isEqualTo(8);
        assertThat(held.begun).hasSize(3);
        assertThat(others).hasValue(1);
    }
}
