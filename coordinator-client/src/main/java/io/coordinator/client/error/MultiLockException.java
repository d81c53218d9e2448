package io.coordinator.client.error;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A set of locks was not acquired, not extended, or not wholly held when it was released. Nothing of the set is held
 * any more; {@link #errors()} tells which locks were the cause (DL-MULTI-4, DL-MULTI-5). To go on, acquire the set
 * anew.
 */
public final class MultiLockException extends ContentionException {
    private final transient Map<String, CoordinatorException> errors;

    public MultiLockException(String message, Map<String, CoordinatorException> errors) {
        super(ErrorCode.EMULTILOCK, true, false, message, null);
        this.errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
        errors.values().forEach(this::addSuppressed);
    }

    /**
     * The set could not be had because of these locks.
     *
     * @param names of these locks, as they were given
     * @param advice what to do about it
     */
    public static MultiLockException notAcquired(List<String> names, String advice) {
        return of(
                "could not acquire " + names + "; nothing is held, " + advice,
                names,
                name -> new LockAcquisitionException("Could not acquire lock on \"" + name + "\""));
    }

    /**
     * The set could not be extended because these locks are gone; in the words of the cluster.
     *
     * @param names of these locks; empty if the cluster named none
     */
    public static MultiLockException notExtended(String message, List<String> names) {
        return of(message, names, name -> new LockExtendException("Lock on \"" + name + "\" had expired"));
    }

    /** Some locks of a set were gone before the set was released. */
    public static MultiLockException released(ReleaseReport report) {
        return of(
                "the grants of " + report.gone() + " were gone before the set was released",
                report.gone(),
                name -> new LockReleaseException("Lock on \"" + name + "\" had expired"));
    }

    private static MultiLockException of(
            String message, List<String> names, Function<String, CoordinatorException> error) {
        Map<String, CoordinatorException> errors = new LinkedHashMap<>();
        names.forEach(name -> errors.put(name, error.apply(name)));
        return new MultiLockException(message, errors);
    }

    /** What was wrong with each lock that was the cause; never empty unless the cluster named none. */
    public Map<String, CoordinatorException> errors() {
        return errors;
    }

    /** The locks that were the cause. */
    public List<String> locks() {
        return List.copyOf(errors.keySet());
    }
}
