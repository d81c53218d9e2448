package io.coordinator.client.internal.builds;

import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.option.Guard;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What the builds of one client share: their circles, and the runs of the jobs of each namespace, so that all callers
 * of a
 * process take part in one run (DL-PUSH-3).
 */
public final class SharedJobs {
    private final Calls blocking;
    private final Promises userPromises;
    private final Executor worker;
    private final WaitCircles circles = new WaitCircles();
    private final Map<String, Jobs> unguarded = new ConcurrentHashMap<>();

    /**
     * Nothing runs yet.
     *
     * @param blocking whose promises are settled on the loop
     * @param userPromises for what user code sees
     * @param worker runs the jobs
     */
    public SharedJobs(Calls blocking, Promises userPromises, Executor worker) {
        this.blocking = blocking;
        this.userPromises = userPromises;
        this.worker = worker;
    }

    /**
     * Builds of a namespace.
     *
     * @param calls made by them, with their guard
     */
    public BuildCalls builds(Calls calls, String namespace) {
        return new BuildCalls(calls, this, namespace);
    }

    Promises userPromises() {
        return userPromises;
    }

    Executor worker() {
        return worker;
    }

    WaitCircles circles() {
        return circles;
    }

    /** The jobs of a namespace. Those under a guard are shared with nobody: another grant is another right. */
    Jobs jobs(String namespace, @Nullable Guard guard) {
        return guard == null
                ? unguarded.computeIfAbsent(namespace, name -> new Jobs(builds(blocking, name), userPromises))
                : new Jobs(builds(blocking.guardedBy(guard), namespace), userPromises);
    }
}
