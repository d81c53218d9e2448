package io.coordinator.client.internal.lock;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.lock.LossReason;
import io.coordinator.protocol.Command;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One caller's share of a grant, which that caller releases: what the handles for locks, sets and permits stand on.
 * Safe for use by many threads.
 */
final class HoldEntry {
    private final Hold hold;
    private final AtomicBoolean left = new AtomicBoolean();
    private final Promise<Released> released = Promises.direct().make();

    HoldEntry(Hold hold) {
        this.hold = hold;
    }

    Claim claim() {
        return hold.claim();
    }

    long token() {
        return hold.token();
    }

    boolean isHeld() {
        return !left.get() && hold.isHeld();
    }

    /** Whether it ended by itself, and not by its holder's release. */
    boolean isLost() {
        return !left.get() && !hold.isHeld();
    }

    Optional<Duration> remaining() {
        if (!isHeld()) {
            return Optional.of(Duration.ZERO);
        }
        GrantClock clock = hold.clock();
        return clock.hasDeadline() ? Optional.of(Duration.ofNanos(Math.max(0, clock.nanosLeft()))) : Optional.empty();
    }

    OptionalLong deadline() {
        long millis = hold.clock().deadlineMillis();
        return millis == 0 ? OptionalLong.empty() : OptionalLong.of(millis);
    }

    CompletionStage<LossReason> lost() {
        return hold.lost();
    }

    Promises userPromises() {
        return hold.userPromises();
    }

    Promise<Void> extend(Duration ttl, Promises promises) {
        Promise<Void> promise = promises.make();
        if (ttl.isNegative() || ttl.isZero()) {
            promise.fail(new ValidationException("ttl must be more than 0, but is " + ttl));
        } else if (!isHeld() && (left.get() || !hold.isPartial())) {
            promise.fail(hold.gone());
        } else {
            hold.extend(Times.millis(ttl), promise);
        }
        return promise;
    }

    /** Another command about this grant. */
    Promise<Void> change(Command.Builder command, Runnable done, Promises promises) {
        Promise<Void> promise = promises.make();
        if (isHeld()) {
            hold.change(command, done, promise);
        } else {
            promise.fail(hold.gone());
        }
        return promise;
    }

    Promise<Released> release(Promises promises) {
        Promise<Released> answer = promises.make();
        answerWhenReleased(answer);
        if (!left.compareAndSet(false, true)) {
            hold.limitRelease(answer);
        } else if (hold.isOver()) {
            released.succeed(Released.nothing(claim()));
        } else {
            hold.leave(answer, released);
        }
        return answer;
    }

    /** The caller went away before it saw the grant. */
    void releaseUnwanted() {
        var unused = release(Promises.direct());
    }

    private void answerWhenReleased(Promise<Released> answer) {
        var unused = released.whenComplete((outcome, error) -> {
            if (error == null) {
                answer.succeed(outcome);
            } else {
                answer.fail(error);
            }
        });
    }

    @Override
    public String toString() {
        return hold.toString();
    }
}
