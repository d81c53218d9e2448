package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.session.PromiseDeadline;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.ValueCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DeliveriesSettled;
import io.coordinator.protocol.Settlement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Tells the cluster what became of deliveries. While it answers, what comes meanwhile is collected and goes with the
 * next command. Lives on the loop.
 */
final class Settlements {
    private static final int TOGETHER_MAX = 1_000;

    private final SessionChannel channel;
    private final GroupTarget target;
    private final long timeoutNanos;
    private final String late;
    private final Queue<Item> waiting = new ArrayDeque<>();
    private final List<Runnable> afterAll = new ArrayList<>();
    private boolean busy;

    /** One settlement; its stage tells whether the cluster has taken it. */
    private record Item(LeasedDelivery delivery, Settlement settlement, Promise<Boolean> outcome) {}

    /** @param timeoutNanos how long callers wait; the cluster is told all the same */
    Settlements(SessionChannel channel, GroupTarget target, long timeoutNanos) {
        this.channel = channel;
        this.target = target;
        this.timeoutNanos = timeoutNanos;
        this.late = "the cluster did not confirm in time what became of a message of " + target
                + "; the SDK goes on telling it while the session lives";
    }

    void add(LeasedDelivery delivery, Settlement settlement, Promise<Boolean> outcome) {
        waiting.add(new Item(delivery, settlement, outcome));
        PromiseDeadline.set(channel, outcome, timeoutNanos, late);
        if (!busy) {
            busy = true;
            channel.loop().execute(this::send); // What else comes in this turn goes with it.
        }
    }

    /** Runs something when everything that was added has its outcome; at once if that is so. */
    void afterAll(Runnable task) {
        if (busy) {
            afterAll.add(task);
        } else {
            task.run();
        }
    }

    private void send() {
        List<Item> items = new ArrayList<>();
        Session session = null;
        while (!waiting.isEmpty() && items.size() < TOGETHER_MAX && fits(items, waiting.element())) {
            Item item = waiting.remove();
            session = item.delivery().session();
            items.add(item);
        }
        if (session == null) {
            busy = false;
            List<Runnable> tasks = List.copyOf(afterAll);
            afterAll.clear();
            tasks.forEach(Runnable::run);
            return;
        }
        Promise<DeliveriesSettled> settled = Promises.direct().make();
        Command.Builder command =
                target.settle(items.stream().map(Item::settlement).toList());
        channel.submit(
                new ValueCommand<>(
                                command,
                                command.getTopic().getSerializedSize(),
                                settled,
                                reply -> reply.getTopic().getSettled())
                        .persistent()
                        .boundTo(session),
                0);
        var unused = settled.whenComplete((outcomes, error) -> {
            for (int i = 0; i < items.size(); i++) {
                tell(
                        items.get(i),
                        outcomes != null && i < outcomes.getOutcomesCount() ? outcomes.getOutcomes(i) : null);
            }
            channel.loop().run(this::send);
        });
    }

    /** What makes a dead letter goes alone: a full state refuses it, and must not refuse others with it. */
    private static boolean fits(List<Item> items, Item item) {
        if (items.isEmpty()) {
            return true;
        }
        Item last = items.get(items.size() - 1);
        return last.delivery().session() == item.delivery().session() && !buries(last) && !buries(item);
    }

    private static boolean buries(Item item) {
        return item.settlement().getKind() == Settlement.Kind.BURY;
    }

    /** A command without an answer has ended with its session, and the lease with it. */
    private static void tell(Item item, DeliveriesSettled.@Nullable Outcome outcome) {
        boolean taken = outcome == DeliveriesSettled.Outcome.SETTLED;
        if (!taken) {
            item.delivery().lost();
        }
        item.outcome().succeed(taken);
    }
}
