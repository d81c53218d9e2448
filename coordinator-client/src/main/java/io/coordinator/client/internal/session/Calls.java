package io.coordinator.client.internal.session;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.MessageLite;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the data types make their calls: with one kind of promise, one timeout, one guard. Immutable; failures of
 * arguments, and of user code that makes them, reach the caller through the promise like all others.
 *
 * @param guard for every command, or null
 */
public record Calls(
        SessionChannel channel,
        StaleReads staleReads,
        JsonCodec json,
        Promises promises,
        Duration timeout,
        ReadConsistency consistency,
        @Nullable Guard guard) {

    public Calls guardedBy(Guard newGuard) {
        return new Calls(channel, staleReads, json, promises, timeout, consistency, requireNonNull(newGuard, "guard"));
    }

    /** For what belongs to a read, though the cluster notes it down: reads are not guarded. */
    public Calls unguarded() {
        return new Calls(channel, staleReads, json, promises, timeout, consistency, null);
    }

    public Calls withTimeout(Duration newTimeout) {
        Duration checked = Times.positive("timeout", newTimeout);
        return new Calls(channel, staleReads, json, promises, checked, consistency, guard);
    }

    public Calls withConsistency(ReadConsistency newConsistency) {
        return new Calls(
                channel, staleReads, json, promises, timeout, requireNonNull(newConsistency, "consistency"), guard);
    }

    /** For calls whose outcomes are read with the user's code: that happens off the loop. */
    public Calls reading() {
        return with(promises.reading());
    }

    /** The same calls with promises for other callers. */
    public Calls with(Promises newPromises) {
        return new Calls(channel, staleReads, json, newPromises, timeout, consistency, guard);
    }

    /**
     * Makes a command whose reply is the outcome.
     *
     * @param body makes the message
     * @param decoder reads a reply that is no error and is of this type
     */
    public <C extends MessageLite, T extends @Nullable Object> Promise<T> command(
            TypeEnvelope<C, ?> type, Supplier<C> body, Function<Reply, T> decoder) {
        Promise<T> promise = promises.make();
        try {
            Command.Builder envelope = envelope();
            C message = body.get();
            type.command().accept(envelope, message);
            submit(new ValueCommand<>(envelope, message.getSerializedSize(), promise, type.ofReply(decoder)), promise);
        } catch (Throwable e) { // of the user's serializers and functions, anything
            promise.fail(e);
        }
        return promise;
    }

    /**
     * Makes a query whose answer is the outcome.
     *
     * @param body makes the message
     * @param decoder reads an answer that is no error and is of this type
     */
    public <Q extends MessageLite, T extends @Nullable Object> Promise<T> query(
            TypeEnvelope<?, Q> type, Supplier<Q> body, Function<Answer, T> decoder) {
        Promise<T> promise = promises.make();
        try {
            Query.Builder envelope = Query.newBuilder();
            type.query().accept(envelope, body.get());
            Function<Answer, T> checked = type.ofAnswer(decoder);
            if (consistency == ReadConsistency.STALE) {
                askAnyone(envelope, promise, checked);
            } else {
                if (consistency == ReadConsistency.QUORUM) {
                    envelope.setConsistency(Consistency.QUORUM);
                }
                submit(new ValueQuery<>(envelope, promise, checked), promise);
            }
        } catch (Throwable e) { // of the user's serializers and functions, anything
            promise.fail(e);
        }
        return promise;
    }

    /**
     * Whether an access must be told to the cluster before it counts, or what slides could expire too early.
     * Only here is it known how late it may be by now.
     */
    public boolean isTouchDue(long expiresAtMillis, long slidingMillis) {
        return slidingMillis > 0 && System.nanoTime() - touchDueNanos(expiresAtMillis, slidingMillis) >= 0;
    }

    /** From which local nano time on an access must be told to the cluster; never what never expires. */
    public long touchDueNanos(long expiresAtMillis, long slidingMillis) {
        boolean never = expiresAtMillis == Long.MAX_VALUE;
        return channel.clock().localNanos(never ? Long.MAX_VALUE : expiresAtMillis - slidingMillis);
    }

    /** An empty command with the guard, if there is one. */
    public Command.Builder envelope() {
        Command.Builder envelope = Command.newBuilder();
        if (guard != null) {
            Errors.setGuard(envelope, guard);
        }
        return envelope;
    }

    private void submit(Call call, Promise<?> promise) {
        channel.submit(call, Times.nanos(timeout));
        promise.onCancel(() -> channel.withdraw(call));
    }

    private <T extends @Nullable Object> void askAnyone(
            Query.Builder envelope, Promise<T> promise, Function<Answer, T> decoder) {
        Query query = envelope.setConsistency(Consistency.STALE).build();
        staleReads.ask(
                query, Times.nanos(timeout), answer -> ValueQuery.settle(answer, decoder, promise), promise::fail);
    }

    /**
     * Checks a name.
     *
     * @throws ValidationException if it is empty, contains NUL or is not well-formed
     */
    public static String checkName(String what, String name) {
        return Text.name(what, name);
    }
}
