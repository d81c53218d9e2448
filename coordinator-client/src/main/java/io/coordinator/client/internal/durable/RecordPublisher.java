package io.coordinator.client.internal.durable;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Demand;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.work.ClientSide;
import io.coordinator.client.topic.RecordGap;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.TopicRecord;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages for subscribers that say how many they want. */
final class RecordPublisher implements Flow.Publisher<TopicRecord> {
    private static final Logger log = LoggerFactory.getLogger(RecordPublisher.class);

    private final Calls calls;
    private final ClientSide side;
    private final TopicTarget target;
    private final StartAt start;

    RecordPublisher(Calls calls, ClientSide side, TopicTarget target, StartAt start) {
        this.calls = calls;
        this.side = side;
        this.target = target;
        this.start = Objects.requireNonNull(start, "start");
    }

    @Override
    public void subscribe(Flow.Subscriber<? super TopicRecord> subscriber) {
        new Subscriber(Objects.requireNonNull(subscriber, "subscriber")).begin();
    }

    /** One subscriber's. */
    private final class Subscriber implements RecordFeed.Sink, Flow.Subscription {
        private final Flow.Subscriber<? super TopicRecord> subscriber;
        private final SerialExecutor serial;
        private final RecordFeed feed;
        private volatile boolean ended;

        Subscriber(Flow.Subscriber<? super TopicRecord> subscriber) {
            this.subscriber = subscriber;
            serial = new SerialExecutor(
                    side.callbacks(), "The subscriber " + subscriber.getClass().getName());
            feed = new RecordFeed(calls, side, target, start, this, serial);
        }

        void begin() {
            serial.execute(() -> tell(() -> subscriber.onSubscribe(this)));
            feed.open();
        }

        @Override
        public void onRecord(TopicRecord message) {
            tell(() -> subscriber.onNext(message));
        }

        /** The next message tells of it. */
        @Override
        public void onGap(RecordGap gap) {}

        @Override
        public void onEnd(CoordinatorException why) {
            end(why);
        }

        private void end(Throwable why) {
            if (!ended) {
                ended = true;
                tell(() -> subscriber.onError(why));
            }
        }

        @Override
        public void request(long count) {
            if (count > 0) {
                feed.request(count);
                return;
            }
            serial.execute(() -> {
                feed.close();
                end(Demand.refused(count));
            });
        }

        @Override
        public void cancel() {
            ended = true;
            feed.close();
        }

        /** A subscriber that throws has cancelled, by the rules of reactive streams. */
        private void tell(Runnable news) {
            try {
                news.run();
            } catch (Throwable e) { // also what the compiler thinks cannot come
                Thrown.warn(
                        log,
                        "The subscriber {} threw; its subscription is cancelled",
                        subscriber.getClass().getName(),
                        e);
                ended = true;
                feed.close();
            }
        }
    }
}
