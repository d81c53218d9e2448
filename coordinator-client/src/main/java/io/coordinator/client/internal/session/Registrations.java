package io.coordinator.client.internal.session;

import static java.util.Objects.requireNonNull;

import io.coordinator.client.cluster.Registration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;

/** Places of listeners in a list. */
final class Registrations {
    private Registrations() {}

    /** Adds a listener; one that is added twice has two places, of which each registration removes its own. */
    static <L> Registration add(Collection<L> listeners, L listener) {
        listeners.add(requireNonNull(listener, "listener"));
        AtomicBoolean closed = new AtomicBoolean();
        return () -> {
            if (closed.compareAndSet(false, true)) {
                listeners.remove(listener);
            }
        };
    }
}
