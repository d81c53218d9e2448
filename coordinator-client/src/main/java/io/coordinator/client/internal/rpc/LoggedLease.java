package io.coordinator.client.internal.rpc;

import com.google.protobuf.ByteString;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.protocol.CallDispatched;
import io.coordinator.protocol.CompleteCall;
import io.coordinator.protocol.ReportCallProgress;

/** A call of the log, which is answered there. */
record LoggedLease(SessionChannel channel, CallRegistration registration, ProcedureId procedure, CallDispatched call)
        implements CallLease {
    @Override
    public long deadlineNanos() {
        return channel.clock().localNanos(call.getDeadlineMillis());
    }

    @Override
    public Promise<Boolean> complete(CompleteCall outcome) {
        return registration.tell(
                procedure.command().setComplete(outcome),
                reply -> reply.getRpc().getCompleted().getAccepted());
    }

    @Override
    public Promise<Boolean> report(ByteString value) {
        return registration.tell(
                procedure
                        .command()
                        .setProgress(ReportCallProgress.newBuilder()
                                .setToken(call.getToken())
                                .setValue(value)),
                reply -> true);
    }
}
