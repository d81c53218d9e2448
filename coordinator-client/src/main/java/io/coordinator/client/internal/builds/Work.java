package io.coordinator.client.internal.builds;

import io.coordinator.client.builds.BuildContext;
import io.coordinator.client.builds.BuildFunction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a builder does, from the call to the value, which may come later. */
@FunctionalInterface
public interface Work<T> {
    /** Begins; on a worker. */
    CompletionStage<@Nullable T> begin(BuildContext context) throws Exception;

    /** A function that has its value when it returns. */
    static <T> Work<T> of(BuildFunction<? extends @Nullable T, ?> function) {
        return context -> CompletableFuture.<@Nullable T>completedFuture(function.build(context));
    }

    /** Of those who only wait. */
    static <T> Work<T> none() {
        return context -> {
            throw new IllegalStateException("who only waits was made the builder of " + context.key());
        };
    }
}
