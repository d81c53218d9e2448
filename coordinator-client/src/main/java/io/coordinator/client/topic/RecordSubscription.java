package io.coordinator.client.topic;

import java.util.concurrent.CompletionStage;

/** A subscription to a durable topic that goes on until it is closed or refused. */
public interface RecordSubscription extends AutoCloseable {
    /**
     * Completes when the place where it begins is fixed, with the first offset that it can hear; fails if it is
     * refused.
     */
    CompletionStage<Long> started();

    /** False once it has ended, for whatever reason. */
    boolean isActive();

    /** The offset behind the last message that was handed to the listener. Start there to go on later. */
    long nextOffset();

    /** Ends it; the listener is not called again, except for a call that is already running. Idempotent. */
    @Override
    void close();
}
