package io.coordinator.server.net;

import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What arrived on a stream: a frame, or the reason why it is none.
 *
 * @param frame null if it is refused
 * @param refusal null if it is a frame
 * @param parts of the frame at all depths, see {@link MessageParts}; 0 if it is refused
 */
record InboundFrame(@Nullable ClientFrame frame, @Nullable Error refusal, int parts) {

    static InboundFrame of(ClientFrame frame, int parts) {
        return new InboundFrame(frame, null, parts);
    }

    static InboundFrame refused(ErrorCode code, String message) {
        return new InboundFrame(
                null, Error.newBuilder().setCode(code).setMessage(message).build(), 0);
    }
}
