package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ThrottledException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** How much may be unanswered, so that an outage does not fill the memory. Safe for use by many threads. */
final class PendingLimit {
    private final int callsMax;
    private final long bytesMax;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    PendingLimit(int callsMax, long bytesMax) {
        this.callsMax = callsMax;
        this.bytesMax = bytesMax;
    }

    /**
     * Counts a call as pending. What the SDK must say whatever happens is counted but never refused.
     *
     * @return why it may not be, or null
     */
    @Nullable
    CoordinatorException admit(Call call) {
        if (call.bytes() > bytesMax && !call.isPersistent()) {
            return new PayloadTooLargeException("the request has " + call.bytes()
                    + " bytes, and this client lets at most " + bytesMax
                    + " bytes of requests be unanswered; send less at once, or raise ClientConfig's pendingBytesMax");
        }
        int callsNow = calls.incrementAndGet();
        long bytesNow = bytes.addAndGet(call.bytes());
        call.counted = true;
        if (call.isPersistent() || (callsNow <= callsMax && bytesNow <= bytesMax)) {
            return null;
        }
        release(call);
        return new ThrottledException(
                "too much is pending in this client (" + (callsNow - 1) + " calls, " + (bytesNow - call.bytes())
                        + " bytes); wait for answers before making more calls",
                Duration.ZERO);
    }

    /** A call is pending no more. */
    void release(Call call) {
        if (call.counted) {
            call.counted = false;
            calls.decrementAndGet();
            bytes.addAndGet(-call.bytes());
        }
    }
}
