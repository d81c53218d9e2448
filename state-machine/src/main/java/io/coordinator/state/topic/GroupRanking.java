package io.coordinator.state.topic;

import io.coordinator.protocol.Count;
import io.coordinator.protocol.GroupRow;
import io.coordinator.protocol.Stats;
import io.coordinator.protocol.TopicRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Ranking;

/** Sums over all groups, and those that are furthest behind. */
final class GroupRanking {
    private final TopicRows topics;
    private final GroupRows groups;
    private final DeliveryTable deliveries;
    private final GroupQueries queries;

    GroupRanking(Dispatching dispatching, GroupQueries queries) {
        this.topics = dispatching.topics;
        this.groups = dispatching.groups;
        this.deliveries = dispatching.deliveries;
        this.queries = queries;
    }

    void tell(Context at, Stats.Builder stats) {
        Sums sums = new Sums();
        groups.firstOnes(Ranking.LOOKED_AT_MAX, sums::add);
        stats.addCounts(count("groupLag", sums.lag))
                .addCounts(count("groupRedeliveries", sums.redeliveries))
                .addCounts(count("groupDeadLetters", sums.deadLetters))
                .addCounts(count("groupMissed", sums.missed));
        sums.furthestBehind.first().forEach(place -> stats.addGroups(queries.summary(at, place)));
    }

    private static Count.Builder count(String name, long value) {
        return Count.newBuilder().setName(name).setValue(value);
    }

    private final class Sums {
        final Ranking<GroupPlace> furthestBehind = new Ranking<>();
        long lag;
        long redeliveries;
        long deadLetters;
        long missed;

        void add(GroupPlace place) {
            TopicRow topic = topics.get(place.topic());
            GroupRow group = groups.get(place);
            long behind = GroupQueries.lag(topic, group, deliveries.of(place.pool()));
            lag += behind;
            redeliveries += group.getRedeliveries();
            deadLetters += group.getDeadLetters();
            missed += GroupQueries.missed(topic, group);
            furthestBehind.add(behind, place.topic().key() + '\0' + place.group(), place);
        }
    }
}
