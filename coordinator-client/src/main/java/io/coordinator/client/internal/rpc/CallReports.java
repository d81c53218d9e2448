package io.coordinator.client.internal.rpc;

import com.google.protobuf.ByteString;
import io.coordinator.client.internal.net.Loop;
import org.jspecify.annotations.Nullable;

/** What a handler reports: one report at a time, the latest next, so that a slow connection has no queue of them. */
final class CallReports {
    private final Loop loop;
    private final CallLease lease;

    // On the loop.
    private @Nullable ByteString next;
    private boolean sending;

    CallReports(Loop loop, CallLease lease) {
        this.loop = loop;
        this.lease = lease;
    }

    /** Sends a report soon; on any thread. */
    void send(ByteString report) {
        loop.execute(() -> {
            next = report;
            if (!sending) {
                sendNext();
            }
        });
    }

    /** Whatever became of the one before. */
    private void sendNext() {
        ByteString report = next;
        next = null;
        sending = report != null;
        if (report != null) {
            var unused = lease.report(report).whenComplete((told, error) -> loop.execute(this::sendNext));
        }
    }
}
