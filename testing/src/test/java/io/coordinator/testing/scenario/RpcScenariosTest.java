package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CallTimeoutException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.HandlerGoneException;
import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.error.RequestTimeoutException;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Calls, with workers that hang and die, and leaders that are killed. */
@CoordinatorCluster
class RpcScenariosTest {
    private static final CallOptions PATIENT = CallOptions.defaults().timeout(Duration.ofMinutes(1));

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

    private static CompletableFuture<Integer> call(CoordinatorClient client, String name, int argument) {
        return client.async().rpc().call(name, argument, Integer.class, PATIENT).toCompletableFuture();
    }

    @Test
    @Feature({"S-71", "PM-RPC-3", "PM-RPC-4", "PM-RPC-5", "PM-RPC-6"})
    void callsAreSpreadOverThreeWorkers(Cluster cluster, CoordinatorClient caller) {
        List<Stubborn> handlers = List.of(new Stubborn(), new Stubborn(), new Stubborn());
        handlers.forEach(handler -> cluster.client().rpc().register("s71", handler));
        List<CompletableFuture<Integer>> calls = new ArrayList<>();
        for (int round = 1; round <= 4; round++) {
            int each = round;
            IntStream.range(0, 3).forEach(i -> calls.add(call(caller, "s71", calls.size())));
            Waiting.await("an equal share for each worker")
                    .until(() -> handlers.stream().allMatch(handler -> handler.begun.size() == each));
        }
        handlers.forEach(handler -> handler.go.countDown());
        assertThat(calls.stream().map(Waiting::get))
                .containsExactlyElementsOf(IntStream.range(0, 12).boxed().toList());

        assertThatThrownBy(() -> caller.rpc().call("s71-nobody", null, String.class))
                .isInstanceOf(NoHandlerException.class)
                .hasMessageContaining("no handler registered for \"s71-nobody\"");
        caller.rpc().register("s71-fails", request -> {
            throw new RpcFailure("EQUOTA", "used up");
        });
        assertThatThrownBy(() -> caller.rpc().call("s71-fails", null, String.class))
                .isInstanceOfSatisfying(RemoteException.class, e -> {
                    assertThat(e.remoteCode()).isEqualTo("EQUOTA");
                    assertThat(e.remoteMessage()).isEqualTo("used up");
                });
    }

    @Test
    @Feature({"S-72", "PM-RPC-8", "PM-RPC-10"})
    void aWorkerThatHangsIsGivenOtherCalls(CoordinatorClient worker, CoordinatorClient caller) {
        Stubborn hanging = new Stubborn();
        AtomicInteger number = new AtomicInteger();
        worker.rpc()
                .register(
                        "s72",
                        request -> number.incrementAndGet() == 1 ? hanging.handle(request) : "served",
                        WorkerOptions.defaults().concurrency(1));
        long began = System.nanoTime();

        assertThatThrownBy(() -> caller.rpc()
                        .call(
                                "s72",
                                "late",
                                String.class,
                                CallOptions.defaults().timeout(Duration.ofSeconds(1))))
                .isInstanceOf(RequestTimeoutException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(4));
        assertThat(hanging.begun.element().isCancelled()).isTrue();
        Waiting.await("no call is pending").until(() -> caller.stats().count("rpcCalls") == 0);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
        assertThat(caller.rpc().call("s72", "next", String.class, PATIENT)).isEqualTo("served");
        hanging.go.countDown();
        assertThat(caller.rpc().call("s72", "after", String.class, PATIENT)).isEqualTo("served");
    }

    /** The time is no setting, so this waits for all of it. */
    @Test
    @Tag("soak")
    @Feature({"S-72", "PM-RPC-9"})
    void aCallWithoutATimeoutEndsByTheDefaultOne(CoordinatorClient worker, CoordinatorClient caller) {
        Stubborn hanging = new Stubborn();
        AtomicInteger number = new AtomicInteger();
        worker.rpc()
                .register(
                        "s72-default",
                        request -> number.incrementAndGet() == 1 ? hanging.handle(request) : "served",
                        WorkerOptions.defaults().concurrency(1));
        long began = System.nanoTime();

        assertThatThrownBy(() -> caller.rpc().call("s72-default", "late", String.class))
                .isInstanceOfSatisfying(CallTimeoutException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.ECALLTIMEOUT);
                    assertThat(e.outcomeUnknown()).isTrue();
                });
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isBetween(CallOptions.DEFAULT_TIMEOUT, CallOptions.DEFAULT_TIMEOUT.plusSeconds(4));
        Waiting.await("the worker is told to stop")
                .until(() -> hanging.begun.element().isCancelled());
        Waiting.await("no call is pending").until(() -> caller.stats().count("rpcCalls") == 0);
        assertThat(caller.rpc().call("s72-default", "next", String.class, PATIENT))
                .isEqualTo("served");
        hanging.go.countDown();
    }

    @Test
    @Feature({"S-73", "PM-RPC-7", "PM-RPC-12"})
    void callersHearOfAWorkerThatIsCutOff(Cluster cluster, CoordinatorClient caller) {
        Duration lease = Duration.ofSeconds(2);
        ClientLinks links = cluster.clientLinks("s73");
        CoordinatorClient first = cluster.client(links, settings -> settings.sessionLease(lease));
        Stubborn held = new Stubborn();
        RpcWorker cutOff = first.rpc().register("s73", held);
        CompletableFuture<Integer> once = call(caller, "s73", 1);
        CompletableFuture<Integer> again = caller.async()
                .rpc()
                .call("s73", 2, Integer.class, PATIENT.idempotent())
                .toCompletableFuture();
        Waiting.await("both run").until(() -> held.begun.size() == 2);
        cluster.client().rpc().register("s73", request -> 10 + request.attempt());
        long began = System.nanoTime();

        links.isolate();

        assertThat(Waiting.get(call(caller, "s73", 3))).isEqualTo(11);
        assertThatThrownBy(() -> Waiting.get(once)).isInstanceOf(HandlerGoneException.class);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(lease.plusSeconds(4));
        assertThat(Waiting.get(again)).isEqualTo(12);
        assertThat(cutOff.isRegistered()).isFalse();
        held.go.countDown();
        links.heal();
        Waiting.await("it serves again").until(cutOff::isRegistered);
    }

    @Test
    @Feature({"S-73", "A-21", "PM-RPC-3"})
    void aResultReachesItsCallerThroughANewLeader(Cluster cluster) {
        CoordinatorClient worker = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(60)));
        CoordinatorClient caller = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(60)));
        Stubborn held = new Stubborn();
        RpcWorker registration = worker.rpc().register("s73-leader", held);
        CompletableFuture<Integer> call = call(caller, "s73-leader", 7);
        Waiting.await("it runs").until(() -> held.begun.size() == 1);

        String leader = cluster.awaitLeader();
        cluster.kill(leader);
        held.go.countDown();
        cluster.awaitLeaderOtherThan(leader);

        assertThat(Waiting.get(call)).isEqualTo(7);
        assertThat(held.begun).hasSize(1);
        assertThat(Waiting.get(call(caller, "s73-leader", 8))).isEqualTo(8);
        assertThat(registration.isRegistered()).isTrue();
        cluster.awaitEqualDigests();
    }
}
