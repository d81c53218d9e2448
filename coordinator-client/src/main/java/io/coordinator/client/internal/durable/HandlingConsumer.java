package io.coordinator.client.internal.durable;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Refusable;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.work.ClientSide;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.DeliveryHandler;
import io.coordinator.client.topic.GroupConsumer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member that has a function called with each message. What is not said otherwise lives on the loop. */
final class HandlingConsumer implements GroupConsumer, GroupMember.Sink {
    private static final Logger log = LoggerFactory.getLogger(HandlingConsumer.class);

    private static final long REFUSED_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration RETRY_MAX = Duration.ofMinutes(1);

    private final GroupTarget target;
    private final DeliveryHandler handler;
    private final ConsumeOptions options;
    private final Executor worker;
    private final SerialExecutor listeners;
    private final Loop loop;
    private final GroupMember member;
    private final Promise<Boolean> joined;
    private final Promise<Boolean> closed;
    private final Promises promises;
    private final Duration closeTimeout;
    private final ArrayDeque<LeasedDelivery> waiting = new ArrayDeque<>();
    private final Set<String> busyKeys = new HashSet<>();
    private int running;
    private boolean paused;
    private boolean closing;
    private boolean left;
    private volatile boolean active = true;

    HandlingConsumer(
            Calls calls, ClientSide side, GroupTarget target, DeliveryHandler handler, ConsumeOptions options) {
        this.target = target;
        this.handler = handler;
        this.options = Objects.requireNonNull(options, "options");
        this.worker = side.executor(options.executor());
        this.listeners = new SerialExecutor(side.callbacks(), "The listener of " + target);
        this.loop = calls.channel().loop();
        this.member = new GroupMember(calls, side, target, options, this);
        this.promises = side.promises();
        this.joined = promises.makeShared();
        this.closed = promises.makeShared();
        this.closeTimeout = Duration.ofMillis(
                Math.min(Times.MILLIS_MAX, Times.millis(options.drainMax()) + Times.millis(calls.timeout())));
    }

    HandlingConsumer begin() {
        member.join();
        return this;
    }

    // ---- for users, on any thread ----

    @Override
    public CompletionStage<@Nullable Void> started() {
        return promises.map(joined, ok -> null);
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public void close() {
        Await.closing(begunClosing(), closeTimeout);
    }

    @Override
    public CompletionStage<@Nullable Void> closeAsync() {
        return promises.map(begunClosing(), ok -> null);
    }

    private Promise<Boolean> begunClosing() {
        active = false;
        if (!loop.tryRun(this::drain)) {
            closed.succeed(true);
        }
        return closed;
    }

    // ---- the end ----

    private void drain() {
        if (closing) {
            return;
        }
        closing = true;
        joined.fail(new io.coordinator.client.error.ClosedException("the consumer was closed", false));
        waiting.forEach(LeasedDelivery::giveBack);
        waiting.clear();
        member.drain();
        // The cluster may be silent; then others get what is left when the session has ended.
        var limit = loop.schedule(() -> closed.succeed(true), Times.nanos(closeTimeout));
        var unused = closed.whenComplete((value, error) -> limit.cancel());
        if (running == 0) {
            left();
        } else {
            loop.schedule(this::left, Times.nanos(options.drainMax()));
        }
    }

    private void left() {
        if (!left) {
            left = true;
            member.leave(() -> closed.succeed(true));
        }
    }

    // ---- the member ----

    @Override
    public void onJoined() {
        joined.succeed(true);
        listeners.execute(options.listener()::onJoined);
    }

    @Override
    public void onLost() {
        waiting.clear();
        listeners.execute(options.listener()::onLost);
    }

    @Override
    public void onTurn(long token) {
        listeners.execute(() -> options.listener().onTurn(token));
    }

    @Override
    public void onDelivered(List<LeasedDelivery> deliveries) {
        waiting.addAll(deliveries);
        pump();
    }

    @Override
    public void onEnd(CoordinatorException why) {
        active = false;
        waiting.clear();
        joined.fail(why);
        closed.succeed(true);
        listeners.execute(() -> options.listener().onEnd(why));
    }

    // ---- handling ----

    private void pump() {
        while (running < options.concurrency() && !paused) {
            LeasedDelivery next = takeNext();
            if (next == null) {
                return;
            }
            begin(next);
        }
    }

    /** The first one whose key is not being handled; what is lost by now is left out. */
    private @Nullable LeasedDelivery takeNext() {
        for (Iterator<LeasedDelivery> each = waiting.iterator(); each.hasNext(); ) {
            LeasedDelivery delivery = each.next();
            if (!delivery.isOpen()) {
                each.remove();
            } else if (delivery.key().isEmpty() || !busyKeys.contains(delivery.key())) {
                each.remove();
                return delivery;
            }
        }
        return null;
    }

    private void begin(LeasedDelivery delivery) {
        running++;
        busyKeys.add(delivery.key());
        worker.execute(Refusable.of(
                () -> {
                    try {
                        handle(delivery);
                    } finally {
                        loop.execute(() -> finished(delivery));
                    }
                },
                why -> loop.execute(() -> refused(delivery, why))));
    }

    /** On the worker. */
    private void handle(LeasedDelivery delivery) {
        if (!delivery.isOpen()) {
            return;
        }
        delivery.handlingBegins();
        try {
            handler.handle(delivery);
        } catch (Throwable e) { // whatever it is, the message is delivered again
            failed(delivery, e);
            return;
        }
        if (!delivery.isSettled()) {
            var unused = delivery.acknowledge();
        }
    }

    private void failed(LeasedDelivery delivery, Throwable failure) {
        Thrown.warn(log, "The handler of {} failed with offset {}", target, delivery.offset(), failure);
        listeners.execute(() -> options.listener().onFailure(delivery, failure));
        if (!delivery.isSettled()) {
            var unused = delivery.reject(pause(delivery.attempt()), Thrown.text(failure));
        }
    }

    /** Twice as long with each attempt. */
    private Duration pause(int attempt) {
        long first = Times.millis(options.retryDelay());
        int doublings = Math.min(attempt - 1, Long.SIZE - 2);
        long most = Math.max(first, RETRY_MAX.toMillis());
        return Duration.ofMillis(doublings > 0 && first > most >> doublings ? most : first << Math.max(0, doublings));
    }

    private void finished(LeasedDelivery delivery) {
        running--;
        busyKeys.remove(delivery.key());
        if (closing && running == 0) {
            left();
        } else if (!closing) {
            pump();
        }
    }

    /** The executor has no room: it is asked again a little later. */
    private void refused(LeasedDelivery delivery, CoordinatorException why) {
        running--;
        busyKeys.remove(delivery.key());
        listeners.execute(() -> options.listener().onFailure(delivery, why));
        if (closing) {
            var unused = delivery.handBack();
            return;
        }
        waiting.addFirst(delivery);
        paused = true;
        var unused = loop.schedule(
                () -> {
                    paused = false;
                    pump();
                },
                REFUSED_PAUSE_NANOS);
    }
}
