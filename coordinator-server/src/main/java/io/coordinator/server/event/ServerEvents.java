package io.coordinator.server.event;

import io.coordinator.server.session.SessionFollower;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands what happens on a node to its listener, on a thread of its own, so that nobody waits for it. */
public final class ServerEvents implements SessionFollower, AutoCloseable {
    /** Events that wait for a listener that is slow. */
    public static final int WAITING_MAX = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(ServerEvents.class);
    /** In one line of the log. */
    private static final int NAMED_MAX = 10;

    private final ServerListener listener;
    private final ThreadPoolExecutor thread;
    private final LongAdder reaped = new LongAdder();
    private final AtomicBoolean leftOut = new AtomicBoolean();

    public ServerEvents(ServerListener listener) {
        this.listener = listener;
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

    @Override
    public void leadershipLost() {}

    /** See {@link ServerListener#dropping}. */
    public void dropping(long sessionId) {
        LOG.debug("messages of topics are dropped for session {} from now on: its client is behind", sessionId);
        tell(each -> each.dropping(sessionId));
    }

    /** See {@link ServerListener#diverged}; its log entry is written where it was found out. */
    public void diverged(long index) {
        tell(each -> each.diverged(index));
    }

    /** See {@link ServerListener#persistFailed}; its log entry is written where it happened. */
    public void persistFailed(Throwable why) {
        tell(each -> each.persistFailed(why));
    }

    private void tell(Consumer<ServerListener> event) {
        if (listener == ServerListener.NONE) {
            return;
        }
        try {
            thread.execute(() -> run(event));
            leftOut.set(false);
        } catch (RejectedExecutionException e) {
            if (!thread.isShutdown() && leftOut.compareAndSet(false, true)) {
                LOG.warn("the listener {} is too slow, and hears nothing for a while", listener.getClass());
            }
        }
    }

    private void run(Consumer<ServerListener> event) {
        try {
            event.accept(listener);
        } catch (Throwable e) { // of user code, anything
            LOG.warn("the listener {} threw", listener.getClass(), e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
