package io.coordinator.state.kernel;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;

/** Typed refusals. A message says what happened, to what, and what to do next. */
public final class Refusals {
    private static final int RETRY_AFTER_MILLIS = 200;

    private Refusals() {}

    public static Error error(ErrorCode code, String message) {
        return Error.newBuilder().setCode(code).setMessage(message).build();
    }

    public static Reply.Builder reply(ErrorCode code, String message) {
        return Reply.newBuilder().setError(error(code, message));
    }

    /** Of a scan that found nothing but what is over and waits to be removed, as far as it looked. */
    public static Answer.Builder onlyOver(int rows, String what) {
        return Answer.newBuilder()
                .setError(error(
                                ErrorCode.EBUSY,
                                "the next " + rows + " " + what
                                        + " are expired and about to be removed, and one query looks through no"
                                        + " more; ask again in a moment, or scan a narrower prefix")
                        .toBuilder()
                        .setRetryAfterMillis(RETRY_AFTER_MILLIS));
    }

    public static Answer.Builder answer(ErrorCode code, String message) {
        return Answer.newBuilder().setError(error(code, message));
    }
}
