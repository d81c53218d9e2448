package io.coordinator.state.lock;

import io.coordinator.protocol.AuditRecord;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.ExtendLock;
import io.coordinator.protocol.ForceReleaseLock;
import io.coordinator.protocol.LockForced;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.LockMode;
import io.coordinator.protocol.LockReleased;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What can be done with a grant: by its holder to all of it, by an operator to any part of it. */
final class Holding {
    private final Lanes lanes;
    private final LockTable holds;
    private final Settling settling;
    private final AuditTrail audit;
    private final SessionDirectory sessions;

    Holding(Lanes lanes, LockTable holds, Settling settling, AuditTrail audit, SessionDirectory sessions) {
        this.lanes = lanes;
        this.holds = holds;
        this.settling = settling;
        this.audit = audit;
        this.sessions = sessions;
    }

    Reply.Builder release(Context at, Request request, long token, Effects effects) {
        LockHold hold = holds.findAny(request.names(), token);
        if (hold == null) {
            return LockReplies.released(LockReleased.newBuilder().addAllGone(request.plain()));
        }
        Reply.Builder refusal = refuse(at, request, hold);
        if (refusal != null) {
            return refusal;
        }
        List<Name> live = holds.liveNames(request.namespace(), hold);
        LockReleased.Builder released = LockReleased.newBuilder().setWasHeld(true);
        if (live.size() < hold.getNamesCount()) {
            released.addAllGone(gone(hold, live));
        }
        int entered = hold.getEnteredSeqsCount();
        if (entered > 0) {
            List<Long> seqs = hold.getEnteredSeqsList().subList(0, entered - 1);
            holds.replace(
                    live,
                    hold,
                    hold.toBuilder().clearEnteredSeqs().addAllEnteredSeqs(seqs).build());
            return LockReplies.released(released.setEntered(entered));
        }
        settling.end(at, live, hold, ChangeKind.RELEASED, effects);
        return LockReplies.released(released);
    }

    Reply.Builder extend(Context at, Request request, ExtendLock extend, Effects effects) {
        LockHold hold = holds.findAny(request.names(), extend.getToken());
        Reply.Builder refusal = refuseUnlessWhole(at, request, hold, extend.getToken(), "extended", effects);
        if (refusal != null || hold == null) {
            return refusal == null ? gone(request, extend.getToken(), "extended") : refusal;
        }
        LockHold extended = hold.toBuilder()
                .setTtlMillis(extend.getTtlMillis())
                .setDeadlineMillis(at.deadlineAfter(extend.getTtlMillis()))
                .build();
        holds.replace(request.names(), hold, extended);
        return LockReplies.reply(LockReply.newBuilder().setExtended(LockReplies.grant(extended)));
    }

    /** Of a shared grant it changes nothing. */
    Reply.Builder downgrade(Context at, Request request, long token, Effects effects) {
        LockHold hold = holds.findAny(request.names(), token);
        Reply.Builder refusal = refuseUnlessWhole(at, request, hold, token, "downgraded", effects);
        if (refusal != null || hold == null) {
            return refusal == null ? gone(request, token, "downgraded") : refusal;
        }
        LockHold shared =
                hold.getMode() == LockMode.SHARED ? hold : settling.downgrade(at, request.names(), hold, effects);
        return LockReplies.reply(LockReply.newBuilder().setDowngraded(LockReplies.grant(shared)));
    }

    /** Ends all holds of any session on these locks, or only one grant's, and leaves the rest of their sets alone. */
    Reply.Builder force(Context at, Request request, ForceReleaseLock force, Effects effects) {
        if (force.getOperator().isEmpty()) {
            return Refusals.reply(ErrorCode.EINVAL, "operator is empty; say who releases the locks of others");
        }
        TreeMap<Long, List<Name>> ending = new TreeMap<>();
        for (Name name : request.names()) {
            Lane lane = lanes.find(name.key());
            for (LockHold hold : lane == null ? List.<LockHold>of() : lane.holds()) {
                if (force.getToken() == 0 || force.getToken() == hold.getToken()) {
                    ending.computeIfAbsent(hold.getToken(), token -> new ArrayList<>())
                            .add(name);
                }
            }
        }
        // Those that are granted by and by in this entry are not in it, and stay.
        ending.forEach((token, names) -> force(at, names, token, force, effects));
        return LockReplies.reply(
                LockReply.newBuilder().setForced(LockForced.newBuilder().addAllTokens(ending.keySet())));
    }

    private void force(Context at, List<Name> names, long token, ForceReleaseLock force, Effects effects) {
        LockHold hold = holds.findAny(names, token);
        if (hold == null) {
            return;
        }
        LockReplies.tellLost(hold, names, LockLost.Reason.FORCED, effects);
        long revision = settling.end(at, names, hold, ChangeKind.FORCED_RELEASE, effects);
        audit.add(AuditRecord.newBuilder()
                .setToken(token)
                .setNamespace(names.get(0).namespace())
                .addAllNames(LockNames.plain(names))
                .setSessionId(hold.getSessionId())
                .setClientName(sessions.clientName(hold.getSessionId()))
                .setOperator(force.getOperator())
                .setReason(force.getReason())
                .setBySessionId(at.sessionId())
                .setAtMillis(at.nowMillis())
                .setRevision(revision)
                .build());
    }

    private static Reply.@Nullable Builder refuse(Context at, Request request, LockHold hold) {
        if (hold.getSessionId() != at.sessionId()) {
            return LockReplies.notOwner(request, hold.getToken());
        }
        return LockNames.same(hold.getNamesList(), request.plain()) ? null : LockReplies.otherSet(request, hold);
    }

    /** Refuses what cannot be done to a part of a set, and ends the part that is left. */
    private Reply.@Nullable Builder refuseUnlessWhole(
            Context at, Request request, @Nullable LockHold hold, long token, String what, Effects effects) {
        if (hold == null) {
            return gone(request, token, what);
        }
        Reply.Builder refusal = refuse(at, request, hold);
        if (refusal != null) {
            return refusal;
        }
        List<Name> live = holds.liveNames(request.namespace(), hold);
        if (live.size() == hold.getNamesCount()) {
            return null;
        }
        List<String> gone = gone(hold, live);
        settling.end(at, live, hold, ChangeKind.RELEASED, effects);
        return LockReplies.gone(request, token, gone, what);
    }

    private static Reply.Builder gone(Request request, long token, String what) {
        return LockReplies.gone(request, token, request.plain(), what);
    }

    private static List<String> gone(LockHold hold, List<Name> live) {
        List<String> gone = new ArrayList<>(hold.getNamesList());
        gone.removeAll(LockNames.plain(live));
        return gone;
    }
}
