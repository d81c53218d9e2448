package io.coordinator.state.topic;

import io.coordinator.protocol.DeliveryRow;
import io.coordinator.protocol.GroupRow;
import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.Lease;
import io.coordinator.protocol.LeasedMessage;
import io.coordinator.protocol.LeasedMessages;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.StoredMessage;
import io.coordinator.protocol.TopicRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Slice;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One go at giving the messages of one group to its members. */
final class DispatchRound {
    /** Of one event. */
    private static final int MESSAGES_MAX = 100;

    private static final long BYTES_MAX = 256L << 10;
    private static final long NONE = Long.MAX_VALUE;
    private static final long LOOK_STEPS = 10;
    /** They are put into an event, which is kept and sent. */
    private static final long BYTES_A_STEP = 8;

    private final Dispatching all;
    private final Context at;
    private final GroupPlace place;
    private final String pool;
    private final TopicRow topic;
    private final GroupRow before;
    private final GroupRow.Builder group;
    private final GroupSettings settings;
    private final Outstanding outstanding;
    private final Effects effects;
    private final Map<Long, Batch> batches = new LinkedHashMap<>();

    /** What one member is going to be told. */
    private static final class Batch {
        final PoolMember member;
        LeasedMessages.Builder messages = LeasedMessages.newBuilder();
        long bytes;

        Batch(PoolMember member) {
            this.member = member;
        }
    }

    DispatchRound(Dispatching all, Context at, GroupPlace place, TopicRow topic, Effects effects) {
        this.all = all;
        this.at = at;
        this.place = place;
        this.pool = place.pool();
        this.topic = topic;
        this.before = all.groups.get(place);
        this.group = before.toBuilder();
        this.settings = before.getSettings();
        this.outstanding = all.deliveries.of(pool);
        this.effects = effects;
    }

    /**
     * Returns whether the slice was spent before all was done.
     *
     * @param begin whether one thing is done even if it is spent already
     */
    boolean run(Slice slice, boolean begin) {
        boolean begun = !begin;
        effects.meter().steps("groups", LOOK_STEPS);
        if (group.getNextOffset() < topic.getFirstOffset()) {
            missed(topic.getFirstOffset() - group.getNextOffset());
            group.setNextOffset(topic.getFirstOffset());
        }
        while (outstanding.lowestWaiting() < topic.getFirstOffset()) {
            if (begun && slice.isSpent()) {
                return true;
            }
            begun = true;
            all.deliveries.remove(pool, outstanding.lowestWaiting());
            missed(1);
        }
        PoolMember member = taker();
        while (member != null && hasNext()) {
            if (begun && slice.isSpent()) {
                return true;
            }
            begun = true;
            effects.meter().steps("messages", LOOK_STEPS);
            goOn(member);
            member = taker();
        }
        return !passOthers(slice, begun);
    }

    /** Goes past what is next and for another group, although nobody has room. Whether all of it is passed. */
    private boolean passOthers(Slice slice, boolean begunBefore) {
        boolean begun = begunBefore;
        while (group.getNextOffset() < topic.getNextOffset() && isOthers(message(group.getNextOffset()))) {
            if (begun && slice.isSpent()) {
                return false;
            }
            begun = true;
            effects.meter().steps("messages", LOOK_STEPS);
            group.setNextOffset(group.getNextOffset() + 1);
        }
        return true;
    }

    private boolean isOthers(StoredMessage message) {
        return !message.getOnlyGroup().isEmpty() && !message.getOnlyGroup().equals(place.group());
    }

    /** Tells what was given to whom, and writes what has become of the group. */
    void end() {
        batches.values().forEach(this::tell);
        GroupRow after = group.build();
        if (!after.equals(before)) {
            all.groups.put(place, after);
        }
    }

    private void missed(long messages) {
        group.setMissed(group.getMissed() + messages);
    }

    /** Who gets the next message; null if nobody can take one. */
    private @Nullable PoolMember taker() {
        if (!settings.getExclusive()) {
            return all.pools.next(pool);
        }
        PoolMember active = all.turns.active(place, effects);
        return active != null && all.pools.hasRoom(pool, active) ? active : null;
    }

    private boolean hasNext() {
        return outstanding.lowestReady() != NONE
                || (group.getNextOffset() < topic.getNextOffset() && outstanding.size() < TopicLimits.UNSETTLED_MAX);
    }

    private void goOn(PoolMember member) {
        long ready = outstanding.lowestReady();
        if (ready != NONE) {
            DeliveryRow row = all.deliveries.find(pool, ready);
            if (row == null) {
                throw new IllegalStateException("message " + ready + " of group " + place + " has no row");
            }
            deliver(member, message(ready), row);
            return;
        }
        StoredMessage message = message(group.getNextOffset());
        group.setNextOffset(group.getNextOffset() + 1);
        if (isOthers(message)) {
            return;
        }
        DeliveryRow fresh = DeliveryRow.newBuilder().setKey(message.getKey()).build();
        if (settings.getOrderedByKey() && outstanding.isBusy(message.getKey())) {
            all.deliveries.put(pool, message.getOffset(), fresh);
        } else {
            deliver(member, message, fresh);
        }
    }

    private StoredMessage message(long offset) {
        return all.log.get(place.owner(), offset);
    }

    private void deliver(PoolMember member, StoredMessage message, DeliveryRow row) {
        long deadline = at.deadlineAfter(settings.getVisibilityMillis());
        String item = TopicKeys.item(pool, message.getOffset());
        Lease lease = all.pools.lease(pool, member, item, deadline, effects);
        all.deliveries.put(
                pool,
                message.getOffset(),
                row.toBuilder().setLease(lease).clearNotBeforeMillis().build());
        if (row.getAttempts() != 0) {
            group.setRedeliveries(group.getRedeliveries() + 1);
        }
        add(
                batches.computeIfAbsent(member.getTicket(), ticket -> new Batch(member)),
                LeasedMessage.newBuilder()
                        .setMessage(message)
                        .setToken(lease.getToken())
                        .setAttempt(DeliveryEnds.oneMore(row.getAttempts()))
                        .setDeadlineMillis(deadline)
                        .build());
    }

    private void add(Batch batch, LeasedMessage message) {
        long size = message.getSerializedSize();
        if (batch.messages.getMessagesCount() == MESSAGES_MAX || (batch.bytes > 0 && batch.bytes + size > BYTES_MAX)) {
            tell(batch);
            batch.messages = LeasedMessages.newBuilder();
            batch.bytes = 0;
        }
        effects.meter().steps("deliveries", size / BYTES_A_STEP);
        batch.messages.addMessages(message);
        batch.bytes += size;
    }

    private void tell(Batch batch) {
        TopicEvents.delivered(place.topic(), place.group(), batch.member, batch.messages.build(), effects);
    }
}
