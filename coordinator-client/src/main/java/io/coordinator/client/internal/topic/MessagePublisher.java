package io.coordinator.client.internal.topic;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Demand;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicGap;
import io.coordinator.client.topic.TopicMessage;
import io.coordinator.client.topic.TopicSubscription;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages for subscribers that say how many they want; what finds no room in a subscriber's buffer is dropped. */
record MessagePublisher(TopicCalls calls, TopicPattern pattern, SubscribeOptions options)
        implements Flow.Publisher<TopicMessage> {
    private static final Logger log = LoggerFactory.getLogger(MessagePublisher.class);

    @Override
    public void subscribe(Flow.Subscriber<? super TopicMessage> subscriber) {
        Delivery delivery = new Delivery(Objects.requireNonNull(subscriber, "subscriber"));
        delivery.serial.execute(delivery::begin);
    }

    /** One subscriber's. Its state changes on its serial executor only. */
    private final class Delivery implements Flow.Subscription, Receiver {
        private final Flow.Subscriber<? super TopicMessage> subscriber;
        private final SerialExecutor serial;
        private final LiveTopic topic;
        private final Queue<ReceivedMessage> waiting = new ArrayDeque<>();
        private long waitingBytes;
        private long dropped;
        private long wanted;
        private boolean ended;

        Delivery(Flow.Subscriber<? super TopicMessage> subscriber) {
            this.subscriber = subscriber;
            this.serial = calls.serial(options, "The subscriber " + name());
            this.topic = new LiveTopic(
                    calls.client(),
                    pattern,
                    options,
                    this,
                    serial,
                    Promises.direct().makeShared());
        }

        private String name() {
            return subscriber.getClass().getName();
        }

        void begin() {
            tell(() -> subscriber.onSubscribe(this));
            if (!ended) {
                Promises.<TopicSubscription>whenDone(topic.started(), (value, error) -> {
                    if (error != null) {
                        serial.execute(() -> fail(Thrown.cause(error)));
                    }
                });
                calls.client().subscribe(topic, Times.nanos(calls.calls().timeout()));
            }
        }

        /** A subscriber that throws has cancelled, by the rules of reactive streams. */
        private void tell(Runnable news) {
            try {
                news.run();
            } catch (Throwable e) { // also what the compiler thinks cannot come
                Thrown.warn(log, "The subscriber {} threw; its subscription is cancelled", name(), e);
                stop();
            }
        }

        private void stop() {
            ended = true;
            topic.close();
            waiting.clear();
        }

        private void fail(Throwable why) {
            if (!ended) {
                stop();
                tell(() -> subscriber.onError(why));
            }
        }

        @Override
        public void onMessage(TopicMessage message) {
            if (ended || !(message instanceof ReceivedMessage received)) {
                return;
            }
            if (!waiting.isEmpty() && waitingBytes + received.size() > options.bufferBytes()) {
                dropped++;
                return;
            }
            tellDropped();
            waiting.add(received);
            waitingBytes += received.size();
            deliver();
        }

        private void deliver() {
            while (wanted > 0 && !waiting.isEmpty() && !ended) {
                wanted = Demand.less(wanted);
                ReceivedMessage message = waiting.remove();
                waitingBytes -= message.size();
                tell(() -> subscriber.onNext(message));
            }
            if (waiting.isEmpty()) {
                tellDropped();
            }
        }

        private void tellDropped() {
            if (dropped > 0) {
                TopicGap gap = new TopicGap(TopicGap.Cause.SLOW_HANDLER, dropped);
                dropped = 0;
                onGap(gap);
            }
        }

        @Override
        public void onGap(TopicGap gap) {
            Consumer<TopicGap> hears = options.onGap();
            if (hears == null || ended) {
                return;
            }
            try {
                hears.accept(gap);
            } catch (Throwable e) { // also what the compiler thinks cannot come
                onFailure(e);
            }
        }

        @Override
        public void onFailure(Throwable thrown) {
            @Nullable Consumer<Throwable> hears = options.onError();
            if (hears == null) {
                Thrown.warn(log, "What hears for the subscriber {} threw", name(), thrown);
            } else {
                hears.accept(thrown);
            }
        }

        @Override
        public void onEnd(CoordinatorException why) {
            fail(why);
        }

        @Override
        public void request(long count) {
            serial.execute(() -> {
                if (count <= 0) {
                    fail(Demand.refused(count));
                } else if (!ended) {
                    wanted = Demand.add(wanted, count);
                    deliver();
                }
            });
        }

        @Override
        public void cancel() {
            serial.execute(this::stop);
        }
    }
}
