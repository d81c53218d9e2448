package io.coordinator.client.internal.rpc;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.PromiseDeadline;
import io.coordinator.client.internal.work.LiveWorker;
import io.coordinator.client.internal.work.UserSideOfWorker;
import io.coordinator.client.internal.work.WorkerRegistration;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.RpcWorker;
import io.coordinator.client.rpc.WorkerOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Answers the calls of one name: those of the log, and those that come through the leader's memory. */
final class CallWorker extends LiveWorker<RpcWorker> implements RpcWorker {
    private final ServedNames served;
    private final ProcedureId procedure;
    private final RpcHandler handler;
    private final WorkerOptions options;

    // On the loop.
    private long ephemeralId;
    private boolean replaced;

    CallWorker(
            ServedNames served,
            Calls calls,
            ProcedureId procedure,
            RpcHandler handler,
            WorkerOptions options,
            UserSideOfWorker user) {
        super(calls, user, options.concurrency());
        this.served = served;
        this.procedure = procedure;
        this.handler = handler;
        this.options = options;
    }

    ProcedureId procedure() {
        return procedure;
    }

    RpcHandler handler() {
        return handler;
    }

    WorkerOptions options() {
        return options;
    }

    // ---- its way, on the loop ----

    @Override
    protected RpcWorker self() {
        return this;
    }

    @Override
    protected WorkerRegistration registration() {
        return CallRegistration.of(channel(), this);
    }

    @Override
    protected void onActive() {
        ephemeralId = served.ephemeral().work().begin(this);
        served.add(procedure, this);
    }

    @Override
    protected void onInactive() {
        served.ephemeral().work().stop(ephemeralId);
    }

    @Override
    protected void onLeft() {
        served.remove(procedure, this);
    }

    @Override
    protected void onUnwanted() {
        served.displaced(procedure, this);
    }

    /** Another one of this client has the name now, and the calls that this one has go on. */
    void replaced() {
        replaced = true;
        retire();
    }

    @Override
    protected boolean takesStragglers() {
        return replaced;
    }

    /** Another one has taken its place in the cluster, which nobody wanted in the end. */
    void displaced() {
        deactivate();
        registerAgain();
    }

    // ---- for users ----

    @Override
    public String namespace() {
        return procedure.namespace();
    }

    @Override
    public String name() {
        return procedure.name();
    }

    @Override
    public boolean unregister() {
        return Await.result(unregister(Promises.direct()));
    }

    @Override
    public Promise<Boolean> unregisterAsync() {
        return unregister(served.userPromises());
    }

    private Promise<Boolean> unregister(Promises kind) {
        Promise<Boolean> outcome = kind.make();
        channel()
                .onLoop(
                        () -> {
                            var unused = leave(false).whenComplete((was, error) -> {
                                if (error == null) {
                                    outcome.succeed(was);
                                } else {
                                    outcome.fail(error);
                                }
                            });
                        },
                        closed -> outcome.succeed(false));
        PromiseDeadline.set(
                channel(),
                outcome,
                Times.nanos(calls().timeout()),
                "the cluster did not confirm in time that the worker for " + procedure
                        + " is unregistered; it is as soon as that can be told");
        return outcome;
    }

    @Override
    public void close() {
        var unused =
                Await.briefly(close(Promises.direct(), options.drainTimeout()), Duration.ofMillis(Times.MILLIS_MAX));
    }

    @Override
    public Promise<@Nullable Void> closeAsync() {
        return close(served.userPromises(), options.drainTimeout());
    }
}
