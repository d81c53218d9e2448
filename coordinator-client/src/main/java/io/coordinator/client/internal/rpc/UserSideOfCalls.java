package io.coordinator.client.internal.rpc;

import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.WorkerOptions;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The code of a worker's user: what handles, where that runs, and who hears of failures. */
record UserSideOfCalls(
        ProcedureId procedure, RpcHandler handler, WorkerOptions options, Executor executor, Executor callbacks) {
    private static final Logger log = LoggerFactory.getLogger(UserSideOfCalls.class);

    /** Tells the error listener, or logs. */
    void report(Throwable error) {
        options.errorListener()
                .ifPresentOrElse(
                        listener -> callbacks.execute(() -> {
                            try {
                                listener.accept(error);
                            } catch (Throwable e) { // also what the compiler thinks cannot come
                                Thrown.warn(log, "The error listener of the worker for {} threw", procedure, e);
                            }
                        }),
                        () -> Thrown.warn(log, "The worker for {} goes on after a failure", procedure, error));
    }
}
