package io.coordinator.state.lock;

import io.coordinator.protocol.AcquireCancelled;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockGrant;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.LockReleased;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import java.util.List;

/** How what happened to locks is told. */
final class LockReplies {
    private LockReplies() {}

    static Reply.Builder reply(LockReply.Builder lock) {
        return Reply.newBuilder().setLock(lock);
    }

    static LockGrant grant(LockHold hold) {
        return LockGrant.newBuilder()
                .setToken(hold.getToken())
                .setDeadlineMillis(hold.getDeadlineMillis())
                .setEntered(1 + hold.getEnteredSeqsCount())
                .build();
    }

    static Reply.Builder granted(LockHold hold) {
        return reply(LockReply.newBuilder().setGranted(grant(hold)));
    }

    static Reply.Builder released(LockReleased.Builder released) {
        return reply(LockReply.newBuilder().setReleased(released));
    }

    static Reply.Builder cancelled(AcquireCancelled.Outcome outcome) {
        return reply(LockReply.newBuilder()
                .setCancelled(AcquireCancelled.newBuilder().setOutcome(outcome)));
    }

    static Reply.Builder notOwner(Request request, long token) {
        return Refusals.reply(
                ErrorCode.ENOTOWNER,
                "token " + token + " of " + request
                        + " belongs to another session; only the session that was granted it can use it");
    }

    static Reply.Builder otherSet(Request request, LockHold hold) {
        return Refusals.reply(
                ErrorCode.EINVAL,
                "names are not those of token " + hold.getToken() + ", which was granted "
                        + LockNames.describe(request.namespace(), hold.getNamesList())
                        + "; name exactly these");
    }

    /** The grant is gone: of a single lock, or of some in a set. */
    static Reply.Builder gone(Request request, long token, List<String> gone, String notDone) {
        if (request.names().size() == 1) {
            return Refusals.reply(
                    ErrorCode.ELOCKEXTEND,
                    request + " is not held with token " + token + " any more, so it was not " + notDone
                            + "; stop the work that it protects, or acquire it again");
        }
        return Reply.newBuilder()
                .setError(Error.newBuilder()
                        .setCode(ErrorCode.EMULTILOCK)
                        .addAllLockNames(gone)
                        .setMessage(LockNames.describe(request.namespace(), gone) + " not held with token " + token
                                + " any more, so the set was not " + notDone
                                + " and nothing of it is held; stop the work that it protects, or acquire it again"));
    }

    static LockEvent.Builder event(List<Name> names) {
        LockEvent.Builder event =
                LockEvent.newBuilder().setNamespace(names.get(0).namespace());
        for (Name name : names) {
            event.addNames(name.name());
        }
        return event;
    }

    static void tellLost(LockHold hold, List<Name> names, LockLost.Reason reason, Effects effects) {
        LockLost lost = LockLost.newBuilder()
                .setToken(hold.getToken())
                .setReason(reason)
                .build();
        tell(hold.getSessionId(), hold.getRequestSeq(), event(names).setLost(lost), effects);
    }

    static void tell(long sessionId, long requestSeq, LockEvent.Builder event, Effects effects) {
        effects.tell(sessionId, Event.newBuilder().setRequestSeq(requestSeq).setLock(event));
    }
}
