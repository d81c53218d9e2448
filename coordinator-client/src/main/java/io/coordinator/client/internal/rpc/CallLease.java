package io.coordinator.client.internal.rpc;

import com.google.protobuf.ByteString;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.protocol.CallDispatched;
import io.coordinator.protocol.CompleteCall;

/** A call that this client has, and how the cluster hears of it: in the log, or through the leader's memory. */
interface CallLease {
    CallDispatched call();

    /** The end of the caller's patience, by the loop's clock. */
    long deadlineNanos();

    /**
     * Says what became of it; on any thread.
     *
     * @return whether that is heard; fails if it cannot be told
     */
    Promise<Boolean> complete(CompleteCall outcome);

    /**
     * Reports progress; on the loop.
     *
     * @return completes when the next report may be sent
     */
    Promise<Boolean> report(ByteString value);
}
