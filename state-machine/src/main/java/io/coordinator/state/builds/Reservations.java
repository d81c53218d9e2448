package io.coordinator.state.builds;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.BuildAbsent;
import io.coordinator.protocol.BuildLost;
import io.coordinator.protocol.BuildRecord;
import io.coordinator.protocol.BuildReservation;
import io.coordinator.protocol.BuildWaitElapsed;
import io.coordinator.protocol.BuildWaiter;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.SessionIndex;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of builds, and who builds: a reservation that ends without a result goes to the waiter that came first,
 * under a new token, so that its former builder can neither complete nor revive anything.
 */
final class Reservations {
    /** Steps of chores; lower ones are the kinds of waiters that are told something. */
    static final int PROMOTE = 16;

    static final int RECORDS = 0;

    private final Table<BuildRecord> records;
    private final BuildWaiters waiters;
    private final Clears clears;
    private final SessionDirectory sessions;
    /** Of those that somebody builds. */
    private final SessionIndex builders;

    Reservations(Storage storage, BuildWaiters waiters, Clears clears, SessionDirectory sessions) {
        this.records = storage.sortedTable(DataKind.BUILD, RECORDS, BuildRecord.parser(), Reservations::deadline);
        this.builders = new SessionIndex(storage.undo());
        this.waiters = waiters;
        this.clears = clears;
        this.sessions = sessions;
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

    static boolean hasBuilder(BuildRecord build) {
        return build.getSessionId() != 0;
    }

    Table<BuildRecord> records() {
        return records;
    }

    /** How many builds a session has reserved. */
    int count(long sessionId) {
        return builders.count(sessionId);
    }

    /** The key of a session's oldest reservation; null if it has none. */
    @Nullable
    String first(long sessionId) {
        return builders.first(sessionId);
    }

    int size() {
        return builders.size();
    }

    void rebuild() {
        records.forEachInOrder((key, build) -> {
            if (hasBuilder(build)) {
                builders.add(build.getSessionId(), build.getRequestSeq(), key);
            }
        });
    }

    // ---- what there is ----

    /** A build as it is now; null if there is none. What is over, and has not come to its turn yet, is ended first. */
    @Nullable
    BuildRecord current(Context at, Name name, Effects effects) {
        BuildRecord build = records.get(name.key());
        if (build == null) {
            return null;
        }
        clear(at, name, clears.ticket(name), effects, effects.slice());
        expire(at, name, effects);
        build = records.get(name.key());
        if (build != null && hasBuilder(build) && !sessions.isOpen(build.getSessionId())) {
            end(at, name, build, ChangeKind.LOST, effects, effects.slice());
        }
        return records.get(name.key());
    }

    /** The same for those who only look: without what is over. */
    @Nullable
    BuildRecord seen(Context at, Name name) {
        BuildRecord build = records.get(name.key());
        if (build == null) {
            return null;
        }
        long cleared = clears.ticket(name);
        BuildRecord.Builder seen = build.toBuilder();
        if (build.getOutcomeTicket() < cleared
                || at.isPast(build.getResult().getExpiresAtMillis())
                || at.isPast(build.getFailureUntilMillis())) {
            seen.clearResult().clearFailure();
        }
        if (build.getStartedTicket() < cleared
                || sessions.isOver(at, build.getSessionId(), build.getDeadlineMillis())) {
            seen.clearSessionId().clearToken().clearProgress();
        }
        return seen.getSessionId() == 0 && !seen.hasResult() && !seen.hasFailure() ? null : seen.build();
    }

    /** Keeps what came of a build, and nothing else of it. */
    void keep(Name name, BuildRecord.Builder outcome, Effects effects) {
        records.put(name.key(), outcome.setOutcomeTicket(effects.nextTicket()).build());
    }

    /** Replaces a build by its result alone. */
    void keepResult(Name name, BuildRecord build) {
        records.put(
                name.key(),
                BuildRecord.newBuilder()
                        .setResult(build.getResult())
                        .setOutcomeTicket(build.getOutcomeTicket())
                        .setTask(build.getTask())
                        .build());
    }

    // ---- reservations ----

    BuildReservation start(Context at, Name name, BuildRecord now, BuildWaiter builder, Effects effects) {
        BuildRecord build = now.toBuilder()
                .setSessionId(builder.getSessionId())
                .setRequestSeq(builder.getRequestSeq())
                .setToken(effects.mintToken())
                .setDeadlineMillis(at.deadlineAfter(builder.getBuildMillis()))
                .setBuildMillis(builder.getBuildMillis())
                .setStartedAtMillis(at.nowMillis())
                .setStartedTicket(effects.nextTicket())
                .setTask(builder.getTask())
                .build();
        records.put(name.key(), build);
        builders.add(builder.getSessionId(), builder.getRequestSeq(), name.key());
        effects.change(DataKind.BUILD, name, ChangeKind.STARTED, ByteString.EMPTY);
        return BuildReservation.newBuilder()
                .setToken(build.getToken())
                .setDeadlineMillis(build.getDeadlineMillis())
                .build();
    }

    /** Nobody builds it any more; the row is the caller's. */
    void forgetBuilder(BuildRecord build) {
        builders.remove(build.getSessionId(), build.getRequestSeq());
    }

    /** Ends a reservation without a result; nobody waits where there is an older one. */
    void end(Context at, Name name, BuildRecord build, ChangeKind how, Effects effects, Slice slice) {
        forgetBuilder(build);
        effects.change(DataKind.BUILD, name, how, ByteString.EMPTY);
        if (build.hasResult()) {
            keepResult(name, build);
        } else {
            records.remove(name.key());
            promote(at, name, effects, slice);
        }
    }

    /** Whether somebody waits for a build of what nobody builds: a job is about to make one of them the builder. */
    boolean isBeingHandedOn(Name name) {
        return waiters.first(name, WaiterKind.BUILDERS) != null;
    }

    /**
     * Makes the first waiter that can build the builder; without one, those who only wait learn that there will be
     * nothing. Those who have gone are passed over until the slice is spent, then by a job; meanwhile nobody overtakes.
     */
    void promote(Context at, Name name, Effects effects, Slice slice) {
        if (records.get(name.key()) != null) {
            return;
        }
        BuildWaiter next = waiters.first(name, WaiterKind.BUILDERS);
        while (next != null && sessions.isOver(at, next.getSessionId(), next.getDeadlineMillis())) {
            if (slice.isSpent()) {
                effects.later(
                        DataKind.BUILD, Chore.newBuilder().setStep(PROMOTE).setSubject(name.key()));
                return;
            }
            // Does nothing if its session has ended.
            waiters.tellOne(
                    name, next, BuildEvents.of(name).setWaitElapsed(BuildWaitElapsed.getDefaultInstance()), effects);
            next = waiters.first(name, WaiterKind.BUILDERS);
        }
        if (next == null) {
            tellAbsent(name, effects, slice);
            return;
        }
        BuildReservation reservation = start(at, name, BuildRecord.getDefaultInstance(), next, effects);
        waiters.tellOne(name, next, BuildEvents.of(name).setPromoted(reservation), effects);
    }

    private void tellAbsent(Name name, Effects effects, Slice slice) {
        Event.Builder absent =
                Event.newBuilder().setBuild(BuildEvents.of(name).setAbsent(BuildAbsent.getDefaultInstance()));
        waiters.tell(name, WaiterKind.WATCHERS, absent, effects, slice);
    }

    // ---- ends ----

    /**
     * Takes a build away; of those who wait one builds it anew, and those who only wait learn that it is gone.
     */
    boolean delete(Context at, Name name, BuildRecord build, Effects effects, Slice slice) {
        records.remove(name.key());
        if (hasBuilder(build)) {
            BuildEvents.lost(name, build, BuildLost.Reason.DELETED, effects);
            forgetBuilder(build);
        }
        boolean existed = hasBuilder(build) || build.hasResult();
        if (existed) {
            effects.change(DataKind.BUILD, name, ChangeKind.DELETED, ByteString.EMPTY);
        }
        tellAbsent(name, effects, slice);
        promote(at, name, effects, slice);
        return existed;
    }

    /** Takes away what is older than a clear; whether there was anything. */
    boolean clear(Context at, Name name, long ticket, Effects effects, Slice slice) {
        BuildRecord build = records.get(name.key());
        if (build == null || (build.getOutcomeTicket() >= ticket && build.getStartedTicket() >= ticket)) {
            return false;
        }
        if (hasBuilder(build) && build.getStartedTicket() >= ticket) {
            boolean old = build.hasResult() && build.getOutcomeTicket() < ticket;
            if (old) {
                withoutResult(name, build);
                effects.change(DataKind.BUILD, name, ChangeKind.DELETED, ByteString.EMPTY);
            }
            return old;
        }
        if (!hasBuilder(build) && build.getOutcomeTicket() >= ticket) {
            return false;
        }
        delete(at, name, build, effects, slice);
        return true;
    }

    /** Ends what is past its time. */
    void expire(Context at, Name name, Effects effects) {
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
            end(at, name, build, ChangeKind.LOST, effects, effects.slice());
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
}
