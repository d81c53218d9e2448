package io.coordinator.client.internal.watch;

import io.coordinator.client.error.CompactedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.StreamWatcher;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.protocol.WatchUpdate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The watches of a client: put on each new stream from where they had come. Lives on the loop, except {@link #add}. */
public final class Watches implements StreamWatcher {
    private final SessionChannel channel;
    private final JsonCodec json;
    private final Executor callbacks;
    private final Map<Long, LiveSubscription> running = new LinkedHashMap<>();
    private final List<LiveSubscription> all = new ArrayList<>();
    private long lastId;
    private boolean attached;
    private @Nullable Supplier<CoordinatorException> ended;

    public Watches(SessionChannel channel, JsonCodec json, Executor callbacks) {
        this.channel = channel;
        this.json = json;
        this.callbacks = callbacks;
    }

    /**
     * Starts a watch, now or when there is a stream.
     *
     * @throws io.coordinator.client.error.ClosedException if the client is closed
     */
    public Subscription add(WatchOptions options, String namespace, WatchListener listener) {
        LiveSubscription watch = new LiveSubscription(
                this,
                options,
                namespace,
                listener,
                json,
                callbacks,
                Promises.on(callbacks).makeShared());
        channel.onLoop(() -> begin(watch), closed -> {
            throw closed;
        });
        return watch;
    }

    private void begin(LiveSubscription watch) {
        if (ended != null) {
            watch.fail(ended.get());
            return;
        }
        all.add(watch);
        start(watch);
    }

    /**
     * Puts a watch on the present stream, from where it has come; not while it is paused, or its changes would come
     * twice.
     */
    void start(LiveSubscription watch) {
        if (attached && !watch.isPaused() && all.contains(watch)) {
            long id = ++lastId;
            running.put(id, watch);
            channel.startWatch(watch.start(id));
        }
    }

    /** Takes a watch from the present stream; it may be started again. */
    void pause(LiveSubscription watch) {
        if (running.remove(watch.id(), watch)) {
            channel.stopWatch(watch.id());
        }
        watch.stopped();
    }

    /** Forgets a watch. */
    void remove(LiveSubscription watch) {
        pause(watch);
        all.remove(watch);
    }

    boolean isConnected() {
        return channel.isConnected();
    }

    /** Runs something on the loop. */
    void onLoop(Runnable task) {
        channel.loop().run(task);
    }

    @Override
    public void onAttached() {
        attached = true;
        running.clear();
        List.copyOf(all).forEach(this::start);
    }

    @Override
    public void onUpdate(WatchUpdate update) {
        LiveSubscription watch = running.get(update.getId());
        if (watch == null) {
            return; // stopped, but not yet in the node
        }
        if (update.hasEnded()) {
            running.remove(update.getId());
        }
        watch.onUpdate(update);
    }

    /** A watch would go on from a revision that comes again, with other changes, or that is never reached. */
    @Override
    public void onRestored(long revision) {
        running.clear();
        List<LiveSubscription> misled =
                all.stream().filter(LiveSubscription::hasPosition).toList();
        all.removeAll(misled);
        misled.forEach(watch -> watch.fail(new CompactedException(
                "the cluster was started from older copies of its disks; read the keys again and watch from the revision"
                        + " of that read",
                revision + 1)));
    }

    @Override
    public void onEnd(Supplier<CoordinatorException> why) {
        ended = why;
        running.clear();
        all.forEach(watch -> watch.fail(why.get()));
        all.clear();
    }
}
