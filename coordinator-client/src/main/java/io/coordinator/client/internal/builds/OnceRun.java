package io.coordinator.client.internal.builds;

import io.coordinator.client.builds.BuildContext;
import io.coordinator.client.builds.BuildFunction;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.OnceOptions;
import io.coordinator.client.builds.OnceTask;

/** One call for a task that is to be done once: a build whose value says that it was done. */
final class OnceRun<X extends Exception> implements BuildFunction<Boolean, X> {
    private final OnceTask<X> task;
    private volatile boolean ran;

    OnceRun(OnceTask<X> task) {
        this.task = task;
    }

    static BuildOptions options(OnceOptions options) {
        BuildOptions build = BuildOptions.timeout(options.timeout()).asTask();
        return options.retention().map(build::sliding).orElse(build);
    }

    @Override
    public Boolean build(BuildContext context) throws X {
        task.run(context);
        ran = true;
        return true;
    }

    /** Whether this call did it. */
    boolean ran() {
        return ran;
    }
}
