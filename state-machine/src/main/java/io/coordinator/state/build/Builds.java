package io.coordinator.state.build;

import com.google.protobuf.ByteString;
import io.coordinator.document.JsonText;
import io.coordinator.document.ObjectValue;
import io.coordinator.document.Scalar;
import io.coordinator.document.Value;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildCompleted;
import io.coordinator.protocol.BuildDeleted;
import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildFailed;
import io.coordinator.protocol.BuildFailure;
import io.coordinator.protocol.BuildLost;
import io.coordinator.protocol.BuildQueued;
import io.coordinator.protocol.BuildRecord;
import io.coordinator.protocol.BuildRefresh;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.BuildResult;
import io.coordinator.protocol.BuildTouched;
import io.coordinator.protocol.BuildWaitElapsed;
import io.coordinator.protocol.BuildWaiter;
import io.coordinator.protocol.BuildsCleared;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.FailBuild;
import io.coordinator.protocol.ProgressReported;
import io.coordinator.protocol.PutBuild;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ReportProgress;
import io.coordinator.protocol.ReserveBuild;
import io.coordinator.protocol.ReserveCancelled;
import io.coordinator.protocol.Stats;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.SessionLimits;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Sliding;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UnknownOperationException;
import io.coordinator.state.kernel.WaitQueues;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Read-through builds. A key is empty, pending (one session holds the reservation, which its token names), finished, or being refreshed: finished,
 * and somebody builds it anew. A reservation that ends without a result goes to the waiter that came first, under a new token, so that
 * its former builder can neither complete nor revive anything. Sessions wait only while the key is pending.
 */
public final class Builds implements DataType {
    private static final int CLEAR = 17;
    /** About what a reservation and one who waits for it take. */
    private static final int FAILURE_BYTES_FREEING = 1024;
    /** To look at one key. */
    private static final long KEY_STEPS = 10;

    private final BuildWaiters waiters;
    private final Clears clears;
    private final Reservations reservations;
    private final Table<BuildRecord> records;
    private final BuildQueries queries;
    private final EventCredit credit;

    public Builds(Storage storage, SessionDirectory sessions) {
        waiters = new BuildWaiters(storage);
        clears = new Clears(storage);
        reservations = new Reservations(storage, waiters, clears, sessions);
        records = reservations.records();
        queries = new BuildQueries(reservations, waiters.queues());
        credit = new EventCredit(DataKind.BUILD, sessions);
    }

    @Override
    public DataKind kind() {
        return DataKind.BUILD;
    }

    @Override
    public void admit(Command command, Check check) {
        BuildAdmission.admit(command.getBuild(), check);
    }

