package io.coordinator.client.internal.rpc;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.work.ClientSide;
import io.coordinator.client.internal.work.UserSideOfWorker;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.RpcWorker;
import io.coordinator.client.rpc.WorkerOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What one client serves: one worker for each name, the one that registered last; and where its user's code runs. */
public final class ServedNames {
    private final ClientSide side;
    private final EphemeralStream ephemeral;
    /** On the loop. */
    private final Map<ProcedureId, CallWorker> current = new HashMap<>();

    /**
     * Nothing is served yet.
     *
     * @param ephemeral where calls come through the leader's memory
     */
    public ServedNames(ClientSide side, EphemeralStream ephemeral) {
        this.side = side;
        this.ephemeral = ephemeral;
    }

    Promise<RpcWorker> serve(Calls calls, ProcedureId procedure, RpcHandler handler, WorkerOptions options) {
        UserSideOfWorker user = side.ofWorker(procedure.toString(), options.executor(), options.errorListener());
        Promise<RpcWorker> promise = calls.promises().make();
        new CallWorker(this, calls, procedure, handler, options, user).begin(promise);
        return promise;
    }

    Promises userPromises() {
        return side.promises();
    }

    EphemeralStream ephemeral() {
        return ephemeral;
    }

    Executor callbacks() {
        return side.callbacks();
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
