package io.coordinator.client.internal.rpc;

import com.google.protobuf.ByteString;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.protocol.ReportCallProgress;
import io.coordinator.protocol.RpcCommand;
import org.jspecify.annotations.Nullable;

/** What a handler reports: one report at a time, the latest next, so that a slow connection has no queue of them. */
final class ProgressReports {
    private final Loop loop;
    private final WorkerRegistration registration;
    private final ProcedureId procedure;
    private final long token;

    // On the loop.
    private @Nullable ByteString next;
    private boolean sending;

    ProgressReports(Loop loop, WorkerRegistration registration, ProcedureId procedure, long token) {
        this.loop = loop;
        this.registration = registration;
        this.procedure = procedure;
        this.token = token;
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
            RpcCommand.Builder command = procedure
                    .command()
                    .setProgress(ReportCallProgress.newBuilder().setToken(token).setValue(report));
            var unused = registration
                    .tell(command, reply -> true)
                    .whenComplete((told, error) -> loop.execute(this::sendNext));
        }
    }
}
