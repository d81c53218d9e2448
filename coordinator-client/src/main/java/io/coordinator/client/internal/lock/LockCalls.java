package io.coordinator.client.internal.lock;

import io.coordinator.client.AsyncDistributedLock;
import io.coordinator.client.CoordinatorException;
import io.coordinator.client.FencedContext;
import io.coordinator.client.FencedException;
import io.coordinator.client.LockHandle;
import io.coordinator.client.LockInspection;
import io.coordinator.client.LockOptions;
import io.coordinator.client.LockTimeoutException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.Session;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.InspectLock;
import io.coordinator.protocol.LockGrant;
import io.coordinator.protocol.LockQuery;
import io.coordinator.protocol.VerifyLock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One lock, as messages. */
public final class LockCalls implements AsyncDistributedLock {
    private static final Duration WITH_LOCK_WAIT = Duration.ofSeconds(10);
    private static final long FOR_EVER = -1;

    private final Calls calls;
    private final Promises userPromises;
    private final FencedData data;
    private final LockTarget target;

    /**
     * A lock.
     *
     * @param userPromises for what handles give to user code, however this call is made
     */
    public LockCalls(Calls calls, Promises userPromises, FencedData data, String namespace, String name) {
        this.calls = calls;
        this.userPromises = userPromises;
        this.data = data;
        this.target = new LockTarget(Calls.checkName("namespace", namespace), Calls.checkName("name", name));
    }

    @Override
    public String namespace() {
        return target.namespace();
    }

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public Promise<Optional<LockHandle>> tryAcquire() {
        return tryAcquire(LockOptions.defaults());
    }

    @Override
    public Promise<Optional<LockHandle>> tryAcquire(Duration wait) {
        return tryAcquire(LockOptions.defaults().wait(wait));
    }

    @Override
    public Promise<Optional<LockHandle>> tryAcquire(LockOptions options) {
        return acquire(options, waitMillis(options, 0), Optional::of, promise -> promise.succeed(Optional.empty()));
    }

    @Override
    public Promise<LockHandle> acquire() {
        return acquire(LockOptions.defaults());
    }

    @Override
    public Promise<LockHandle> acquire(LockOptions options) {
        return acquireOrTimeOut(options, waitMillis(options, FOR_EVER));
    }

    @Override
    public <T> Promise<T> withLock(LockOptions options, Function<FencedContext, CompletionStage<T>> function) {
        Promise<T> result = calls.promises().make();
        Promise<LockHandle> acquired = acquireForFunction(options);
        var unused = acquired.thenCompose(handle -> run(handle, options, function))
                .whenComplete((value, error) -> {
                    if (error == null) {
                        result.succeed(value);
                    } else {
                        result.fail(unwrap(error));
                    }
                });
        result.onCancel(() -> acquired.cancel(true));
        return result;
    }

    /** Acquires with the wait that is usual for a function under a lock. */
    Promise<LockHandle> acquireForFunction(LockOptions options) {
        return acquireOrTimeOut(options, waitMillis(options, WITH_LOCK_WAIT.toMillis()));
    }

    FencedContext context(LockHandle handle) {
        return data.context(handle);
    }

    @Override
    public Promise<Boolean> verify(long token) {
        return query(
                body -> body.setVerify(VerifyLock.newBuilder().setToken(token)),
                answer -> answer.getLock().getVerification().getLive());
    }

    @Override
    public Promise<LockInspection> inspect() {
        return query(
                body -> body.setInspect(InspectLock.getDefaultInstance()), answer -> inspection(answer, calls.json()));
    }

    private Promise<LockHandle> acquireOrTimeOut(LockOptions options, long waitMillis) {
        return acquire(
                options,
                waitMillis,
                hold -> hold,
                promise -> promise.fail(new LockTimeoutException(
                        "could not acquire " + target + " within " + waitMillis + " ms; try again, or wait longer")));
    }

    private <T> Promise<T> acquire(
            LockOptions options, long waitMillis, Function<LockHold, T> granted, Consumer<Promise<T>> notGranted) {
        Promise<T> promise = calls.promises().make();
        try {
            submit(options, waitMillis, promise, new Acquisition.Outcome<T>() {
                @Override
                public LockHold hold(Session session, long seq, LockGrant grant) {
                    return LockCalls.this.hold(options, session, seq, grant);
                }

                @Override
                public T granted(LockHold hold) {
                    return granted.apply(hold);
                }

                @Override
                public void notGranted(Promise<T> waiting) {
                    notGranted.accept(waiting);
                }
            });
        } catch (CoordinatorException e) {
            promise.fail(e);
        }
        return promise;
    }

