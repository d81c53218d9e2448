package io.coordinator.client.internal.async;

import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Makes promises of one kind, so that blocking and asynchronous calls share one implementation. */
public final class Promises {
    private static final Promises DIRECT = new Promises(null);

    private final @Nullable Executor executor;

    private Promises(@Nullable Executor executor) {
        this.executor = executor;
    }

    /** Settled in place: for callers that block, and for the SDK itself. */
    public static Promises direct() {
        return DIRECT;
    }

    /** Settled on an executor: for stages that user code depends on. */
    public static Promises on(Executor executor) {
        return new Promises(executor);
    }

    public <T extends @Nullable Object> Promise<T> make() {
        return new Promise<>(executor);
    }
}
