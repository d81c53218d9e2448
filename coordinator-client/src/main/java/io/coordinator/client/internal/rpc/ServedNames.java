package io.coordinator.client.internal.rpc;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.UserExecutor;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.RpcWorker;
import io.coordinator.client.rpc.WorkerOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What one client serves: one worker for each name, the one that registered last; and where its user's code runs. */
public final class ServedNames {
    private final Promises userPromises;
    private final Executor callbacks;
    private final Executor worker;
    private final Executor own;
    private final EphemeralStream ephemeral;
    /** On the loop. */
    private final Map<ProcedureId, CallWorker> current = new HashMap<>();

    /**
     * Nothing is served yet. No executor throws, and each takes every task or tells it that it does not.
     *
     * @param userPromises for stages that callers see
     * @param callbacks runs listeners
     * @param worker runs handlers
     * @param own where executors of single workers are called; takes every task
     * @param ephemeral where calls come through the leader's memory
     */
    public ServedNames(
            Promises userPromises, Executor callbacks, Executor worker, Executor own, EphemeralStream ephemeral) {
        this.userPromises = userPromises;
        this.callbacks = callbacks;
        this.worker = worker;
        this.own = own;
        this.ephemeral = ephemeral;
    }

    Promise<RpcWorker> serve(Calls calls, ProcedureId procedure, RpcHandler handler, WorkerOptions options) {
        Executor executor = options.executor()
                .<Executor>map(users -> new UserExecutor(users, own))
                .orElse(worker);
        Promise<RpcWorker> promise = calls.promises().make();
        new CallWorker(this, calls, procedure, new UserSideOfCalls(procedure, handler, options, executor, callbacks))
                .begin(promise);
        return promise;
    }

    Promises userPromises() {
        return userPromises;
    }

    EphemeralStream ephemeral() {
        return ephemeral;
    }

    Executor callbacks() {
        return callbacks;
    }

    // ---- on the loop ----

    /** A worker has registered. */
    void add(ProcedureId procedure, CallWorker registered) {
        @Nullable CallWorker before = current.put(procedure, registered);
        if (before != null && before != registered) {
            before.replaced();
        }
    }

    /** A worker has registered that is not to be; the one before it, which it has replaced in the cluster, is. */
    void displaced(ProcedureId procedure, CallWorker unwanted) {
        CallWorker meant = current.get(procedure);
        if (meant != null && meant != unwanted) {
            meant.displaced();
        }
    }

    void remove(ProcedureId procedure, CallWorker gone) {
        current.remove(procedure, gone);
    }
}
