package io.coordinator.client.internal.rpc;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.session.CommandCall;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.SessionHolding;
import io.coordinator.client.internal.session.ValueCommand;
import io.coordinator.client.rpc.WorkerOptions;
import io.coordinator.protocol.CallRevoked;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.RegisterWorker;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.RpcCommand;
import io.coordinator.protocol.RpcEvent;
import io.coordinator.protocol.UnregisterWorker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A worker's registration in one session: it hears of calls, and says what became of them. Lives on the loop. */
final class CallRegistration extends CommandCall implements SessionHolding {
    /** The answer to an unregistration can overtake a call that was dispatched before it. */
    private static final long STRAGGLERS_NANOS = Duration.ofMinutes(1).toNanos();

    private final SessionChannel channel;
    private final CallWorker worker;
    private final ProcedureId procedure;
    private final Map<Long, CallRun> runs = new HashMap<>();
    private @Nullable Session session;
    private @Nullable EphemeralWork ephemeral;
    private long ephemeralId;
    private long member;

    private CallRegistration(
            SessionChannel channel, CallWorker worker, ProcedureId procedure, Command.Builder envelope) {
        super(envelope, envelope.getRpc().getSerializedSize());
        this.channel = channel;
        this.worker = worker;
        this.procedure = procedure;
    }

    /** One that was not sent yet. */
    static CallRegistration of(
            SessionChannel channel, CallWorker worker, ProcedureId procedure, WorkerOptions options) {
        RegisterWorker.Builder register = RegisterWorker.newBuilder()
                .setConcurrency(options.concurrency())
                .setBacklogMax(options.backlogMax());
        return new CallRegistration(
                channel,
                worker,
                procedure,
                ProcedureId.envelope(procedure.command().setRegister(register)));
    }

    private Session session() {
        if (session == null) {
            throw new IllegalStateException("the registration of " + procedure + " was answered before it was sent");
        }
        return session;
    }

    /** Whether the cluster certainly has its session. On any thread, once it is registered. */
    boolean isLive() {
        return session().isLive();
    }

    // ---- registering ----

    @Override
    protected void onSequenced(Session current, long seq) {
        session = current;
        current.hold(seq, this);
    }

    @Override
    protected void onReply(Reply reply) {
        if (reply.hasError()) {
            refused(Errors.of(reply.getError(), envelope()));
        } else if (!reply.getRpc().hasRegistered()) {
            refused(Errors.unexpectedAnswer(reply.getRpc().getOutcomeCase()));
        } else if (session().hasEnded()) {
            refused(SessionChannel.closed(true));
        } else {
            member = reply.getRpc().getRegistered().getMember();
            worker.onRegistered(this);
        }
    }

    private void refused(CoordinatorException why) {
        session().drop(seq());
        worker.onRefused(why);
    }

    @Override
    protected void onDeadline(CoordinatorException why) {
        worker.onUnanswered(why);
    }

    @Override
    protected void onFailure(CoordinatorException why) {
        worker.onRefused(why);
    }

    // ---- calls ----

    @Override
    public void onEvent(Event event) {
        RpcEvent rpc = event.getRpc();
        if (rpc.hasDispatched()) {
            CallRun run = new CallRun(channel, worker, new LoggedLease(channel, this, procedure, rpc.getDispatched()));
            runs.put(run.token(), run);
            worker.onDispatched(run);
        } else if (rpc.hasRevoked()) {
            revoked(rpc.getRevoked());
        }
    }

    private void revoked(CallRevoked revoked) {
        CallRun run = runs.get(revoked.getToken());
        if (run != null) {
            run.cancel();
        }
    }

    /** From now on calls come through the leader's memory too. */
    void serveEphemeral(EphemeralWork work) {
        ephemeral = work;
        ephemeralId = work.begin(worker);
    }

    /** No more of them come. */
    void stopEphemeral() {
        if (ephemeral != null) {
            ephemeral.stop(ephemeralId);
        }
    }

    /** A handler is done, or will not be heard any more. */
    void finished(CallRun run) {
        runs.remove(run.token(), run);
        worker.onFinished(run);
    }

    /** Says something in this session, however long that takes. */
    <T> Promise<T> tell(RpcCommand.Builder body, Function<Reply, T> decoder) {
        Promise<T> told = Promises.direct().make();
        Command.Builder envelope = ProcedureId.envelope(body);
        channel.submit(
                new ValueCommand<>(envelope, envelope.getRpc().getSerializedSize(), told, decoder)
                        .persistent()
                        .boundTo(session()),
                0);
        return told;
    }

    // ---- its end ----

    /** Gets nothing more. */
    Promise<Boolean> leave(boolean drain) {
        UnregisterWorker.Builder unregister =
                UnregisterWorker.newBuilder().setMember(member).setDrain(drain);
        Promise<Boolean> outcome = Promises.direct().make();
        var unused = tell(
                        procedure.command().setUnregister(unregister),
                        reply -> reply.getRpc().getUnregistered().getWasRegistered())
                .whenComplete((was, error) -> {
                    forgetLater();
                    if (error == null) {
                        outcome.succeed(was);
                    } else if (error instanceof SessionExpiredException || error instanceof ClosedException) {
                        outcome.succeed(false); // It has ended with its session.
                    } else {
                        outcome.fail(error);
                    }
                });
        return outcome;
    }

    /** There will be no more calls, apart from what is on its way. */
    void forgetLater() {
        channel.loop().schedule(this::forget, STRAGGLERS_NANOS);
    }

    private void forget() {
        if (runs.isEmpty()) {
            session().drop(seq());
        } else {
            forgetLater();
        }
    }

    /** It may be resumed, and what handlers have made by then still counts. */
    @Override
    public void onLeasePassed() {}

    @Override
    public void onSessionEnded(boolean closedByClient) {
        List.copyOf(runs.values()).forEach(CallRun::unheard);
        stopEphemeral();
        worker.onSessionEnded(this, closedByClient);
    }
}
