package io.coordinator.server.event;

import io.coordinator.server.session.SessionFollower;
import io.coordinator.server.snapshot.SnapshotObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what happens on a node to its listener, on a thread of its own, so that nobody waits for it. */
public final class ServerEvents implements SessionFollower, SnapshotObserver, AutoCloseable {
    /** Events that wait for a listener that is slow. */
    public static final int WAITING_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(ServerEvents.class);
    /** In one line of the log. */
    private static final int NAMED_MAX = 10;

    private static final long READY_POLL_MILLIS = 50;

    private final List<ServerListener> listeners;
    private final ThreadPoolExecutor thread;
    private final LongAdder reaped = new LongAdder();
    private final AtomicBoolean leftOut = new AtomicBoolean();
    private final AtomicBoolean leading = new AtomicBoolean();
    private final ScheduledExecutorService readiness = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "coordinator-readiness");
        made.setDaemon(true);
        return made;
    });

    public ServerEvents(List<ServerListener> listeners) {
        this.listeners =
                listeners.stream().filter(each -> each != ServerListener.NONE).toList();
        this.thread =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING_MAX), task -> {
                    Thread made = new Thread(task, "coordinator-events");
                    made.setDaemon(true);
                    return made;
                });
        thread.allowCoreThreadTimeOut(true);
    }

    /** Sessions that were ended since they were silent, by this node. */
    public long sessionsReaped() {
        return reaped.sum();
    }

    @Override
    public void attached(long sessionId) {
        tell(each -> each.connected(sessionId));
    }

    @Override
    public void detached(long sessionId) {
        tell(each -> each.disconnected(sessionId));
    }

    @Override
    public void ended(long sessionId) {}

    @Override
    public void reaped(List<Long> sessions) {
        reaped.add(sessions.size());
        LOG.info(
                "{} sessions were silent for longer than their leases and have ended with all that they held: {}{}",
                sessions.size(),
                sessions.subList(0, Math.min(NAMED_MAX, sessions.size())),
                sessions.size() > NAMED_MAX ? " and others" : "");
        sessions.forEach(session -> tell(each -> each.reaped(session)));
    }

    /** Streams have ended; whether this node led is told by {@link #leads}. */
    @Override
    public void leadershipLost() {}

    /** See {@link ServerListener#leadershipGained}. */
    public void leads(long term) {
        if (leading.compareAndSet(false, true)) {
            tell(each -> each.leadershipGained(term));
        }
    }

    /** See {@link ServerListener#leadershipLost}; not told if it was not told to lead. */
    public void leadsNoLonger() {
        if (leading.compareAndSet(true, false)) {
            tell(ServerListener::leadershipLost);
        }
    }

    /** Tells once when it is so; looks from time to time, on a thread that ends then. */
    public void tellWhenReady(BooleanSupplier ready) {
        if (listeners.isEmpty()) {
            return;
        }
        ScheduledExecutorService looking = readiness;
        var unused = looking.scheduleWithFixedDelay(
                () -> {
                    if (ready.getAsBoolean()) {
                        looking.shutdown();
                        tell(ServerListener::ready);
                    }
                },
                READY_POLL_MILLIS,
                READY_POLL_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** See {@link ServerListener#alarm}; its log entry is written where it happened. */
    public void alarm(ServerAlarm alarm, String what) {
        tell(each -> each.alarm(alarm, what));
    }

    /** See {@link ServerListener#snapshotTaken}. */
    @Override
    public void taken(long index) {
        tell(each -> each.snapshotTaken(index));
    }

    /** See {@link ServerListener#dropping}. */
    public void dropping(long sessionId) {
        LOG.debug("messages of topics are dropped for session {} from now on: its client is behind", sessionId);
        tell(each -> each.dropping(sessionId));
    }

    /** See {@link ServerListener#persistFailed}; its log entry is written where it happened. */
    @Override
    public void failed(Throwable why) {
        tell(each -> each.persistFailed(why));
    }

    private void tell(Consumer<ServerListener> event) {
        if (listeners.isEmpty()) {
            return;
        }
        try {
            thread.execute(() -> run(event));
            leftOut.set(false);
        } catch (RejectedExecutionException e) {
            if (!thread.isShutdown() && leftOut.compareAndSet(false, true)) {
                LOG.warn("the listeners {} are too slow, and hear nothing for a while", classes());
            }
        }
    }

    private void run(Consumer<ServerListener> event) {
        for (ServerListener listener : listeners) {
            try {
                event.accept(listener);
            } catch (Throwable e) { // of user code, anything
                LOG.warn("the listener {} threw", listener.getClass(), e);
            }
        }
    }

    private List<Class<?>> classes() {
        List<Class<?>> classes = new ArrayList<>();
        listeners.forEach(listener -> classes.add(listener.getClass()));
        return classes;
    }

    @Override
    public void close() {
        readiness.shutdownNow();
        thread.shutdownNow();
    }
}
