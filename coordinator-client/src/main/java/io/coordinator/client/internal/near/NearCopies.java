package io.coordinator.client.internal.near;

import io.coordinator.client.builds.L1Options;
import io.coordinator.client.builds.L1Store;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the results of one namespace, held only while a watch tells of every change of them (JC-L1-*).
 *
 * <p>A fetch answers what a key was at some revision; news of a later change may have come before the answer. So the
 * revisions of recent news are kept by key, and a fetched value is held only if there has been none after it. Of news
 * that are forgotten only the latest revision is known: a fetch that was answered before that is not held, whatever its
 * key.
 */
public final class NearCopies<V> implements WatchListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NearCopies.class);
    private static final int NEWS_MAX = 10_000;

    private final String namespace;
    private final L1Store store;
    private final Executor offers;
    private final BiFunction<WatchOptions, WatchListener, Subscription> watches;
    private volatile Subscription watch;
    private volatile boolean closed;

    // Guarded by this.
    private final Map<String, Long> news = new LinkedHashMap<>();
    private long forgottenNews = Long.MAX_VALUE;
    private boolean resync = true;

    /** What copies need of their client. */
    public record Surroundings(
            Loop loop, Executor callbacks, BiFunction<WatchOptions, WatchListener, Subscription> watches) {}

    public NearCopies(String namespace, L1Options options, Surroundings surroundings) {
        this.namespace = namespace;
        this.watches = surroundings.watches();
        if (options.store().isPresent()) {
            store = new UserStore(options.store().get(), namespace);
            offers = surroundings.callbacks(); // A user's store is user code: not on the loop.
        } else {
            CaffeineStore builtIn = new CaffeineStore(options.maxEntries());
            store = builtIn;
            offers = Runnable::run;
            purge(builtIn, surroundings.loop(), Times.nanos(options.purgeInterval()));
        }
        watch = follow();
    }

    private void purge(CaffeineStore builtIn, Loop loop, long intervalNanos) {
        loop.execute(() -> {
            if (!closed) {
                builtIn.purge(System.nanoTime());
                Loop.Timer unused = loop.schedule(() -> purge(builtIn, loop, intervalNanos), intervalNanos);
            }
        });
    }

    private Subscription follow() {
        return watches.apply(WatchOptions.buildPrefix("").namespace(namespace), this);
    }

    // ---- for callers ----

    /** The copy of a key; null if there is none that may be used now. */
    @SuppressWarnings("unchecked") // nothing else is put
    public @Nullable Copy<V> get(String key) {
        if (!watch.isCurrent()) {
            return null;
        }
        Copy<V> copy = (Copy<V>) store.get(key);
        return copy == null || copy.isPast(System.nanoTime()) ? null : copy;
    }

    /**
     * Holds what was fetched, unless it may be stale by now.
     *
     * @param asOf the revision of the state that had it
     */
    public void offer(String key, Copy<V> copy, long asOf) {
        offers.execute(() -> hold(key, copy, asOf));
    }

    private void hold(String key, Copy<V> copy, long asOf) {
        synchronized (this) {
            if (!closed && asOf >= forgottenNews && asOf >= news.getOrDefault(key, 0L)) {
                store.put(key, copy);
            }
        }
    }

    /** This client has changed the key itself. */
    public void invalidate(String key) {
        synchronized (this) {
            store.remove(key);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            watch.close();
            store.clear();
        }
    }

    // ---- news ----

    @Override
    public void onChange(ChangeEvent event) {
        switch (event.kind()) {
            case STARTED, PROGRESS, FAILED, LOST -> {} // The result is what it was.
            default -> changed(event.key(), event.revision());
        }
    }

    private synchronized void changed(String key, long revision) {
        news.remove(key);
        news.put(key, revision);
        if (news.size() > NEWS_MAX) {
            var oldest = news.entrySet().iterator();
            forgottenNews = oldest.next().getValue();
            oldest.remove();
        }
        Object copy = store.get(key);
        if (copy instanceof Copy<?> held && held.revision() < revision) {
            store.remove(key);
        }
    }

    /** Of what was changed before there is no news; so only what is fetched from now on can be held. */
    @Override
    public synchronized void onCaughtUp(long revision) {
        if (resync) {
            resync = false;
            forgottenNews = revision;
        }
    }

    @Override
    public void onCompacted(long oldestRevision) {
        synchronized (this) {
            store.clear();
            news.clear();
            forgottenNews = Long.MAX_VALUE;
            resync = true;
        }
        synchronized (this) {
            if (!closed) {
                watch = follow();
            }
        }
    }

    @Override
    public void onError(CoordinatorException error) {
        if (!closed && !(error instanceof ClosedException)) {
            log.warn("Copies of {} are not used any more: their watch has ended", namespace, error);
        }
    }
}
