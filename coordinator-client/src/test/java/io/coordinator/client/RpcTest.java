package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.CallTimeoutException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.HandlerGoneException;
import io.coordinator.client.error.NoHandlerException;
import io.coordinator.client.error.RemoteException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.client.rpc.ProcedurePage;
import io.coordinator.client.rpc.ProcedureStatus;
import io.coordinator.client.rpc.ProcedureSummary;
import io.coordinator.client.rpc.RpcFailure;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.RpcRequest;
import io.coordinator.client.rpc.RpcWorker;
import io.coordinator.client.rpc.WorkerOptions;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.RpcCommand;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@Feature("PM-RPC-3")
class RpcTest extends ClientFixture {
    private static final CallOptions MINUTE = CallOptions.defaults().timeout(Duration.ofMinutes(1));

    /** A handler that runs until it is told to stop, or let go. */
    private static final class Held implements RpcHandler {
        final List<RpcRequest> requests = new CopyOnWriteArrayList<>();
        final AtomicInteger interrupts = new AtomicInteger();
        final CountDownLatch go = new CountDownLatch(1);

        @Override
        public Object handle(RpcRequest request) throws InterruptedException {
            requests.add(request);
            try {
                go.await();
            } catch (InterruptedException e) {
                interrupts.incrementAndGet();
                throw e;
            }
            return "done " + request.attempt();
        }

        RpcRequest begun() {
            soon().until(() -> !requests.isEmpty());
            return requests.get(0);
        }
    }

    private long completions() {
        return operations(RpcCommand::hasComplete);
    }

    private long operations(java.util.function.Predicate<RpcCommand> which) {
        return cluster.applied().stream()
                .filter(Command::hasRpc)
                .map(Command::getRpc)
                .filter(which)
                .count();
    }

    // ---- calls and results ----

    @Test
    @Feature({"PM-RPC-1", "PM-RPC-3"})
    void resultOfTheHandlerComesBack() {
        CoordinatorClient worker = connect(config -> config.clientName("worker"));
        List<RpcRequest> seen = new CopyOnWriteArrayList<>();
        worker.rpc().register("sum", request -> {
            seen.add(request);
            assertThat(Thread.currentThread().getName()).startsWith("coord-worker-work-");
            List<Integer> terms = request.arguments(new TypeReference<List<Integer>>() {});
            return Map.of(
                    "sum",
                    terms == null ? 0 : terms.stream().mapToInt(each -> each).sum());
        });
        CoordinatorClient caller = connect(config -> config.clientName("caller"));

        assertThat(caller.rpc().call("sum", List.of(1, 2, 3), JsonNode.class, MINUTE))
                .hasToString("{\"sum\":6}");
        assertThat(caller.rpc().call("sum", new int[0], new TypeReference<Map<String, Long>>() {}, MINUTE))
                .isEqualTo(Map.of("sum", 0L));
        RpcRequest request = seen.get(0);
        assertThat(request.name()).isEqualTo("sum");
        assertThat(request.callerName()).isEqualTo("caller");
        assertThat(request.attempt()).isOne();
        assertThat(request.isCancelled()).isFalse();
        assertThat(request.remaining()).isZero(); // It is done.
    }

    @Test
    @Feature("PM-RPC-3")
    void nothingIsAnArgumentAndAResult() {
        CoordinatorClient client = connect();
        client.rpc().register("nothing", request -> {
            assertThat(request.arguments().isNull()).isTrue();
            assertThat(request.arguments(String.class)).isNull();
            return null;
        });

        assertThat(client.rpc().call("nothing", null, Void.class)).isNull();
        assertThat(client.rpc().call("nothing", null, String.class)).isNull();
    }

    @Test
    @Feature("PM-RPC-3")
    void handlerMayAnswerLater() {
        CoordinatorClient client = connect();
        CompletableFuture<String> later = new CompletableFuture<>();
        client.rpc().register("later", RpcHandler.staged(request -> later));
        CompletableFuture<String> call =
                client.async().rpc().call("later", null, String.class, MINUTE).toCompletableFuture();
        later.complete("now");

        assertThat(get(call)).isEqualTo("now");
    }

