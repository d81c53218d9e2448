package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.CallDispatched;
import io.coordinator.protocol.CallFailed;
import io.coordinator.protocol.CallProcedure;
import io.coordinator.protocol.CallRevoked;
import io.coordinator.protocol.CancelCall;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.InspectProcedure;
import io.coordinator.protocol.ListProcedures;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.ProcedureInspection;
import io.coordinator.protocol.ProcedureList;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.RegisterWorker;
import io.coordinator.protocol.ReportCallProgress;
import io.coordinator.protocol.RpcCommand;
import io.coordinator.protocol.RpcEvent;
import io.coordinator.protocol.RpcQuery;
import io.coordinator.protocol.RpcReply;
import io.coordinator.protocol.UnregisterWorker;
import java.util.List;
import java.util.function.UnaryOperator;

/** A script of callers and workers, with their verbs. */
abstract class CallScript extends Script {
    /** With the times of the call left to the cluster. */
    static final CallProcedure PLAIN =
            CallProcedure.newBuilder().setArguments(Actor.json("[1]")).build();

    static Command.Builder command(String name, UnaryOperator<RpcCommand.Builder> operation) {
        return Command.newBuilder()
                .setRpc(operation.apply(
                        RpcCommand.newBuilder().setNamespace(Actor.NAMESPACE).setName(name)));
    }

    static Command.Builder registerCommand(String name, int concurrency) {
        return command(name, b -> b.setRegister(RegisterWorker.newBuilder().setConcurrency(concurrency)));
    }

    static Command.Builder callCommand(String name, CallProcedure call) {
        return command(name, b -> b.setCall(call));
    }

    static Command.Builder completeCommand(String name, CompleteCall.Builder complete) {
        return command(name, b -> b.setComplete(complete));
    }

    // ---- workers ----

    /** Registers and returns the worker's number. */
    long serve(String session, String name, int concurrency) {
        return serve(session, name, RegisterWorker.newBuilder().setConcurrency(concurrency));
    }

    long serve(String session, String name, RegisterWorker.Builder register) {
        return send(session, command(name, b -> b.setRegister(register)))
                .gives(RpcReply.OutcomeCase.REGISTERED)
                .reply()
                .getRpc()
                .getRegistered()
                .getMember();
    }

    boolean unregister(String session, String name, long member, boolean drain) {
        UnregisterWorker.Builder unregister =
                UnregisterWorker.newBuilder().setMember(member).setDrain(drain);
        return send(session, command(name, b -> b.setUnregister(unregister)))
                .gives(RpcReply.OutcomeCase.UNREGISTERED)
                .reply()
                .getRpc()
                .getUnregistered()
                .getWasRegistered();
    }

    /** Whether it was accepted. */
    boolean complete(String session, String name, CompleteCall.Builder complete) {
        return send(session, completeCommand(name, complete))
                .gives(RpcReply.OutcomeCase.COMPLETED)
                .reply()
                .getRpc()
                .getCompleted()
                .getAccepted();
    }

    boolean returns(String session, String name, long token) {
        return complete(session, name, result(token));
    }

    static CompleteCall.Builder result(long token) {
        return CompleteCall.newBuilder().setToken(token).setResult(Actor.json("\"done\""));
    }

    static CompleteCall.Builder handBack(long token) {
        return CompleteCall.newBuilder().setToken(token).setHandedBack(true);
    }

    static CompleteCall.Builder stopped(long token) {
        return CompleteCall.newBuilder().setToken(token).setCancelled(true);
    }

    boolean reports(String session, String name, long token) {
        ReportCallProgress.Builder report =
                ReportCallProgress.newBuilder().setToken(token).setValue(Actor.json("50"));
        return send(session, command(name, b -> b.setProgress(report)))
                .gives(RpcReply.OutcomeCase.REPORTED)
                .reply()
                .getRpc()
                .getReported()
                .getAccepted();
    }