    private <T> void submit(LockOptions options, long waitMillis, Promise<T> promise, Acquisition.Outcome<T> outcome) {
        AcquireLock.Builder acquire =
                AcquireLock.newBuilder().setTtlMillis(ttlMillis(options)).setWaitMillis(waitMillis);
        options.contents()
                .ifPresent(contents -> acquire.setContents(calls.json().write(contents)));
        Command.Builder envelope = calls.envelope().setLock(target.body().setAcquire(acquire));
        long patienceNanos = calls.timeout().toNanos() + TimeUnit.MILLISECONDS.toNanos(Math.max(0, waitMillis));
        Long deadline = waitMillis == FOR_EVER ? null : Long.valueOf(System.nanoTime() + patienceNanos);
        Acquisition<T> acquisition = new Acquisition<>(
                calls.channel(), target, envelope, envelope.getLock().getSerializedSize(), promise, outcome, deadline);
        calls.channel().submit(acquisition, patienceNanos);
        promise.onCancel(acquisition::cancel);
    }

    private LockHold hold(LockOptions options, Session session, long seq, LockGrant grant) {
        return new LockHold(
                calls.channel(),
                session,
                target,
                seq,
                grant,
                ttlMillis(options),
                options.autoRenew(),
                calls.timeout(),
                userPromises);
    }

    private static long ttlMillis(LockOptions options) {
        return options.ttl().map(Duration::toMillis).orElse(0L);
    }

    private static long waitMillis(LockOptions options, long usual) {
        return options.waitsForever()
                ? FOR_EVER
                : options.maxWait().map(Duration::toMillis).orElse(usual);
    }

    private <T> Promise<T> query(Consumer<LockQuery.Builder> operation, Function<Answer, T> decoder) {
        return calls.query(
                envelope -> {
                    LockQuery.Builder body =
                            LockQuery.newBuilder().setNamespace(namespace()).setName(name());
                    operation.accept(body);
                    envelope.setLock(body);
                },
                answer -> {
                    if (!answer.hasLock()) {
                        throw Errors.unexpectedAnswer(answer.getOutcomeCase());
                    }
                    return decoder.apply(answer);
                });
    }

    private static LockInspection inspection(Answer answer, JsonCodec json) {
        io.coordinator.protocol.LockInspection inspection = answer.getLock().getInspection();
        return new LockInspection(
                inspection.hasHold() ? hold(inspection.getHold(), json) : null,
                inspection.getWaitersList().stream()
                        .map(waiter -> new LockInspection.Waiter(
                                waiter.getSessionId(), waiter.getQueuedAtMillis(), waiter.getDeadlineMillis()))
                        .toList(),
                answer.getClusterTimeMillis());
    }

    private static LockInspection.Hold hold(io.coordinator.protocol.LockHold hold, JsonCodec json) {
        return new LockInspection.Hold(
                hold.getSessionId(),
                hold.getToken(),
                hold.getTtlMillis(),
                hold.getAcquiredAtMillis(),
                hold.getDeadlineMillis(),
                json.readIfPresent(hold.getContents()));
    }

    private <T> CompletionStage<T> run(
            LockHandle handle, LockOptions options, Function<FencedContext, CompletionStage<T>> function) {
        CompletionStage<T> work;
        try {
            work = function.apply(context(handle));
        } catch (RuntimeException | Error e) {
            work = CompletableFuture.failedFuture(e);
        }
        return work.handle((value, error) -> {
                    boolean held = handle.isHeld();
                    return handle.releaseAsync().handle((released, failure) -> {
                        if (error != null) {
                            return CompletableFuture.<T>failedFuture(unwrap(error));
                        }
                        FencedException loss = loss(handle, options, held);
                        return loss == null
                                ? CompletableFuture.completedFuture(value)
                                : CompletableFuture.<T>failedFuture(loss);
                    });
                })
                .thenCompose(stage -> stage)
                .thenCompose(stage -> stage);
    }

    /** What a caller that wants to know of a loss is told of it. */
    static @Nullable FencedException loss(LockHandle handle, LockOptions options, boolean heldAtTheEnd) {
        if (heldAtTheEnd || !options.failIfLost()) {
            return null;
        }
        return new FencedException(
                "the grant was lost before the function ended; what it did outside of guarded writes was not protected",
                handle.guard(),
                0);
    }

    private static Throwable unwrap(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
