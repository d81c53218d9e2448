package io.coordinator.client.internal.async;

import io.coordinator.client.error.CoordinatorException;
import java.util.function.Consumer;

/** A task that runs on the executor it was made for or not at all, and is told if that does not take it. */
public interface Refusable extends Runnable {
    /** It will not run; told on a thread of the SDK's. */
    void refused(CoordinatorException why);

    /**
     * A task of two functions, of which one is called.
     *
     * @param refused hears why the task does not run
     */
    static Refusable of(Runnable task, Consumer<CoordinatorException> refused) {
        return new Refusable() {
            @Override
            public void run() {
                task.run();
            }

            @Override
            public void refused(CoordinatorException why) {
                refused.accept(why);
            }
        };
    }
}
