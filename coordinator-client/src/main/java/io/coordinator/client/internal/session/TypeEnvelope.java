package io.coordinator.client.internal.session;

import com.google.protobuf.MessageLite;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The place of one data type in the envelopes of the protocol: how its messages are put in, and which answers are its
 * own. One constant for each type, for its calls.
 *
 * @param command puts a command into its envelope
 * @param replies what the replies to commands are
 * @param query puts a query into its envelope
 * @param answers what the answers to queries are
 */
public record TypeEnvelope<C extends MessageLite, Q extends MessageLite>(
        BiConsumer<Command.Builder, C> command,
        Reply.OutcomeCase replies,
        BiConsumer<Query.Builder, Q> query,
        Answer.OutcomeCase answers) {

    /** The place of a type that nothing is asked about. */
    public static <C extends MessageLite> TypeEnvelope<C, MessageLite> ofCommands(
            BiConsumer<Command.Builder, C> command, Reply.OutcomeCase replies) {
        return new TypeEnvelope<>(
                command,
                replies,
                (envelope, question) -> {
                    throw new IllegalStateException("there are no queries about " + replies);
                },
                Answer.OutcomeCase.OUTCOME_NOT_SET);
    }

    /** A decoder that gets nothing but replies of this type. */
    <T extends @Nullable Object> Function<Reply, T> ofReply(Function<Reply, T> decoder) {
        return reply -> {
            if (reply.getOutcomeCase() != replies) {
                throw Errors.unexpectedAnswer(reply.getOutcomeCase());
            }
            return decoder.apply(reply);
        };
    }

    /** A decoder that gets nothing but answers of this type. */
    <T extends @Nullable Object> Function<Answer, T> ofAnswer(Function<Answer, T> decoder) {
        return answer -> {
            if (answer.getOutcomeCase() != answers) {
                throw Errors.unexpectedAnswer(answer.getOutcomeCase());
            }
            return decoder.apply(answer);
        };
    }
}
