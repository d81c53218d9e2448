package io.coordinator.client.internal.watch;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CompactedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription. Changes wait for a slow listener in the cluster, not here: when too many have piled up the watch is
 * stopped, and started again after the last one when the listener has caught up.
 */
final class LiveSubscription implements Subscription {
    private static final Logger log = LoggerFactory.getLogger(LiveSubscription.class);

    private static final int QUEUED_MAX = 4096;

    private final Watches watches;
    private final WatchOptions options;
    private final String namespace;
    private final WatchListener listener;
    private final JsonCodec json;
    private final SerialExecutor serial;
    private final Promise<Long> started;
    private final AtomicInteger queued = new AtomicInteger();
    private volatile boolean active = true;
    private volatile long lastHanded;
    /** On the present stream, or the last one; 0 while it is paused. Written on the loop. */
    private volatile long id;
    /** With which the listener has heard all that there was. */
    private volatile long caughtUpId = -1;

    // On the loop.
    private long received;
    private boolean positioned;
    private boolean paused;

    LiveSubscription(
            Watches watches,
            WatchOptions options,
            String namespace,
            WatchListener listener,
            JsonCodec json,
            Executor callbacks,
            Promise<Long> started) {
        this.watches = watches;
        this.options = options;
        this.namespace = namespace;
        this.listener = listener;
        this.json = json;
        this.serial = new SerialExecutor(callbacks, name());
        this.started = started;
    }

    // ---- what user code sees ----

    @Override
    public CompletionStage<Long> started() {
        return started;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public boolean isCurrent() {
        return active && caughtUpId == id && queued.get() == 0 && watches.isConnected();
    }

    @Override
    public long lastRevision() {
        return lastHanded;
    }

    @Override
    public void close() {
        active = false;
        watches.onLoop(() -> {
            watches.remove(this);
            started.fail(new ClosedException("the subscription was closed", false));
        });
    }

    // ---- on the loop ----

    long id() {
        return id;
    }

    /** Whether the listener has to catch up before changes are wanted again, on whatever stream. */
    boolean isPaused() {
        return paused;
    }

    /** Changes are not sent any more. */
    void stopped() {
        id = 0;
    }

    /** Whether it began, or is to begin, at a revision. */
    boolean hasPosition() {
        return positioned || options.fromRevision() > 0;
    }

    StartWatch start(long newId) {
        id = newId;
        return StartWatch.newBuilder()
                .setId(newId)
                .setData(DataKind.valueOf(options.data().name()))
                .setNamespace(namespace)
                .setKey(options.key())
                .setPrefix(options.prefix())
                .setFromRevision(positioned ? received + 1 : options.fromRevision())
                .build();
    }

    void onUpdate(WatchUpdate update) {
        if (update.getStarted()) {
            onStarted(update.getRevision());
        }
        if (update.getChangesCount() > 0) {
            onChanges(update.getChangesList());
        }
        if (update.getCaughtUp()) {
            onCaughtUp(update.getId(), update.getRevision());
        }
        if (update.hasEnded()) {
            onEnded(update.getEnded());
        }
    }

    private void onStarted(long revision) {
        if (!positioned) {
            positioned = true;
            received = Math.max(revision, options.fromRevision() - 1);
        }
        started.succeed(revision);
        tell(() -> {
            lastHanded = Math.max(lastHanded, revision);
            call(() -> listener.onStarted(revision));
        });
    }

    private void onChanges(List<Change> changes) {
        positioned = true;
        received = Math.max(received, changes.get(changes.size() - 1).getRevision());
        int waiting = queued.addAndGet(changes.size());
        tell(() -> hand(changes));
        if (waiting > QUEUED_MAX && !paused) {
            paused = true;
            watches.pause(this);
        }
    }

    /**
     * By the id under which it came: the changes with it may have paused the watch, which is current then no longer.
     */
    private void onCaughtUp(long caughtUp, long revision) {
        received = Math.max(received, revision);
        tell(() -> {
            lastHanded = Math.max(lastHanded, revision);
            call(() -> listener.onCaughtUp(revision));
            caughtUpId = caughtUp;
        });
    }

    private void onEnded(Error error) {
        if (error.getCode() == ErrorCode.ESLOWCONSUMER) {
            watches.start(this); // Nothing is missed: it goes on after what was received.
            return;
        }
        fail(Errors.of(error));
        watches.remove(this);
    }

    /** Ends for good; at once nobody may take it for current, though the listener hears of it later. */
    void fail(CoordinatorException why) {
        stopped();
        started.fail(why);
        tell(() -> {
            active = false;
            if (why instanceof CompactedException compacted) {
                call(() -> listener.onCompacted(compacted.oldestRevision()));
            } else {
                call(() -> listener.onError(why));
            }
        });
    }

    /** Ends for good; on the callback executor. */
    private void end(CoordinatorException why) {
        active = false;
        watches.onLoop(() -> watches.remove(this));
        call(() -> listener.onError(why));
    }

    private void resume() {
        watches.onLoop(() -> {
            if (paused && queued.get() == 0) {
                paused = false;
                watches.start(this);
            }
        });
    }

    // ---- on the callback executor ----

    private void tell(Runnable news) {
        serial.execute(() -> {
            if (active) {
                news.run();
            }
        });
    }

    private void hand(List<Change> changes) {
        for (Change change : changes) {
            if (active) {
                lastHanded = change.getRevision();
                hand(change);
            }
        }
        if (queued.addAndGet(-changes.size()) == 0) {
            resume();
        }
    }

    private void hand(Change change) {
        ChangeEvent event;
        try {
            event = ChangeMessages.event(change, options.data(), json);
        } catch (CoordinatorException e) {
            end(e); // Its listener must not believe that there was nothing.
            return;
        }
        call(() -> ChangeMessages.tell(listener, change, event));
    }

    /** Whatever the listener throws, it hears what comes after. */
    private void call(Runnable news) {
        try {
            news.run();
        } catch (Throwable e) { // also what the compiler thinks cannot come
            Thrown.warn(log, "{} threw; it goes on with the next change", name(), e);
        }
    }

    private String name() {
        return "The listener " + listener.getClass().getName() + " of " + options.data() + " " + options.key();
    }
}
