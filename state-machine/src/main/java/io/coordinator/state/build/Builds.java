package io.coordinator.state.build;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.BuildAbsent;
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
import io.coordinator.protocol.BuildReservation;
import io.coordinator.protocol.BuildResult;
import io.coordinator.protocol.BuildTouched;
import io.coordinator.protocol.BuildWaiter;
import io.coordinator.protocol.BuildsCleared;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
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
import io.coordinator.state.kernel.Json;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.SessionIndex;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Sliding;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UnknownOperationException;
import io.coordinator.state.kernel.WaitQueues;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Read-through builds. A key is empty, pending (one session holds the reservation, which its token names), finished, or being refreshed: finished,
 * and somebody builds it anew. A reservation that ends without a result goes to the waiter that came first, under a new token, so that
 * its former builder can neither complete nor revive anything. Sessions wait only while the key is pending.
 */
public final class Builds implements DataType {
    private static final int RECORDS = 0;
    private static final int WAITERS = 1;
    /** The two kinds of waiters: those who would build, and those who only wait. */
    private static final boolean BUILDERS = false;

    private static final boolean WATCHERS = true;

    private final Table<BuildRecord> records;
    private final WaitQueues<BuildWaiter> waiters;
    private final BuildQueries queries;
    /** Of those that somebody builds. */
    private final SessionIndex builders;

    private final SessionDirectory sessions;

    public Builds(Storage storage, SessionDirectory sessions) {
        this.sessions = sessions;
        builders = new SessionIndex(storage.undo());
        records = storage.sortedTable(DataKind.BUILD, RECORDS, BuildRecord.parser(), Builds::deadline);
        waiters = new WaitQueues<>(
                storage.table(DataKind.BUILD, WAITERS, BuildWaiter.parser(), BuildWaiter::getDeadlineMillis),
                new WaitQueues.Columns<>(
                        BuildWaiter::getSessionId,
                        BuildWaiter::getRequestSeq,
                        BuildWaiter::getTicket,
                        BuildWaiter::getOnlyWait),
                storage.undo());
        queries = new BuildQueries(records, waiters);
    }

    private static long deadline(BuildRecord build) {
        return LongStream.of(
                        hasBuilder(build) ? build.getDeadlineMillis() : 0,
                        build.getResult().getExpiresAtMillis(),
                        build.getFailureUntilMillis())
                .filter(deadline -> deadline != 0)
                .min()
                .orElse(0);
    }

    private static boolean hasBuilder(BuildRecord build) {
        return build.getSessionId() != 0;
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
            case DELETE -> deleted(delete(at, name, effects));
            case PROGRESS -> progress(at, name, build.getProgress(), effects);
            case TOUCH -> touch(at, name);
            case PUT -> put(at, name, build.getPut(), effects);
            case CLEAR -> clear(at, name, effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a build operation");
        };
    }

    // ---- asking ----

    private Reply.Builder reserve(Context at, Name name, ReserveBuild reserve, Effects effects) {
        BuildRecord build = records.get(name.key());
        if (build == null) {
            return reserve.getOnlyWait()
                    ? absent(name)
                    : reply(BuildReply.newBuilder()
                            .setBuild(start(at, name, BuildRecord.getDefaultInstance(), asking(at, reserve), effects)));
        }
        if (build.hasFailure()) {
            return reply(BuildReply.newBuilder().setKnownFailure(build.getFailure()));
        }
        return build.hasResult() ? hit(at, name, build, reserve, effects) : join(at, name, reserve, effects);
    }

    /** One of those who ask for what is due to be refreshed builds it, and gets what there is like everybody (B-32). */
    private Reply.Builder hit(Context at, Name name, BuildRecord found, ReserveBuild reserve, Effects effects) {
        BuildRecord build = accessed(at, name, found);
        boolean due = at.isPast(build.getResult().getRefreshAtMillis()) && !hasBuilder(build);
        if (!due || reserve.getOnlyWait()) {
            return reply(BuildReply.newBuilder().setHit(build.getResult()));
        }
        return reply(BuildReply.newBuilder()
                .setRefresh(BuildRefresh.newBuilder()
                        .setResult(build.getResult())
                        .setReservation(start(at, name, build, asking(at, reserve), effects))));
    }

