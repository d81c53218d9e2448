package io.coordinator.client.lock;

import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.option.Guard;
import java.util.concurrent.CompletionStage;

/** The time for which this client leads. Closing it resigns. */
public interface Leadership extends AutoCloseable {
    /**
     * The token of this leadership, at least 1: greater than that of every earlier leader. Show it to those whom the
     * leader gives orders.
     */
    long epoch();

    /** Whether this client certainly still leads, as far as it knows and by its own clock. */
    boolean isLeader();

    /**
     * Completes once when leadership is lost, before another leader can be elected. Stays incomplete after a
     * resignation. Dependents run on the client's callback executor.
     */
    CompletionStage<LossReason> lost();

    /** This leadership as a fence for writes: they apply only while it lasts. */
    Guard guard();

    /**
     * Resigns; the next candidate leads. Idempotent.
     *
     * @return false if leadership was already lost
     * @throws RequestTimeoutException if the cluster did not answer in time; the SDK goes on trying
     */
    boolean resign();

    /** See {@link #resign()}. */
    CompletionStage<Boolean> resignAsync();

    /** Resigns. Does not fail if leadership is lost or the cluster cannot be reached. Idempotent. */
    @Override
    void close();
}
