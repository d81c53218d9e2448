package io.coordinator.compat;

import static java.util.Objects.requireNonNull;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;

/**
 * The older libraries' calls over a connected client. It keeps nothing of its own: make one wherever it is needed. What
 * it gives ends with the client.
 *
 * <p>All of it works on what the client's own calls work on: a lock taken here is held for everybody.
 */
public final class Compat {
    private final CoordinatorClient client;

    private Compat(CoordinatorClient client) {
        this.client = client;
    }

    /**
     * The older libraries' calls over a client.
     *
     * @param client stays the caller's, who closes it
     */
    public static Compat of(CoordinatorClient client) {
        return new Compat(requireNonNull(client, "client"));
    }

    /**
     * A lock that refreshes itself, in the client's namespace. No round trip.
     *
     * @throws ValidationException if an option is bad; {@link ValidationException#errors()} names each (EL-ERR-1)
     */
    public ExclusiveLock exclusiveLock(ExclusiveLockOptions options) {
        return new RefreshedLock(client, options);
    }

    /** Locks and jobs as a callback queue has them. No round trip. */
    public CallbackQueue callbackQueue(CallbackQueueOptions options) {
        return new QueueLocks(client, options);
    }

    /** Functions under a lock, and locks with a ttl that nobody renews, in the client's namespace. No round trip. */
    public LockMethods lockMethods() {
        return new MethodLocks(client);
    }

    /**
     * Calls and messages between programs, in the client's namespace. No round trip. It knows what it has registered
     * and subscribed itself.
     */
    public Mesh mesh() {
        return new MeshCalls(client);
    }

    /**
     * Opens a document of the client's namespace, and creates it if there is none (DJ-MGR-2).
     *
     * @param id a {@linkplain io.coordinator.client name}
     * @throws ValidationException if the id is none, or the document exists as another kind
     * @throws PayloadTooLargeException if the initial content has more than 1 MiB as JSON
     */
    public DynamicJson dynamicJson(String id, OpenOptions options) {
        return new DynamicView(client.documents().open(id, options));
    }
}