    // ---- callers ----

    /** Calls and returns the number of the command. */
    long call(String session, String name) {
        return call(session, name, PLAIN).gives(RpcReply.OutcomeCase.ACCEPTED).seq();
    }

    Outcome call(String session, String name, CallProcedure call) {
        return send(session, callCommand(name, call));
    }

    Outcome call(String session, String name, long timeoutMillis, long waitMillis) {
        return call(
                session,
                name,
                PLAIN.toBuilder()
                        .setTimeoutMillis(timeoutMillis)
                        .setWaitForWorkerMillis(waitMillis)
                        .build());
    }

    boolean cancel(String session, String name, long requestSeq) {
        return send(
                        session,
                        command(name, b -> b.setCancel(CancelCall.newBuilder().setRequestSeq(requestSeq))))
                .gives(RpcReply.OutcomeCase.CANCELLED)
                .reply()
                .getRpc()
                .getCancelled()
                .getWasPending();
    }

    Outcome send(String session, Command.Builder command) {
        return session(session).send(command);
    }

    // ---- what is heard ----

    List<RpcEvent> heard(String session) {
        return session(session).heard().stream().map(Event::getRpc).toList();
    }

    void hearsNothing(String session) {
        session(session).hears();
    }

    /** Expects one call that is given to the worker. */
    CallDispatched hearsCall(String session) {
        return one(session, RpcEvent.OutcomeCase.DISPATCHED).getDispatched();
    }

    /** Expects one call, and returns its token. */
    long hearsToken(String session) {
        return hearsCall(session).getToken();
    }

    void hearsRevoked(String session, long token, CallRevoked.Reason reason) {
        CallRevoked revoked = one(session, RpcEvent.OutcomeCase.REVOKED).getRevoked();
        assertThat(revoked.getToken()).isEqualTo(token);
        assertThat(revoked.getReason()).isEqualTo(reason);
    }

    void hearsResult(String session, long seq) {
        Event event = session(session).hears(RpcEvent.OutcomeCase.RETURNED).get(0);
        assertThat(event.getRequestSeq()).isEqualTo(seq);
        assertThat(event.getRpc().getReturned().getResult().toStringUtf8()).isEqualTo("\"done\"");
    }

    CallFailed hearsFailure(String session, long seq, CallFailed.Reason reason) {
        Event event = session(session).hears(RpcEvent.OutcomeCase.FAILED).get(0);
        assertThat(event.getRequestSeq()).isEqualTo(seq);
        CallFailed failed = event.getRpc().getFailed();
        assertThat(failed.getReason()).isEqualTo(reason);
        return failed;
    }

    private RpcEvent one(String session, RpcEvent.OutcomeCase outcome) {
        return session(session).hears(outcome).get(0).getRpc();
    }

    // ---- what there is ----

    ProcedureInspection inspect(String name) {
        return query(Query.newBuilder()
                        .setRpc(RpcQuery.newBuilder()
                                .setNamespace(Actor.NAMESPACE)
                                .setName(name)
                                .setInspect(InspectProcedure.getDefaultInstance())))
                .getRpc()
                .getInspection();
    }

    ProcedureList list(String namespace, ListProcedures.Builder list) {
        return query(Query.newBuilder()
                        .setRpc(RpcQuery.newBuilder().setNamespace(namespace).setList(list)))
                .getRpc()
                .getList();
    }

    /** How many calls each listed worker has, in the order in which they registered. */
    List<Integer> load(String name) {
        return inspect(name).getWorkersList().stream()
                .map(PoolMember::getLeased)
                .toList();
    }

    /** Expects that many calls that wait, and that many that a worker has. */
    void there(String name, int waiting, int running) {
        assertThat(inspect(name).getSummary().getWaiting()).isEqualTo(waiting);
        assertThat(inspect(name).getSummary().getRunning()).isEqualTo(running);
    }
}
