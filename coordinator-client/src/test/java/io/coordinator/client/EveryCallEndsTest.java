package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.fake.FakeCluster;
import io.coordinator.client.fake.FakeNode;
import io.coordinator.client.lock.AsyncData;
import io.coordinator.client.lock.Data;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A call ends by its outcome, its deadline, the loss of its session or the close of its client, whichever comes first, and never by
 * nothing. Every method of the public API is driven, as reflection finds them.
 */
@Feature("C-26")
class EveryCallEndsTest extends ClientFixture {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    /** What must be told to the cluster is given up when the session is lost. */
    private static final Duration SHORT_LEASE = Duration.ofSeconds(2);

    /** What ended with the client, and whose end is so the outcome. */
    private static final Set<String> ENDED_WITH_THE_CLIENT = Set.of(
            "BuildContext.cancelled",
            "Delivery.acknowledge",
            "Delivery.bury",
            "Delivery.extend",
            "Delivery.handBack",
            "Delivery.reject",
            "Grant.close",
            "Grant.lost",
            "GroupConsumer.close",
            "GroupConsumer.closeAsync",
            "GroupConsumer.started",
            "JobWorker.close",
            "JobWorker.closeAsync",
            "JobWorker.drain",
            "LockHandle.close",
            "LockHandle.lost",
            "LockHandle.release",
            "LockHandle.releaseAsync",
            "MultiLockHandle.close",
            "MultiLockHandle.lost",
            "MultiLockHandle.release",
            "MultiLockHandle.releaseAsync",
            "Permit.close",
            "Permit.lost",
            "Permit.release",
            "Permit.releaseAsync",
            "Leadership.close",
            "Leadership.lost",
            "Leadership.resign",
            "Leadership.resignAsync",
            "LockedValue.close",
            "Held.close",
            "ReadThroughCache.close",
            "RecordSubscription.close",
            "RecordSubscription.started",
            "RpcWorker.close",
            "RpcWorker.closeAsync",
            "RpcWorker.unregister",
            "RpcWorker.unregisterAsync",
            "Subscription.close",
            "Subscription.started",
            "TopicSubscription.close");

    /** Their listeners hear that the client is closed, as they do when it is closed later. */
    private static final Set<String> TELL_LISTENERS = Set.of(
            "DurableTopic.subscribe",
            "AsyncDurableTopic.subscribe",
            "ConsumerGroup.consume",
            "AsyncConsumerGroup.consume");

    /** Complain in their own words that what they are about is not held any more. */
    private static final Set<String> STRICT = Set.of("MultiLockHandle.releaseStrict");

    /** Make no calls: properties, other views, facades, and what is asked of the local state. */
    private static final Set<String> LOCAL = Set.of(
            "AsyncClusterMembers.by",
            "ClusterMembers.by",
            "namespace",
            "name",
            "names",
            "key",
            "id",
            "at",
            "selector",
            "document",
            "handle",
            "created",
            "guard",
            "guardedBy",
            "withTimeout",
            "withConsistency",
            "linearizable",
            "opaque",
            "token",
            "grantId",
            "mode",
            "permits",
            "epoch",
            "isHeld",
            "isLeader",
            "isCancelled",
            "remaining",
            "deadline",
            "value",
            "isActive",
            "isCurrent",
            "lastRevision",
            "messages",
            "pattern",
            "readLock",
            "writeLock",
            "asLock",
            "asReadWriteLock",
            "whenCache",
            "whenDocument",
            "whenHeld",
            "then",
            "otherwise",
            "progress",
            "arguments",
            "attempt",
            "callerName",
            "onCancel",
            "running",
            "isRegistered",
            "proxy",
            "preview", // of options
            "topic",
            "producer",
            "sequence",
            "records",
            "group",
            "deliveries",
            "record",
            "isLive",
            "nextOffset",
            "queue",
            "job",
            "payload",
            "attemptsMax",
            "submitter",
            "submittedAt",
            "JobWorker.state");

    private static final Set<String> LOCAL_OF_CLIENTS = Set.of(
            "async",
            "builds",
            "cache",
            "callbackExecutor",
            "changes",
            "documents",
            "durableTopics",
            "schedules",
            "election",
            "jobQueues",
            "jobs",
            "lock",
            "members",
            "lockedValue",
            "locks",
            "multiLock",
            "readThroughCache",
            "readWriteLock",
            "rpc",
            "semaphore",
            "sessionId",
            "state",
            "topics",
            "transaction");