    @Test
    void namespacesAreApart() {
        CoordinatorClient client = connect();
        client.namespace("a").rpc().register("who", request -> "a");
        client.namespace("b").rpc().register("who", request -> "b");

        assertThat(client.namespace("b").rpc().call("who", null, String.class)).isEqualTo("b");
        assertThat(client.namespace("a").rpc().namespace()).isEqualTo("a");
        assertThatThrownBy(() -> client.rpc().call("who", null, String.class)).isInstanceOf(NoHandlerException.class);
    }

    // ---- failures ----

    @Test
    @Feature({"PM-RPC-5", "S-71"})
    void nobodyServesTheName() {
        CoordinatorClient client = connect();

        assertThatThrownBy(() -> client.rpc().call("x", 1, String.class))
                .isInstanceOf(NoHandlerException.class)
                .hasMessageContaining("no handler registered for \"x\"")
                .matches(e -> ((CoordinatorException) e).code() == ErrorCode.ENOHANDLER
                        && !((CoordinatorException) e).outcomeUnknown());
    }

    @Test
    @Feature("PM-RPC-5")
    void callWaitsForAWorker() {
        CoordinatorClient client = connect();
        CompletableFuture<String> call = client.async()
                .rpc()
                .call("x", 1, String.class, MINUTE.waitForWorker())
                .toCompletableFuture();
        soon().until(() -> operations(RpcCommand::hasCall) == 1);
        client.rpc().register("x", request -> "came");
        assertThat(get(call)).isEqualTo("came");
        CompletableFuture<String> inVain = client.async()
                .rpc()
                .call("y", 1, String.class, MINUTE.waitForWorker(Duration.ofSeconds(1)))
                .toCompletableFuture();
        soon().until(() -> operations(RpcCommand::hasCall) == 2);
        cluster.advance(Duration.ofSeconds(2));
        assertThatThrownBy(() -> get(inVain)).isInstanceOf(NoHandlerException.class);
    }

    @Test
    @Feature({"PM-RPC-6", "S-71"})
    void failureOfTheHandlerIsRelayedAsText() {
        CoordinatorClient client = connect();
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        List<Throwable> thrown = new CopyOnWriteArrayList<>(List.of(
                new java.io.IOException("disk"),
                new AssertionError("an error"),
                new RpcFailure("EQUOTA", "too much"),
                new IllegalStateException("a".repeat(20_000) + "\uD83D"),
                new RuntimeException("half \uD83D and \0")));
        client.rpc()
                .register(
                        "fail",
                        request -> CompletableFuture.failedStage(
                                thrown.get(request.arguments().asInt())),
                        WorkerOptions.defaults().errorListener(reported::add));

        assertRemote(client, 0, "EHANDLER", "disk", "java.io.IOException");
        assertRemote(client, 1, "EHANDLER", "an error", "java.lang.AssertionError");
        assertRemote(client, 2, "EQUOTA", "too much", RpcFailure.class.getName());
        assertRemote(client, 3, "EHANDLER", "a".repeat(16_384), IllegalStateException.class.getName());
        assertRemote(client, 4, "EHANDLER", "half ? and ?", RuntimeException.class.getName());
        soon().until(() -> reported.size() == 4);
        assertThat(reported).doesNotContain(thrown.get(2));
    }

