package io.coordinator.client.internal.rpc;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.protocol.CallClientFrame;
import io.coordinator.protocol.EphemeralOutcome;
import io.coordinator.protocol.EphemeralProgress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Ephemeral calls of this client that have no outcome yet. Those that were sent when the stream was lost fail, unless
 * they may run twice: these are sent again. Lives on the loop, except {@link #admit}.
 */
final class EphemeralCalls {
    /** The most that arguments or results may have; the cluster's own limit is lower unless it was raised. */
    static final int VALUE_BYTES_MAX = 8 << 20;

    private static final int FRAME_CALLS = 1_024;

    private final SessionChannel channel;
    private final int callsMax;
    private final long bytesMax;
    private final Runnable somethingToSay;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final Set<EphemeralRequest<?>> unsent = new LinkedHashSet<>();
    private final Map<Long, EphemeralRequest<?>> unanswered = new HashMap<>();
    private final List<Long> cancelled = new ArrayList<>();
    private long lastId;

    /** @param somethingToSay has the stream flushed, if there is one */
    EphemeralCalls(SessionChannel channel, int callsMax, long bytesMax, Runnable somethingToSay) {
        this.channel = channel;
        this.somethingToSay = somethingToSay;
        this.callsMax = callsMax;
        this.bytesMax = bytesMax;
    }

    /**
     * Counts a call as pending; on any thread.
     *
     * @throws ThrottledException if too much is pending
     * @throws PayloadTooLargeException if it cannot be sent at any time
     */
    void admit(EphemeralRequest<?> call) {
        if (call.bytes() > VALUE_BYTES_MAX) {
            throw new PayloadTooLargeException("the arguments have " + call.bytes() + " bytes, and at most "
                    + VALUE_BYTES_MAX + " bytes can be sent");
        }
        int callsNow = calls.incrementAndGet();
        long bytesNow = bytes.addAndGet(call.bytes());
        if (callsNow > callsMax || (bytesNow > bytesMax && callsNow > 1)) {
            release(call);
            throw new ThrottledException(
                    "too many ephemeral calls are pending in this client (" + (callsNow - 1) + " calls, "
                            + (bytesNow - call.bytes()) + " bytes); wait for results before making more calls",
                    Duration.ZERO);
        }
    }

    private void release(EphemeralRequest<?> call) {
        calls.decrementAndGet();
        bytes.addAndGet(-call.bytes());
    }

    boolean isIdle() {
        return unsent.isEmpty() && unanswered.isEmpty();
    }

    void add(EphemeralRequest<?> call) {
        channel.addDeadline(call, call.deadlineNanos());
        unsent.add(call);
    }

    // ---- sending ----

    boolean hasSomethingToSay() {
        return !unsent.isEmpty() || !cancelled.isEmpty();
    }

    /** Puts what fits into a frame. */
    void fill(CallClientFrame.Builder frame, int frameBytes) {
        frame.addAllCancel(cancelled);
        cancelled.clear();
        long size = 0;
        long now = channel.loop().nanoTime();
        Iterator<EphemeralRequest<?>> next = unsent.iterator();
        while (next.hasNext() && size < frameBytes && frame.getCallsCount() < FRAME_CALLS) {
            EphemeralRequest<?> call = next.next();
            if (size > 0 && size + call.bytes() > frameBytes) {
                return;
            }
            next.remove();
            size += call.bytes();
            long id = ++lastId;
            frame.addCalls(call.sent(id, now));
            unanswered.put(id, call);
        }
    }

    // ---- outcomes ----

    void onOutcome(EphemeralOutcome outcome) {
        EphemeralRequest<?> call = unanswered.get(outcome.getId());
        if (call != null && finish(call)) {
            call.tell(outcome);
        }
    }

    void onProgress(EphemeralProgress progress) {
        EphemeralRequest<?> call = unanswered.get(progress.getId());
        if (call != null) {
            call.report(progress.getValue());
        }
    }

    void fail(EphemeralRequest<?> call, CoordinatorException why) {
        if (finish(call)) {
            call.fail(why);
        }
    }

    /** Its caller waits no longer: a worker that has it is told, and it is not sent if it was not yet. */
    void leave(EphemeralRequest<?> call) {
        boolean sent = unanswered.containsKey(call.id());
        if (finish(call) && sent) {
            cancelled.add(call.id());
            somethingToSay.run();
        }
    }

    private boolean finish(EphemeralRequest<?> call) {
        if (!call.end()) {
            return false;
        }
        channel.removeDeadline(call);
        unsent.remove(call);
        unanswered.remove(call.id());
        release(call);
        return true;
    }

    /** The stream is lost: nobody knows what became of what was sent. */
    void lost(String why) {
        cancelled.clear();
        List<EphemeralRequest<?>> again = new ArrayList<>();
        for (EphemeralRequest<?> call : List.copyOf(unanswered.values())) {
            if (call.isIdempotent()) {
                unanswered.remove(call.id());
                again.add(call);
            } else {
                fail(
                        call,
                        new DisconnectedException(
                                "the call stream was lost (" + why + ") before the call's outcome was known; it may"
                                        + " have been run, and may still run. Call again if that does no harm",
                                true,
                                null));
            }
        }
        again.sort((one, other) -> Long.compare(one.id(), other.id()));
        again.addAll(unsent);
        unsent.clear();
        unsent.addAll(again);
    }

    /** There will be no stream any more. */
    void end(Supplier<CoordinatorException> why) {
        List.copyOf(unanswered.values()).forEach(call -> fail(call, why.get()));
        List.copyOf(unsent).forEach(call -> fail(call, why.get()));
    }
}
