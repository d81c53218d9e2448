package io.coordinator.cli.topic;

import io.coordinator.cli.console.ExitCode;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.RecordGap;
import io.coordinator.client.topic.RecordListener;
import io.coordinator.client.topic.RecordPage;
import io.coordinator.client.topic.RecordSubscription;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.TopicRecord;

/** Reads a durable topic, and prints what it reads. */
final class RecordReading implements RecordListener {
    private final MessagePrinter printer;
    private final MessageLines lines;

    RecordReading(MessagePrinter printer, MessageLines lines) {
        this.printer = printer;
        this.lines = lines;
    }

    /** What there is and what comes, until it is enough. */
    int follow(DurableTopic topic, StartAt start) {
        try (RecordSubscription subscription = topic.subscribe(start, this)) {
            return printer.await();
        }
    }

    /** What there is, as far as it is not enough before. */
    int readAll(DurableTopic topic, StartAt start, int page) {
        StartAt from = start;
        boolean more = true;
        while (more && !printer.isEnough()) {
            RecordPage read = topic.read(from, printer.room(page));
            read.gap().ifPresent(this::onGap);
            read.records().forEach(this::onRecord);
            from = StartAt.offset(Math.max(1, read.nextOffset()));
            more = read.more();
        }
        return ExitCode.OK;
    }

    @Override
    public void onRecord(TopicRecord record) {
        printer.print(lines.of(record));
    }

    @Override
    public void onGap(RecordGap gap) {
        printer.note(MessageLines.gap(gap));
    }

    @Override
    public void onError(CoordinatorException error) {
        printer.fail(error);
    }
}
