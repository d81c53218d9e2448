package io.coordinator.server.call;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CallDispatched;
import io.coordinator.protocol.CallRevoked;
import io.coordinator.protocol.EphemeralDispatch;
import io.coordinator.protocol.EphemeralOutcome;
import io.coordinator.protocol.EphemeralProgress;

/** What passes on: payloads as they came, in the words of the other side. */
final class CallMessages {
    private CallMessages() {}

    /** @param remainingMillis until the call's deadline */
    static EphemeralDispatch dispatch(PendingCall call, WorkerOffer worker, long remainingMillis) {
        return EphemeralDispatch.newBuilder()
                .setId(worker.id())
                .setCall(CallDispatched.newBuilder()
                        .setToken(call.token())
                        .setArguments(call.arguments())
                        .setAttempt(call.attempts())
                        .setCallerName(call.caller().clientName())
                        .setRemainingMillis(remainingMillis))
                .build();
    }

    static CallRevoked revoked(PendingCall call, CallRevoked.Reason reason) {
        return CallRevoked.newBuilder().setToken(call.token()).setReason(reason).build();
    }

    static EphemeralOutcome returned(PendingCall call, ByteString result) {
        return EphemeralOutcome.newBuilder().setId(call.id()).setResult(result).build();
    }

    static EphemeralProgress progress(PendingCall call, ByteString value) {
        return EphemeralProgress.newBuilder().setId(call.id()).setValue(value).build();
    }
}
