package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A watch that goes on for the whole run: it begins anew when it was told that it missed something. */
final class Feed implements AutoCloseable {
    private static final long START_SECONDS = 60;

    private final CoordinatorClient client;
    private final WatchOptions options;
    private final Heard heard;
    private final LongSupplier newestUsed;
    private final Consumer<Violation> violations;
    private final LongAdder gaps = new LongAdder();
    private @Nullable Listener listener;
    private @Nullable Subscription subscription;

    /** @param newestUsed the number of the newest object in use */
    Feed(
            CoordinatorClient client,
            WatchOptions options,
            Heard heard,
            LongSupplier newestUsed,
            Consumer<Violation> violations) {
        this.client = client;
        this.options = options;
        this.heard = heard;
        this.newestUsed = newestUsed;
        this.violations = violations;
    }

    /** Hears every change from now on. */
    void start() throws Exception {
        subscribe(options).started().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    }

    /** Ends the watch, and goes on with a new one after the last change that this one heard. */
    synchronized void resume() {
        if (heard.lastRevision() == 0 || subscription == null) {
            return;
        }
        end();
        subscribe(options.fromRevision(heard.lastRevision() + 1));
    }

    /** How often the cluster said that it no longer had what this watch missed. */
    long gaps() {
        return gaps.sum();
    }

    @Override
    public void close() {
        end();
    }

    private synchronized Subscription subscribe(WatchOptions from) {
        Listener next = new Listener();
        listener = next;
        Subscription begun = client.watch(from, next);
        subscription = begun;
        return begun;
    }

    private synchronized void end() {
        listener = null;
        if (subscription != null) {
            subscription.close();
            subscription = null;
        }
    }

    private synchronized void beginAnew(Listener old) {
        if (listener == old) {
            gaps.increment();
            heard.isCompleteFrom(Long.MAX_VALUE);
            subscribe(options);
        }
    }

    private synchronized void add(Listener from, ChangeEvent event) {
        if (listener == from) {
            heard.add(event);
        }
    }

    private synchronized void ended(Listener from, CoordinatorException error) {
        if (listener == from) {
            violations.accept(new Violation("watch of " + options.key() + " ended: " + error, 1));
        }
    }

    /** Of one subscription; what a subscription tells after its end is not heard. */
    private final class Listener implements WatchListener {
        @Override
        public void onStarted(long revision) {
            if (gaps.sum() > 0) {
                heard.isCompleteFrom(newestUsed.getAsLong() + 2);
            }
        }

        @Override
        public void onChange(ChangeEvent event) {
            add(this, event);
        }

        @Override
        public void onCompacted(long oldestRevision) {
            beginAnew(this);
        }

        @Override
        public void onError(CoordinatorException error) {
            ended(this, error);
        }
    }
}
