package io.coordinator.cli.topic;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.ConsumerGroup;
import io.coordinator.client.topic.ConsumerListener;
import io.coordinator.client.topic.Delivery;
import io.coordinator.client.topic.GroupConsumer;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.StartAt;
import org.jspecify.annotations.Nullable;

/** A member of a group that prints its messages, and acknowledges each when it was printed. */
final class GroupReading implements ConsumerListener {
    private final MessagePrinter printer;
    private final MessageLines lines;

    GroupReading(MessagePrinter printer, MessageLines lines) {
        this.printer = printer;
        this.lines = lines;
    }

    /**
     * Takes part until it is enough.
     *
     * @param start where the group begins if there is none yet; null for what is published from now on
     */
    int read(ConsumerGroup group, @Nullable StartAt start) {
        if (group.inspect().isEmpty()) {
            group.configure(GroupOptions.defaults(), start == null ? StartAt.latest() : start);
        }
        ConsumeOptions defaults = ConsumeOptions.defaults().withListener(this);
        ConsumeOptions how = defaults.withPrefetch(printer.room(defaults.prefetch()));
        try (GroupConsumer consumer = group.consume(this::take, how)) {
            return printer.await();
        }
    }

    /** What is too much, or was printed for nobody, goes to another member, or to this one's successor. */
    private void take(Delivery delivery) {
        if (printer.begin(lines.of(delivery))) {
            var unused = delivery.acknowledge().whenComplete((taken, error) -> acknowledged(delivery, taken, error));
        } else {
            var unused = delivery.handBack();
        }
    }

    private void acknowledged(Delivery delivery, @Nullable Boolean taken, @Nullable Throwable error) {
        if (error != null || !Boolean.TRUE.equals(taken)) {
            printer.note("message " + delivery.record().offset()
                    + " comes again, here or elsewhere: its lease ended before it was acknowledged");
        }
        printer.finish();
    }

    @Override
    public void onFailure(Delivery delivery, Throwable failure) {
        printer.note("message " + delivery.record().offset() + " comes again: " + failure);
    }

    @Override
    public void onEnd(CoordinatorException why) {
        printer.fail(why);
    }
}