    @Override
    public void admit(Query query, Check check) {
        BuildAdmission.admit(query.getBuild(), check);
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        BuildCommand build = command.getBuild();
        Name name = Name.of(build.getNamespace(), build.getKey());
        return switch (build.getOperationCase()) {
            case RESERVE -> reserve(at, name, build.getReserve(), effects);
            case COMPLETE -> complete(at, name, build.getComplete(), effects);
            case FAIL -> fail(at, name, build.getFail(), effects);
            case CANCEL -> cancel(at, name, build.getCancel().getRequestSeq(), effects);
            case DELETE -> delete(at, name, effects);
            case PROGRESS -> progress(at, name, build.getProgress(), effects);
            case TOUCH -> touch(at, name, effects);
            case PUT -> put(at, name, build.getPut(), effects);
            case CLEAR -> clear(at, name, effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a build operation");
        };
    }

    // ---- asking ----

    private Reply.Builder reserve(Context at, Name name, ReserveBuild reserve, Effects effects) {
        BuildRecord build = reservations.current(at, name, effects);
        if (build == null) {
            return reservations.isBeingHandedOn(name)
                    ? join(at, name, reserve, effects)
                    : begin(at, name, reserve, effects);
        }
        if (build.hasFailure()) {
            return reply(BuildReply.newBuilder().setKnownFailure(build.getFailure()));
        }
        return build.hasResult() ? hit(at, name, build, reserve, effects) : join(at, name, reserve, effects);
    }

    private Reply.Builder begin(Context at, Name name, ReserveBuild reserve, Effects effects) {
        if (reserve.getOnlyWait()) {
            return absent(name);
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
        return reply(
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
            return reply(BuildReply.newBuilder().setHit(build.getResult()));
        }
        return reply(BuildReply.newBuilder()
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
        return reply(BuildReply.newBuilder().setWait(BuildQueued.newBuilder().setPosition(ahead)));
    }

    private static BuildWaiter asking(Context at, ReserveBuild reserve) {
        return BuildWaiter.newBuilder()
                .setSessionId(at.sessionId())
                .setRequestSeq(at.seq())
                .setBuildMillis(reserve.getBuildMillis())
                .setTakeOver(reserve.getTakeOver())
                .setOnlyWait(reserve.getOnlyWait() || reserve.getNeverPromoted())
                .build();
    }

    private Reply.Builder touch(Context at, Name name, Effects effects) {
        BuildRecord build = reservations.current(at, name, effects);
        boolean exists = build != null && build.hasResult();
        if (build != null && exists) {
            accessed(at, name, build);
        }
        return reply(
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

    // ---- outcomes ----

    private Reply.Builder complete(Context at, Name name, CompleteBuild complete, Effects effects) {
        BuildRecord build = live(at, name, complete.getToken(), effects);
        if (build == null) {
            return lost(name, complete.getToken());
        }
        reservations.forgetBuilder(build);
        BuildResult result = result(
                at,
                effects.change(DataKind.BUILD, name, ChangeKind.COMPLETED, complete.getValue()),
                complete.getValue(),
                complete.getTtlMillis(),
                complete.getSliding(),
                complete.getRefreshAfterMillis());
        if (complete.getDiscard()) {
            records.remove(name.key());
        } else {
            reservations.keep(name, BuildRecord.newBuilder().setResult(result), effects);
        }
        tellResult(name, result, effects);
        return reply(
                BuildReply.newBuilder().setCompleted(BuildCompleted.newBuilder().setRevision(result.getRevision())));
    }

    private Reply.Builder put(Context at, Name name, PutBuild put, Effects effects) {
        BuildRecord build = records.get(name.key());
        if (build != null && Reservations.hasBuilder(build)) {
            BuildEvents.lost(name, build, BuildLost.Reason.REPLACED, effects);
            reservations.forgetBuilder(build);
        }
        BuildResult result = result(
                at,
                effects.change(DataKind.BUILD, name, ChangeKind.PUT, put.getValue()),
                put.getValue(),
                put.getTtlMillis(),
                put.getSliding(),
                put.getRefreshAfterMillis());
        reservations.keep(name, BuildRecord.newBuilder().setResult(result), effects);
        tellResult(name, result, effects);
        return reply(
                BuildReply.newBuilder().setCompleted(BuildCompleted.newBuilder().setRevision(result.getRevision())));
    }

    /** The value is kept once for all who wait, however many they are (C-06). */
    private void tellResult(Name name, BuildResult result, Effects effects) {
        BuildEvent.Builder completed =
                BuildEvents.of(name).setCompleted(result.toBuilder().clearValue());
        tell(name, WaiterKind.ALL, completed, result.getValue(), effects);
    }

    private void tell(Name name, Set<WaiterKind> kinds, BuildEvent.Builder outcome, ByteString value, Effects effects) {
        if (waiters.first(name, kinds) != null) {
            Event.Builder event = Event.newBuilder().setBuild(outcome);
            effects.share(value).putInto(event);
            waiters.tell(name, kinds, event, effects, effects.slice());
        }
    }

    private static BuildResult result(
            Context at, long revision, ByteString value, long ttlMillis, boolean sliding, long refreshAfterMillis) {
        boolean slides = sliding && ttlMillis > 0;
        return BuildResult.newBuilder()
                .setValue(value)
                .setRevision(revision)
                .setExpiresAtMillis(slides ? Sliding.expiry(at, ttlMillis) : at.deadlineAfter(ttlMillis))
                .setSlidingMillis(slides ? ttlMillis : 0)
                .setRefreshAtMillis(at.deadlineAfter(refreshAfterMillis))
                .build();
    }

    /** Everyone who waits at this moment fails with the builder, but for those who take over; the next one to ask builds anew. */
    private Reply.Builder fail(Context at, Name name, FailBuild fail, Effects effects) {
        BuildRecord build = live(at, name, fail.getToken(), effects);
        if (build == null) {
            return lost(name, fail.getToken());
        }
        BuildFailure failure = fail.getFailure();
        reservations.forgetBuilder(build);
        effects.change(DataKind.BUILD, name, ChangeKind.FAILED, toJson(failure));
        long until = at.deadlineAfter(fail.getKeepMillis());
        if (build.hasResult()) {
            BuildResult kept = build.getResult();
            long again = until == 0 ? kept.getRefreshAtMillis() : until;
            reservations.keepResult(
                    name,
                    build.toBuilder()
                            .setResult(kept.toBuilder().setRefreshAtMillis(again))
                            .build());
            return failed();
        }
        records.remove(name.key());
        if (until != 0) {
            reservations.keep(name, BuildRecord.newBuilder().setFailure(failure).setFailureUntilMillis(until), effects);
        }
        tell(
                name,
                until == 0 ? WaiterKind.FAILING : WaiterKind.ALL,
                BuildEvents.of(name).setFailed(BuildFailure.getDefaultInstance()),
                failure.toByteString(),
                effects);
        if (until == 0) {
            reservations.promote(at, name, effects, effects.slice());
        }
        return failed();
    }

    private static Reply.Builder failed() {
        return reply(BuildReply.newBuilder().setFailed(BuildFailed.getDefaultInstance()));
    }

    private Reply.Builder progress(Context at, Name name, ReportProgress report, Effects effects) {
        BuildRecord build = live(at, name, report.getToken(), effects);
        if (build == null) {
            return lost(name, report.getToken());
        }
        records.put(
                name.key(), build.toBuilder().setProgress(report.getProgress()).build());
        effects.change(DataKind.BUILD, name, ChangeKind.PROGRESS, report.getProgress());
        return reply(BuildReply.newBuilder().setProgressed(ProgressReported.getDefaultInstance()));
    }

    // ---- giving up, deleting ----

    /** Whichever came first in the log, the wait ends and nothing stays behind (G-7). */
    private Reply.Builder cancel(Context at, Name name, long requestSeq, Effects effects) {
        BuildWaiter waiter = waiters.queues().find(name.key(), at.sessionId(), requestSeq);
        if (waiter != null && at.isPast(waiter.getDeadlineMillis())) {
            elapse(name, waiter, effects);
            return cancelled(ReserveCancelled.Outcome.NOTHING);
        }
        if (waiter != null) {
            waiters.queues().remove(name.key(), waiter);
            return cancelled(ReserveCancelled.Outcome.DEQUEUED);
        }
        BuildRecord build = reservations.current(at, name, effects);
        if (build != null
                && Reservations.hasBuilder(build)
                && build.getSessionId() == at.sessionId()
                && build.getRequestSeq() == requestSeq) {
            reservations.end(at, name, build, ChangeKind.LOST, effects, effects.slice());
            return cancelled(ReserveCancelled.Outcome.RELEASED_RESERVATION);
        }
        return cancelled(ReserveCancelled.Outcome.NOTHING);
    }

    private void elapse(Name name, BuildWaiter waiter, Effects effects) {
        waiters.tellOne(
                name, waiter, BuildEvents.of(name).setWaitElapsed(BuildWaitElapsed.getDefaultInstance()), effects);
    }

    private Reply.Builder delete(Context at, Name name, Effects effects) {
        BuildRecord build = reservations.current(at, name, effects);
        return deleted(build != null && reservations.delete(at, name, build, effects, effects.slice()));
    }

    /**
     * Takes away what is older than this command, key by key: as much as fits into a slice, the rest by a job. Who
     * looks at a key before the job has come to it finds it gone, so that all are gone from this moment on (C-09).
     */
    private Reply.Builder clear(Context at, Name prefix, Effects effects) {
        if (clears.isFull()) {
            return Refusals.reply(
                    ErrorCode.EBUSY,
                    Clears.MAX + " clears of builds are still at work, so this one was not begun; try again soon");
        }
        long ticket = effects.nextTicket();
        Chore.Builder job = Chore.newBuilder()
                .setStep(CLEAR)
                .setSubject(prefix.key())
                .setCursor(prefix.key())
                .setBound(ticket);
        int count = clear(at, job, effects, effects.slice());
        if (!job.getCursor().isEmpty()) {
            clears.add(prefix, ticket);
            effects.later(DataKind.BUILD, job);
        }
        return reply(
                BuildReply.newBuilder().setCleared(BuildsCleared.newBuilder().setCount(count)));
    }

    /**
     * Goes on with a clear until the slice is spent.
     *
     * @param job with the key to begin with as its cursor; then that to go on with, or none if it is done
     * @return how many were taken away
     */
    private int clear(Context at, Chore.Builder job, Effects effects, Slice slice) {
        int count = 0;
        String key = records.ceilingKey(job.getCursor());
        while (key != null && key.startsWith(job.getSubject()) && !slice.isSpent()) {
            effects.meter().steps("keys", KEY_STEPS);
            count += reservations.clear(at, Name.ofKey(key), job.getBound(), effects, slice) ? 1 : 0;
            key = records.higherKey(key);
        }
        job.setCursor(key != null && key.startsWith(job.getSubject()) ? key : "");
        return count;
    }

    @Override
    public @Nullable Chore resume(Context at, Chore chore, Effects effects, Slice slice) {
        if (chore.getStep() == Reservations.PROMOTE) {
            reservations.promote(at, Name.ofKey(chore.getSubject()), effects, slice);
            return null;
        }
        if (chore.getStep() != CLEAR) {
            return waiters.resume(chore, effects, slice) ? null : chore;
        }
        Chore.Builder job = chore.toBuilder();
        clear(at, job, effects, slice);
        if (job.getCursor().isEmpty()) {
            clears.remove(chore.getBound());
            return null;
        }
        return job.build();
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        if (due.table() == Reservations.RECORDS) {
            reservations.expire(at, Name.ofKey(due.key()), effects);
        } else {
            BuildWaiter waiter = waiters.row(due.key());
            if (waiter != null) {
                elapse(Name.ofKey(WaitQueues.waitedFor(due.key())), waiter, effects);
            }
        }
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        while (!slice.isSpent() && waiters.queues().drop(sessionId) != null) {
            // One after the other.
        }
        String key = reservations.first(sessionId);
        while (key != null && !slice.isSpent()) {
            BuildRecord build = records.get(key);
            if (build == null) {
                throw new IllegalStateException("session " + sessionId + " builds what is not there");
            }
            reservations.end(at, Name.ofKey(key), build, ChangeKind.LOST, effects, slice);
            key = reservations.first(sessionId);
        }
        return key == null && waiters.queues().count(sessionId) == 0;
    }

    @Override
    public boolean isFreeing(Command command) {
        return switch (command.getBuild().getOperationCase()) {
            case CANCEL, DELETE, TOUCH, CLEAR -> true;
            case FAIL -> isFreeing(command.getBuild().getFail());
            case RESERVE, COMPLETE, PUT, PROGRESS, OPERATION_NOT_SET -> false;
        };
    }

    /** What is kept for later, or told at length to those who wait, is no less than the reservation was. */
    private static boolean isFreeing(FailBuild fail) {
        return fail.getKeepMillis() == 0 && fail.getFailure().getSerializedSize() <= FAILURE_BYTES_FREEING;
    }

    @Override
    public void rebuild() {
        reservations.rebuild();
        waiters.queues().rebuild();
    }

    @Override
    public void count(Stats.Builder stats) {
        stats.setBuildsPending(reservations.size())
                .setBuildsDone(records.size() - reservations.size())
                .setBuildWaiters(waiters.queues().size());
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        return queries.answer(at, query.getBuild());
    }

    /** The build that this token of this session names; null if the reservation is over. */
    private @Nullable BuildRecord live(Context at, Name name, long token, Effects effects) {
        BuildRecord build = reservations.current(at, name, effects);
        return build != null
                        && Reservations.hasBuilder(build)
                        && build.getToken() == token
                        && build.getSessionId() == at.sessionId()
                ? build
                : null;
    }

    // ---- replies ----

    private static Reply.Builder absent(Name name) {
        return Refusals.reply(
                ErrorCode.EKEYNOTFOUND, "there is no build " + name + ", and nobody builds it; build it, or ask later");
    }

    private static ByteString toJson(BuildFailure failure) {
        Map<String, Value> members = new LinkedHashMap<>();
        members.put("type", Scalar.string(failure.getType()));
        members.put("message", Scalar.string(failure.getMessage()));
        members.put("code", Scalar.string(failure.getCode()));
        return JsonText.write(ObjectValue.of(members));
    }

    private static Reply.Builder lost(Name name, long token) {
        return Refusals.reply(
                ErrorCode.EBUILDLOST,
                "reservation " + token + " of build " + name + " is over, so its result was not stored;"
                        + " use the value uncached, or ask for the build again");
    }

    private static Reply.Builder deleted(boolean existed) {
        return reply(
                BuildReply.newBuilder().setDeleted(BuildDeleted.newBuilder().setExisted(existed)));
    }

    private static Reply.Builder cancelled(ReserveCancelled.Outcome outcome) {
        return reply(BuildReply.newBuilder()
                .setCancelled(ReserveCancelled.newBuilder().setOutcome(outcome)));
    }

    private static Reply.Builder reply(BuildReply.Builder build) {
        return Reply.newBuilder().setBuild(build);
    }
}
