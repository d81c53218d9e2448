package io.coordinator.server.net;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What arrived on a stream: a frame, or the reason why it is none.
 *
 * @param <F> the frames of such streams
 * @param frame null if it is refused
 * @param refusal null if it is a frame
 * @param parts of the frame at all depths, see {@link MessageParts}; 0 if it is refused
 */
record InboundFrame<F>(@Nullable F frame, @Nullable Error refusal, int parts) {

    static <F> InboundFrame<F> of(F frame, int parts) {
        return new InboundFrame<>(frame, null, parts);
    }

    static <F> InboundFrame<F> refused(ErrorCode code, String message) {
        return new InboundFrame<>(
                null, Error.newBuilder().setCode(code).setMessage(message).build(), 0);
    }
}
