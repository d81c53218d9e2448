package io.coordinator.server.raft;

import io.coordinator.protocol.Entry;

/**
 * An entry on its way through the log. Either it comes back in an {@link AppliedEntry}, or {@link #failed} is called.
 */
public interface Submission {
    Entry entry();

    /**
     * The log will not report this entry any more; whether it commits is unknown. Called on any thread, perhaps under
     * the log's own locks: must be short and must not block.
     */
    void failed(Throwable cause);
}
