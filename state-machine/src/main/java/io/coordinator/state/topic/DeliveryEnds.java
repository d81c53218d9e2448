package io.coordinator.state.topic;

import io.coordinator.protocol.DeadLetter;
import io.coordinator.protocol.DeliveryRow;
import io.coordinator.protocol.GroupRow;
import io.coordinator.protocol.Lease;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.StoredMessage;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.Slice;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How deliveries end: settled, for another attempt, or among the dead letters. */
final class DeliveryEnds {
    private static final String TIMED_OUT = "the member did not settle it in time";
    private static final String SESSION_ENDED = "the member's session ended";

    private final TopicRows topics;
    private final MessageLog log;
    private final GroupRows groups;
    private final DeliveryTable deliveries;
    private final Pools pools;
    private final MessagePublishing publishing;

    DeliveryEnds(
            TopicRows topics,
            MessageLog log,
            GroupRows groups,
            DeliveryTable deliveries,
            Pools pools,
            MessagePublishing publishing) {
        this.topics = topics;
        this.log = log;
        this.groups = groups;
        this.deliveries = deliveries;
        this.pools = pools;
        this.publishing = publishing;
    }

    /** As a number without a sign; it stays at the largest. */
    static int oneMore(int attempts) {
        return attempts == -1 ? attempts : attempts + 1;
    }

    /** Where the dead letters of a group go. */
    static Name deadLetters(GroupPlace place, GroupRow group) {
        String topic = group.getSettings().getDeadLetterTopic();
        return Name.of(
                place.topic().namespace(),
                topic.isEmpty() ? deadLetters(place.topic().name(), place.group()) : topic);
    }

    /** The same of a group whose settings name none. */
    static String deadLetters(String topic, String group) {
        return topic + "." + group + ".dead";
    }

    /** Nobody needs it any more. */
    void settle(GroupPlace place, long offset, DeliveryRow row) {
        pools.end(place.pool(), row.getLease());
        deliveries.remove(place.pool(), offset);
    }

    /** An attempt has failed; there may be another one after a while. */
    void reject(
            Context at,
            GroupPlace place,
            long offset,
            DeliveryRow row,
            String reason,
            long delayMillis,
            Effects effects,
            Slice slice) {
        pools.end(place.pool(), row.getLease());
        DeliveryRow failed = row.toBuilder()
                .clearLease()
                .setAttempts(oneMore(row.getAttempts()))
                .setReason(reason)
                .build();
        int most = groups.get(place).getSettings().getAttemptsMax();
        if (most != 0 && Integer.compareUnsigned(failed.getAttempts(), most) >= 0) {
            bury(at, place, offset, failed, effects, slice);
        } else {
            await(place, offset, failed, at.deadlineAfter(delayMillis));
        }
    }

    /** It is to be no member's any more. */
    void bury(Context at, GroupPlace place, long offset, DeliveryRow row, String reason, Effects effects, Slice slice) {
        pools.end(place.pool(), row.getLease());
        DeliveryRow failed = row.toBuilder()
                .clearLease()
                .setAttempts(oneMore(row.getAttempts()))
                .setReason(reason)
                .build();
        bury(at, place, offset, failed, effects, slice);
    }

    /** As if it had not been delivered. */
    void handBack(GroupPlace place, long offset, DeliveryRow row) {
        pools.end(place.pool(), row.getLease());
        await(place, offset, row.toBuilder().clearLease().build(), 0);
    }

    /** A lease, or a delay, has come to its time. */
    void expire(Context at, String pool, long offset, Effects effects, Slice slice) {
        GroupPlace place = groups.ofPool(pool);
        DeliveryRow row = Objects.requireNonNull(deliveries.find(pool, offset));
        if (place == null) {
            forget(pool, offset, row);
        } else if (row.hasLease()) {
            lose(at, place, offset, row, effects, atLeastOne(slice));
        } else if (row.getDead()) {
            bury(at, place, offset, row, effects, atLeastOne(slice));
        } else {
            await(place, offset, row, 0);
        }
    }

