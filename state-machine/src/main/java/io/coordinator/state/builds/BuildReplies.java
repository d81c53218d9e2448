package io.coordinator.state.builds;

import io.coordinator.protocol.BuildDeleted;
import io.coordinator.protocol.BuildFailed;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ReserveCancelled;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;

/** How commands about builds are answered. */
final class BuildReplies {
    private BuildReplies() {}

    static Reply.Builder failed() {
        return reply(BuildReply.newBuilder().setFailed(BuildFailed.getDefaultInstance()));
    }

    static Reply.Builder absent(Name name) {
        return Refusals.reply(
                ErrorCode.EKEYNOTFOUND, "there is no build " + name + ", and nobody builds it; build it, or ask later");
    }

    static Reply.Builder lost(Name name, long token) {
        return Refusals.reply(
                ErrorCode.EBUILDLOST,
                "reservation " + token + " of build " + name + " is over, so its result was not stored;"
                        + " use the value uncached, or ask for the build again");
    }

    static Reply.Builder deleted(boolean existed) {
        return reply(
                BuildReply.newBuilder().setDeleted(BuildDeleted.newBuilder().setExisted(existed)));
    }

    static Reply.Builder cancelled(ReserveCancelled.Outcome outcome) {
        return reply(BuildReply.newBuilder()
                .setCancelled(ReserveCancelled.newBuilder().setOutcome(outcome)));
    }

    static Reply.Builder reply(BuildReply.Builder build) {
        return Reply.newBuilder().setBuild(build);
    }
}
