package io.coordinator.client.internal.lock;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.TypeEnvelope;
import io.coordinator.client.lock.AsyncDistributedSemaphore;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.Permit;
import io.coordinator.client.lock.SemaphoreInspection;
import io.coordinator.protocol.AcquirePermits;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DeleteSemaphore;
import io.coordinator.protocol.InspectSemaphore;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ReleasePermits;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ResizeSemaphore;
import io.coordinator.protocol.SemaphoreCommand;
import io.coordinator.protocol.SemaphoreQuery;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** One semaphore, as messages. */
public final class SemaphoreCalls implements AsyncDistributedSemaphore {
    private static final TypeEnvelope<SemaphoreCommand, SemaphoreQuery> SEMAPHORE = new TypeEnvelope<>(
            Command.Builder::setSemaphore,
            Reply.OutcomeCase.SEMAPHORE,
            Query.Builder::setSemaphore,
            Answer.OutcomeCase.SEMAPHORE);

    private final Calls calls;
    private final Acquirer acquirer;
    private final PermitTarget target;
    private final int initialLimit;

    /**
     * A semaphore.
     *
     * @param initialLimit how many permits it has if nobody uses it or has resized it
     */
    public SemaphoreCalls(Calls calls, UserSide user, String namespace, String name, int initialLimit) {
        this.calls = calls;
        this.acquirer = new Acquirer(calls, user);
        this.target = new PermitTarget(Calls.checkName("namespace", namespace), Calls.checkName("name", name));
        this.initialLimit = checkPermits(initialLimit);
    }

    private static int checkPermits(int permits) {
        if (permits < 1) {
            throw new ValidationException("permits must be at least 1, but is " + permits);
        }
        return permits;
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
    public Promise<Optional<Permit>> tryAcquire() {
        return tryAcquire(1, LockOptions.defaults());
    }

    @Override
    public Promise<Optional<Permit>> tryAcquire(int permits, LockOptions options) {
        Terms terms = Terms.of(options, 0, acquirer.user().callbacks());
        return acquirer.tryAcquire(
                target, terms, () -> request(permits, options, terms), entry -> new HeldPermit(entry, permits));
    }

    @Override
    public Promise<Permit> acquire() {
        return acquire(1);
    }

    @Override
    public Promise<Permit> acquire(int permits) {
        return acquire(permits, LockOptions.defaults());
    }

    @Override
    public Promise<Permit> acquire(int permits, LockOptions options) {
        Terms terms = Terms.of(options, Terms.FOR_EVER, acquirer.user().callbacks());
        return acquirer.acquire(
                target,
                terms,
                () -> request(permits, options, terms),
                entry -> new HeldPermit(entry, permits),
                () -> LockCalls.timedOut(target, terms));
    }

    private Command.Builder request(int permits, LockOptions options, Terms terms) {
        if (options.reentrant()) {
            throw new ValidationException("reentrant is for locks; permits are counted");
        }
        AcquirePermits.Builder acquire = AcquirePermits.newBuilder()
                .setPermits(checkPermits(permits))
                .setInitialLimit(initialLimit)
                .setTtlMillis(terms.ttlMillis())
                .setWaitMillis(terms.waitMillis());
        options.contents()
                .ifPresent(contents -> acquire.setContents(calls.json().write(contents)));
        return calls.envelope().setSemaphore(target.body().setAcquire(acquire));
    }

    @Override
    public Promise<Boolean> release(long grantId) {
        return command(
                body -> body.setRelease(ReleasePermits.newBuilder().setToken(grantId)),
                reply -> reply.getSemaphore().getReleased().getWasHeld());
    }

    @Override
    public Promise<Integer> resize(int permits) {
        return command(
                body -> body.setResize(ResizeSemaphore.newBuilder().setLimit(checkPermits(permits))),
                reply -> reply.getSemaphore().getResized().getLimit());
    }

    @Override
    public Promise<Boolean> delete() {
        return command(
                body -> body.setDelete(DeleteSemaphore.getDefaultInstance()),
                reply -> reply.getSemaphore().getDeleted().getExisted());
    }

    @Override
    public Promise<SemaphoreInspection> inspect() {
        return query(
                calls,
                body -> body.setNamespace(namespace())
                        .setName(name())
                        .setInspect(InspectSemaphore.getDefaultInstance()),
                answer -> Views.semaphore(answer.getSemaphore(), answer.getClusterTimeMillis(), calls.json()));
    }

    private <T> Promise<T> command(Consumer<SemaphoreCommand.Builder> operation, Function<Reply, T> decoder) {
        return calls.command(
                SEMAPHORE,
                () -> {
                    SemaphoreCommand.Builder body = target.body();
                    operation.accept(body);
                    return body.build();
                },
                decoder);
    }

    /** Asks something about semaphores. */
    static <T> Promise<T> query(Calls calls, Consumer<SemaphoreQuery.Builder> question, Function<Answer, T> decoder) {
        return calls.reading()
                .query(
                        SEMAPHORE,
                        () -> {
                            SemaphoreQuery.Builder body = SemaphoreQuery.newBuilder();
                            question.accept(body);
                            return body.build();
                        },
                        decoder);
    }
}
