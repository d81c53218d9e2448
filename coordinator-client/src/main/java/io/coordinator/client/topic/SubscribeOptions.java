package io.coordinator.client.topic;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a subscription hears of messages. Immutable: each method returns a changed copy.
 *
 * @param executor runs the handler and the consumers; null for the client's callback executor
 * @param onError hears what the handler has thrown, and why the subscription has ended if nobody closed it; null to log
 *     it
 * @param onGap hears of messages that are missing, in their place among the others; null to hear nothing
 * @param bufferBytes messages that may wait for the handler, in bytes of their JSON; at least 1. A single one may be
 *     larger
 * @param holdsStream whether a full buffer stops the client from reading any of its topics, instead of dropping
 */
public record SubscribeOptions(
        @Nullable Executor executor,
        @Nullable Consumer<Throwable> onError,
        @Nullable Consumer<TopicGap> onGap,
        long bufferBytes,
        boolean holdsStream) {
    private static final SubscribeOptions DEFAULTS = new SubscribeOptions(null, null, null, 4 << 20, false);

    /**
     * Checks the options.
     *
     * @throws ValidationException if the buffer has less than one byte
     */
    public SubscribeOptions {
        Arguments.positive("bufferBytes", bufferBytes);
    }

    /** The callback executor, 4 MiB of buffer, failures are logged, gaps are not told. */
    public static SubscribeOptions defaults() {
        return DEFAULTS;
    }

    /** Runs the handler on this executor, one call at a time; see {@code docs/threads.md} for what it must do. */
    public SubscribeOptions executor(Executor executor) {
        return new SubscribeOptions(
                Objects.requireNonNull(executor, "executor"), onError, onGap, bufferBytes, holdsStream);
    }

    /** Hears what the handler has thrown, and why the subscription has ended if nobody closed it. */
    public SubscribeOptions onError(Consumer<Throwable> onError) {
        return new SubscribeOptions(
                executor, Objects.requireNonNull(onError, "onError"), onGap, bufferBytes, holdsStream);
    }

    /** Hears of messages that are missing. */
    public SubscribeOptions onGap(Consumer<TopicGap> onGap) {
        return new SubscribeOptions(
                executor, onError, Objects.requireNonNull(onGap, "onGap"), bufferBytes, holdsStream);
    }

    /**
     * So much may wait for the handler; what comes then is dropped, and told as {@link TopicGap.Cause#SLOW_HANDLER}.
     *
     * @param bytes at least 1
     * @throws ValidationException if it is less than 1
     */
    public SubscribeOptions bufferBytes(long bytes) {
        return new SubscribeOptions(executor, onError, onGap, bytes, holdsStream);
    }

    /**
     * While the buffer is full the client does not read its topics, so that messages wait in the cluster. That holds up
     * every other subscription of the client too; beyond its limits the cluster drops messages, and ends the stream of
     * who is too far behind. No effect on {@link Topics#messages}.
     */
    public SubscribeOptions holdStream() {
        return new SubscribeOptions(executor, onError, onGap, bufferBytes, true);
    }
}