    private Reply.Builder join(Context at, Name name, ReserveBuild reserve, Effects effects) {
        if (reserve.getWaitMillis() == 0) {
            return Refusals.reply(
                    ErrorCode.EBUILDPENDING, "build " + name + " is not complete; ask again later, or wait for it");
        }
        int ahead = waiters.add(
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

    private Reply.Builder touch(Context at, Name name) {
        BuildRecord build = records.get(name.key());
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
        BuildRecord build = live(at, name, complete.getToken());
        if (build == null) {
            return lost(name, complete.getToken());
        }
        builders.remove(build.getSessionId(), build.getRequestSeq());
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
            records.put(name.key(), BuildRecord.newBuilder().setResult(result).build());
        }
        tellWaiters(name, BuildEvents.of(name).setCompleted(result).build(), effects);
        return reply(
                BuildReply.newBuilder().setCompleted(BuildCompleted.newBuilder().setRevision(result.getRevision())));
    }

    private Reply.Builder put(Context at, Name name, PutBuild put, Effects effects) {
        BuildRecord build = records.get(name.key());
        if (build != null && hasBuilder(build)) {
            BuildEvents.lost(name, build, BuildLost.Reason.REPLACED, effects);
            builders.remove(build.getSessionId(), build.getRequestSeq());
        }
        BuildResult result = result(
                at,
                effects.change(DataKind.BUILD, name, ChangeKind.PUT, put.getValue()),
                put.getValue(),
                put.getTtlMillis(),
                put.getSliding(),
                put.getRefreshAfterMillis());
        records.put(name.key(), BuildRecord.newBuilder().setResult(result).build());
        tellWaiters(name, BuildEvents.of(name).setCompleted(result).build(), effects);
        return reply(
                BuildReply.newBuilder().setCompleted(BuildCompleted.newBuilder().setRevision(result.getRevision())));
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
        BuildRecord build = live(at, name, fail.getToken());
        if (build == null) {
            return lost(name, fail.getToken());
        }
        BuildFailure failure = fail.getFailure();
        builders.remove(build.getSessionId(), build.getRequestSeq());
        effects.change(
                DataKind.BUILD,
                name,
                ChangeKind.FAILED,
                Json.object("type", failure.getType(), "message", failure.getMessage(), "code", failure.getCode()));
        long until = at.deadlineAfter(fail.getKeepMillis());
        if (build.hasResult()) {
            BuildResult kept = build.getResult();
            long again = until == 0 ? kept.getRefreshAtMillis() : until;
            records.put(
                    name.key(),
                    BuildRecord.newBuilder()
                            .setResult(kept.toBuilder().setRefreshAtMillis(again))
                            .build());
            return failed();
        }
        records.remove(name.key());
        if (until != 0) {
            records.put(
                    name.key(),
                    BuildRecord.newBuilder()
                            .setFailure(failure)
                            .setFailureUntilMillis(until)
                            .build());
        }
        BuildEvent event = BuildEvents.of(name).setFailed(failure).build();
        for (BuildWaiter waiter : waiters.head(name.key(), waiters.size(name.key()))) {
            if (until != 0 || !waiter.getTakeOver()) {
                waiters.cancel(name.key(), waiter.getSessionId(), waiter.getRequestSeq());
                BuildEvents.tell(waiter, event, effects);
            }
        }
        if (until == 0) {
            promote(at, name, effects);
        }
        return failed();
    }

    private static Reply.Builder failed() {
        return reply(BuildReply.newBuilder().setFailed(BuildFailed.getDefaultInstance()));
    }

    private Reply.Builder progress(Context at, Name name, ReportProgress report, Effects effects) {
        BuildRecord build = live(at, name, report.getToken());
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
        if (waiters.cancel(name.key(), at.sessionId(), requestSeq) != null) {
            return cancelled(ReserveCancelled.Outcome.DEQUEUED);
        }
        BuildRecord build = records.get(name.key());
        if (build != null
                && hasBuilder(build)
                && build.getSessionId() == at.sessionId()
                && build.getRequestSeq() == requestSeq) {
            end(at, name, build, ChangeKind.LOST, effects);
            return cancelled(ReserveCancelled.Outcome.RELEASED_RESERVATION);
        }
        return cancelled(ReserveCancelled.Outcome.NOTHING);
    }

    /** Those who only wait learn that it is gone; of the others one builds it anew. */
    private boolean delete(Context at, Name name, Effects effects) {
        BuildRecord build = records.remove(name.key());
        if (build == null) {
            return false;
        }
        if (hasBuilder(build)) {
            BuildEvents.lost(name, build, BuildLost.Reason.DELETED, effects);
            builders.remove(build.getSessionId(), build.getRequestSeq());
        }
        if (hasBuilder(build) || build.hasResult()) {
            effects.change(DataKind.BUILD, name, ChangeKind.DELETED, ByteString.EMPTY);
        }
        tellAbsent(name, effects);
        promote(at, name, effects);
        return hasBuilder(build) || build.hasResult();
    }

    private Reply.Builder clear(Context at, Name prefix, Effects effects) {
        List<Name> names = new ArrayList<>();
        String key = records.ceilingKey(prefix.key());
        while (key != null && key.startsWith(prefix.key())) {
            names.add(Name.ofKey(key));
            key = records.higherKey(key);
        }
        names.forEach(name -> delete(at, name, effects));
        return reply(
                BuildReply.newBuilder().setCleared(BuildsCleared.newBuilder().setCount(names.size())));
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        if (due.table() == RECORDS) {
            expireRecord(at, Name.ofKey(due.key()), effects);
        } else {
            BuildWaiter waiter = waiters.remove(due.key());
            if (waiter != null) {
                BuildEvents.waitElapsed(Name.ofKey(WaitQueues.waitedFor(due.key())), waiter, effects);
            }
        }
    }

    private void expireRecord(Context at, Name name, Effects effects) {
        BuildRecord build = records.get(name.key());
        if (build != null && at.isPast(build.getFailureUntilMillis())) {
            records.remove(name.key());
        }
        if (build != null && at.isPast(build.getResult().getExpiresAtMillis())) {
            build = withoutResult(name, build);
            effects.change(DataKind.BUILD, name, ChangeKind.EXPIRED, ByteString.EMPTY);
        }
        if (build != null && hasBuilder(build) && at.isPast(build.getDeadlineMillis())) {
            BuildEvents.lost(name, build, BuildLost.Reason.DEADLINE_ELAPSED, effects);
            end(at, name, build, ChangeKind.LOST, effects);
        }
    }

    private BuildRecord withoutResult(Name name, BuildRecord build) {
        BuildRecord rest = build.toBuilder().clearResult().build();
        if (hasBuilder(rest)) {
            records.put(name.key(), rest);
        } else {
            records.remove(name.key());
        }
        return rest;
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        while (!slice.isSpent() && waiters.drop(sessionId) != null) {
            // One after the other.
        }
        String key = builders.first(sessionId);
        while (key != null && !slice.isSpent()) {
            BuildRecord build = records.get(key);
            if (build == null) {
                throw new IllegalStateException("session " + sessionId + " builds what is not there");
            }
            end(at, Name.ofKey(key), build, ChangeKind.LOST, effects);
            key = builders.first(sessionId);
        }
        return key == null && waiters.count(sessionId) == 0;
    }

    @Override
    public boolean isFreeing(Command command) {
        return switch (command.getBuild().getOperationCase()) {
            case FAIL, CANCEL, DELETE, TOUCH, CLEAR -> true;
            case RESERVE, COMPLETE, PUT, PROGRESS, OPERATION_NOT_SET -> false;
        };
    }

    @Override
    public void rebuild() {
        records.forEachInOrder((key, build) -> {
            if (hasBuilder(build)) {
                builders.add(build.getSessionId(), build.getRequestSeq(), key);
            }
        });
        waiters.rebuild();
    }

    @Override
    public void count(Stats.Builder stats) {
        stats.setBuildsPending(builders.size())
                .setBuildsDone(records.size() - builders.size())
                .setBuildWaiters(waiters.size());
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        return queries.answer(query.getBuild());
    }

    // ---- reservations ----

    /** The build that this token of this session names; null if the reservation is over. */
    private @Nullable BuildRecord live(Context at, Name name, long token) {
        BuildRecord build = records.get(name.key());
        return build != null && hasBuilder(build) && build.getToken() == token && build.getSessionId() == at.sessionId()
                ? build
                : null;
    }

    private BuildReservation start(Context at, Name name, BuildRecord now, BuildWaiter builder, Effects effects) {
        BuildRecord build = now.toBuilder()
                .setSessionId(builder.getSessionId())
                .setRequestSeq(builder.getRequestSeq())
                .setToken(effects.mintToken())
                .setDeadlineMillis(at.deadlineAfter(builder.getBuildMillis()))
                .setBuildMillis(builder.getBuildMillis())
                .setStartedAtMillis(at.nowMillis())
                .build();
        records.put(name.key(), build);
        builders.add(builder.getSessionId(), builder.getRequestSeq(), name.key());
        effects.change(DataKind.BUILD, name, ChangeKind.STARTED, ByteString.EMPTY);
        return BuildReservation.newBuilder()
                .setToken(build.getToken())
                .setDeadlineMillis(build.getDeadlineMillis())
                .build();
    }

    /** Ends a reservation without a result; nobody waits where there is an older one. */
    private void end(Context at, Name name, BuildRecord build, ChangeKind how, Effects effects) {
        builders.remove(build.getSessionId(), build.getRequestSeq());
        effects.change(DataKind.BUILD, name, how, ByteString.EMPTY);
        if (build.hasResult()) {
            records.put(
                    name.key(),
                    BuildRecord.newBuilder().setResult(build.getResult()).build());
        } else {
            records.remove(name.key());
            promote(at, name, effects);
        }
    }

    /** Makes the first waiter that can build the builder; without one, those who only wait learn that there will be nothing. */
    private void promote(Context at, Name name, Effects effects) {
        BuildWaiter next = waiters.poll(name.key(), BUILDERS);
        while (next != null && !mayBuild(at, name, next, effects)) {
            next = waiters.poll(name.key(), BUILDERS);
        }
        if (next == null) {
            tellAbsent(name, effects);
            return;
        }
        BuildReservation reservation = start(at, name, BuildRecord.getDefaultInstance(), next, effects);
        BuildEvents.tell(next, BuildEvents.of(name).setPromoted(reservation).build(), effects);
    }

    private boolean mayBuild(Context at, Name name, BuildWaiter waiter, Effects effects) {
        if (!sessions.isOpen(waiter.getSessionId())) {
            return false;
        }
        if (at.isPast(waiter.getDeadlineMillis())) {
            BuildEvents.waitElapsed(name, waiter, effects);
            return false;
        }
        return true;
    }

    private void tellAbsent(Name name, Effects effects) {
        BuildEvent event =
                BuildEvents.of(name).setAbsent(BuildAbsent.getDefaultInstance()).build();
        BuildWaiter next = waiters.poll(name.key(), WATCHERS);
        while (next != null) {
            BuildEvents.tell(next, event, effects);
            next = waiters.poll(name.key(), WATCHERS);
        }
    }

    private void tellWaiters(Name name, BuildEvent event, Effects effects) {
        for (BuildWaiter next = waiters.poll(name.key()); next != null; next = waiters.poll(name.key())) {
            BuildEvents.tell(next, event, effects);
        }
    }

    // ---- replies ----

    private static Reply.Builder absent(Name name) {
        return Refusals.reply(
                ErrorCode.EKEYNOTFOUND, "there is no build " + name + ", and nobody builds it; build it, or ask later");
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
