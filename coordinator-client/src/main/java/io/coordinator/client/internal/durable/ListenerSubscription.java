package io.coordinator.client.internal.durable;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.work.ClientSide;
import io.coordinator.client.topic.RecordGap;
import io.coordinator.client.topic.RecordListener;
import io.coordinator.client.topic.RecordSubscription;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.TopicRecord;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A subscription with a listener, which gets what it can handle. */
final class ListenerSubscription implements RecordSubscription, RecordFeed.Sink {
    private static final Logger log = LoggerFactory.getLogger(ListenerSubscription.class);

    private final RecordListener listener;
    private final String name;
    private final RecordFeed feed;
    private final Promise<Long> started;

    ListenerSubscription(Calls calls, ClientSide side, TopicTarget target, StartAt start, RecordListener listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
        name = "The listener " + listener.getClass().getName() + " of " + target;
        feed = new RecordFeed(calls, side, target, start, this, new SerialExecutor(side.callbacks(), name));
        started = feed.started();
    }

    ListenerSubscription begin() {
        feed.request(Long.MAX_VALUE);
        return this;
    }

    @Override
    public CompletionStage<Long> started() {
        return started;
    }

    @Override
    public boolean isActive() {
        return !feed.hasEnded();
    }

    @Override
    public long nextOffset() {
        return feed.nextOffset();
    }

    @Override
    public void close() {
        feed.close();
        started.fail(new ClosedException("the subscription was closed", false));
    }

    @Override
    public void onRecord(TopicRecord message) {
        call(() -> listener.onRecord(message));
    }

    @Override
    public void onGap(RecordGap gap) {
        call(() -> listener.onGap(gap));
    }

    @Override
    public void onEnd(CoordinatorException why) {
        call(() -> listener.onError(why));
    }

    /** Whatever the listener throws, it hears what comes after. */
    private void call(Runnable news) {
        try {
            news.run();
        } catch (Throwable e) { // also what the compiler thinks cannot come
            Thrown.warn(log, "{} threw; it goes on with the next message", name, e);
        }
    }
}
