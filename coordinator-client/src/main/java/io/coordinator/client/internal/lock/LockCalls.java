package io.coordinator.client.internal.lock;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.TypeEnvelope;
import io.coordinator.client.lock.AsyncDistributedLock;
import io.coordinator.client.lock.FencedContext;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockInspection;
import io.coordinator.client.lock.LockMode;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.option.FenceMode;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.InspectLock;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockQuery;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.VerifyLock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One lock, held in one mode, as messages. */
public final class LockCalls implements AsyncDistributedLock {
    /** Bound to the session, and no result that was made without the lock passes for one made under it. */
    static final LockOptions FAIL_IF_LOST = LockOptions.defaults().failIfLost(true);

    static final TypeEnvelope<LockCommand, LockQuery> LOCK = new TypeEnvelope<>(
            Command.Builder::setLock, Reply.OutcomeCase.LOCK, Query.Builder::setLock, Answer.OutcomeCase.LOCK);

    private static final Duration WITH_LOCK_WAIT = Duration.ofSeconds(10);

    private final Calls calls;
    private final UserSide user;
    private final Acquirer acquirer;
    private final LockTarget target;
    private final LockMode mode;

    /** A lock. */
    public LockCalls(Calls calls, UserSide user, String namespace, String name, LockMode mode) {
        this.calls = calls;
        this.user = user;
        this.acquirer = new Acquirer(calls, user);
        this.target = new LockTarget(Calls.checkName("namespace", namespace), List.of(Calls.checkName("name", name)));
        this.mode = mode;
    }

    @Override
    public String namespace() {
        return target.namespace();
    }

    @Override
    public String name() {
        return target.names().get(0);
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
        return tryAcquire(options, Terms.of(options, 0, user.callbacks()));
    }

    /** As {@link #tryAcquire(LockOptions)}, on terms of the SDK's own. */
    Promise<Optional<LockHandle>> tryAcquire(LockOptions options, Terms terms) {
        return acquirer.tryAcquire(target, terms, () -> request(calls, target, mode, options, terms), this::handle);
    }

    @Override
    public Promise<LockHandle> acquire() {
        return acquire(LockOptions.defaults());
    }

    @Override
    public Promise<LockHandle> acquire(LockOptions options) {
        return acquire(options, Terms.of(options, Terms.FOR_EVER, user.callbacks()), this::handle);
    }

    /** Acquires with the wait that is usual for a function under a lock. */
    Promise<HeldLock> acquireForFunction(LockOptions options) {
        return acquire(options, Terms.of(options, WITH_LOCK_WAIT.toMillis(), user.callbacks()), this::handle);
    }

    private <H> Promise<H> acquire(LockOptions options, Terms terms, Function<HoldEntry, H> handle) {
        return acquirer.acquire(
                target,
                terms,
                () -> request(calls, target, mode, options, terms),
                handle,
                () -> timedOut(target, terms, advice(calls, target)));
    }

    private HeldLock handle(HoldEntry entry) {
        return new HeldLock(target, entry, mode);
    }

    /** The command that asks for locks. */
    static Command.Builder request(Calls calls, LockTarget target, LockMode mode, LockOptions options, Terms terms) {
        AcquireLock.Builder acquire = AcquireLock.newBuilder()
                .setTtlMillis(terms.ttlMillis())
                .setWaitMillis(terms.waitMillis())
                .setMode(
                        switch (mode) {
                            case EXCLUSIVE -> io.coordinator.protocol.LockMode.EXCLUSIVE;
                            case SHARED -> io.coordinator.protocol.LockMode.SHARED;
                        })
                .setOwner(options.owner())
                .setReentrant(options.reentrant());
        options.contents()
                .ifPresent(contents -> acquire.setContents(calls.json().write(contents)));
        return calls.envelope().setLock(target.body().setAcquire(acquire));
    }

    static LockTimeoutException timedOut(Claim claim, Terms terms) {
        return timedOut(claim, terms, "try again, or wait longer");
    }

    private static LockTimeoutException timedOut(Claim claim, Terms terms, String advice) {
        return new LockTimeoutException(
                "could not acquire " + claim + " within " + terms.waitMillis() + " ms; " + advice);
    }

    /** What to do about locks that were not granted in time: who waits for himself is told so; on the loop. */
    static String advice(Calls calls, LockTarget target) {
        Hold own = calls.channel().session().find(Hold.class, hold -> hold.isInTheWayOf(target));
        return own == null
                ? "try again, or wait longer"
                : "this client has held " + own.claim() + " itself for "
                        + own.age().toMillis() + " ms, with token "
                        + own.token()
                        + "; release that grant first, or ask for both with LockOptions.reentrant and the same owner";
    }

