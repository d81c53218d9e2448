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
    /** On the loop. */
    private final Map<ProcedureId, CallWorker> current = new HashMap<>();

    /** Nothing is served yet. */
    public ServedNames(ClientSide side) {
        this.side = side;
    }

    Promise<RpcWorker> serve(Calls calls, ProcedureId procedure, RpcHandler handler, WorkerOptions options) {
        Promise<RpcWorker> promise = calls.promises().make();
        UserSideOfWorker user = new UserSideOfWorker(
                procedure.toString(),
                side.executor(options.executor()),
                side.callbacks(),
                options.errorListener().orElse(null));
        new CallWorker(this, calls, procedure, handler, options, user).begin(promise);
        return promise;
    }

    Promises userPromises() {
        return side.promises();
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
