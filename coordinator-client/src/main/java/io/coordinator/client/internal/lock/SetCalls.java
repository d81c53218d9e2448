package io.coordinator.client.internal.lock;

import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.lock.AsyncMultiLock;
import io.coordinator.client.lock.LockMode;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.MultiLockHandle;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A set of locks, as messages. */
public final class SetCalls implements AsyncMultiLock {
    private final Calls calls;
    private final Acquirer acquirer;
    private final LockTarget target;

    /**
     * A set of locks.
     *
     * @param names nulls and empty ones are dropped, and duplicates removed
     * @throws ValidationException if none is left
     */
    public SetCalls(Calls calls, UserSide user, String namespace, Collection<String> names) {
        List<String> distinct = names.stream()
                .filter(name -> name != null && !name.isBlank())
                .distinct()
                .map(name -> Calls.checkName("name", name))
                .toList();
        if (distinct.isEmpty()) {
            throw new ValidationException("at least 1 action must be supplied");
        }
        this.calls = calls;
        this.acquirer = new Acquirer(calls, user);
        this.target = new LockTarget(Calls.checkName("namespace", namespace), distinct);
    }

    @Override
    public String namespace() {
        return target.namespace();
    }

    @Override
    public List<String> names() {
        return target.names();
    }

    @Override
    public Promise<Optional<MultiLockHandle>> tryAcquire() {
        return tryAcquire(LockOptions.defaults());
    }

    @Override
    public Promise<Optional<MultiLockHandle>> tryAcquire(LockOptions options) {
        Terms terms = Terms.of(options, 0, acquirer.user().callbacks());
        return acquirer.tryAcquire(
                target,
                terms,
                () -> LockCalls.request(calls, target, LockMode.EXCLUSIVE, options, terms),
                HeldSet::new);
    }

    @Override
    public Promise<MultiLockHandle> acquire() {
        return acquire(LockOptions.defaults());
    }

    @Override
    public Promise<MultiLockHandle> acquire(LockOptions options) {
        Terms terms = Terms.of(options, Terms.FOR_EVER, acquirer.user().callbacks());
        return acquirer.acquire(
                target,
                terms,
                () -> LockCalls.request(calls, target, LockMode.EXCLUSIVE, options, terms),
                HeldSet::new,
                () -> MultiLockException.notAcquired(target.names(), LockCalls.advice(calls, target)));
    }
}
