package io.coordinator.client.internal.net;

import io.coordinator.client.internal.async.Refusable;
import io.coordinator.client.internal.async.Thrown;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where nodes are reached, by the user's translator of addresses, which runs on an executor of its own since it may
 * take its time or throw. Lives on the loop.
 */
final class AddressTranslation {
    private final Loop loop;
    private final @Nullable UnaryOperator<String> translator;
    private final Executor executor;

    /** What the translator last said, for questions that cannot wait for it. */
    private final Map<String, String> targets = new HashMap<>();

    AddressTranslation(Loop loop, UnaryOperator<String> translator, Executor executor) {
        this.loop = loop;
        // The identity is one object in every JVM known, and an address that needs no code of the user's saves two
        // hops.
        this.translator = translator == UnaryOperator.<String>identity() ? null : translator;
        this.executor = executor;
    }

    /** Whether there is code of the user's that is asked. */
    boolean isNeeded() {
        return translator != null;
    }

    /** Where a node is reached, as far as is known without asking; null if it is not. */
    @Nullable
    String known(String endpoint) {
        return translator == null ? endpoint : targets.get(endpoint);
    }

    /**
     * Goes on, on the loop, with where a node is reached; at once if that needs no code of the user's.
     *
     * @param next may fail if it gets something that is no address
     * @param failed hears why that is not known
     */
    void translate(String endpoint, Consumer<String> next, Consumer<String> failed) {
        if (translator == null) {
            guarded(endpoint, endpoint, next, failed);
            return;
        }
        UnaryOperator<String> asked = translator;
        executor.execute(Refusable.of(
                () -> {
                    String target;
                    try {
                        target = asked.apply(endpoint);
                    } catch (Throwable e) { // of user code, anything
                        loop.run(() -> failed.accept("the address translator threw " + Thrown.text(e)));
                        return;
                    }
                    loop.run(() -> {
                        if (target != null) {
                            targets.put(endpoint, target);
                        }
                        guarded(endpoint, target, next, failed);
                    });
                },
                why -> loop.run(() -> failed.accept(String.valueOf(why.getMessage())))));
    }

    private static void guarded(
            String endpoint, @Nullable String target, Consumer<String> next, Consumer<String> failed) {
        if (target == null) {
            failed.accept("the address translator answered null for " + endpoint);
            return;
        }
        try {
            next.accept(target);
        } catch (RuntimeException e) {
            failed.accept(endpoint + " is translated to '" + target + "', which cannot be used: " + e);
        }
    }
}
