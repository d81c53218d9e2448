package io.coordinator.client.internal.topic;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicGap;
import io.coordinator.client.topic.TopicListener;
import io.coordinator.client.topic.TopicMessage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A user's handler, and who hears what becomes of it. */
record ListenerReceiver(TopicListener listener, SubscribeOptions options) implements Receiver {
    private static final Logger log = LoggerFactory.getLogger(ListenerReceiver.class);

    @Override
    public void onMessage(TopicMessage message) {
        listener.onMessage(message);
    }

    @Override
    public void onGap(TopicGap gap) {
        Consumer<TopicGap> hears = options.onGap();
        if (hears != null) {
            hears.accept(gap);
        }
    }

    @Override
    public void onFailure(Throwable thrown) {
        tell(thrown, "{} threw; it goes on with the next message");
    }

    @Override
    public void onEnd(CoordinatorException why) {
        // Whoever closes its client needs no warning of that.
        if (options.onError() != null || !(why instanceof ClosedException)) {
            tell(why, "The subscription of {} has ended");
        }
    }

    private void tell(Throwable thrown, String words) {
        @Nullable Consumer<Throwable> hears = options.onError();
        String name = "The handler " + listener.getClass().getName();
        if (hears == null) {
            Thrown.warn(log, words, name, thrown);
            return;
        }
        try {
            hears.accept(thrown);
        } catch (Throwable e) { // also what the compiler thinks cannot come
            Thrown.warn(log, "onError of {} threw", name, e);
        }
    }
}
