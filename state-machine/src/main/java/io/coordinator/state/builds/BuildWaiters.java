package io.coordinator.state.builds;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildTelling;
import io.coordinator.protocol.BuildWaiter;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.WaitQueues;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait for builds, and how they are told what came of it: as many as fit into a slice, the others by a job
 * (C-06, C-09). Such a job ends with the last ticket that waited, so that those who come later, for the next build of
 * the key, hear nothing of it; and until it is done, the outcomes of later builds of the key queue up behind it.
 */
final class BuildWaiters {
    private static final int WAITERS = 1;
    private static final int TELLINGS = 2;

    private final WaitQueues<BuildWaiter> queues;
    private final Table<BuildTelling> tellings;

    BuildWaiters(Storage storage) {
        queues = new WaitQueues<>(
                storage.table(
                        DataKind.BUILD,
                        WAITERS,
                        WaitQueues.format(BuildWaiter.parser()),
                        BuildWaiter::getDeadlineMillis),
                new WaitQueues.Columns<>(
                        BuildWaiter::getSessionId,
                        BuildWaiter::getRequestSeq,
                        BuildWaiter::getTicket,
                        waiter -> WaiterKind.of(waiter).number(),
                        WaiterKind.ALL.size()),
                storage.undo());
        tellings = storage.table(DataKind.BUILD, TELLINGS, BuildTelling.parser(), never -> 0);
    }

    WaitQueues<BuildWaiter> queues() {
        return queues;
    }

    /** A waiter by the key of its row; null if it is gone. */
    @Nullable
    BuildWaiter row(String rowKey) {
        return queues.row(rowKey);
    }

    /** The first of some kinds whose wait nothing has ended yet; null if there is none. */
    @Nullable
    BuildWaiter first(Name name, Set<WaiterKind> kinds) {
        BuildTelling telling = tellings.get(name.key());
        BuildWaiter first = null;
        for (WaiterKind kind : kinds) {
            BuildWaiter next = queues.first(name.key(), kind.number(), told(telling, kind));
            first = earlier(first, next);
        }
        return first;
    }

    private static @Nullable BuildWaiter earlier(@Nullable BuildWaiter one, @Nullable BuildWaiter other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.getTicket() < other.getTicket() ? one : other;
    }

    private static long told(@Nullable BuildTelling telling, WaiterKind kind) {
        return telling == null ? 0 : telling.getTickets(kind.number());
    }

    /**
     * Ends the wait of all who wait at this moment and are of these kinds.
     *
     * @param event what they are told
     */
    void tell(Name name, Set<WaiterKind> kinds, Event.Builder event, Effects effects, Slice slice) {
        if (first(name, kinds) == null) {
            return;
        }
        long bound = 0;
        for (WaiterKind kind : kinds) {
            bound = Math.max(bound, queues.lastTicket(name.key(), kind.number()));
        }
        BuildTelling before = tellings.get(name.key());
        if (before == null && tellUpTo(name, kinds, bound, event, effects, slice)) {
            return;
        }
        effects.later(
                DataKind.BUILD,
                Chore.newBuilder()
                        .setStep(WaiterKind.toBits(kinds))
                        .setSubject(name.key())
                        .setBound(bound)
                        .setValueId(event.getValueId())
                        .setPayload(event.clone().clearValueId().build().toByteString()));
        tellings.put(name.key(), raised(before, kinds, bound));
    }

    private static BuildTelling raised(@Nullable BuildTelling before, Set<WaiterKind> kinds, long bound) {
        BuildTelling.Builder after =
                BuildTelling.newBuilder().setOutcomes(1 + (before == null ? 0 : before.getOutcomes()));
        for (WaiterKind kind : WaiterKind.ALL) {
            after.addTickets(kinds.contains(kind) ? bound : told(before, kind));
        }
        return after.build();
    }

    /** Goes on telling; whether it is done. */
    boolean resume(Chore chore, Effects effects, Slice slice) {
        Name name = Name.ofKey(chore.getSubject());
        Event.Builder event = event(chore).setValueId(chore.getValueId());
        if (!tellUpTo(name, WaiterKind.ofBits(chore.getStep()), chore.getBound(), event, effects, slice)) {
            return false;
        }
        BuildTelling telling = tellings.get(name.key());
        if (telling == null || telling.getOutcomes() == 1) {
            tellings.remove(name.key());
        } else {
            tellings.put(
                    name.key(),
                    telling.toBuilder().setOutcomes(telling.getOutcomes() - 1).build());
        }
        return true;
    }

    private static Event.Builder event(Chore chore) {
        try {
            return Event.parseFrom(chore.getPayload()).toBuilder();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a job that tells the outcome of a build is damaged", e);
        }
    }

    private boolean tellUpTo(
            Name name, Set<WaiterKind> kinds, long bound, Event.Builder event, Effects effects, Slice slice) {
        BuildWaiter next = firstOf(name, kinds);
        while (next != null && next.getTicket() <= bound) {
            if (slice.isSpent()) {
                return false;
            }
            queues.remove(name.key(), next);
            effects.tell(next.getSessionId(), event.clone().setRequestSeq(next.getRequestSeq()));
            next = firstOf(name, kinds);
        }
        return true;
    }

    private @Nullable BuildWaiter firstOf(Name name, Set<WaiterKind> kinds) {
        BuildWaiter first = null;
        for (WaiterKind kind : kinds) {
            first = earlier(first, queues.first(name.key(), kind.number(), 0));
        }
        return first;
    }

    /** Tells one waiter, and removes it. */
    void tellOne(Name name, BuildWaiter waiter, BuildEvent.Builder event, Effects effects) {
        queues.remove(name.key(), waiter);
        effects.tell(
                waiter.getSessionId(),
                Event.newBuilder().setRequestSeq(waiter.getRequestSeq()).setBuild(event));
    }
}
