package io.coordinator.state.topic;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.Settlement;
import io.coordinator.protocol.Stats;
import io.coordinator.protocol.TopicCommand;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Memberships;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.UnknownOperationException;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Durable topics: messages in the order of the log, each with an offset, for as long as the settings of the topic say.
 * Readers keep their own place. Groups have theirs here: each message is leased to one member until it is settled, and
 * whatever a member does or fails to do, it is settled or goes to another one.
 */
public final class Topics implements DataType {
    private static final int MEMBERS = 5;

    private final TopicRows topics;
    private final MessageLog log;
    private final Producers producers;
    private final GroupRows groups;
    private final DeliveryTable deliveries;
    private final Pools pools;
    private final GroupTurns turns;
    private final TopicRetention retention;
    private final Dispatching dispatching;
    private final MessagePublishing publishing;
    private final DeliveryEnds ends;
    private final DeliverySettling settling;
    private final GroupJobs groupJobs;
    private final GroupRequests groupRequests;
    private final TopicRequests topicRequests;
    private final Redriving redriving;
    private final TopicQueries queries;
    private final GroupRanking ranking;

    public Topics(Storage storage, SessionDirectory sessions, TopicBounds bounds) {
        topics = new TopicRows(storage, bounds);
        log = new MessageLog(storage);
        producers = new Producers(storage, bounds);
        groups = new GroupRows(storage);
        deliveries = new DeliveryTable(storage);
        pools = new Pools(storage, DataKind.TOPIC, MEMBERS, sessions);
        turns = new GroupTurns(pools, storage.undo());
        TopicJobs jobs = new TopicJobs(storage);
        retention = new TopicRetention(bounds, topics, log, groups, deliveries);
        dispatching = new Dispatching(topics, log, groups, deliveries, pools, turns, retention, jobs);
        publishing = new MessagePublishing(bounds, topics, log, producers, retention, dispatching);
        ends = new DeliveryEnds(topics, log, groups, deliveries, pools, publishing);
        settling = new DeliverySettling(groups, deliveries, ends, dispatching);
        groupJobs = new GroupJobs(jobs, ends, dispatching);
        StartPositions positions = new StartPositions(log);
        EventCredit credit = new EventCredit(DataKind.TOPIC, sessions);
        groupRequests = new GroupRequests(dispatching, positions, groupJobs, credit);
        topicRequests = new TopicRequests(retention, groupJobs, dispatching);
        redriving = new Redriving(topics, log, groups, publishing);
        GroupQueries groupQueries = new GroupQueries(dispatching);
        ranking = new GroupRanking(dispatching, groupQueries);
        queries = new TopicQueries(bounds, dispatching, producers, positions, groupQueries);
    }

    @Override
    public DataKind kind() {
        return DataKind.TOPIC;
    }

    @Override
    public void admit(Command command, Check check) {
        TopicAdmission.admit(command.getTopic(), check);
    }

