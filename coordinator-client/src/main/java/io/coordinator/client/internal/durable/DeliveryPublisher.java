package io.coordinator.client.internal.durable;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Demand;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.work.ClientSide;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.Delivery;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The messages of a group for subscribers that say how many they want; each is a member of its own. */
final class DeliveryPublisher implements Flow.Publisher<Delivery> {
    private static final Logger log = LoggerFactory.getLogger(DeliveryPublisher.class);

    private final Calls calls;
    private final ClientSide side;
    private final GroupTarget target;
    private final ConsumeOptions options;

    DeliveryPublisher(Calls calls, ClientSide side, GroupTarget target, ConsumeOptions options) {
        this.calls = calls;
        this.side = side;
        this.target = target;
        this.options = Objects.requireNonNull(options, "options");
    }

    @Override
    public void subscribe(Flow.Subscriber<? super Delivery> subscriber) {
        new Taking(Objects.requireNonNull(subscriber, "subscriber")).begin();
    }

    /** One subscriber's. Its state changes on its serial executor. */
    private final class Taking implements GroupMember.Sink, Flow.Subscription {
        private final String name;
        /** Null when it has cancelled or heard the end: what it has not settled yet must not hold it (rule 3.13). */
        private volatile Flow.@Nullable Subscriber<? super Delivery> subscriber;

        private final SerialExecutor serial;
        private final GroupMember member;
        private final Queue<LeasedDelivery> waiting = new ArrayDeque<>();
        private long wanted;
        private volatile boolean ended;

        Taking(Flow.Subscriber<? super Delivery> subscriber) {
            this.subscriber = subscriber;
            name = subscriber.getClass().getName();
            serial = new SerialExecutor(side.callbacks(), "The subscriber " + name);
            member = new GroupMember(calls, side, target, options, this);
        }

        void begin() {
            serial.execute(() -> {
                tell(subscriber, hears -> hears.onSubscribe(this));
                if (!ended) {
                    member.join();
                }
            });
        }

        @Override
        public void onJoined() {
            serial.execute(options.listener()::onJoined);
        }

        @Override
        public void onLost() {
            serial.execute(() -> {
                waiting.clear();
                options.listener().onLost();
            });
        }

        @Override
        public void onTurn(long token) {
            serial.execute(() -> options.listener().onTurn(token));
        }

        @Override
        public void onDelivered(List<LeasedDelivery> deliveries) {
            serial.execute(() -> {
                if (ended) {
                    deliveries.forEach(LeasedDelivery::giveBack);
                    return;
                }
                waiting.addAll(deliveries);
                deliver();
            });
        }

        @Override
        public void onEnd(CoordinatorException why) {
            serial.execute(() -> end(why));
        }

        private void end(Throwable why) {
            if (!ended) {
                var hears = subscriber;
                stop();
                tell(hears, last -> last.onError(why));
            }
        }

        private void stop() {
            ended = true;
            subscriber = null;
            waiting.forEach(LeasedDelivery::giveBack);
            waiting.clear();
            member.drain();
        }

        private void deliver() {
            while (wanted > 0 && !waiting.isEmpty() && !ended) {
                LeasedDelivery delivery = waiting.remove();
                if (delivery.isOpen()) {
                    wanted = Demand.less(wanted);
                    delivery.handlingBegins();
                    tell(subscriber, hears -> hears.onNext(delivery));
                }
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
            ended = true;
            serial.execute(this::stop);
        }

        /** A subscriber that throws has cancelled, by the rules of reactive streams. */
        private void tell(
                Flow.@Nullable Subscriber<? super Delivery> hears, Consumer<Flow.Subscriber<? super Delivery>> news) {
            try {
                if (hears != null) {
                    news.accept(hears);
                }
            } catch (Throwable e) { // also what the compiler thinks cannot come
                Thrown.warn(log, "The subscriber {} threw; its subscription is cancelled", name, e);
                if (!ended) {
                    stop();
                }
            }
        }
    }
}
