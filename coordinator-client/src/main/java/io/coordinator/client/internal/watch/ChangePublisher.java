package io.coordinator.client.internal.watch;

import io.coordinator.client.error.CompactedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Demand;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes for subscribers that say how many they want. What they do not want yet waits in the cluster: when too many
 * wait here, the watch is closed, and started again behind the last one when they have been taken.
 */
public final class ChangePublisher implements Flow.Publisher<ChangeEvent> {
    private static final Logger log = LoggerFactory.getLogger(ChangePublisher.class);

    private static final int WAITING_MAX = 1024;

    private final WatchOptions options;
    private final BiFunction<WatchOptions, WatchListener, Subscription> watches;
    private final Executor callbacks;

    public ChangePublisher(
            WatchOptions options, BiFunction<WatchOptions, WatchListener, Subscription> watches, Executor callbacks) {
        this.options = options;
        this.watches = watches;
        this.callbacks = callbacks;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ChangeEvent> subscriber) {
        Delivery delivery = new Delivery(subscriber);
        delivery.serial.execute(delivery::begin);
    }

    /** One subscriber's. Its state changes on its serial executor only. */
    private final class Delivery implements Flow.Subscription {
        private final Flow.Subscriber<? super ChangeEvent> subscriber;
        private final SerialExecutor serial;
        private final Queue<ChangeEvent> waiting = new ArrayDeque<>();
        private @Nullable Subscription watch;
        private long wanted;
        private long next = options.fromRevision();
        private boolean ended;
        private int run;

        Delivery(Flow.Subscriber<? super ChangeEvent> subscriber) {
            this.subscriber = subscriber;
            this.serial = new SerialExecutor(callbacks, "The subscriber " + name());
        }

        private String name() {
            return subscriber.getClass().getName();
        }

        void begin() {
            tell(() -> subscriber.onSubscribe(this));
            start();
        }

        private void start() {
            if (ended) {
                return;
            }
            int current = ++run;
            WatchOptions from = next == 0 ? options : options.fromRevision(next);
            try {
                watch = watches.apply(from, new Run(current));
            } catch (CoordinatorException e) { // The client was closed meanwhile.
                end(e);
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
            close();
            waiting.clear();
        }

        /** Events of a watch that was closed meanwhile are not wanted: the next one brings them again. */
        private final class Run implements WatchListener {
            private final int number;

            Run(int number) {
                this.number = number;
            }

            private void onSerial(Runnable news) {
                serial.execute(() -> {
                    if (number == run && !ended) {
                        news.run();
                    }
                });
            }

            @Override
            public void onStarted(long revision) {
                onSerial(() -> next = next == 0 ? revision + 1 : next);
            }

            @Override
            public void onChange(ChangeEvent event) {
                onSerial(() -> take(event));
            }

            @Override
            public void onCompacted(long oldestRevision) {
                onSerial(() -> end(new CompactedException(
                        "changes before revision " + oldestRevision
                                + " are no longer kept; read the state, and subscribe from its revision plus one",
                        oldestRevision)));
            }

            @Override
            public void onError(CoordinatorException error) {
                onSerial(() -> end(error));
            }
        }

        /** Never stops between two changes of one revision: the next watch begins with a whole one. */
        private void take(ChangeEvent event) {
            if (waiting.size() >= WAITING_MAX && event.revision() >= next) {
                close();
                return;
            }
            waiting.add(event);
            next = event.revision() + 1;
            deliver();
        }

        private void deliver() {
            while (wanted > 0 && !waiting.isEmpty() && !ended) {
                wanted = Demand.less(wanted);
                ChangeEvent event = waiting.remove();
                tell(() -> subscriber.onNext(event));
            }
            if (waiting.isEmpty() && watch == null) {
                start();
            }
        }

        private void close() {
            run++;
            Subscription current = watch;
            watch = null;
            if (current != null) {
                current.close();
            }
        }

        private void end(Throwable why) {
            if (!ended) {
                ended = true;
                close();
                tell(() -> subscriber.onError(why));
            }
        }

        @Override
        public void request(long count) {
            serial.execute(() -> {
                if (count <= 0) {
                    end(Demand.refused(count));
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
