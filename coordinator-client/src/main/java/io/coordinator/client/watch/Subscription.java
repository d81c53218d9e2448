package io.coordinator.client.watch;

import java.util.concurrent.CompletionStage;

/** A watch that goes on until it is closed, compacted or refused. */
public interface Subscription extends AutoCloseable {
    /**
     * Completes when the cluster has first confirmed the watch, with the revision after which every change is heard;
     * fails if it is refused.
     */
    CompletionStage<Long> started();

    /** False once it has ended, for whatever reason. */
    boolean isActive();

    /**
     * Whether the listener has heard every change until now, as far as this client can know: the client is connected,
     * and the watch has caught up since it connected.
     */
    boolean isCurrent();

    /** The revision of the last change handed to the listener, or of the start; 0 before. */
    long lastRevision();

    /** Ends the watch; the listener is not called again, except for a call that is already running. Idempotent. */
    @Override
    void close();
}
