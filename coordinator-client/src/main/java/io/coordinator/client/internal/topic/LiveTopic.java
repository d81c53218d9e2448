package io.coordinator.client.internal.topic;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicGap;
import io.coordinator.client.topic.TopicSubscription;
import java.util.concurrent.atomic.AtomicLong;

/** One subscription: what came for it waits here, within bounds, until its receiver has dealt with what came before. */
final class LiveTopic implements TopicSubscription {
    private final TopicClient client;
    private final TopicPattern pattern;
    private final SubscribeOptions options;
    private final Receiver receiver;
    private final SerialExecutor serial;
    private final Promise<TopicSubscription> started;
    private final AtomicLong waitingBytes = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();
    private volatile boolean active = true;

    // On the loop.
    private boolean confirmed;
    private volatile boolean holding;

    /** @param serial where the receiver is called */
    LiveTopic(
            TopicClient client,
            TopicPattern pattern,
            SubscribeOptions options,
            Receiver receiver,
            SerialExecutor serial,
            Promise<TopicSubscription> started) {
        this.client = client;
        this.pattern = pattern;
        this.options = options;
        this.receiver = receiver;
        this.serial = serial;
        this.started = started;
    }

    // ---- what user code sees ----

    @Override
    public String pattern() {
        return pattern.toString();
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public void close() {
        active = false;
        client.onLoop(() -> client.remove(this));
    }

    // ---- on the loop ----

    TopicPattern matches() {
        return pattern;
    }

    Promise<TopicSubscription> started() {
        return started;
    }

    /** The leader has it on the present stream. */
    void confirmed() {
        if (confirmed) {
            tell(() -> receiver.onGap(new TopicGap(TopicGap.Cause.RECONNECTED, 0)));
        } else {
            confirmed = true;
            started.succeed(this, this::close);
        }
    }

    /** There will be nothing more. */
    void end(CoordinatorException why) {
        letGo();
        if (!confirmed) {
            active = false;
            started.fail(why);
            return;
        }
        serial.execute(() -> {
            boolean told = active;
            active = false;
            if (told) {
                receiver.onEnd(why);
            }
        });
    }

    void offer(ReceivedMessage message) {
        if (!active) {
            return;
        }
        long before = waitingBytes.get();
        boolean isFull = before > 0 && before + message.size() > options.bufferBytes();
        if (isFull && !options.holdsStream()) {
            drop();
            return;
        }
        waitingBytes.addAndGet(message.size());
        serial.execute(() -> hand(message));
        if (isFull && !holding) {
            holding = true;
            client.hold(this);
            // It may have dealt with everything meanwhile.
            releaseIfRoom();
        }
    }

    /** Told in its place: behind what waits now. */
    private void drop() {
        if (dropped.getAndIncrement() == 0) {
            tell(() -> receiver.onGap(new TopicGap(TopicGap.Cause.SLOW_HANDLER, dropped.getAndSet(0))));
        }
    }

    /** The cluster has dropped messages of this client, perhaps some of these. */
    void droppedInCluster(long messages) {
        tell(() -> receiver.onGap(new TopicGap(TopicGap.Cause.SLOW_CLIENT, messages)));
    }

    /** Does not hold the stream any more. */
    void letGo() {
        if (holding) {
            holding = false;
            client.release(this);
        }
    }

    // ---- where the receiver is called ----

    private void hand(ReceivedMessage message) {
        try {
            call(() -> receiver.onMessage(message));
        } finally {
            waitingBytes.addAndGet(-message.size());
            releaseIfRoom();
        }
    }

    private void releaseIfRoom() {
        if (holding && waitingBytes.get() <= options.bufferBytes() / 2) {
            client.onLoop(this::letGo);
        }
    }

    private void tell(Runnable news) {
        serial.execute(() -> call(news));
    }

    private void call(Runnable news) {
        if (!active) {
            return;
        }
        try {
            news.run();
        } catch (Throwable e) { // also what the compiler thinks cannot come
            receiver.onFailure(e);
        }
    }
}
