package io.coordinator.benchmarks.harness;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a fixed number of requests in flight: each slot starts its next operation as soon as its last one is answered,
 * on the thread that brought the answer.
 */
final class ClosedLoop implements Load {
    /** A failed request is repeated a little later, so that a broken system does not become a spinning client. */
    private static final Executor AFTER_FAILURE = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS);

    private final CurrentSamples samples;
    private final boolean countsAnswers;
    private final AutoCloseable resource;
    private final CountDownLatch running;
    private volatile boolean stopping;

    private ClosedLoop(int inFlight, CurrentSamples samples, boolean countsAnswers, AutoCloseable resource) {
        this.samples = samples;
        this.countsAnswers = countsAnswers;
        this.resource = resource;
        this.running = new CountDownLatch(inFlight);
    }

    /** Starts {@code inFlight} slots; {@code operations} makes what each of them repeats. */
    static ClosedLoop start(int inFlight, IntFunction<SlotAction> operations, Samples samples) {
        return start(inFlight, operations, samples, () -> {});
    }

    /** The same; the loop's end is that of {@code resource}. */
    static ClosedLoop start(int inFlight, IntFunction<SlotAction> operations, Samples samples, AutoCloseable resource) {
        return new ClosedLoop(inFlight, new CurrentSamples(samples), true, resource).start(inFlight, operations);
    }

    /** The same for operations that record what they achieve themselves: the loop records only those that fail. */
    static ClosedLoop pace(int inFlight, IntFunction<SlotAction> operations, CurrentSamples samples) {
        return new ClosedLoop(inFlight, samples, false, () -> {}).start(inFlight, operations);
    }

    private ClosedLoop start(int inFlight, IntFunction<SlotAction> operations) {
        List<Slot> slots = IntStream.range(0, inFlight)
                .mapToObj(slot -> new Slot(operations.apply(slot)))
                .toList();
        // On a thread of its own: a driver that answers at once would never let go of the caller's.
        Thread starter = new Thread(() -> slots.forEach(Slot::run), "closed-loop-start");
        starter.setDaemon(true);
        starter.start();
        return this;
    }

    @Override
    public void recordInto(Samples next) {
        samples.replace(next);
    }

    @Override
    public boolean await(Duration time) throws InterruptedException {
        return running.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** There is no end of operations to warm up with. */
    @Override
    public boolean awaitWarm(Duration time) throws InterruptedException {
        return await(time);
    }

    @Override
    public long stop(Duration patience) throws InterruptedException {
        stopping = true;
        return running.await(patience.toMillis(), TimeUnit.MILLISECONDS) ? 0 : running.getCount();
    }

    @Override
    public void close() throws Exception {
        resource.close();
    }

    private final class Slot {
        private static final int STARTING = 0;
        private static final int STARTED = 1;
        private static final int ANSWERED = 2;

        private final SlotAction operation;
        private final AtomicInteger state = new AtomicInteger();

        Slot(SlotAction operation) {
            this.operation = operation;
        }

        /** Runs operations until one is answered later, whose answer then continues here; never recursively. */
        void run() {
            while (!stopping) {
                state.set(STARTING);
                long startedAt = System.nanoTime();
                startOperation().whenComplete((ignored, failure) -> answered(startedAt, failure));
                if (state.compareAndSet(STARTING, STARTED)) {
                    return;
                }
            }
            running.countDown();
        }

        private CompletionStage<?> startOperation() {
            try {
                return operation.start();
            } catch (RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        private void answered(long startedAt, @Nullable Throwable failure) {
            if (failure != null) {
                samples.failure(failure);
                AFTER_FAILURE.execute(this::next);
            } else {
                if (countsAnswers) {
                    samples.success(System.nanoTime() - startedAt);
                }
                next();
            }
        }

        /** Leaves the loop to {@link #run} if that has not returned yet. */
        private void next() {
            if (!state.compareAndSet(STARTING, ANSWERED)) {
                run();
            }
        }
    }
}
