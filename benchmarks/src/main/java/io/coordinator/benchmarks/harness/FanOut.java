package io.coordinator.benchmarks.harness;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Counts deliveries: each message to each subscriber once, with its latency from the call that published it. A second
 * copy, and one of a message that was given up, are failures.
 */
final class FanOut implements MessageReceiver {
    /** How long a copy may take before it counts as lost. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final int subscribers;
    private final CurrentSamples samples;
    private final LongSupplier clock;
    private final Map<Long, OnTheWay> messages = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /** @param clock in nanoseconds */
    FanOut(int subscribers, CurrentSamples samples, LongSupplier clock) {
        this.subscribers = subscribers;
        this.samples = samples;
        this.clock = clock;
    }

    /** Publishes a message; the stage completes when every subscriber has it, or never will. */
    CompletionStage<?> publish(MessageSink sink, byte[] message) {
        long number = numbers.incrementAndGet();
        OnTheWay sent = new OnTheWay(number, clock.getAsLong());
        messages.put(number, sent);
        handOver(sink, Numbered.with(message, number)).whenComplete((ignored, failure) -> {
            if (failure != null && messages.remove(number, sent)) {
                sent.done.completeExceptionally(failure);
            }
        });
        return sent.done;
    }

    private static CompletionStage<?> handOver(MessageSink sink, byte[] message) {
        try {
            return sink.publish(message);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void received(int subscriber, byte[] message) {
        long now = clock.getAsLong();
        try {
            long number = Numbered.of(message);
            OnTheWay sent = messages.get(number);
            if (sent == null) {
                throw new IllegalStateException("subscriber " + subscriber + " got message " + number
                        + " twice, or after it had been given up");
            }
            sent.arrived(subscriber, now);
        } catch (IllegalArgumentException | IllegalStateException e) {
            samples.failure(e);
        }
    }

    /** Gives up messages that have been on their way for too long. */
    void giveUpOld() {
        long now = clock.getAsLong();
        messages.values().forEach(sent -> {
            if (now - sent.sentAt > PATIENCE_NANOS && messages.remove(sent.number, sent)) {
                sent.giveUp();
            }
        });
    }

    private final class OnTheWay {
        private final long number;
        private final long sentAt;
        /** One for each subscriber that has it. */
        private final AtomicIntegerArray arrivals = new AtomicIntegerArray(subscribers);

        private final AtomicInteger left = new AtomicInteger(subscribers);
        private final CompletableFuture<Object> done = new CompletableFuture<>();

        OnTheWay(long number, long sentAt) {
            this.number = number;
            this.sentAt = sentAt;
        }

        void arrived(int subscriber, long now) {
            if (!arrivals.compareAndSet(subscriber, 0, 1)) {
                throw new IllegalStateException("subscriber " + subscriber + " got message " + number + " twice");
            }
            samples.success(now - sentAt);
            if (left.decrementAndGet() == 0 && messages.remove(number, this)) {
                done.complete(this);
            }
        }

        /** One failure for each subscriber without the message, the last of them by the loop that waits for it. */
        void giveUp() {
            int lost = left.get();
            TimeoutException failure = new TimeoutException(lost + " of " + subscribers
                    + " subscribers did not get a message within " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS)
                    + " s");
            for (int i = 1; i < lost; i++) {
                samples.failure(failure);
            }
            done.completeExceptionally(failure);
        }
    }
}
