package io.coordinator.state.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coordinator.protocol.ConfigureGroup;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.GroupConfigured;
import io.coordinator.protocol.GroupDeleted;
import io.coordinator.protocol.GroupJoined;
import io.coordinator.protocol.GroupLeft;
import io.coordinator.protocol.GroupRow;
import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.JoinGroup;
import io.coordinator.protocol.LeaveGroup;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.StartPosition;
import io.coordinator.protocol.TopicReply;
import io.coordinator.protocol.TopicRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Memberships;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.SessionLimits;
import io.coordinator.state.kernel.Slice;
import org.jspecify.annotations.Nullable;

/** Making groups, taking part in them and leaving them. */
final class GroupRequests {
    /** To look at all that a group has outstanding. */
    private static final long ORDER_STEPS = 5;

    /** Of a group for which nobody has said any. */
    private static final GroupSettings DEFAULTS = GroupSettings.newBuilder()
            .setVisibilityMillis(TopicLimits.VISIBILITY_MILLIS)
            .setAttemptsMax(TopicLimits.ATTEMPTS_MAX)
            .build();

    private final TopicRows topics;
    private final GroupRows groups;
    private final DeliveryTable deliveries;
    private final Pools pools;
    private final Memberships members;
    private final GroupTurns turns;
    private final StartPositions positions;
    private final GroupJobs jobs;
    private final Dispatching dispatching;
    private final EventCredit credit;

    GroupRequests(Dispatching dispatching, StartPositions positions, GroupJobs jobs, EventCredit credit) {
        this.topics = dispatching.topics;
        this.groups = dispatching.groups;
        this.deliveries = dispatching.deliveries;
        this.pools = dispatching.pools;
        this.members = new Memberships(pools);
        this.turns = dispatching.turns;
        this.positions = positions;
        this.jobs = jobs;
        this.dispatching = dispatching;
        this.credit = credit;
    }

    Reply.Builder configure(Context at, Name name, ConfigureGroup configure, Effects effects) {
        GroupSettings settings = configure.getSettings();
        if (settings.getDeadLetterTopic().equals(name.name())) {
            return TopicReplies.refused(TopicRefusals.ownDeadLetters(name));
        }
        GroupPlace place = find(name, configure.getGroup());
        if (place == null) {
            Error refusal = configure.hasSettings()
                    ? refuseOneMore(name)
                    : refuseOneMoreWithDefaults(name, configure.getGroup());
            if (refusal != null) {
                return TopicReplies.refused(refusal);
            }
            place = make(
                    name,
                    configure.getGroup(),
                    configure.hasSettings() ? settings : DEFAULTS,
                    configure.getStart(),
                    effects);
            return configured(place, true);
        }
        if (configure.hasSettings()) {
            change(place, settings, effects);
        }
        if (configure.getSeek()) {
            seek(place, configure.getStart(), effects);
        }
        Reply.Builder reply = configured(place, false);
        dispatching.one(at, place, effects, effects.slice());
        return reply;
    }

    private void change(GroupPlace place, GroupSettings settings, Effects effects) {
        GroupRow row = groups.get(place);
        groups.put(place, row.toBuilder().setSettings(settings).build());
        effects.meter()
                .steps("deliveries", ORDER_STEPS * deliveries.of(place.pool()).size());
        deliveries.order(place.pool(), settings.getOrderedByKey());
        if (!settings.getExclusive()) {
            turns.end(place.pool());
        }
    }

    private void seek(GroupPlace place, StartPosition start, Effects effects) {
        TopicRow topic = topics.get(place.topic());
        long offset = positions.ofGroup(place.topic(), topic, start);
        groups.put(place, groups.get(place).toBuilder().setNextOffset(offset).build());
        jobs.takeBack(place.pool(), effects, effects.slice());
    }

    private Reply.Builder configured(GroupPlace place, boolean created) {
        return TopicReplies.reply(TopicReply.newBuilder()
                .setGroupConfigured(GroupConfigured.newBuilder()
                        .setCreated(created)
                        .setNextOffset(groups.get(place).getNextOffset())));
    }

    @Nullable
    GroupPlace find(Name name, String group) {
        TopicRow topic = topics.find(name);
        return topic == null ? null : groups.find(name, topic.getTopicId(), group);
    }

