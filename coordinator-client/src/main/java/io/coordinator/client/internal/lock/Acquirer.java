package io.coordinator.client.internal.lock;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.Session;
import io.coordinator.protocol.Command;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The one way to acquire something: asks, waits, and makes the handle of a grant. */
record Acquirer(Calls calls, UserSide user) {
    /**
     * Acquires something, or not.
     *
     * @param request the command without the guard; made here so that its failures reach the caller through the promise
     * @param handle makes the caller's handle
     */
    <H> Promise<Optional<H>> tryAcquire(
            Claim claim, Terms terms, Supplier<Command.Builder> request, Function<HoldEntry, H> handle) {
        return start(
                claim,
                terms,
                request,
                entry -> Optional.of(handle.apply(entry)),
                promise -> promise.succeed(Optional.empty()));
    }

    /** As {@link #tryAcquire}, with a failure when it was not granted in time. */
    <H> Promise<H> acquire(
            Claim claim,
            Terms terms,
            Supplier<Command.Builder> request,
            Function<HoldEntry, H> handle,
            Supplier<CoordinatorException> timedOut) {
        return start(claim, terms, request, handle, promise -> promise.fail(timedOut.get()));
    }

    private <T> Promise<T> start(
            Claim claim,
            Terms terms,
            Supplier<Command.Builder> request,
            Function<HoldEntry, T> granted,
            Consumer<Promise<T>> notGranted) {
        Promise<T> promise = calls.promises().make();
        try {
            submit(claim, terms, request.get(), promise, new Acquisition.Outcome<T>() {
                @Override
                public void granted(Session session, long seq, Told.Granted grant, Promise<T> waiting) {
                    HoldEntry entry = hold(claim, terms, session, seq, grant);
                    waiting.succeed(granted.apply(entry), entry::releaseUnwanted);
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

    private <T> void submit(
            Claim claim, Terms terms, Command.Builder envelope, Promise<T> promise, Acquisition.Outcome<T> outcome) {
        long timeoutNanos = Times.nanos(calls.timeout());
        long patienceNanos = timeoutNanos + Times.nanos(Duration.ofMillis(Math.max(0, terms.waitMillis())));
        Long deadline = terms.waitMillis() == Terms.FOR_EVER
                ? null
                : Long.valueOf(calls.channel().loop().deadlineIn(patienceNanos));
        int bytes = envelope.hasLock()
                ? envelope.getLock().getSerializedSize()
                : envelope.getSemaphore().getSerializedSize();
        Acquisition<T> acquisition =
                new Acquisition<>(calls.channel(), claim, envelope, bytes, promise, outcome, deadline);
        calls.channel().submit(acquisition, patienceNanos);
        promise.onCancel(acquisition::cancel);
    }

    /** Watches over a new grant, or enters the one that this session already has. */
    private HoldEntry hold(Claim claim, Terms terms, Session session, long seq, Told.Granted grant) {
        if (grant.entered() > 1) {
            Hold known = session.find(Hold.class, hold -> hold.token() == grant.token());
            HoldEntry entered = known == null ? null : known.enter();
            if (entered != null) {
                session.drop(seq);
                return entered;
            }
        }
        return new Hold(calls.channel(), session, claim, seq, grant, terms, calls.timeout(), user.promises()).start();
    }
}
