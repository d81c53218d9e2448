package io.coordinator.state.topic;

import io.coordinator.protocol.DeliveriesSettled;
import io.coordinator.protocol.DeliveryRow;
import io.coordinator.protocol.Lease;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SettleDeliveries;
import io.coordinator.protocol.Settlement;
import io.coordinator.protocol.TopicReply;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.UnknownOperationException;
import org.jspecify.annotations.Nullable;

/** What members say about their deliveries. Only the lease that a token names counts, and only while it lasts. */
final class DeliverySettling {
    /** To find a delivery. */
    private static final long LOOK_STEPS = 10;

    private final GroupRows groups;
    private final DeliveryTable deliveries;
    private final DeliveryEnds ends;
    private final Dispatching dispatching;

    DeliverySettling(GroupRows groups, DeliveryTable deliveries, DeliveryEnds ends, Dispatching dispatching) {
        this.groups = groups;
        this.deliveries = deliveries;
        this.ends = ends;
        this.dispatching = dispatching;
    }

    /** @param place null if there is no such group, or all of its deliveries are being taken back */
    Reply.Builder settle(Context at, @Nullable GroupPlace place, SettleDeliveries settle, Effects effects) {
        DeliveriesSettled.Builder settled = DeliveriesSettled.newBuilder();
        Slice slice = effects.slice();
        for (Settlement settlement : settle.getSettlementsList()) {
            effects.meter().steps("settlements", LOOK_STEPS);
            DeliveryRow row =
                    place == null ? null : ends.live(at, place.pool(), settlement.getOffset(), settlement.getToken());
            if (place == null || row == null) {
                settled.addOutcomes(DeliveriesSettled.Outcome.LEASE_ENDED).addDeadlinesMillis(0);
            } else {
                settled.addOutcomes(DeliveriesSettled.Outcome.SETTLED)
                        .addDeadlinesMillis(settle(at, place, settlement, row, effects, slice));
            }
        }
        if (place != null) {
            dispatching.one(at, place, effects, effects.slice());
        }
        return TopicReplies.reply(TopicReply.newBuilder().setSettled(settled));
    }

    /** Returns the new deadline of a lease that is extended. */
    private long settle(
            Context at, GroupPlace place, Settlement settlement, DeliveryRow row, Effects effects, Slice slice) {
        long offset = settlement.getOffset();
        switch (settlement.getKind()) {
            case ACKNOWLEDGE -> ends.settle(place, offset, row);
            case REJECT ->
                ends.reject(
                        at, place, offset, row, settlement.getReason(), settlement.getDelayMillis(), effects, slice);
            case EXTEND -> {
                return extend(at, place, settlement, row);
            }
            case BURY -> ends.bury(at, place, offset, row, settlement.getReason(), effects, slice);
            case HAND_BACK -> ends.handBack(place, offset, row);
            case UNRECOGNIZED -> throw new UnknownOperationException("a kind of settlement");
        }
        return 0;
    }

    private long extend(Context at, GroupPlace place, Settlement settlement, DeliveryRow row) {
        long millis = settlement.getDelayMillis() > 0
                ? settlement.getDelayMillis()
                : groups.get(place).getSettings().getVisibilityMillis();
        Lease extended = row.getLease().toBuilder()
                .setDeadlineMillis(at.deadlineAfter(millis))
                .build();
        deliveries.put(
                place.pool(),
                settlement.getOffset(),
                row.toBuilder().setLease(extended).build());
        return extended.getDeadlineMillis();
    }
}
