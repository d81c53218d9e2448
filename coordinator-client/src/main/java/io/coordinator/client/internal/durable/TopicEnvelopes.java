package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.session.TypeEnvelope;
import io.coordinator.client.topic.StartAt;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.StartPosition;
import io.coordinator.protocol.TopicCommand;
import io.coordinator.protocol.TopicQuery;
import java.util.Objects;

/** The place of topics in the envelopes, and how places in a topic are written. */
final class TopicEnvelopes {
    static final TypeEnvelope<TopicCommand, TopicQuery> TOPIC = new TypeEnvelope<>(
            Command.Builder::setTopic, Reply.OutcomeCase.TOPIC, Query.Builder::setTopic, Answer.OutcomeCase.TOPIC);

    private TopicEnvelopes() {}

    static StartPosition position(StartAt start) {
        Objects.requireNonNull(start, "start");
        StartPosition.Builder position = StartPosition.newBuilder();
        if (start instanceof StartAt.Offset at) {
            position.setOffset(at.offset());
        } else if (start instanceof StartAt.Last last) {
            position.setLast(last.count());
        } else if (start instanceof StartAt.Time time) {
            position.setDateMillis(millis(time));
        }
        return position.build();
    }

    /** Times that are too far away for a long are before or after everything. */
    private static long millis(StartAt.Time time) {
        try {
            return time.time().toEpochMilli();
        } catch (ArithmeticException e) {
            return time.time().getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
