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
final class ClosedLoop {
    /** A failed request is repeated a little later, so that a broken system does not become a spinning client. */
    private static final Executor AFTER_FAILURE = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS);

    private final CountDownLatch running;
    private volatile Samples samples;
    private volatile boolean stopping;

    private ClosedLoop(int inFlight, Samples samples) {
        this.running = new CountDownLatch(inFlight);
        this.samples = samples;
    }

    /** Starts {@code inFlight} slots; {@code operations} makes what each of them repeats. */
    static ClosedLoop start(int inFlight, IntFunction<SlotAction> operations, Samples samples) {
        ClosedLoop loop = new ClosedLoop(inFlight, samples);
        List<Slot> slots = IntStream.range(0, inFlight)
                .mapToObj(slot -> loop.new Slot(operations.apply(slot)))
                .toList();
        // On a thread of its own: a driver that answers at once would never let go of the caller's.
        Thread starter = new Thread(() -> slots.forEach(Slot::run), "closed-loop-start");
        starter.setDaemon(true);
        starter.start();
        return loop;
    }

    /** From now on outcomes go to {@code next}, also those of requests already on their way. */
    void recordInto(Samples next) {
        samples = next;
    }

    /**
     * Starts nothing more and waits for the answers to what was started.
     *
     * @return how many requests were never answered
     */
    long stop(Duration patience) throws InterruptedException {
        stopping = true;
        return running.await(patience.toMillis(), TimeUnit.MILLISECONDS) ? 0 : running.getCount();
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
                samples.success(System.nanoTime() - startedAt);
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