    /** What is due is done: put off until now, it would be due still. */
    private static Slice atLeastOne(Slice slice) {
        boolean[] begun = {false};
        return () -> {
            boolean before = begun[0];
            begun[0] = true;
            return before && slice.isSpent();
        };
    }

    private void lose(Context at, GroupPlace place, long offset, DeliveryRow row, Effects effects, Slice slice) {
        Lease lease = row.getLease();
        boolean inTime = !at.isPast(lease.getDeadlineMillis());
        PoolMember member = pools.find(place.pool(), lease.getMember());
        if (!inTime && member != null) {
            TopicEvents.lost(place.topic(), place.group(), member, offset, lease.getToken(), effects);
        }
        reject(at, place, offset, row, inTime ? SESSION_ENDED : TIMED_OUT, 0, effects, slice);
    }

    /** A lease protects nothing any more, by its time or with its session. */
    void end(Context at, String pool, long offset, DeliveryRow row, Effects effects, Slice slice) {
        GroupPlace place = groups.ofPool(pool);
        if (place == null) {
            forget(pool, offset, row);
        } else {
            lose(at, place, offset, row, effects, slice);
        }
    }

    /** Of a group that is gone, or was moved. */
    void forget(String pool, long offset, DeliveryRow row) {
        if (row.hasLease()) {
            pools.end(pool, row.getLease());
        }
        deliveries.remove(pool, offset);
    }

    private void await(GroupPlace place, long offset, DeliveryRow row, long notBeforeMillis) {
        if (offset < topics.get(place.topic()).getFirstOffset()) {
            miss(place, offset);
        } else {
            deliveries.put(
                    place.pool(),
                    offset,
                    row.toBuilder().setNotBeforeMillis(notBeforeMillis).build());
        }
    }

    /** The message is not kept any more. */
    private void miss(GroupPlace place, long offset) {
        deliveries.remove(place.pool(), offset);
        GroupRow group = groups.get(place);
        groups.put(place, group.toBuilder().setMissed(group.getMissed() + 1).build());
    }

    private void bury(Context at, GroupPlace place, long offset, DeliveryRow row, Effects effects, Slice slice) {
        StoredMessage message = log.find(place.owner(), offset);
        if (message == null || offset < topics.get(place.topic()).getFirstOffset()) {
            miss(place, offset);
        } else if (slice.isSpent()) {
            await(place, offset, dead(row), Math.max(1, at.nowMillis()));
        } else if (publishing.publish(at, deadLetters(place), letter(place, message, row), effects, slice) != null) {
            await(place, offset, dead(row), at.deadlineAfter(TopicLimits.BURY_AGAIN_MILLIS));
        } else {
            deliveries.remove(place.pool(), offset);
            GroupRow group = groups.get(place);
            groups.put(
                    place,
                    group.toBuilder().setDeadLetters(group.getDeadLetters() + 1).build());
        }
    }

    private Name deadLetters(GroupPlace place) {
        return deadLetters(place, groups.get(place));
    }

    private static DeliveryRow dead(DeliveryRow row) {
        return row.toBuilder().setDead(true).build();
    }

    private static StoredMessage.Builder letter(GroupPlace place, StoredMessage message, DeliveryRow row) {
        return StoredMessage.newBuilder()
                .setValue(message.getValue())
                .setKey(message.getKey())
                .setDeadLetter(DeadLetter.newBuilder()
                        .setTopic(place.topic().name())
                        .setGroup(place.group())
                        .setOffset(message.getOffset())
                        .setAttempts(row.getAttempts())
                        .setReason(row.getReason()));
    }

    /** The row of a lease that is live and a session's own; null if there is none. */
    @Nullable
    DeliveryRow live(Context at, String pool, long offset, long token) {
        DeliveryRow row = deliveries.find(pool, offset);
        return row != null && row.hasLease() && pools.isOwn(at, row.getLease(), token) ? row : null;
    }
}
