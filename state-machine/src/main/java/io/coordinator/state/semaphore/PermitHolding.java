package io.coordinator.state.semaphore;

import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ExtendPermits;
import io.coordinator.protocol.PermitHold;
import io.coordinator.protocol.PermitsReleased;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SemaphoreReply;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;

/** What holders of permits do with them. */
final class PermitHolding {
    private final PermitTable permits;
    private final PermitSettling settling;

    PermitHolding(PermitTable permits, PermitSettling settling) {
        this.permits = permits;
        this.settling = settling;
    }

    Reply.Builder release(Context at, Name name, long token, Effects effects) {
        PermitHold hold = settling.live(at, name, token, effects);
        if (hold == null) {
            return effects.isMinted(token)
                    ? SemaphoreReplies.reply(
                            SemaphoreReply.newBuilder().setReleased(PermitsReleased.getDefaultInstance()))
                    : SemaphoreReplies.neverGranted(name, token);
        }
        if (hold.getSessionId() != at.sessionId()) {
            return SemaphoreReplies.notOwner(name, token);
        }
        settling.end(at, name, hold, ChangeKind.RELEASED, effects, effects.slice());
        return SemaphoreReplies.reply(SemaphoreReply.newBuilder()
                .setReleased(PermitsReleased.newBuilder().setWasHeld(true)));
    }

    Reply.Builder extend(Context at, Name name, ExtendPermits extend, Effects effects) {
        PermitHold hold = settling.live(at, name, extend.getToken(), effects);
        if (hold == null) {
            return Refusals.reply(
                    ErrorCode.ELOCKEXTEND,
                    "no permit of semaphore " + name + " is held with token " + extend.getToken()
                            + " any more, so it was not extended; stop the work, or acquire again");
        }
        if (hold.getSessionId() != at.sessionId()) {
            return SemaphoreReplies.notOwner(name, extend.getToken());
        }
        PermitHold extended = hold.toBuilder()
                .setTtlMillis(extend.getTtlMillis())
                .setDeadlineMillis(at.deadlineAfter(extend.getTtlMillis()))
                .build();
        permits.put(name, extended);
        return SemaphoreReplies.reply(SemaphoreReply.newBuilder().setExtended(SemaphoreReplies.toGrant(extended)));
    }
}