    private final AtomicInteger begun = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "every-call");
        thread.setDaemon(true);
        return thread;
    });

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    /** A call that was made, and how it ended. */
    private record Made(PublicApi.Call call, CompletableFuture<Object> end) {}

    @Test
    void everyMethodThatGivesAStageIsDriven() throws Exception {
        assertThat(PublicApi.unknownInterfaces())
                .as("say in PublicApi how these are made, or why they are not driven")
                .isEmpty();
        assertThat(PublicApi.undrivenStages()).isEmpty();
        long asynchronous = PublicApi.calls().stream()
                .filter(PublicApi.Call::isAsynchronous)
                .count();
        System.out.println(
                "Drives " + PublicApi.calls().size() + " methods, " + asynchronous + " of them asynchronous");
        assertThat(asynchronous).isGreaterThan(100);
    }

    @Test
    void callsInFlightEndWhenTheClientIsClosed() throws Exception {
        CoordinatorClient client = connect();
        List<Made> made = makeAll(client, call -> true, () -> node.silent(true));

        client.close();

        assertEnds(made, made.size());
    }

    @Test
    void callsAfterTheCloseAreRefused() throws Exception {
        CoordinatorClient client = connect();
        List<Made> made = makeAll(client, call -> true, client::close);

        assertEnds(made, made.size());
        assertThat(made.stream()
                        .filter(one -> !isRefusal(outcome(one)) && !mayEndOtherwise(one.call()))
                        .map(one -> one.call() + " ended with " + outcome(one)))
                .isEmpty();
    }

    @Test
    void callsInFlightEndWhenTheirSessionIsLost() throws Exception {
        CoordinatorClient client = connect(config -> config.requestTimeout(Duration.ofSeconds(3)));
        List<Made> made = makeAll(client, call -> true, () -> node.silent(true));

        cluster.expire(client.sessionId());
        node.silent(false);
        node.dropStreams();

        assertEnds(made, made.size());
    }

    /** A node that says nothing and one that is gone, at a time: some calls wait for ten seconds of their own. */
    @Test
    void callsEndWithTheirDeadlines() throws Exception {
        FakeCluster other = new FakeCluster();
        FakeNode gone = closing(new FakeNode(other, "n1"));
        List<Made> unanswered = makeAll(impatient(node), call -> !call.isEvent(), () -> node.silent(true));
        List<Made> unheard = makeAll(impatient(gone), call -> !call.isEvent(), gone::close);

        assertEnds(unanswered, unanswered.size());
        assertEnds(unheard, unheard.size());
        assertThat(other.violations()).isEmpty();
    }

    private CoordinatorClient impatient(FakeNode to) {
        return connect(config -> config.endpoints(to.endpoint())
                .requestTimeout(Duration.ofSeconds(1))
                .sessionLease(SHORT_LEASE));
    }

    @Test
    void callsEndWhenTheStreamBreaksBeforeTheyAreApplied() throws Exception {
        breakEach(() -> {
            node.dropBeforeApply(command -> true);
            node.dropBeforeAnswer();
        });
    }

    @Test
    void callsEndWhenTheStreamBreaksBeforeTheirReply() throws Exception {
        breakEach(() -> {
            node.dropBeforeReply(command -> true);
            node.dropBeforeAnswer();
        });
    }

    private void breakEach(Runnable fault) throws Exception {
        CoordinatorClient client = connect();
        List<Made> made = new ArrayList<>();
        for (PublicApi.Call call : PublicApi.calls()) {
            if (!call.isEvent()) {
                PublicApi.Prepared prepared = call.on(client);
                fault.run();
                Made one = make(prepared);
                made.add(one);
                awaitEnds(List.of(one)); // The next fault is for the next call.
            }
        }
        assertEnds(made, made.size());
        System.out.println("One by one: " + made.size());
    }

    /** Makes all calls at once, after a fault that comes when everything is prepared. */
    private List<Made> makeAll(CoordinatorClient client, Predicate<PublicApi.Call> which, Runnable fault)
            throws Exception {
        List<PublicApi.Prepared> prepared = new ArrayList<>();
        for (PublicApi.Call call : PublicApi.calls()) {
            if (which.test(call)) {
                prepared.add(call.on(client));
            }
        }
        int before = begun.get();
        fault.run();
        List<Made> made = prepared.stream().map(this::make).toList();
        // The fault that follows must find them in flight, or about to be.
        soon().until(() -> begun.get() >= before + made.size());
        return made;
    }

    private Made make(PublicApi.Prepared prepared) {
        CompletableFuture<Object> end = new CompletableFuture<>();
        threads.execute(() -> {
            try {
                begun.incrementAndGet();
                var unused = prepared.make().whenComplete((value, error) -> {
                    if (error == null) {
                        end.complete(value);
                    } else {
                        end.completeExceptionally(error);
                    }
                });
            } catch (Throwable e) {
                end.completeExceptionally(e);
            }
        });
        return new Made(prepared.call(), end);
    }

    private static void assertEnds(List<Made> made, int count) throws InterruptedException {
        awaitEnds(made);
        assertThat(made).hasSize(count);
        assertThat(made.stream().filter(one -> !one.end().isDone()).map(Made::call))
                .as("never ended")
                .isEmpty();
        assertThat(made.stream()
                        .filter(one -> outcome(one) instanceof Throwable error && !isTyped(error))
                        .map(one -> one.call() + " ended with " + outcome(one)))
                .as("raw exceptions")
                .isEmpty();
    }

    private static void awaitEnds(List<Made> made) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        for (Made one : made) {
            try {
                one.end().get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException | ExecutionException e) {
                // told below, all together
            }
        }
    }

    /** What a call ended with: its value or its failure. */
    private static Object outcome(Made made) {
        try {
            return String.valueOf(made.end().join());
        } catch (CompletionException e) {
            Throwable cause = e.getCause();
            return cause == null ? e : cause;
        } catch (CancellationException e) {
            return e;
        }
    }

    private static boolean isTyped(Throwable error) {
        return error instanceof CoordinatorException || isFromTheTest(error);
    }

    /** What a job was failed with is told as it is. */
    private static boolean isFromTheTest(Throwable error) {
        return "from the test".equals(error.getMessage());
    }

    private static boolean isRefusal(Object outcome) {
        return outcome instanceof ClosedException;
    }

    /** Whether it asks nobody. */
    static boolean isLocal(PublicApi.Call call) {
        return LOCAL.contains(call.method().getName()) || LOCAL.contains(call.name());
    }

    private static boolean mayEndOtherwise(PublicApi.Call call) {
        String method = call.method().getName();
        return ENDED_WITH_THE_CLIENT.contains(call.name())
                || STRICT.contains(call.name())
                || TELL_LISTENERS.contains(call.name())
                || isLocal(call)
                || ((Data.class.isAssignableFrom(call.type()) || AsyncData.class.isAssignableFrom(call.type()))
                        && LOCAL_OF_CLIENTS.contains(method));
    }
}
