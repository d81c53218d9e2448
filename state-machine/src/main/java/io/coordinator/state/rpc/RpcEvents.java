package io.coordinator.state.rpc;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CallDispatched;
import io.coordinator.protocol.CallFailed;
import io.coordinator.protocol.CallProgress;
import io.coordinator.protocol.CallReturned;
import io.coordinator.protocol.CallRevoked;
import io.coordinator.protocol.CallRow;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.RemoteFailure;
import io.coordinator.protocol.RpcEvent;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;

/** What workers and callers are told. */
final class RpcEvents {
    private RpcEvents() {}

    // ---- to a worker ----

    static void dispatched(
            Name name, PoolMember worker, CallRow call, String callerName, long nowMillis, Effects effects) {
        CallDispatched.Builder dispatched = CallDispatched.newBuilder()
                .setToken(call.getLease().getToken())
                .setArguments(call.getArguments())
                .setDeadlineMillis(call.getDeadlineMillis())
                .setAttempt(call.getAttempts())
                .setCallerName(callerName)
                .setRemainingMillis(call.getDeadlineMillis() - nowMillis);
        tell(worker.getSessionId(), worker.getRequestSeq(), event(name).setDispatched(dispatched), effects);
    }

    static void revoked(Name name, PoolMember worker, CallRow call, CallRevoked.Reason reason, Effects effects) {
        CallRevoked.Builder revoked =
                CallRevoked.newBuilder().setToken(call.getLease().getToken()).setReason(reason);
        tell(worker.getSessionId(), worker.getRequestSeq(), event(name).setRevoked(revoked), effects);
    }

    // ---- to a caller ----

    static void returned(Name name, CallRow call, ByteString result, Effects effects) {
        toCaller(call, event(name).setReturned(CallReturned.newBuilder().setResult(result)), effects);
    }

    static void handlerFailed(Name name, CallRow call, RemoteFailure failure, Effects effects) {
        CallFailed.Builder failed =
                CallFailed.newBuilder().setReason(CallFailed.Reason.HANDLER).setFailure(failure);
        toCaller(call, event(name).setFailed(failed), effects);
    }

    static void failed(Name name, CallRow call, CallFailed.Reason reason, Effects effects) {
        toCaller(call, event(name).setFailed(CallFailed.newBuilder().setReason(reason)), effects);
    }

    static void progress(Name name, CallRow call, ByteString value, Effects effects) {
        toCaller(call, event(name).setProgress(CallProgress.newBuilder().setValue(value)), effects);
    }

    private static void toCaller(CallRow call, RpcEvent.Builder event, Effects effects) {
        tell(call.getSessionId(), call.getRequestSeq(), event, effects);
    }

    private static RpcEvent.Builder event(Name name) {
        return RpcEvent.newBuilder().setNamespace(name.namespace()).setName(name.name());
    }

    private static void tell(long sessionId, long requestSeq, RpcEvent.Builder event, Effects effects) {
        effects.tell(sessionId, Event.newBuilder().setRequestSeq(requestSeq).setRpc(event));
    }
}
