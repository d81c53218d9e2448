package io.coordinator.client.internal.topic;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.net.SideLink;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.protocol.MessagePublished;
import io.coordinator.protocol.TopicClientFrame;
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
 * What is to be published, and what was and is not answered. Nothing is sent twice: what was sent when the stream was
 * lost fails. Lives on the loop, except {@link #admit}.
 */
final class OutgoingMessages {
    private static final int FRAME_BYTES = 128 << 10;
    private static final int FRAME_MESSAGES = 1_024;

    private final SessionChannel channel;
    private final int callsMax;
    private final long bytesMax;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final Set<PublishCall> unsent = new LinkedHashSet<>();
    private final Map<Long, PublishCall> unanswered = new HashMap<>();
    private long lastId;

    OutgoingMessages(SessionChannel channel, int callsMax, long bytesMax) {
        this.channel = channel;
        this.callsMax = callsMax;
        this.bytesMax = bytesMax;
    }

    /**
     * Counts a call as pending; on any thread.
     *
     * @throws ThrottledException if too much is pending
     */
    void admit(PublishCall call) {
        int callsNow = calls.incrementAndGet();
        long bytesNow = bytes.addAndGet(call.bytes());
        if (callsNow > callsMax || (bytesNow > bytesMax && callsNow > 1)) {
            release(call);
            throw new ThrottledException(
                    "too much waits to be published in this client (" + (callsNow - 1) + " messages, "
                            + (bytesNow - call.bytes()) + " bytes); wait for answers before publishing more",
                    Duration.ZERO);
        }
    }

    private void release(PublishCall call) {
        calls.decrementAndGet();
        bytes.addAndGet(-call.bytes());
    }

    boolean isIdle() {
        return unsent.isEmpty() && unanswered.isEmpty();
    }

    void add(PublishCall call) {
        unsent.add(call);
    }

    /** Sends what the transport takes. */
    void flush(SideLink<TopicClientFrame> link) {
        while (link.isReady() && !unsent.isEmpty()) {
            TopicClientFrame.Builder frame = TopicClientFrame.newBuilder();
            List<PublishCall> told = new ArrayList<>();
            fill(frame, told);
            link.send(frame.build());
            told.forEach(call -> finish(call, () -> call.promise().succeed(0)));
        }
    }

    private void fill(TopicClientFrame.Builder frame, List<PublishCall> told) {
        long size = 0;
        Iterator<PublishCall> next = unsent.iterator();
        while (next.hasNext() && size < FRAME_BYTES && frame.getPublishCount() < FRAME_MESSAGES) {
            PublishCall call = next.next();
            next.remove();
            size += call.bytes();
            if (call.isCounted()) {
                frame.addPublish(call.sent(++lastId));
                unanswered.put(lastId, call);
            } else {
                frame.addPublish(call.sent(0));
                told.add(call);
            }
        }
    }

    void answered(MessagePublished answer) {
        PublishCall call = unanswered.get(answer.getId());
        if (call == null) {
            return; // Its caller has left.
        }
        if (answer.hasError()) {
            fail(call, Errors.of(answer.getError()));
        } else {
            finish(call, () -> call.promise().succeed(answer.getSessions()));
        }
    }

    void fail(PublishCall call, CoordinatorException why) {
        finish(call, () -> call.promise().fail(why));
    }

    /** Its caller waits no longer: it is not sent if it was not yet. */
    void leave(PublishCall call) {
        finish(call, () -> {});
    }

    private void finish(PublishCall call, Runnable telling) {
        if (call.end()) {
            channel.removeDeadline(call);
            unsent.remove(call);
            unanswered.remove(call.id());
            release(call);
            telling.run();
        }
    }

    /** The stream is lost: nobody knows what became of what was sent. */
    void lost(Supplier<CoordinatorException> why) {
        List.copyOf(unanswered.values()).forEach(call -> fail(call, why.get()));
    }

    /** There will be no stream any more. */
    void end(Supplier<CoordinatorException> why) {
        lost(why);
        List.copyOf(unsent).forEach(call -> fail(call, why.get()));
    }
}
