package io.coordinator.state.semaphore;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.PermitGrant;
import io.coordinator.protocol.PermitHold;
import io.coordinator.protocol.PermitsCancelled;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SemaphoreDeleted;
import io.coordinator.protocol.SemaphoreReply;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;

/** How commands about permits are answered. */
final class SemaphoreReplies {
    private SemaphoreReplies() {}

    static PermitGrant toGrant(PermitHold hold) {
        return PermitGrant.newBuilder()
                .setToken(hold.getToken())
                .setDeadlineMillis(hold.getDeadlineMillis())
                .setPermits(hold.getPermits())
                .build();
    }

    static Reply.Builder notOwner(Name name, long token) {
        return Refusals.reply(
                ErrorCode.ENOTOWNER,
                "token " + token + " of semaphore " + name
                        + " belongs to another session; only the session that was granted it can use it");
    }

    static Reply.Builder neverGranted(Name name, long token) {
        return Refusals.reply(
                ErrorCode.ENOTOWNER,
                "token " + token + " of semaphore " + name
                        + " was never granted; give back what acquire returned, and nothing else");
    }

    static Reply.Builder deleted(boolean existed) {
        return reply(SemaphoreReply.newBuilder()
                .setDeleted(SemaphoreDeleted.newBuilder().setExisted(existed)));
    }

    static Reply.Builder cancelled(PermitsCancelled.Outcome outcome) {
        return reply(SemaphoreReply.newBuilder()
                .setCancelled(PermitsCancelled.newBuilder().setOutcome(outcome)));
    }

    static Reply.Builder reply(SemaphoreReply.Builder semaphore) {
        return Reply.newBuilder().setSemaphore(semaphore);
    }
}
