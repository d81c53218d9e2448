package io.coordinator.state.builds;

import io.coordinator.protocol.BuildQueued;
import io.coordinator.protocol.BuildRecord;
import io.coordinator.protocol.BuildRefresh;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.BuildResult;
import io.coordinator.protocol.BuildTouched;
import io.coordinator.protocol.BuildWaitElapsed;
import io.coordinator.protocol.BuildWaiter;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ReserveBuild;
import io.coordinator.protocol.ReserveCancelled;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionLimits;
import io.coordinator.state.kernel.Sliding;
import io.coordinator.state.kernel.Table;

/** Asking for builds, and changing one's mind. */
final class BuildRequests {
    private final BuildWaiters waiters;
    private final Reservations reservations;
    private final Table<BuildRecord> records;
    private final EventCredit credit;

    BuildRequests(BuildWaiters waiters, Reservations reservations, EventCredit credit) {
        this.waiters = waiters;
        this.reservations = reservations;
        this.records = reservations.records();
        this.credit = credit;
    }

    Reply.Builder reserve(Context at, Name name, ReserveBuild reserve, Effects effects) {
        BuildRecord build = reservations.current(at, name, effects);
        if (build == null) {
            return reservations.isBeingHandedOn(name)
                    ? join(at, name, reserve, effects)
                    : begin(at, name, reserve, effects);
        }
        if (build.hasFailure()) {
            return BuildReplies.reply(BuildReply.newBuilder().setKnownFailure(build.getFailure()));
        }
        return build.hasResult() ? hit(at, name, build, reserve, effects) : join(at, name, reserve, effects);
    }

    private Reply.Builder begin(Context at, Name name, ReserveBuild reserve, Effects effects) {
        if (reserve.getOnlyWait()) {
            return BuildReplies.absent(name);
        }
        int reserved = reservations.count(at.sessionId());
        if (reserved >= SessionLimits.RESERVATIONS_MAX) {
            return SessionLimits.sessionIsFull(
                    at.sessionId(), reserved + " reservations of builds", SessionLimits.RESERVATIONS_MAX);
        }
        Reply.Builder refusal = credit.refusal(at.sessionId());
        if (refusal != null) {
            return refusal;
        }
        BuildRecord nothing = BuildRecord.getDefaultInstance();
        return BuildReplies.reply(
                BuildReply.newBuilder().setBuild(reservations.start(at, name, nothing, asking(at, reserve), effects)));
    }

    /** One of those who ask for what is due to be refreshed builds it, and gets what there is like everybody (B-32). */
    private Reply.Builder hit(Context at, Name name, BuildRecord found, ReserveBuild reserve, Effects effects) {
        BuildRecord build = accessed(at, name, found);
        boolean due = at.isPast(build.getResult().getRefreshAtMillis())
                && !Reservations.hasBuilder(build)
                && reservations.count(at.sessionId()) < SessionLimits.RESERVATIONS_MAX
                && !credit.isUsedUp(at.sessionId());
        if (!due || reserve.getOnlyWait()) {
            return BuildReplies.reply(BuildReply.newBuilder().setHit(build.getResult()));
        }
        return BuildReplies.reply(BuildReply.newBuilder()
                .setRefresh(BuildRefresh.newBuilder()
                        .setResult(build.getResult())
                        .setReservation(reservations.start(at, name, build, asking(at, reserve), effects))));
    }

    private Reply.Builder join(Context at, Name name, ReserveBuild reserve, Effects effects) {
        if (reserve.getWaitMillis() == 0) {
            return Refusals.reply(
                    ErrorCode.EBUILDPENDING, "build " + name + " is not complete; ask again later, or wait for it");
        }
        int waiting = waiters.queues().count(at.sessionId());
        if (waiting >= SessionLimits.WAITERS_MAX) {
            return SessionLimits.sessionIsFull(
                    at.sessionId(), waiting + " requests that wait for builds", SessionLimits.WAITERS_MAX);
        }
        if (waiters.queues().size(name.key()) >= SessionLimits.QUEUE_MAX) {
            return SessionLimits.queueIsFull("build " + name);
        }
        Reply.Builder refusal = credit.refusal(at.sessionId());
        if (refusal != null) {
            return refusal;
        }
        int ahead = waiters.queues()
                .add(
                        name.key(),
                        asking(at, reserve).toBuilder()
                                .setTicket(effects.nextTicket())
                                .setDeadlineMillis(at.deadlineAfter(reserve.getWaitMillis()))
                                .setQueuedAtMillis(at.nowMillis())
                                .build());
        return BuildReplies.reply(
                BuildReply.newBuilder().setWait(BuildQueued.newBuilder().setPosition(ahead)));
    }

    private static BuildWaiter asking(Context at, ReserveBuild reserve) {
        return BuildWaiter.newBuilder()
                .setSessionId(at.sessionId())
                .setRequestSeq(at.seq())
                .setBuildMillis(reserve.getBuildMillis())
                .setTakeOver(reserve.getTakeOver())
                .setOnlyWait(reserve.getOnlyWait() || reserve.getNeverPromoted())
                .setTask(reserve.getTask())
                .build();
    }

    Reply.Builder touch(Context at, Name name, Effects effects) {
        BuildRecord build = reservations.current(at, name, effects);
        boolean exists = build != null && build.hasResult();
        if (build != null && exists) {
            accessed(at, name, build);
        }
        return BuildReplies.reply(
                BuildReply.newBuilder().setTouched(BuildTouched.newBuilder().setExisted(exists)));
    }

    private BuildRecord accessed(Context at, Name name, BuildRecord build) {
        BuildResult result = build.getResult();
        if (!Sliding.isDue(at, result.getExpiresAtMillis(), result.getSlidingMillis())) {
            return build;
        }
        BuildRecord later = build.toBuilder()
                .setResult(result.toBuilder().setExpiresAtMillis(Sliding.expiry(at, result.getSlidingMillis())))
                .build();
        records.put(name.key(), later);
        return later;
    }

    /** Whichever came first in the log, the wait ends and nothing stays behind (G-7). */
    Reply.Builder cancel(Context at, Name name, long requestSeq, Effects effects) {
        BuildWaiter waiter = waiters.queues().find(name.key(), at.sessionId(), requestSeq);
        if (waiter != null && at.isPast(waiter.getDeadlineMillis())) {
            elapse(name, waiter, effects);
            return BuildReplies.cancelled(ReserveCancelled.Outcome.NOTHING);
        }
        if (waiter != null) {
            waiters.queues().remove(name.key(), waiter);
            return BuildReplies.cancelled(ReserveCancelled.Outcome.DEQUEUED);
        }
        BuildRecord build = reservations.current(at, name, effects);
        if (build != null
                && Reservations.hasBuilder(build)
                && build.getSessionId() == at.sessionId()
                && build.getRequestSeq() == requestSeq) {
            reservations.end(at, name, build, ChangeKind.LOST, effects, effects.slice());
            return BuildReplies.cancelled(ReserveCancelled.Outcome.RELEASED_RESERVATION);
        }
        return BuildReplies.cancelled(ReserveCancelled.Outcome.NOTHING);
    }

    /** The time for which one waits has passed. */
    void elapse(Name name, BuildWaiter waiter, Effects effects) {
        waiters.tellOne(
                name, waiter, BuildEvents.of(name).setWaitElapsed(BuildWaitElapsed.getDefaultInstance()), effects);
    }
}
