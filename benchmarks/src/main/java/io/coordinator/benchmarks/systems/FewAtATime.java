package io.coordinator.benchmarks.systems;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Does the same to many things, a few at a time. */
public final class FewAtATime {
    private static final int IN_FLIGHT = 128;

    private FewAtATime() {}

    /** Returns when all is done; {@code timeout} is for each of the things. */
    static <T> void forEach(List<T> things, Function<T, ? extends CompletionStage<?>> action, Duration timeout)
            throws Exception {
        forEach(things, action, IN_FLIGHT, timeout);
    }

    /** The same, so many at a time. */
    public static <T> void forEach(
            List<T> things, Function<T, ? extends CompletionStage<?>> action, int atOnce, Duration timeout)
            throws Exception {
        Deque<CompletionStage<?>> started = new ArrayDeque<>();
        for (T thing : things) {
            if (started.size() == atOnce) {
                await(started.removeFirst(), timeout);
            }
            started.addLast(action.apply(thing));
        }
        for (CompletionStage<?> stage : started) {
            await(stage, timeout);
        }
    }

    private static void await(CompletionStage<?> stage, Duration timeout) throws Exception {
        stage.toCompletableFuture().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
}
