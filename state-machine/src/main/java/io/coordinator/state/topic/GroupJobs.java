package io.coordinator.state.topic;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.DeliveryRow;
import io.coordinator.protocol.PoolMember;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Memberships;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Slice;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is done to all that a member or a group has, which may be a lot: in slices. */
final class GroupJobs {
    private final GroupRows groups;
    private final DeliveryTable deliveries;
    private final Memberships members;
    private final GroupTurns turns;
    private final TopicJobs jobs;
    private final DeliveryEnds ends;
    private final Dispatching dispatching;

    GroupJobs(TopicJobs jobs, DeliveryEnds ends, Dispatching dispatching) {
        this.groups = dispatching.groups;
        this.deliveries = dispatching.deliveries;
        this.members = new Memberships(dispatching.pools);
        this.turns = dispatching.turns;
        this.jobs = jobs;
        this.ends = ends;
        this.dispatching = dispatching;
    }

    /** Whether all that a group has outstanding is being taken back. */
    boolean isTakingBack(String pool) {
        return jobs.has(pool, TopicJobs.TAKE_BACK);
    }

    /** Takes back what a group has outstanding, as if it had never been delivered. */
    void takeBack(String pool, Effects effects, Slice slice) {
        if (!isTakingBack(pool) && !forgetAll(pool, slice)) {
            jobs.leaveOnce(pool, TopicJobs.TAKE_BACK, effects);
        }
    }

    private boolean forgetAll(String pool, Slice slice) {
        Outstanding outstanding = deliveries.of(pool);
        while (outstanding.size() > 0 && !slice.isSpent()) {
            long offset = outstanding.lowest();
            ends.forget(pool, offset, row(pool, offset));
        }
        return outstanding.size() == 0;
    }

    private DeliveryRow row(String pool, long offset) {
        return Objects.requireNonNull(deliveries.find(pool, offset));
    }

    /** Hands back all that a member has that is leaving: it goes with the last of it. */
    void handBack(String pool, long ticket, Effects effects, Slice slice) {
        if (!handBack(pool, ticket, slice)) {
            effects.later(
                    DataKind.TOPIC,
                    Chore.newBuilder().setStep(TopicJobs.LEAVE).setSubject(pool).setBound(ticket));
        }
    }

    private boolean handBack(String pool, long ticket, Slice slice) {
        GroupPlace place = groups.ofPool(pool);
        return place == null || members.clear(pool, ticket, slice, item -> handBack(place, TopicKeys.offsetOf(item)));
    }

    private void handBack(GroupPlace place, long offset) {
        ends.handBack(place, offset, row(place.pool(), offset));
    }

    /** Forgets a group. What it had outstanding goes bit by bit; its members are told one by one. */
    void end(GroupPlace place, String reason, Effects effects) {
        groups.remove(place);
        effects.later(
                DataKind.TOPIC,
                Chore.newBuilder()
                        .setStep(TopicJobs.END_GROUP)
                        .setSubject(place.pool())
                        .setCursor(TopicKeys.named(place.topic().name(), place.group()))
                        .setPayload(ByteString.copyFromUtf8(reason)));
    }

    private boolean end(Chore job, Effects effects, Slice slice) {
        String pool = job.getSubject();
        if (!forgetAll(pool, slice)) {
            return false;
        }
        // Of topic and group.
        Name names = Name.ofKey(job.getCursor());
        Name topic = Name.of(Name.ofKey(pool).namespace(), names.namespace());
        String reason = job.getPayload().toStringUtf8();
        Consumer<PoolMember> tell = member -> TopicEvents.ended(topic, names.name(), member, reason, effects);
        if (!members.dissolve(pool, slice, tell)) {
            return false;
        }
        turns.end(pool);
        deliveries.forget(pool);
        jobs.done(pool, TopicJobs.TAKE_BACK);
        return true;
    }

    /** Goes on with a job; null if it is done. */
    @Nullable
    Chore resume(Context at, Chore job, Effects effects, Slice slice) {
        String pool = job.getSubject();
        boolean done = switch (job.getStep()) {
            case TopicJobs.TAKE_BACK -> forgetAll(pool, slice);
            case TopicJobs.LEAVE -> handBack(pool, job.getBound(), slice);
            default -> end(job, effects, slice);
        };
        if (!done) {
            return job;
        }
        if (job.getStep() == TopicJobs.TAKE_BACK) {
            jobs.done(pool, TopicJobs.TAKE_BACK);
        }
        dispatch(at, pool, effects, slice);
        return null;
    }

    private void dispatch(Context at, String pool, Effects effects, Slice slice) {
        GroupPlace place = groups.ofPool(pool);
        if (place != null) {
            dispatching.one(at, place, effects, slice);
        }
    }

    /** Goes on giving messages in the groups of a session; null when all have been looked at. */
    @Nullable
    Chore hearAgain(Context at, Chore job, Effects effects, Slice slice) {
        return members.hearAgain(job, effects.meter(), slice, pool -> dispatch(at, pool, effects, slice));
    }

    /** Ends what an ended session has in groups, until the slice is spent; whether nothing is left. */
    boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        return members.sessionClosed(
                sessionId,
                slice,
                (pool, item) -> end(at, pool, TopicKeys.offsetOf(item), effects, slice),
                pool -> dispatch(at, pool, effects, slice));
    }

    private void end(Context at, String pool, long offset, Effects effects, Slice slice) {
        ends.end(at, pool, offset, row(pool, offset), effects, slice);
    }
}