    private static void assertRemote(CoordinatorClient client, int which, String code, String message, String type) {
        assertThatThrownBy(() -> client.rpc().call("fail", which, String.class))
                .isInstanceOfSatisfying(RemoteException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.EHANDLER);
                    assertThat(e.remoteCode()).isEqualTo(code);
                    assertThat(e.remoteMessage()).isEqualTo(message);
                    assertThat(e.remoteType()).isEqualTo(type);
                    assertThat(e).hasMessageContaining(message);
                });
    }

    @Test
    @Feature("PM-RPC-6")
    void errorsOfTheHandlerAndOfItsListenerEndNothing() {
        CoordinatorClient client = connect();
        client.rpc()
                .register(
                        "x",
                        request -> {
                            if (request.arguments().asInt() == 1) {
                                throw new StackOverflowError("deep");
                            }
                            return "fine";
                        },
                        WorkerOptions.defaults().concurrency(1).errorListener(error -> {
                            throw new AssertionError("from the listener");
                        }));

        assertThatThrownBy(() -> client.rpc().call("x", 1, String.class))
                .isInstanceOf(RemoteException.class)
                .hasMessageContaining("StackOverflowError");
        assertThat(client.rpc().call("x", 2, String.class)).isEqualTo("fine");
    }

    @Test
    @Feature("PM-RPC-6")
    void failureWithoutAMessageSaysSo() {
        CoordinatorClient client = connect();
        client.rpc().register("x", request -> {
            throw new IllegalStateException();
        });

        assertThatThrownBy(() -> client.rpc().call("x", 1, String.class))
                .hasMessageEndingWith("failed (java.lang.IllegalStateException), and gave no message");
    }

    @Test
    @Feature({"PM-RPC-6", "G-15"})
    void resultThatCannotBeSentIsAFailure() {
        CoordinatorClient client = connect();
        client.rpc().register("x", request -> switch (request.arguments().asInt()) {
            case 0 -> Double.NaN;
            case 1 -> "a".repeat(1_100_000);
            case 2 -> "a".repeat(5_000_000);
            default -> new Unreadable();
        });

        for (int i = 0; i < 4; i++) {
            int which = i;
            assertThatThrownBy(() -> client.rpc().call("x", which, String.class))
                    .as("%s", which)
                    .isInstanceOfSatisfying(
                            RemoteException.class,
                            e -> assertThat(e.remoteCode()).isIn("EINVAL", "ETOOLARGE"));
        }
    }

    private static final class Unreadable extends AbstractList<Integer> {
        @Override
        public Integer get(int index) {
            throw new IllegalStateException("no number");
        }

        @Override
        public int size() {
            return 1;
        }
    }

    @Test
    void whatCannotBeSentOrReadIsTheCallersMistake() {
        CoordinatorClient client = connect();
        client.rpc().register("x", request -> "text");

        assertThatThrownBy(() -> client.rpc().call("x", Double.NaN, String.class))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> client.rpc().call("x", 1, Integer.class)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> client.rpc().call("\uD83D", 1, Integer.class)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> get(client.async().rpc().register("", request -> 1)))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> CallOptions.defaults().timeout(Duration.ZERO)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> WorkerOptions.defaults().concurrency(0)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> client.rpc()
                        .register("x", request -> 1, WorkerOptions.defaults().concurrency(10_001)))
                .isInstanceOf(ValidationException.class);
    }

    // ---- time ----

    @Test
    @Feature({"PM-RPC-8", "PM-RPC-10", "S-72"})
    void ownTimeoutEndsTheCallAndStopsTheHandler() {
        CoordinatorClient client = connect();
        Held held = new Held();
        client.rpc().register("x", held);
        CompletableFuture<String> call = call(client, MINUTE);
        RpcRequest request = held.begun();
        assertThat(request.remaining()).isBetween(Duration.ofSeconds(50), Duration.ofMinutes(1));

        cluster.advance(Duration.ofMinutes(1));

        assertThatThrownBy(() -> get(call))
                .isInstanceOf(RequestTimeoutException.class)
                .matches(e -> ((CoordinatorException) e).outcomeUnknown());
        soon().until(() -> held.interrupts.get() == 1);
        assertThat(request.isCancelled()).isTrue();
        assertThat(request.remaining()).isZero();
        soon().until(() -> completions() == 1);
    }

    @Test
    @Feature({"PM-RPC-9", "S-72"})
    void defaultTimeoutHasACodeOfItsOwn() {
        CoordinatorClient client = connect();
        Held held = new Held();
        client.rpc().register("x", held);
        CompletableFuture<String> call = call(client, CallOptions.defaults());
        held.begun();

        cluster.advance(Duration.ofSeconds(31));

        assertThatThrownBy(() -> get(call))
                .isInstanceOf(CallTimeoutException.class)
                .matches(e -> ((CoordinatorException) e).code() == ErrorCode.ECALLTIMEOUT);
    }

    @Test
    @Feature("PM-RPC-10")
    void clientEndsACallByItself() {
        CoordinatorClient client = connect();
        Held held = new Held();
        client.rpc().register("x", held);
        cluster.stopClock();
        CompletableFuture<String> call = call(client, CallOptions.defaults().timeout(Duration.ofMillis(20)));
        held.begun();

        assertThatThrownBy(() -> get(call)).isInstanceOf(RequestTimeoutException.class);
        soon().until(() -> held.interrupts.get() == 1);
    }

    @Test
    void hugeTimesAreForEver() {
        CoordinatorClient client = connect();
        client.rpc().register("x", request -> "v", WorkerOptions.defaults().drainTimeout(ChronoMax.FOR_EVER));
        CallOptions options = CallOptions.defaults().timeout(ChronoMax.FOR_EVER).waitForWorker(ChronoMax.FOR_EVER);

        assertThat(client.rpc().call("x", 1, String.class, options)).isEqualTo("v");
    }

    private static final class ChronoMax {
        static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);
    }

    private static CompletableFuture<String> call(CoordinatorClient client, CallOptions options) {
        return client.async().rpc().call("x", 1, String.class, options).toCompletableFuture();
    }

    // ---- leaving ----

    @Test
    @Feature("PM-RPC-10")
    void cancelReachesTheWorker() {
        CoordinatorClient client = connect();
        Held held = new Held();
        AtomicInteger told = new AtomicInteger();
        client.rpc().register("x", request -> {
            request.onCancel(told::incrementAndGet);
            request.onCancel(() -> {
                throw new AssertionError("from the test");
            });
            return held.handle(request);
        });
        CompletableFuture<String> call = call(client, MINUTE);
        RpcRequest request = held.begun();

        call.cancel(true);

        soon().until(() -> held.interrupts.get() == 1 && told.get() == 1);
        assertThat(request.isCancelled()).isTrue();
        request.onCancel(told::incrementAndGet);
        assertThat(told).hasValue(2);
        soon().until(() -> completions() == 1);
        assertThat(client.rpc().call("x", 1, String.class, freed(held))).isEqualTo("done 1");
    }

    private static CallOptions freed(Held held) {
        held.go.countDown();
        return MINUTE;
    }

    @Test
    @Feature("PM-RPC-10")
    void cancelReachesAStage() {
        CoordinatorClient client = connect();
        CompletableFuture<String> stage = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        client.rpc().register("x", RpcHandler.staged(request -> {
            begun.countDown();
            return stage;
        }));
        CompletableFuture<String> call = call(client, MINUTE);
        soon().until(() -> begun.getCount() == 0);

        call.cancel(true);

        soon().until(stage::isCancelled);
        soon().until(() -> completions() == 1);
    }

    @Test
    void interruptedCallerCancels() throws Exception {
        CoordinatorClient client = connect();
        Held held = new Held();
        client.rpc().register("x", held);
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                client.rpc().call("x", 1, String.class, MINUTE);
            } catch (Throwable e) {
                outcome.complete(e);
            }
        });
        caller.start();
        held.begun();

        caller.interrupt();

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(CoordinatorInterruptedException.class);
        soon().until(() -> held.interrupts.get() == 1);
    }

    @Test
    @Feature("PM-RPC-11")
    void callsOfACallerThatIsGoneAreStopped() {
        CoordinatorClient worker = connect();
        Held held = new Held();
        worker.rpc().register("x", held);
        CoordinatorClient caller = connect();
        CompletableFuture<String> call = call(caller, MINUTE);
        held.begun();

        caller.close();

        assertThatThrownBy(() -> get(call))
                .isInstanceOf(ClosedException.class)
                .matches(e -> ((CoordinatorException) e).outcomeUnknown());
        soon().until(() -> held.interrupts.get() == 1);
    }

    // ---- workers ----

    @Test
    @Feature("PM-RPC-1")
    void registeringAgainReplaces() {
        CoordinatorClient client = connect();
        Held held = new Held();
        RpcWorker first = client.rpc().register("x", held);
        CompletableFuture<String> before = call(client, MINUTE);
        held.begun();

        RpcWorker second = client.rpc().register("x", request -> "second");

        assertThat(first.isRegistered()).isFalse();
        assertThat(second.isRegistered()).isTrue();
        assertThat(client.rpc().call("x", 1, String.class)).isEqualTo("second");
        assertThat(first.unregister()).isFalse();
        held.go.countDown();
        assertThat(get(before)).isEqualTo("done 1");
        first.close();
        assertThat(second.isRegistered()).isTrue();
    }

    @Test
    @Feature("PM-RPC-2")
    void unregisteredWorkerFinishesWhatItHas() {
        CoordinatorClient client = connect();
        Held held = new Held();
        RpcWorker worker = client.rpc().register("x", held);
        CompletableFuture<String> call = call(client, MINUTE);
        held.begun();
        assertThat(worker.running()).isOne();

        assertThat(worker.unregister()).isTrue();

        assertThat(worker.isRegistered()).isFalse();
        assertThatThrownBy(() -> client.rpc().call("x", 1, String.class)).isInstanceOf(NoHandlerException.class);
        held.go.countDown();
        assertThat(get(call)).isEqualTo("done 1");
        soon().until(() -> worker.running() == 0);
        assertThat(get(worker.unregisterAsync())).isFalse();
    }

    @Test
    @Feature("PM-RPC-2")
    void closingWaitsForHandlers() {
        CoordinatorClient client = connect();
        Held held = new Held();
        RpcWorker worker = client.rpc().register("x", held);
        CompletableFuture<String> call = call(client, MINUTE);
        held.begun();
        CompletableFuture<Void> closed = worker.closeAsync().toCompletableFuture();
        soon().until(() -> operations(RpcCommand::hasUnregister) == 1);
        assertThat(closed).isNotDone();

        held.go.countDown();

        get(closed);
        assertThat(get(call)).isEqualTo("done 1");
        worker.close();
    }

    @Test
    @Feature({"PM-RPC-2", "PM-RPC-7"})
    void closingEndsHandlersThatTakeTooLong() {
        CoordinatorClient client = connect();
        Held held = new Held();
        RpcWorker worker =
                client.rpc().register("x", held, WorkerOptions.defaults().drainTimeout(Duration.ofMillis(10)));
        CompletableFuture<String> call = call(client, MINUTE);
        held.begun();

        worker.close();

        assertThatThrownBy(() -> get(call)).isInstanceOf(HandlerGoneException.class);
        soon().until(() -> held.interrupts.get() == 1);
        assertThat(worker.running()).isZero();
    }

    @Test
    @Feature({"PM-RPC-7", "PM-RPC-1"})
    void workerRegistersAgainInTheNextSession() {
        CoordinatorClient client = connect();
        Held held = new Held();
        RpcWorker worker = client.rpc().register("x", held);
        CoordinatorClient caller = connect();
        CompletableFuture<String> call = call(caller, MINUTE);
        held.begun();
        long before = client.sessionId();

        cluster.expire(before);
        node.dropStreams();

        assertThatThrownBy(() -> get(call))
                .isInstanceOf(HandlerGoneException.class)
                .hasMessageContaining("rpc handler disconnected");
        soon().until(() -> held.interrupts.get() == 1);
        soon().until(() -> client.sessionId() != before && worker.isRegistered());
        held.go.countDown();
        assertThat(caller.rpc().call("x", 1, String.class, MINUTE)).isEqualTo("done 1");
    }

    @Test
    @Feature("PM-RPC-12")
    void idempotentCallGoesToAnotherWorker() {
        CoordinatorClient first = connect();
        Held held = new Held();
        first.rpc().register("x", held);
        CoordinatorClient caller = connect();
        CompletableFuture<String> call = call(caller, MINUTE.idempotent());
        held.begun();
        caller.rpc().register("x", request -> "attempt " + request.attempt());

        cluster.expire(first.sessionId());

        assertThat(get(call)).isEqualTo("attempt 2");
    }

    @Test
    void workerEndsWithAClientThatOpensNoOtherSession() {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        CoordinatorClient client = connect(config -> config.replaceSession(false));
        RpcWorker worker = client.rpc()
                .register("x", request -> 1, WorkerOptions.defaults().errorListener(reported::add));

        cluster.expire(client.sessionId());
        node.dropStreams();

        soon().until(() -> reported.size() == 1);
        assertThat(reported.get(0)).isInstanceOf(SessionExpiredException.class);
        assertThat(worker.isRegistered()).isFalse();
        worker.close();
    }

    @Test
    @Feature("A-21")
    void workerSurvivesReconnects() {
        CoordinatorClient worker = connect();
        Held held = new Held();
        worker.rpc().register("x", held);
        CoordinatorClient caller = connect();
        CompletableFuture<String> call = call(caller, MINUTE);
        held.begun();

        node.dropStreams();
        held.go.countDown();

        assertThat(get(call)).isEqualTo("done 1");
        assertThat(held.requests).hasSize(1);
        assertThat(caller.rpc().call("x", 1, String.class, MINUTE)).isEqualTo("done 1");
    }

    @Test
    void executorThatRefusesHandsCallsBackAndFailsThemInTheEnd() {
        CoordinatorClient client = connect();
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        Executor full = task -> {
            throw new RejectedExecutionException("full");
        };
        client.rpc()
                .register(
                        "x",
                        request -> "never",
                        WorkerOptions.defaults().executor(full).errorListener(reported::add));

        assertThatThrownBy(() -> client.rpc().call("x", 1, String.class))
                .isInstanceOfSatisfying(
                        RemoteException.class, e -> assertThat(e.remoteCode()).isEqualTo("EBUSY"));
        soon().until(() -> reported.size() == 4);
        assertThat(reported).allMatch(ThrottledException.class::isInstance);
    }

    @Test
    void executorThatRunsInPlaceHoldsNobodyUp() {
        CoordinatorClient client = connect();
        Held held = new Held();
        client.rpc().register("x", held, WorkerOptions.defaults().executor(Runnable::run));
        CompletableFuture<String> first = call(client, MINUTE);
        CompletableFuture<String> second = call(client, MINUTE);
        soon().until(() -> held.requests.size() == 2);

        assertThat(client.cache().put("k", 1)).isPositive();
        held.go.countDown();

        assertThat(get(first)).isEqualTo(get(second));
    }

    @Test
    @Feature("PM-RPC-13")
    void backlogIsBounded() {
        CoordinatorClient client = connect();
        Held held = new Held();
        client.rpc().register("x", held, WorkerOptions.defaults().concurrency(1).backlogMax(1));
        CompletableFuture<String> first = call(client, MINUTE);
        CompletableFuture<String> second = call(client, MINUTE);

        assertThatThrownBy(() -> client.rpc().call("x", 1, String.class)).isInstanceOf(ThrottledException.class);
        assertThat(held.requests).hasSizeLessThanOrEqualTo(1);
        held.go.countDown();
        assertThat(List.of(get(first), get(second))).containsOnly("done 1");
    }

    @Test
    void registrationWhoseCallerLeavesIsUndone() {
        CoordinatorClient client = connect();

        leaveWhileRegistering(client, 1);

        soon().until(() -> operations(RpcCommand::hasUnregister) == 1);
        assertThatThrownBy(() -> client.rpc().call("x", 1, String.class)).isInstanceOf(NoHandlerException.class);
    }

    @Test
    @Feature("PM-RPC-1")
    void registrationThatIsUndoneLeavesTheOneBefore() {
        CoordinatorClient client = connect();
        RpcWorker before = client.rpc().register("x", request -> "before");

        leaveWhileRegistering(client, 2);

        soon().until(() -> operations(RpcCommand::hasUnregister) == 1 && operations(RpcCommand::hasRegister) == 3);
        soon().until(before::isRegistered);
        assertThat(client.rpc().call("x", 1, String.class)).isEqualTo("before");
    }

    /** The cluster has taken the registration, but its caller does not know it yet. */
    private void leaveWhileRegistering(CoordinatorClient client, int registrations) {
        node.holdReplies(true);
        CompletableFuture<RpcWorker> registration =
                client.async().rpc().register("x", request -> "unwanted").toCompletableFuture();
        soon().until(() -> operations(RpcCommand::hasRegister) == registrations);
        registration.cancel(true);
        node.holdReplies(false);
    }

    // ---- progress ----

    @Test
    void callerHearsOfProgress() {
        CoordinatorClient client = connect();
        Held held = new Held();
        client.rpc().register("x", request -> {
            request.progress(Map.of("percent", 50));
            return held.handle(request);
        });
        List<JsonNode> heard = new CopyOnWriteArrayList<>();
        CompletableFuture<String> call = call(client, MINUTE.onProgress(report -> {
            heard.add(report);
            throw new AssertionError("from the test");
        }));

        soon().until(() -> heard.size() == 1);
        held.go.countDown();
        assertThat(get(call)).isEqualTo("done 1");
        assertThat(heard.get(0)).hasToString("{\"percent\":50}");
        held.begun().progress("late");
        assertThat(operations(RpcCommand::hasProgress)).isOne();
    }

    // ---- what there is ----

    @Test
    @Feature({"PM-RPC-13", "B-35"})
    void namesAreListedAndInspected() {
        CoordinatorClient worker = connect(config -> config.clientName("worker"));
        CoordinatorClient caller = connect();
        Held held = new Held();
        worker.rpc().register("b", held, WorkerOptions.defaults().concurrency(1).backlogMax(5));
        worker.rpc().register("c", request -> 1);
        List<CompletableFuture<String>> calls = List.of(
                caller.async().rpc().call("b", 1, String.class, MINUTE).toCompletableFuture(),
                caller.async().rpc().call("b", 2, String.class, MINUTE).toCompletableFuture());
        held.begun();
        soon().until(() -> caller.rpc().inspect("b").orElseThrow().summary().pendingCalls() == 2);

        ProcedureStatus status = caller.rpc().inspect("b").orElseThrow();
        assertThat(status.summary())
                .returns("b", ProcedureSummary::name)
                .returns(1, ProcedureSummary::workers)
                .returns(1L, ProcedureSummary::inFlight)
                .returns(1L, ProcedureSummary::backlog)
                .returns(5L, ProcedureSummary::backlogMax);
        assertThat(status.workers())
                .singleElement()
                .returns("worker", ProcedureStatus.Worker::clientName)
                .returns(worker.sessionId(), ProcedureStatus.Worker::sessionId)
                .returns(1, ProcedureStatus.Worker::concurrency)
                .returns(1, ProcedureStatus.Worker::inFlight)
                .returns(false, ProcedureStatus.Worker::draining);
        assertThat(get(caller.async().rpc().inspect("none"))).isEmpty();

        assertThat(caller.rpc().list().procedures())
                .extracting(ProcedureSummary::name)
                .containsExactly("b", "c");
        ProcedurePage first = get(caller.async().rpc().list("", "", 1));
        assertThat(first.more()).isTrue();
        assertThat(caller.rpc().list("", "b", 1))
                .returns(false, ProcedurePage::more)
                .satisfies(page -> assertThat(page.procedures())
                        .extracting(ProcedureSummary::name)
                        .containsExactly("c"));
        assertThat(caller.rpc().list("x", "", 1).procedures()).isEmpty();
        assertThatThrownBy(() -> caller.rpc().list("", "", 0)).isInstanceOf(ValidationException.class);
        assertThat(caller.stats().procedures())
                .extracting(ProcedureSummary::name)
                .containsExactly("b", "c");
        held.go.countDown();
        assertThat(calls).allSatisfy(call -> assertThat(get(call)).isEqualTo("done 1"));
    }
}
