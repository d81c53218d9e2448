package io.coordinator.client.internal.data;

import io.coordinator.client.cache.Entry;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.cache.CacheCalls;
import io.coordinator.client.internal.lock.ValueCalls;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.transaction.TransactionCalls;
import io.coordinator.client.option.Guard;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values under locks, in a namespace of the cache that users do not use otherwise.
 *
 * @param values for callers that wait
 * @param calls likewise, without a guard
 * @param guard of every write besides that of the lock, or null
 */
record LockedValues(
        CacheCalls values, Calls calls, @Nullable Guard guard) implements ValueCalls.Store {
    @Override
    public Promise<Optional<Entry>> get(String name) {
        return values.get(name);
    }

    @Override
    public Promise<Long> put(String name, Guard held, @Nullable Object value) {
        return guard == null
                ? values.guardedBy(held).put(name, value)
                : calls.promises().attempt(() -> put(name, held, value, calls.guardedBy(guard)));
    }

    /** A command has one guard; the other one is a condition. */
    private Promise<Long> put(String name, Guard held, @Nullable Object value, Calls guarded) {
        TransactionCalls transaction = new TransactionCalls(guarded, guarded, values.namespace());
        transaction.whenHeld(held).then(writes -> writes.put(name, value));
        return calls.promises().map(transaction.commitAsync(), done -> {
            if (!done.held()) {
                throw new FencedException(
                        "lock \"" + held.lock() + "\" in namespace \"" + held.namespace()
                                + "\" is not held with token " + held.token()
                                + ", so nothing was changed; stop, and acquire the lock again",
                        held.namespace(),
                        held.lock(),
                        held.token(),
                        0);
            }
            return done.revision();
        });
    }
}
