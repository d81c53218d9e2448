package io.coordinator.state.kernel;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;

/** Typed refusals. A message says what happened, to what, and what to do next. */
public final class Refusals {
    private Refusals() {}

    public static Error error(ErrorCode code, String message) {
        return Error.newBuilder().setCode(code).setMessage(message).build();
    }

    public static Reply.Builder reply(ErrorCode code, String message) {
        return Reply.newBuilder().setError(error(code, message));
    }

    public static Answer.Builder answer(ErrorCode code, String message) {
        return Answer.newBuilder().setError(error(code, message));
    }
}
