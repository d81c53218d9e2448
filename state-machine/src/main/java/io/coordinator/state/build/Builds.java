package io.coordinator.state.build;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.BuildAnswer;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildCompleted;
import io.coordinator.protocol.BuildDeleted;
import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildFailed;
import io.coordinator.protocol.BuildFailure;
import io.coordinator.protocol.BuildLost;
import io.coordinator.protocol.BuildQuery;
import io.coordinator.protocol.BuildQueued;
import io.coordinator.protocol.BuildRecord;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.BuildReservation;
import io.coordinator.protocol.BuildResult;
import io.coordinator.protocol.BuildStatus;
import io.coordinator.protocol.BuildWaitElapsed;
import io.coordinator.protocol.BuildWaiter;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.FailBuild;
import io.coordinator.protocol.ProgressReported;
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
import io.coordinator.state.kernel.SessionIndex;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UnknownOperationException;
import io.coordinator.state.kernel.WaitQueues;
import org.jspecify.annotations.Nullable;

/**
 * Read-through builds. A key is empty, pending (one session holds the reservation, which its token names) or finished.
 * A reservation that ends without a result goes to the waiter that came first, under a new token, so that its former
 * builder can neither complete nor revive anything. Sessions wait only while the key is pending.
 */
public final class Builds implements DataType {
    private static final int RECORDS = 0;
    private static final int WAITERS = 1;

    private final Table<BuildRecord> records;
    private final WaitQueues<BuildWaiter> waiters;
    /** Pending builds only. */
    private final SessionIndex builders = new SessionIndex();

    public Builds(Storage storage) {
        records = storage.table(DataKind.BUILD, RECORDS, BuildRecord.parser(), Builds::deadline);
        waiters = new WaitQueues<>(
                storage.table(DataKind.BUILD, WAITERS, BuildWaiter.parser(), BuildWaiter::getDeadlineMillis),
                new WaitQueues.Columns<>(
                        BuildWaiter::getSessionId, BuildWaiter::getRequestSeq, BuildWaiter::getTicket));
    }

    private static long deadline(BuildRecord build) {
        return isPending(build) ? build.getDeadlineMillis() : build.getResult().getExpiresAtMillis();
    }

    private static boolean isPending(BuildRecord build) {
        return !build.hasResult();
    }

    @Override
    public DataKind kind() {
        return DataKind.BUILD;
    }

    @Override
    public void admit(Command command, Check check) {
        BuildCommand build = command.getBuild();
        check.known(build).name("namespace", build.getNamespace()).name("key", build.getKey());
        switch (build.getOperationCase()) {
            case RESERVE ->
                check.known(build.getReserve())
                        .atLeast("build_millis", 1, build.getReserve().getBuildMillis())
                        .atLeast("wait_millis", -1, build.getReserve().getWaitMillis());
            case COMPLETE ->
                check.known(build.getComplete())
                        .atLeast("ttl_millis", 0, build.getComplete().getTtlMillis())
                        .json("value", build.getComplete().getValue());
            case FAIL -> {
                BuildFailure failure = build.getFail().getFailure();
                check.known(build.getFail()).known(failure).value("failure", failure.getSerializedSize());
            }
            case CANCEL -> check.known(build.getCancel());
            case DELETE -> check.known(build.getDelete());
            case PROGRESS ->
                check.known(build.getProgress())
                        .json("progress", build.getProgress().getProgress());
            case OPERATION_NOT_SET -> check.unknown("the build operation");
        }
    }

