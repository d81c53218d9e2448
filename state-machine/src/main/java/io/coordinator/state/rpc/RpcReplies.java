package io.coordinator.state.rpc;

import io.coordinator.protocol.CallAccepted;
import io.coordinator.protocol.CallCancelled;
import io.coordinator.protocol.CallCompleted;
import io.coordinator.protocol.CallProgressReported;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.RpcReply;
import io.coordinator.protocol.WorkerRegistered;
import io.coordinator.protocol.WorkerUnregistered;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;

/** How commands about calls are answered. */
final class RpcReplies {
    /** About as long as a worker takes for something short. */
    private static final long RETRY_AFTER_MILLIS = 100;

    private RpcReplies() {}

    static Reply.Builder registered(long member) {
        return reply(RpcReply.newBuilder()
                .setRegistered(WorkerRegistered.newBuilder().setMember(member)));
    }

    static Reply.Builder unregistered(boolean wasRegistered) {
        return reply(RpcReply.newBuilder()
                .setUnregistered(WorkerUnregistered.newBuilder().setWasRegistered(wasRegistered)));
    }

    static Reply.Builder accepted(long ahead, long deadlineMillis) {
        return reply(RpcReply.newBuilder()
                .setAccepted(CallAccepted.newBuilder().setAhead(ahead).setDeadlineMillis(deadlineMillis)));
    }

    static Reply.Builder cancelled(boolean wasPending) {
        return reply(
                RpcReply.newBuilder().setCancelled(CallCancelled.newBuilder().setWasPending(wasPending)));
    }

    static Reply.Builder completed(boolean accepted) {
        return reply(
                RpcReply.newBuilder().setCompleted(CallCompleted.newBuilder().setAccepted(accepted)));
    }

    static Reply.Builder reported(boolean accepted) {
        return reply(RpcReply.newBuilder()
                .setReported(CallProgressReported.newBuilder().setAccepted(accepted)));
    }

    static Reply.Builder noHandler(Name name) {
        return Refusals.reply(
                ErrorCode.ENOHANDLER,
                "no handler registered for \"" + name.name() + "\"; start a worker that serves it in namespace \""
                        + name.namespace() + "\", or let the call wait for one");
    }

    static Reply.Builder backlogIsFull(Name name, long waiting) {
        Reply.Builder busy = Refusals.reply(
                ErrorCode.EBUSY,
                waiting + " calls of " + name
                        + " wait for a worker, and no more may; the call was not accepted: try again later, or start"
                        + " more workers");
        busy.getErrorBuilder().setRetryAfterMillis(RETRY_AFTER_MILLIS);
        return busy;
    }

    private static Reply.Builder reply(RpcReply.Builder rpc) {
        return Reply.newBuilder().setRpc(rpc);
    }
}