    @Override
    public void admit(Query query, Check check) {
        TopicAdmission.admit(query.getTopic(), check);
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        TopicCommand topic = command.getTopic();
        Name name = Name.of(topic.getNamespace(), topic.getTopic());
        return switch (topic.getOperationCase()) {
            case CONFIGURE -> topicRequests.configure(at, name, topic.getConfigure(), effects);
            case PUBLISH -> publishing.publish(at, name, topic.getPublish(), effects);
            case PURGE -> topicRequests.purge(at, name, topic.getPurge().getBeforeOffset(), effects);
            case DELETE -> topicRequests.delete(name, effects);
            case CONFIGURE_GROUP -> groupRequests.configure(at, name, topic.getConfigureGroup(), effects);
            case JOIN -> groupRequests.join(at, name, topic.getJoin(), effects);
            case LEAVE -> groupRequests.leave(at, name, topic.getLeave(), effects);
            case SETTLE ->
                settling.settle(at, deliveredBy(name, topic.getSettle().getGroup()), topic.getSettle(), effects);
            case REDRIVE -> redriving.redrive(at, name, topic.getRedrive().getCount(), effects);
            case DELETE_GROUP ->
                groupRequests.delete(name, topic.getDeleteGroup().getGroup(), effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("a topic operation");
        };
    }

    /** A group whose deliveries count; null if there is none. */
    private @Nullable GroupPlace deliveredBy(Name name, String group) {
        GroupPlace place = groupRequests.find(name, group);
        return place == null || groupJobs.isTakingBack(place.pool()) ? null : place;
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        switch (due.table()) {
            case TopicRows.NUMBER -> {
                Name name = Name.ofKey(due.key());
                Slice slice = effects.slice();
                retention.age(at, name, effects, slice);
                dispatching.all(at, name, effects, slice);
            }
            case Producers.NUMBER -> producers.remove(due.key());
            default -> {
                String pool = TopicKeys.ownerOf(due.key());
                ends.expire(at, pool, TopicKeys.offsetOf(due.key()), effects, effects.slice());
                GroupPlace place = groups.ofPool(pool);
                if (place != null) {
                    dispatching.one(at, place, effects, effects.slice());
                }
            }
        }
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        return groupJobs.sessionClosed(at, sessionId, effects, slice);
    }

    @Override
    public Chore.Builder hearsAgain(long sessionId) {
        return Memberships.hearsAgain(sessionId, TopicJobs.HEARS_AGAIN);
    }

    @Override
    public @Nullable Chore resume(Context at, Chore chore, Effects effects, Slice slice) {
        switch (chore.getStep()) {
            case TopicJobs.DISPATCH -> {
                dispatching.resume(at, chore.getSubject(), effects, slice);
                return null;
            }
            case TopicJobs.MESSAGES -> {
                return retention.resume(chore, slice);
            }
            case TopicJobs.PRODUCERS -> {
                return producers.reclaim(chore.getSubject(), slice) ? null : chore;
            }
            case TopicJobs.HEARS_AGAIN -> {
                return groupJobs.hearAgain(at, chore, effects, slice);
            }
            case TopicJobs.TAKE_BACK, TopicJobs.LEAVE, TopicJobs.END_GROUP -> {
                return groupJobs.resume(at, chore, effects, slice);
            }
            default -> throw new UnknownOperationException("a job of topics");
        }
    }

    /** What is settled is given up, unless it makes a dead letter. */
    @Override
    public boolean isFreeing(Command command) {
        TopicCommand topic = command.getTopic();
        return switch (topic.getOperationCase()) {
            case PURGE, DELETE, DELETE_GROUP, LEAVE -> true;
            case SETTLE ->
                topic.getSettle().getSettlementsList().stream()
                        .noneMatch(settlement -> settlement.getKind() == Settlement.Kind.BURY);
            case CONFIGURE, PUBLISH, CONFIGURE_GROUP, JOIN, REDRIVE, OPERATION_NOT_SET -> false;
        };
    }

    /** What groups are told of it is told only if it stays. */
    @Override
    public boolean isReversible(Command command) {
        return command.getTopic().hasPublish();
    }

    @Override
    public long values(Command command) {
        return command.getTopic().getPublish().getMessagesCount();
    }

    @Override
    public void beginAnew(long leftOut) {
        new OffsetShift(topics, log, groups, deliveries, leftOut).run();
    }

    @Override
    public void rebuild() {
        log.rebuild();
        producers.rebuild();
        groups.rebuild(topics);
        pools.rebuild();
        deliveries.rebuild(pools);
        groups.forEach(place ->
                deliveries.order(place.pool(), groups.get(place).getSettings().getOrderedByKey()));
        turns.rebuild();
    }

    @Override
    public void count(ObjLongConsumer<String> counts) {
        counts.accept("durableTopics", topics.size());
        counts.accept("topicMessages", log.size());
        counts.accept("consumerGroups", groups.size());
        counts.accept("groupMembers", pools.size());
        counts.accept("unsettledDeliveries", deliveries.size());
    }

    @Override
    public void rank(Context at, Stats.Builder stats) {
        ranking.tell(at, stats);
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        return queries.answer(at, query.getTopic());
    }
}
