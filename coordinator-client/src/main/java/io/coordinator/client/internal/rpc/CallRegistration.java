package io.coordinator.client.internal.rpc;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.work.HandlerRun;
import io.coordinator.client.internal.work.WorkerRegistration;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.RegisterWorker;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.RpcCommand;
import io.coordinator.protocol.RpcEvent;
import io.coordinator.protocol.UnregisterWorker;
import java.util.OptionalLong;
import java.util.function.Function;

/** That a worker answers the calls of a name, in one session. Lives on the loop. */
final class CallRegistration extends WorkerRegistration {
    private final SessionChannel channel;
    private final CallWorker worker;

    private CallRegistration(SessionChannel channel, CallWorker worker, Command.Builder envelope) {
        super(channel, worker, envelope, envelope.getRpc().getSerializedSize());
        this.channel = channel;
        this.worker = worker;
    }

    /** One that was not sent yet. */
    static CallRegistration of(SessionChannel channel, CallWorker worker) {
        RegisterWorker.Builder register = RegisterWorker.newBuilder()
                .setConcurrency(worker.options().concurrency())
                .setBacklogMax(worker.options().backlogMax());
        return new CallRegistration(
                channel,
                worker,
                ProcedureId.envelope(worker.procedure().command().setRegister(register)));
    }

    @Override
    protected OptionalLong member(Reply reply) {
        return reply.getRpc().hasRegistered()
                ? OptionalLong.of(reply.getRpc().getRegistered().getMember())
                : OptionalLong.empty();
    }

    @Override
    public void onEvent(Event event) {
        RpcEvent rpc = event.getRpc();
        if (rpc.hasDispatched()) {
            CallLease lease = new LoggedLease(channel, this, worker.procedure(), rpc.getDispatched());
            held().add(new CallRun(channel, worker, held(), lease));
        } else if (rpc.hasRevoked()) {
            HandlerRun run = held().find(rpc.getRevoked().getToken());
            if (run != null) {
                run.cancel();
            }
        }
    }

    /** Says something in this session, however long that takes. */
    <T> Promise<T> tell(RpcCommand.Builder body, Function<Reply, T> decoder) {
        Command.Builder envelope = ProcedureId.envelope(body);
        return tell(envelope, envelope.getRpc().getSerializedSize(), decoder);
    }

    @Override
    protected Promise<Boolean> tellLeave(long memberNumber, boolean drain) {
        UnregisterWorker.Builder unregister =
                UnregisterWorker.newBuilder().setMember(memberNumber).setDrain(drain);
        return tell(
                worker.procedure().command().setUnregister(unregister),
                reply -> reply.getRpc().getUnregistered().getWasRegistered());
    }
}
