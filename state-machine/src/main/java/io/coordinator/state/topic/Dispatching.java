package io.coordinator.state.topic;

import io.coordinator.protocol.TopicRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.Slice;

/**
 * Gives the messages of topics to the members of their groups, as many as a slice lets it; a job does the rest. Who has
 * room gets the oldest message that can be had: first what waits for another attempt, then what is new.
 */
final class Dispatching {
    final TopicRows topics;
    final MessageLog log;
    final GroupRows groups;
    final DeliveryTable deliveries;
    final Pools pools;
    final GroupTurns turns;
    private final TopicRetention retention;
    private final TopicJobs jobs;

    Dispatching(
            TopicRows topics,
            MessageLog log,
            GroupRows groups,
            DeliveryTable deliveries,
            Pools pools,
            GroupTurns turns,
            TopicRetention retention,
            TopicJobs jobs) {
        this.topics = topics;
        this.log = log;
        this.groups = groups;
        this.deliveries = deliveries;
        this.pools = pools;
        this.turns = turns;
        this.retention = retention;
        this.jobs = jobs;
    }

    /** Something has changed in a topic that is there; groups for which a job is at work are left to it. */
    void all(Context at, Name topic, Effects effects, Slice slice) {
        for (GroupPlace place : groups.of(topic, topics.get(topic).getTopicId())) {
            if (!jobs.has(place.pool(), TopicJobs.DISPATCH)) {
                dispatch(at, place, effects, slice, false);
            }
        }
        retention.discard(topic, effects, slice);
    }

    /** Something has changed in a group that is there. */
    void one(Context at, GroupPlace place, Effects effects, Slice slice) {
        dispatch(at, place, effects, slice, false);
        retention.discard(place.topic(), effects, slice);
    }

    /** A group is gone from a topic that is there, so that others may have acknowledged more. */
    void settled(Name topic, Effects effects) {
        retention.discard(topic, effects, effects.slice());
    }

    private void dispatch(Context at, GroupPlace place, Effects effects, Slice slice, boolean begin) {
        if (jobs.has(place.pool(), TopicJobs.TAKE_BACK)) {
            return;
        }
        TopicRow topic = topics.get(place.topic());
        DispatchRound round = new DispatchRound(this, at, place, topic, effects);
        boolean more = round.run(slice, begin);
        round.end();
        if (more) {
            jobs.leaveOnce(place.pool(), TopicJobs.DISPATCH, effects);
        }
    }

    /** Goes on where a slice ended; what is left then goes behind the other jobs. */
    void resume(Context at, String pool, Effects effects, Slice slice) {
        jobs.done(pool, TopicJobs.DISPATCH);
        GroupPlace place = groups.ofPool(pool);
        if (place != null) {
            dispatch(at, place, effects, slice, true);
            retention.discard(place.topic(), effects, slice);
        }
    }
}
