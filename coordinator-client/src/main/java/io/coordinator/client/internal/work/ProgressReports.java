package io.coordinator.client.internal.work;

import com.google.protobuf.ByteString;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.net.Loop;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a handler reports: one report at a time, the latest next, so that a slow connection has no queue of them. */
public final class ProgressReports {
    private final Loop loop;
    private final Function<ByteString, Promise<?>> telling;

    // On the loop.
    private @Nullable ByteString next;
    private boolean sending;

    /** @param telling sends one report */
    public ProgressReports(Loop loop, Function<ByteString, Promise<?>> telling) {
        this.loop = loop;
        this.telling = telling;
    }

    /** Sends a report soon; on any thread. */
    public void send(ByteString report) {
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
            var unused = telling.apply(report).whenComplete((told, error) -> loop.execute(this::sendNext));
        }
    }
}
