package io.coordinator.client.internal.topic;

import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.DeadlineWheel;
import io.coordinator.protocol.PublishMessage;

/** A message that is to be published, or was and is not answered. Lives on the loop. */
final class PublishCall extends DeadlineWheel.Timeout {
    private final OutgoingMessages publishing;
    private final PublishMessage.Builder message;
    private final int bytes;
    private final boolean counted;
    private final Promise<Integer> promise;
    private boolean ended;

    PublishCall(
            OutgoingMessages publishing, PublishMessage.Builder message, boolean counted, Promise<Integer> promise) {
        this.publishing = publishing;
        this.message = message;
        this.bytes = message.getValue().size();
        this.counted = counted;
        this.promise = promise;
    }

    /** Of its value. */
    int bytes() {
        return bytes;
    }

    boolean isCounted() {
        return counted;
    }

    Promise<Integer> promise() {
        return promise;
    }

    /** The same for its whole life; 0 before it is sent, and if it is not counted. */
    long id() {
        return message.getId();
    }

    PublishMessage sent(long id) {
        return message.setId(id).build();
    }

    /** True the first time. */
    boolean end() {
        boolean first = !ended;
        ended = true;
        return first;
    }

    boolean hasEnded() {
        return ended;
    }

    @Override
    protected void onTimeout() {
        boolean sent = id() != 0;
        publishing.fail(
                this,
                new RequestTimeoutException(
                        sent
                                ? "the leader has not answered in time; the message may have been delivered, or may yet be"
                                : "there was no connection to take the message in time; it was not published",
                        sent,
                        null));
    }
}
