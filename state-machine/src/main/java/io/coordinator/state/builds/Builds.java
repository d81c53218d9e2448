package io.coordinator.state.builds;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildRecord;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.BuildWaiter;
import io.coordinator.protocol.BuildsCleared;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Refusals;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UnknownOperationException;
import io.coordinator.state.kernel.WaitQueues;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Read-through builds. A key is empty, pending (one session holds the reservation, which its token names), finished, or
 * being refreshed: finished, and somebody builds it anew. A reservation that ends without a result goes to the waiter
 * that came first, under a new token, so that its former builder can neither complete nor revive anything. Sessions
 * wait only while the key is pending.
 */
public final class Builds implements DataType {
    private static final int CLEAR = 17;
    /** To look at one key. */
    private static final long KEY_STEPS = 10;

    private final BuildWaiters waiters;
    private final Clears clears;
    private final Reservations reservations;
    private final Table<BuildRecord> records;
    private final BuildRequests requests;
    private final BuildOutcomes outcomes;
    private final BuildQueries queries;

    public Builds(Storage storage, SessionDirectory sessions) {
        waiters = new BuildWaiters(storage);
        clears = new Clears(storage);
        reservations = new Reservations(storage, waiters, clears, sessions);
        records = reservations.records();
        requests = new BuildRequests(waiters, reservations, new EventCredit(DataKind.BUILD, sessions));
        outcomes = new BuildOutcomes(waiters, reservations);
        queries = new BuildQueries(reservations, waiters.queues(), sessions);
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
            case RESERVE -> requests.reserve(at, name, build.getReserve(), effects);
            case COMPLETE -> outcomes.complete(at, name, build.getComplete(), effects);
            case FAIL -> outcomes.fail(at, name, build.getFail(), effects);
            case CANCEL -> requests.cancel(at, name, build.getCancel().getRequestSeq(), effects);
            case DELETE -> delete(at, name, effects);
            case PROGRESS -> outcomes.progress(at, name, build.getProgress(), effects);
            case TOUCH -> requests.touch(at, name, effects);
            case PUT -> outcomes.put(at, name, build.getPut(), effects);
            case CLEAR -> clear(at, name, effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a build operation");
        };
    }

    private Reply.Builder delete(Context at, Name name, Effects effects) {
        BuildRecord build = reservations.current(at, name, effects);
        return BuildReplies.deleted(build != null && reservations.delete(at, name, build, effects, effects.slice()));
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
        return BuildReplies.reply(
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
                requests.elapse(Name.ofKey(WaitQueues.waitedFor(due.key())), waiter, effects);
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
            case FAIL -> BuildOutcomes.isFreeing(command.getBuild().getFail());
            case RESERVE, COMPLETE, PUT, PROGRESS, OPERATION_NOT_SET -> false;
        };
    }

    @Override
    public void rebuild() {
        reservations.rebuild();
        waiters.queues().rebuild();
    }

    @Override
    public void count(ObjLongConsumer<String> counts) {
        counts.accept("buildsPending", reservations.size());
        counts.accept("buildsDone", records.size() - reservations.size());
        counts.accept("buildWaiters", waiters.queues().size());
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        return queries.answer(at, query.getBuild());
    }
}
