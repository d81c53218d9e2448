package io.coordinator.client.internal.near;

import io.coordinator.client.builds.L1Store;
import io.coordinator.client.internal.async.Thrown;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A store of the user's. One that throws is not used any more: it may have kept what it should have forgotten. */
final class UserStore implements L1Store {
    private static final Logger log = LoggerFactory.getLogger(UserStore.class);

    private final L1Store users;
    private final String namespace;
    private volatile boolean broken;

    UserStore(L1Store users, String namespace) {
        this.users = users;
        this.namespace = namespace;
    }

    @Override
    public @Nullable Object get(String key) {
        return contained(() -> {
            Object copy = users.get(key);
            if (copy != null && !(copy instanceof Copy)) {
                throw new IllegalStateException(
                        "it answered with a " + copy.getClass().getName() + ", which nobody has put there");
            }
            return copy;
        });
    }

    @Override
    public void put(String key, Object copy) {
        contained(() -> {
            users.put(key, copy);
            return null;
        });
    }

    @Override
    public void remove(String key) {
        contained(() -> {
            users.remove(key);
            return null;
        });
    }

    @Override
    public void clear() {
        contained(() -> {
            users.clear();
            return null;
        });
    }

    private @Nullable Object contained(Supplier<@Nullable Object> call) {
        if (broken) {
            return null;
        }
        try {
            return call.get();
        } catch (Throwable e) { // also what the compiler thinks cannot come
            broken = true;
            Thrown.warn(log, "The store of copies of {} threw; every call asks the cluster from now on", namespace, e);
            return null;
        }
    }
}