    @Override
    public void admit(Query query, Check check) {
        BuildQuery build = query.getBuild();
        check.known(build).name("namespace", build.getNamespace()).name("key", build.getKey());
        if (build.getOperationCase() == BuildQuery.OperationCase.OPERATION_NOT_SET) {
            check.unknown("the build query");
        }
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
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a build operation");
        };
    }

    private Reply.Builder reserve(Context at, Name name, ReserveBuild reserve, Effects effects) {
        BuildRecord build = records.get(name.key());
        if (build == null) {
            BuildReservation reservation = start(at, name, at.sessionId(), at.seq(), reserve.getBuildMillis(), effects);
            return reply(BuildReply.newBuilder().setBuild(reservation));
        }
        if (!isPending(build)) {
            return reply(BuildReply.newBuilder().setHit(build.getResult()));
        }
        if (reserve.getWaitMillis() == 0) {
            return Refusals.reply(
                    ErrorCode.EBUILDPENDING, "build " + name + " is not complete; ask again later, or wait for it");
        }
        int ahead = waiters.add(
                name.key(),
                BuildWaiter.newBuilder()
                        .setSessionId(at.sessionId())
                        .setRequestSeq(at.seq())
                        .setTicket(effects.nextTicket())
                        .setBuildMillis(reserve.getBuildMillis())
                        .setDeadlineMillis(at.deadlineAfter(reserve.getWaitMillis()))
                        .setQueuedAtMillis(at.nowMillis())
                        .build());
        return reply(BuildReply.newBuilder().setWait(BuildQueued.newBuilder().setPosition(ahead)));
    }

    private Reply.Builder complete(Context at, Name name, CompleteBuild complete, Effects effects) {
        BuildRecord build = live(at, name, complete.getToken());
        if (build == null) {
            return lost(name, complete.getToken());
        }
        long revision = effects.change(DataKind.BUILD, name, ChangeKind.COMPLETED, complete.getValue());
        BuildResult result = BuildResult.newBuilder()
                .setValue(complete.getValue())
                .setRevision(revision)
                .setExpiresAtMillis(at.deadlineAfter(complete.getTtlMillis()))
                .build();
        builders.remove(build.getSessionId(), build.getRequestSeq());
        records.put(name.key(), BuildRecord.newBuilder().setResult(result).build());
        tellWaiters(name, event(name).setCompleted(result), effects);
        return reply(
                BuildReply.newBuilder().setCompleted(BuildCompleted.newBuilder().setRevision(revision)));
    }

    /** Everyone who waits at this moment fails with the builder; the next one to ask builds anew. */
    private Reply.Builder fail(Context at, Name name, FailBuild fail, Effects effects) {
        BuildRecord build = live(at, name, fail.getToken());
        if (build == null) {
            return lost(name, fail.getToken());
        }
        BuildFailure failure = fail.getFailure();
        builders.remove(build.getSessionId(), build.getRequestSeq());
        records.remove(name.key());
        effects.change(
                DataKind.BUILD,
                name,
                ChangeKind.FAILED,
                Json.object("type", failure.getType(), "message", failure.getMessage(), "code", failure.getCode()));
        tellWaiters(name, event(name).setFailed(failure), effects);
        return reply(BuildReply.newBuilder().setFailed(BuildFailed.getDefaultInstance()));
    }

    /** Whichever came first in the log, the wait ends and nothing stays behind (G-7). */
    private Reply.Builder cancel(Context at, Name name, long requestSeq, Effects effects) {
        if (waiters.cancel(name.key(), at.sessionId(), requestSeq) != null) {
            return cancelled(ReserveCancelled.Outcome.DEQUEUED);
        }
        BuildRecord build = records.get(name.key());
        if (build != null
                && isPending(build)
                && build.getSessionId() == at.sessionId()
                && build.getRequestSeq() == requestSeq) {
            end(at, name, build, ChangeKind.LOST, effects);
            return cancelled(ReserveCancelled.Outcome.RELEASED_RESERVATION);
        }
        return cancelled(ReserveCancelled.Outcome.NOTHING);
    }

    private Reply.Builder delete(Context at, Name name, Effects effects) {
        BuildRecord build = records.get(name.key());
        if (build == null) {
            return reply(BuildReply.newBuilder().setDeleted(BuildDeleted.getDefaultInstance()));
        }
        if (isPending(build)) {
            tellLost(name, build, BuildLost.Reason.DELETED, effects);
            end(at, name, build, ChangeKind.DELETED, effects);
        } else {
            records.remove(name.key());
            effects.change(DataKind.BUILD, name, ChangeKind.DELETED, ByteString.EMPTY);
        }
        return reply(
                BuildReply.newBuilder().setDeleted(BuildDeleted.newBuilder().setExisted(true)));
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

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        if (due.table() == RECORDS) {
            expireRecord(at, Name.ofKey(due.key()), effects);
        } else {
            BuildWaiter waiter = waiters.remove(due.key());
            if (waiter != null) {
                waitElapsed(Name.ofKey(WaitQueues.waitedFor(due.key())), waiter, effects);
            }
        }
    }

    private void expireRecord(Context at, Name name, Effects effects) {
        BuildRecord build = records.get(name.key());
        if (build == null) {
            return;
        }
        if (isPending(build)) {
            tellLost(name, build, BuildLost.Reason.DEADLINE_ELAPSED, effects);
            end(at, name, build, ChangeKind.LOST, effects);
        } else {
            records.remove(name.key());
            effects.change(DataKind.BUILD, name, ChangeKind.EXPIRED, ByteString.EMPTY);
        }
    }

    @Override
    public void sessionClosed(Context at, long sessionId, Effects effects) {
        // Its waiters first, so that nothing is handed on to the session that ends.
        waiters.drop(sessionId);
        for (String key : builders.drop(sessionId)) {
            BuildRecord build = records.get(key);
            if (build != null) {
                end(at, Name.ofKey(key), build, ChangeKind.LOST, effects);
            }
        }
    }

    @Override
    public void rebuild() {
        records.forEachInOrder((key, build) -> {
            if (isPending(build)) {
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
        BuildQuery build = query.getBuild();
        return switch (build.getOperationCase()) {
            case GET ->
                Answer.newBuilder()
                        .setBuild(BuildAnswer.newBuilder()
                                .setStatus(status(Name.of(build.getNamespace(), build.getKey()))));
            case OPERATION_NOT_SET ->
                Refusals.answer(ErrorCode.EUNKNOWN, "the build query is unknown to this version; upgrade this node");
        };
    }

    private BuildStatus status(Name name) {
        BuildRecord build = records.get(name.key());
        if (build == null) {
            return BuildStatus.getDefaultInstance();
        }
        if (!isPending(build)) {
            return BuildStatus.newBuilder()
                    .setState(BuildStatus.State.EXISTS)
                    .setResult(build.getResult())
                    .build();
        }
        return BuildStatus.newBuilder()
                .setState(BuildStatus.State.PENDING)
                .setProgress(build.getProgress())
                .setWaiters(waiters.size(name.key()))
                .setToken(build.getToken())
                .build();
    }

    /** The pending build that this token of this session names; null if it is over. */
    private @Nullable BuildRecord live(Context at, Name name, long token) {
        BuildRecord build = records.get(name.key());
        return build != null && isPending(build) && build.getToken() == token && build.getSessionId() == at.sessionId()
                ? build
                : null;
    }

    private BuildReservation start(
            Context at, Name name, long sessionId, long requestSeq, long buildMillis, Effects effects) {
        BuildRecord build = BuildRecord.newBuilder()
                .setSessionId(sessionId)
                .setRequestSeq(requestSeq)
                .setToken(effects.mintToken())
                .setDeadlineMillis(at.deadlineAfter(buildMillis))
                .setBuildMillis(buildMillis)
                .setStartedAtMillis(at.nowMillis())
                .build();
        records.put(name.key(), build);
        builders.add(sessionId, requestSeq, name.key());
        effects.change(DataKind.BUILD, name, ChangeKind.STARTED, ByteString.EMPTY);
        return BuildReservation.newBuilder()
                .setToken(build.getToken())
                .setDeadlineMillis(build.getDeadlineMillis())
                .build();
    }

    /** Ends a reservation without a result and hands it on. */
    private void end(Context at, Name name, BuildRecord build, ChangeKind how, Effects effects) {
        records.remove(name.key());
        builders.remove(build.getSessionId(), build.getRequestSeq());
        effects.change(DataKind.BUILD, name, how, ByteString.EMPTY);
        BuildWaiter next = waiters.poll(name.key());
        while (next != null && at.isPast(next.getDeadlineMillis())) {
            waitElapsed(name, next, effects);
            next = waiters.poll(name.key());
        }
        if (next != null) {
            BuildReservation reservation =
                    start(at, name, next.getSessionId(), next.getRequestSeq(), next.getBuildMillis(), effects);
            tell(next.getSessionId(), next.getRequestSeq(), event(name).setPromoted(reservation), effects);
        }
    }

    private void tellWaiters(Name name, BuildEvent.Builder outcome, Effects effects) {
        BuildEvent event = outcome.build();
        for (BuildWaiter next = waiters.poll(name.key()); next != null; next = waiters.poll(name.key())) {
            effects.tell(
                    next.getSessionId(),
                    Event.newBuilder().setRequestSeq(next.getRequestSeq()).setBuild(event));
        }
    }

    private static void tellLost(Name name, BuildRecord build, BuildLost.Reason reason, Effects effects) {
        BuildLost lost = BuildLost.newBuilder()
                .setToken(build.getToken())
                .setReason(reason)
                .build();
        tell(build.getSessionId(), build.getRequestSeq(), event(name).setLost(lost), effects);
    }

    private static void waitElapsed(Name name, BuildWaiter waiter, Effects effects) {
        tell(
                waiter.getSessionId(),
                waiter.getRequestSeq(),
                event(name).setWaitElapsed(BuildWaitElapsed.getDefaultInstance()),
                effects);
    }

    private static void tell(long sessionId, long requestSeq, BuildEvent.Builder event, Effects effects) {
        effects.tell(sessionId, Event.newBuilder().setRequestSeq(requestSeq).setBuild(event));
    }

    private static BuildEvent.Builder event(Name name) {
        return BuildEvent.newBuilder().setNamespace(name.namespace()).setKey(name.name());
    }

    private static Reply.Builder lost(Name name, long token) {
        return Refusals.reply(
                ErrorCode.EBUILDLOST,
                "reservation " + token + " of build " + name + " is over, so its result was not stored;"
                        + " use the value uncached, or ask for the build again");
    }

    private static Reply.Builder cancelled(ReserveCancelled.Outcome outcome) {
        return reply(BuildReply.newBuilder()
                .setCancelled(ReserveCancelled.newBuilder().setOutcome(outcome)));
    }

    private static Reply.Builder reply(BuildReply.Builder build) {
        return Reply.newBuilder().setBuild(build);
    }
}
