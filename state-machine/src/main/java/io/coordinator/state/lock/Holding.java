package io.coordinator.state.lock;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.AuditRecord;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
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
import io.coordinator.state.kernel.Slice;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
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
        LockHold hold = live(at, request, token, effects);
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
            effects.meter().steps("requests", entered);
            List<Long> seqs = hold.getEnteredSeqsList().subList(0, entered - 1);
            holds.leave(
                    live,
                    hold.toBuilder().clearEnteredSeqs().addAllEnteredSeqs(seqs).build(),
                    hold.getEnteredSeqs(entered - 1));
            return LockReplies.released(released.setEntered(entered));
        }
        settling.end(at, live, hold, ChangeKind.RELEASED, effects);
        return LockReplies.released(released);
    }

    Reply.Builder extend(Context at, Request request, ExtendLock extend, Effects effects) {
        LockHold hold = live(at, request, extend.getToken(), effects);
        Reply.Builder refusal = refuseUnlessWhole(at, request, hold, extend.getToken(), "extended", effects);
        if (refusal != null || hold == null) {
            return refusal == null ? gone(request, extend.getToken(), "extended") : refusal;
        }
        LockHold extended = hold.toBuilder()
                .setTtlMillis(extend.getTtlMillis())
                .setDeadlineMillis(at.deadlineAfter(extend.getTtlMillis()))
                .build();
        holds.replace(request.names(), extended);
        return LockReplies.reply(LockReply.newBuilder().setExtended(LockReplies.grant(extended)));
    }

    /** Of a shared grant it changes nothing. */
    Reply.Builder downgrade(Context at, Request request, long token, Effects effects) {
        LockHold hold = live(at, request, token, effects);
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
        AuditRecord account = AuditRecord.newBuilder()
                .setNamespace(request.namespace())
                .addAllNames(request.plain())
                .setOperator(force.getOperator())
                .setReason(force.getReason())
                .setBySessionId(at.sessionId())
                .build();
        LockForced.Builder forced = LockForced.newBuilder();
        if (force.getToken() != 0) {
            if (live(at, request, force.getToken(), effects) != null) {
                force(at, request.names(), force.getToken(), account, effects, effects.slice());
                forced.addTokens(force.getToken());
            }
            return LockReplies.reply(LockReply.newBuilder().setForced(forced));
        }
        // Those that are granted by and by have higher ones, and stay.
        long bound = request.names().stream().mapToLong(this::newestToken).max().orElse(0);
        if (!forceAll(at, request.names(), bound, account, effects, effects.slice(), forced::addTokens)) {
            forced.setMore(true);
            effects.later(
                    DataKind.LOCK,
                    Chore.newBuilder().setStep(Locks.FORCE).setBound(bound).setPayload(account.toByteString()));
        }
        return LockReplies.reply(LockReply.newBuilder().setForced(forced));
    }

    private long newestToken(Name name) {
        Lane lane = lanes.find(name.key());
        LockHold newest = lane == null ? null : lane.newest();
        return newest == null ? 0 : newest.getToken();
    }

    /** Goes on with a forced release; whether it is done. */
    boolean resumeForce(Context at, Chore chore, Effects effects, Slice slice) {
        AuditRecord account = account(chore);
        List<Name> names = LockNames.of(account.getNamespace(), account.getNamesList());
        return forceAll(at, names, chore.getBound(), account, effects, slice, token -> {});
    }

    private static AuditRecord account(Chore chore) {
        try {
            return AuditRecord.parseFrom(chore.getPayload());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the job of a forced release is damaged", e);
        }
    }

    /** Ends the grants up to a token, the oldest first, until the slice is spent; whether it is done. */
    private boolean forceAll(
            Context at,
            List<Name> names,
            long bound,
            AuditRecord account,
            Effects effects,
            Slice slice,
            LongConsumer ended) {
        for (LockHold hold = oldest(names, bound); hold != null; hold = oldest(names, bound)) {
            if (slice.isSpent()) {
                return false;
            }
            effects.meter().steps("locks", 10L * names.size());
            if (settling.isOver(at, hold)) {
                settling.reap(at, account.getNamespace(), hold, effects, slice);
            } else {
                force(at, names, hold.getToken(), account, effects, slice);
                ended.accept(hold.getToken());
            }
        }
        return true;
    }

    private @Nullable LockHold oldest(List<Name> names, long bound) {
        LockHold oldest = null;
        for (Name name : names) {
            Lane lane = lanes.find(name.key());
            LockHold hold = lane == null ? null : lane.oldest();
            if (hold != null && hold.getToken() <= bound && (oldest == null || hold.getToken() < oldest.getToken())) {
                oldest = hold;
            }
        }
        return oldest;
    }

    private void force(Context at, List<Name> among, long token, AuditRecord account, Effects effects, Slice slice) {
        List<Name> names = new ArrayList<>();
        LockHold hold = null;
        for (Name name : among) {
            LockHold here = holds.find(name, token);
            if (here != null) {
                names.add(name);
                hold = here;
            }
        }
        if (hold == null) {
            return;
        }
        LockReplies.tellLost(hold, names, LockLost.Reason.FORCED, effects);
        long revision = settling.end(at, names, hold, ChangeKind.FORCED_RELEASE, effects, slice);
        audit.add(account.toBuilder()
                .setToken(token)
                .clearNames()
                .addAllNames(LockNames.plain(names))
                .setSessionId(hold.getSessionId())
                .setClientName(sessions.clientName(hold.getSessionId()))
                .setAtMillis(at.nowMillis())
                .setRevision(revision)
                .build());
    }

    /** The grant of this token on any of these names; null if it is over, which is then seen to. */
    private @Nullable LockHold live(Context at, Request request, long token, Effects effects) {
        LockHold hold = holds.findAny(request.names(), token);
        if (hold == null || !settling.isOver(at, hold)) {
            return hold;
        }
        settling.reap(at, request.namespace(), hold, effects, effects.slice());
        return null;
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
        Set<String> there = new HashSet<>(LockNames.plain(live));
        return hold.getNamesList().stream()
                .filter(name -> !there.contains(name))
                .toList();
    }
}
