package io.coordinator.compat;

import static java.util.Objects.requireNonNull;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicSubscription;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/** The handlers of a mesh: each is subscribed once to a channel, however often it is told to be (PM-PS-4). */
final class MeshTopics {
    private final CoordinatorClient client;
    private final ConcurrentMap<Key, Handled> subscriptions = new ConcurrentHashMap<>();
    /** Held during the round trip, or two calls for one handler would subscribe it twice. */
    private final ReentrantLock subscribing = new ReentrantLock();

    MeshTopics(CoordinatorClient client) {
        this.client = client;
    }

    /** A handler is itself alone, whatever its methods say. */
    private record Key(String channel, MeshHandler handler) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && channel.equals(key.channel) && handler == key.handler;
        }

        @Override
        public int hashCode() {
            return 31 * channel.hashCode() + System.identityHashCode(handler);
        }
    }

    /** A subscription that is forgotten when it is closed. */
    private final class Handled implements TopicSubscription {
        private final Key key;
        private final TopicSubscription subscription;

        Handled(Key key, TopicSubscription subscription) {
            this.key = key;
            this.subscription = subscription;
        }

        @Override
        public String pattern() {
            return subscription.pattern();
        }

        @Override
        public boolean isActive() {
            return subscription.isActive();
        }

        @Override
        public void close() {
            subscriptions.remove(key, this);
            subscription.close();
        }
    }

    TopicSubscription subscribe(String channel, MeshHandler handler, SubscribeOptions options) {
        Key key = new Key(requireNonNull(channel, "channel"), requireNonNull(handler, "handler"));
        requireNonNull(options, "options");
        subscribing.lock();
        try {
            Handled known = subscriptions.get(key);
            if (known != null && known.isActive()) {
                return known;
            }
            Handled made = new Handled(
                    key,
                    client.topics()
                            .subscribe(
                                    channel, message -> handler.onMessage(message.json(), message.topic()), options));
            subscriptions.put(key, made);
            return made;
        } finally {
            subscribing.unlock();
        }
    }

    boolean unsubscribe(String channel) {
        requireNonNull(channel, "channel");
        List<Handled> ended = subscriptions.values().stream()
                .filter(each -> each.pattern().equals(channel))
                .toList();
        boolean any = ended.stream().anyMatch(TopicSubscription::isActive);
        ended.forEach(TopicSubscription::close);
        return any;
    }
}
