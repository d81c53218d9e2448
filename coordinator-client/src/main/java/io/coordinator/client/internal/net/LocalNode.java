package io.coordinator.client.internal.net;

/** A node in this process that clients reach without a network, and whose cluster time can be moved on. */
@FunctionalInterface
public interface LocalNode {
    /**
     * A way to this node for one client.
     *
     * @param loop the client's
     */
    Transport connect(Loop loop, Client client);

    /** What such a node must know of a client. */
    interface Client {
        /**
         * Whether none of the callbacks that it has begun so far waits or runs; those that the user's own executor
         * was handed count as done. On any thread.
         */
        boolean areCallbacksDone();

        /** Cluster time is about to move on by so much; on the loop. */
        void clusterTimeMoves(long millis);
    }
}