    private @Nullable Error refuseOneMore(Name name) {
        TopicRow topic = topics.find(name);
        return topic != null && groups.of(name, topic.getTopicId()).size() >= TopicLimits.GROUPS_MAX
                ? TopicRefusals.tooManyGroups(name)
                : topics.refusal(name);
    }

    private @Nullable Error refuseOneMoreWithDefaults(Name name, String group) {
        int bytes = DeliveryEnds.deadLetters(name.name(), group).getBytes(UTF_8).length;
        return bytes > TopicLimits.NAME_BYTES_MAX ? TopicRefusals.deadLettersTooLong(name, group) : refuseOneMore(name);
    }

    private GroupPlace make(Name name, String group, GroupSettings settings, StartPosition start, Effects effects) {
        TopicRow topic = topics.findOrMake(name, effects);
        GroupPlace place = new GroupPlace(name, topic.getTopicId(), group, effects.nextTicket());
        groups.add(
                place,
                GroupRow.newBuilder()
                        .setGroupId(place.groupId())
                        .setSettings(settings)
                        .setNextOffset(positions.ofGroup(name, topic, start))
                        .build());
        deliveries.order(place.pool(), settings.getOrderedByKey());
        return place;
    }

    Reply.Builder join(Context at, Name name, JoinGroup join, Effects effects) {
        GroupPlace place = find(name, join.getGroup());
        Reply.Builder refusal = refusal(at, name, place, join);
        if (refusal != null) {
            return refusal;
        }
        if (place == null) {
            place = make(name, join.getGroup(), DEFAULTS, StartPosition.getDefaultInstance(), effects);
        }
        pools.join(place.pool(), Memberships.fresh(at, join.getCapacity(), effects));
        dispatching.one(at, place, effects, effects.slice());
        return TopicReplies.reply(TopicReply.newBuilder()
                .setJoined(GroupJoined.newBuilder()
                        .setMember(at.seq())
                        .setSettings(groups.get(place).getSettings())));
    }

    private Reply.@Nullable Builder refusal(Context at, Name name, @Nullable GroupPlace place, JoinGroup join) {
        int capacity = join.getCapacity();
        if (capacity < 1 || capacity > TopicLimits.CAPACITY_MAX) {
            return TopicReplies.refused(TopicRefusals.badCapacity(capacity));
        }
        Error full = place == null
                ? refuseOneMoreWithDefaults(name, join.getGroup())
                : pools.size(place.pool()) >= TopicLimits.MEMBERS_MAX ? TopicRefusals.tooManyMembers(place) : null;
        if (full != null) {
            return TopicReplies.refused(full);
        }
        int has = pools.count(at.sessionId());
        return has >= TopicLimits.MEMBERSHIPS_MAX
                ? SessionLimits.sessionIsFull(
                        at.sessionId(), has + " memberships of groups", TopicLimits.MEMBERSHIPS_MAX)
                : credit.refusal(at.sessionId());
    }

    Reply.Builder leave(Context at, Name name, LeaveGroup leave, Effects effects) {
        GroupPlace place = find(name, leave.getGroup());
        Pools.Place joined = pools.joined(at.sessionId(), leave.getMember());
        boolean isMember = place != null && joined != null && joined.pool().equals(place.pool());
        if (place != null && joined != null && isMember) {
            leave(at, place, joined.member(), leave.getDrain(), effects);
        }
        return TopicReplies.reply(
                TopicReply.newBuilder().setLeft(GroupLeft.newBuilder().setWasMember(isMember)));
    }

    private void leave(Context at, GroupPlace place, PoolMember member, boolean drain, Effects effects) {
        Slice slice = effects.slice();
        if (members.leave(place.pool(), member) && !drain) {
            jobs.handBack(place.pool(), member.getTicket(), effects, slice);
        }
        dispatching.one(at, place, effects, slice);
    }

    Reply.Builder delete(Name name, String group, Effects effects) {
        GroupPlace place = find(name, group);
        if (place != null) {
            jobs.end(place, "the group was deleted", effects);
            dispatching.settled(name, effects);
        }
        return TopicReplies.reply(TopicReply.newBuilder()
                .setGroupDeleted(GroupDeleted.newBuilder().setExisted(place != null)));
    }
}
