package io.coordinator.state.job;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.ConfigureQueue;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.JobReply;
import io.coordinator.protocol.JoinQueue;
import io.coordinator.protocol.LeaveQueue;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.PurgeBound;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.protocol.QueueConfigured;
import io.coordinator.protocol.QueueDeleted;
import io.coordinator.protocol.QueueJoined;
import io.coordinator.protocol.QueueLeft;
import io.coordinator.protocol.QueuePurged;
import io.coordinator.protocol.QueueRow;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Memberships;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.SessionLimits;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.UndoLog;
import org.jspecify.annotations.Nullable;

/** Making queues and working for them, and what is done to a whole queue. */
final class QueueRequests {
    private final QueueRows queues;
    private final JobRows jobs;
    private final Pools pools;
    private final Memberships members;
    private final FinishedJobs finished;
    private final JobDispatching dispatching;
    private final QueueChores chores;
    private final EventCredit credit;
    private final UndoLog undo;

    QueueRequests(
            QueueRows queues,
            JobRows jobs,
            Pools pools,
            FinishedJobs finished,
            JobDispatching dispatching,
            QueueChores chores,
            EventCredit credit,
            UndoLog undo) {
        this.queues = queues;
        this.jobs = jobs;
        this.pools = pools;
        this.members = new Memberships(pools);
        this.finished = finished;
        this.dispatching = dispatching;
        this.chores = chores;
        this.credit = credit;
        this.undo = undo;
    }

    // ---- settings ----

    Reply.Builder configure(Context at, Name name, ConfigureQueue configure, Effects effects) {
        QueuePlace there = queues.find(name);
        QueuePlace place = there == null ? queues.make(name, QueueSettings.getDefaultInstance(), effects) : there;
        QueueSettings before = queues.settings(place);
        QueueSettings settings = configure.getOnlyPaused()
                ? before.toBuilder()
                        .setPaused(configure.getSettings().getPaused())
                        .build()
                : configure.hasSettings() ? configure.getSettings() : before;
        if (!settings.equals(before)) {
            keyMost(place, QueueDefaults.keyConcurrencyMax(settings));
            // What has been due since may be due at another time.
            QueueRow.Builder row =
                    queues.get(place).toBuilder().setSettings(settings).clearDueMillis();
            finished.keep(at, place, row, effects, effects.slice());
            dispatching.settle(at, place, effects, effects.slice());
        }
        return JobReplies.reply(
                JobReply.newBuilder().setConfigured(QueueConfigured.newBuilder().setCreated(there == null)));
    }

    private void keyMost(QueuePlace place, long most) {
        JobIndex index = jobs.obtain(place.owner());
        long before = index.keyMost();
        if (before != most) {
            index.setKeyMost(most);
            undo.add(() -> index.setKeyMost(before));
        }
    }

    // ---- workers ----

    Reply.Builder join(Context at, Name name, JoinQueue join, Effects effects) {
        QueuePlace there = queues.find(name);
        Reply.Builder refusal = refusal(at, there, join.getConcurrency());
        if (refusal != null) {
            return refusal;
        }
        QueuePlace place = there == null ? queues.make(name, QueueSettings.getDefaultInstance(), effects) : there;
        PoolMember member = Memberships.fresh(at, join.getConcurrency(), effects);
        pools.join(place.owner(), member);
        dispatching.settle(at, place, effects, effects.slice());
        return JobReplies.reply(
                JobReply.newBuilder().setJoined(QueueJoined.newBuilder().setMember(member.getTicket())));
    }

    private Reply.@Nullable Builder refusal(Context at, @Nullable QueuePlace place, int concurrency) {
        if (concurrency < 1 || concurrency > JobLimits.CONCURRENCY_MAX) {
            return JobReplies.badConcurrency(concurrency);
        }
        if (place != null && pools.size(place.owner()) >= JobLimits.WORKERS_MAX) {
            return JobReplies.tooManyWorkers(place);
        }
        int has = pools.count(at.sessionId());
        return has >= JobLimits.MEMBERSHIPS_MAX
                ? SessionLimits.sessionIsFull(
                        at.sessionId(), has + " queues that it works for", JobLimits.MEMBERSHIPS_MAX)
                : credit.refusal(at.sessionId());
    }

    Reply.Builder leave(Context at, Name name, LeaveQueue leave, Effects effects) {
        QueuePlace place = queues.find(name);
        PoolMember member = place == null ? null : pools.find(place.owner(), leave.getMember());
        boolean isMember = member != null && member.getSessionId() == at.sessionId();
        if (place != null && member != null && isMember) {
            Slice slice = effects.slice();
            if (members.leave(place.owner(), member) && !leave.getDrain()) {
                chores.handBack(at, place, member.getTicket(), effects, slice);
            }
            dispatching.settle(at, place, effects, slice);
        }
        return JobReplies.reply(
                JobReply.newBuilder().setLeft(QueueLeft.newBuilder().setWasMember(isMember)));
    }

    // ---- the whole queue ----

    Reply.Builder purge(Name name, PurgeQueue purge, Effects effects) {
        QueuePlace place = queues.find(name);
        long count = 0;
        if (place != null) {
            QueueRow queue = queues.get(place);
            if (queue.hasPurge()) {
                return JobReplies.isBeingPurged(place);
            }
            count = purge(place, queue, purge, effects);
        }
        return JobReplies.reply(
                JobReply.newBuilder().setPurged(QueuePurged.newBuilder().setCount(count)));
    }

    private long purge(QueuePlace place, QueueRow queue, PurgeQueue purge, Effects effects) {
        JobIndex index = jobs.obtain(place.owner());
        PurgeBound bound = PurgeBound.newBuilder()
                .setTicket(effects.nextTicket())
                .setWaiting(purge.getWaiting())
                .setFinished(purge.getFinished())
                .setDead(purge.getDead())
                .build();
        effects.meter().steps("jobs", index.running().size());
        undo.add(index.purge(bound));
        long count = index.purged().size();
        if (count > 0) {
            effects.change(DataKind.JOB, place.name(), ChangeKind.CLEARED, ByteString.EMPTY);
        }
        queues.put(place, queue.toBuilder().setPurge(bound).build());
        chores.purge(place, effects, effects.slice());
        return count;
    }

    Reply.Builder delete(Name name, Effects effects) {
        QueuePlace place = queues.find(name);
        if (place != null) {
            effects.change(DataKind.JOB, name, ChangeKind.DELETED, ByteString.EMPTY);
            queues.end(place);
            effects.later(
                    DataKind.JOB,
                    Chore.newBuilder().setStep(JobChores.END_QUEUE).setSubject(place.owner()));
        }
        return JobReplies.reply(
                JobReply.newBuilder().setDeleted(QueueDeleted.newBuilder().setExisted(place != null)));
    }
}
