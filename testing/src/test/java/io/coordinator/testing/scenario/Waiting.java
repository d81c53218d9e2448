package io.coordinator.testing.scenario;

import io.coordinator.client.lock.LockHandle;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** Waits with a limit, so that a test never hangs. */
final class Waiting {
    static final Duration LONG = Duration.ofSeconds(60);

    private Waiting() {}

    /** The value of a stage, soon. */
    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LONG.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing after " + LONG, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The grant of a stage, soon. */
    static LockHandle grant(CompletionStage<Optional<LockHandle>> stage) {
        return get(stage).orElseThrow(() -> new AssertionError("not granted"));
    }

    /** Runs something that may block. */
    static void inThread(Runnable task) {
        Thread thread = new Thread(task, "test-caller");
        thread.setDaemon(true);
        thread.start();
    }

    /** Lets time pass, where a scenario is about time itself. */
    static void pass(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static ConditionFactory await(String what) {
        return Awaitility.await(what)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(5))
                .pollDelay(Duration.ZERO);
    }
}