    @Override
    public <T> Promise<T> withLock(Function<FencedContext, CompletionStage<T>> function) {
        return withLock(FAIL_IF_LOST, function);
    }

    @Override
    public <T> Promise<T> withLock(LockOptions options, Function<FencedContext, CompletionStage<T>> function) {
        Promise<T> result = calls.promises().make();
        Promise<HeldLock> acquired = acquireForFunction(options);
        var unused = acquired.thenCompose(handle -> {
                    endWithClient(handle, result);
                    return run(handle, options, function);
                })
                .whenComplete((value, error) -> {
                    if (error == null) {
                        result.succeed(value);
                    } else {
                        result.fail(Thrown.cause(error));
                    }
                });
        result.onCancel(() -> acquired.cancel(true));
        return result;
    }

    FencedContext context(LockHandle handle) {
        return user.data().under(handle);
    }

    UserSide user() {
        return user;
    }

    Calls calls() {
        return calls;
    }

    @Override
    public Promise<Boolean> verify(long token) {
        return verify(token, FenceMode.STRICT);
    }

    @Override
    public Promise<Boolean> verify(long token, FenceMode fence) {
        return query(
                body -> body.setVerify(VerifyLock.newBuilder().setToken(token).setMode(Errors.mode(fence))),
                answer -> answer.getLock().getVerification().getLive());
    }

    @Override
    public Promise<LockInspection> inspect() {
        return query(
                body -> body.setInspect(InspectLock.getDefaultInstance()),
                answer -> Views.inspection(answer, calls.json()));
    }

    private <T> Promise<T> query(Consumer<LockQuery.Builder> operation, Function<Answer, T> decoder) {
        return query(
                calls, body -> operation.accept(body.setNamespace(namespace()).setName(name())), decoder);
    }

    /** Asks something about locks. */
    static <T> Promise<T> query(Calls calls, Consumer<LockQuery.Builder> question, Function<Answer, T> decoder) {
        return calls.reading()
                .query(
                        LOCK,
                        () -> {
                            LockQuery.Builder body = LockQuery.newBuilder();
                            question.accept(body);
                            return body.build();
                        },
                        decoder);
    }

    private <T> CompletionStage<T> run(
            HeldLock handle, LockOptions options, Function<FencedContext, CompletionStage<T>> function) {
        CompletionStage<T> work;
        try {
            work = function.apply(context(handle));
            checkStage(work);
        } catch (Throwable e) { // also what the compiler thinks cannot come
            work = CompletableFuture.failedFuture(e);
        }
        return work.handle((value, error) -> {
                    boolean lost = handle.isLost();
                    return handle.releaseAsync().handle((wasHeld, failure) -> {
                        if (error != null) {
                            return Promises.<T>failed(Thrown.cause(error));
                        }
                        boolean isLoss = options.failIfLost() && (lost || (failure == null && !wasHeld));
                        return isLoss
                                ? CompletableFuture.<T>failedFuture(loss(handle, value))
                                : CompletableFuture.completedFuture(value);
                    });
                })
                .thenCompose(stage -> stage)
                .thenCompose(stage -> stage);
    }

    /**
     * Checks what a user's function has returned.
     *
     * @throws ValidationException if there is none
     */
    static void checkStage(@Nullable CompletionStage<?> stage) {
        if (stage == null) {
            throw new ValidationException("the function under the lock returned null instead of a stage");
        }
    }

    /** Whoever waits for work under a lock does not wait for longer than there is a client. */
    static void endWithClient(LockHandle handle, Promise<?> result) {
        var unused = handle.lost().thenAccept(reason -> {
            if (reason == LossReason.CLIENT_CLOSED) {
                result.fail(new ClosedException(
                        "the client was closed while work under " + handle.name() + " went on", false));
            }
        });
    }

    /** What a caller is told whose function returned after its lock was lost. */
    static CoordinatorException loss(LockHandle handle, @Nullable Object result) {
        return new FencedException(
                        "the lock " + handle.name() + " was lost before the function ended; what it did outside of"
                                + " guarded writes was not protected, and what it returned is attached",
                        handle.namespace(),
                        handle.name(),
                        handle.token(),
                        0)
                .withFunctionResult(result);
    }
}
