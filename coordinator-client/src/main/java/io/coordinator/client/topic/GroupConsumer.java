package io.coordinator.client.topic;

import java.util.concurrent.CompletionStage;

/** A member of a consumer group. */
public interface GroupConsumer extends AutoCloseable {
    /** Completes when it has joined for the first time; fails if it is refused. */
    CompletionStage<Void> started();

    /** False once it has left or ended. */
    boolean isActive();

    /**
     * Leaves the group. What is waiting here goes to others at once; what is being handled may end within
     * {@link ConsumeOptions#drainMax}, and goes to others then. Returns when that is done, or when the cluster has not
     * confirmed it within the timeout of calls: then the rest goes to others when the session ends. Idempotent. Not
     * for the function that handles its messages, which would wait for itself: it uses {@link #closeAsync}.
     */
    @Override
    void close();

    /** The same with a stage. */
    CompletionStage<Void> closeAsync();
}
