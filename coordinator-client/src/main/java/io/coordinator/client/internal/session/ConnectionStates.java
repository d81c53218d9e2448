package io.coordinator.client.internal.session;

import io.coordinator.client.cluster.ConnectionListener;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.cluster.Registration;
import io.coordinator.client.internal.async.Thrown;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of the connection, and those who listen to it on an executor of their own. Changed on the loop, read
 * anywhere.
 */
public final class ConnectionStates {
    private static final Logger log = LoggerFactory.getLogger(ConnectionStates.class);

    private final List<ConnectionListener> listeners = new CopyOnWriteArrayList<>();
    private final Executor executor;
    private volatile ConnectionState state = ConnectionState.SUSPENDED;
    private boolean connectedBefore;

    public ConnectionStates(Executor executor) {
        this.executor = executor;
    }

    public ConnectionState state() {
        return state;
    }

    public Registration add(ConnectionListener listener) {
        return Registrations.add(listeners, listener);
    }

    void attached() {
        move(connectedBefore ? ConnectionState.RECONNECTED : ConnectionState.CONNECTED);
        connectedBefore = true;
    }

    /** Before the first connection there is nothing to be suspended. */
    void detached() {
        if (connectedBefore && state != ConnectionState.LOST) {
            move(ConnectionState.SUSPENDED);
        }
    }

    void lost() {
        move(ConnectionState.LOST);
    }

    void closed() {
        move(ConnectionState.CLOSED);
    }

    void replaced(long oldId, long newId) {
        tell(listener -> listener.sessionReplaced(oldId, newId));
    }

    void leader(String node, long term) {
        tell(listener -> listener.leaderChanged(node, term));
    }

    private void move(ConnectionState to) {
        ConnectionState from = state;
        if (from == to || from == ConnectionState.CLOSED) {
            return;
        }
        state = to;
        log.debug("Connection {} -> {}", from, to);
        tell(listener -> listener.stateChanged(from, to));
    }

    private void tell(Consumer<ConnectionListener> news) {
        if (listeners.isEmpty()) {
            return;
        }
        executor.execute(() -> listeners.forEach(listener -> {
            try {
                news.accept(listener);
            } catch (Throwable e) { // also what the compiler thinks cannot come
                Thrown.warn(
                        log,
                        "The connection listener {} threw",
                        listener.getClass().getName(),
                        e);
            }
        }));
    }
}
