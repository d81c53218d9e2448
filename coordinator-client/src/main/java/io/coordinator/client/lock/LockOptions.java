package io.coordinator.client.lock;

import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.LockReentryException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Times;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How to acquire a lock. Immutable: each method returns a changed copy. */
public final class LockOptions {
    private static final LockOptions DEFAULTS = new LockOptions(null, null, false, null, true, null, false, "", false);

    private final @Nullable Duration ttl;
    private final @Nullable Duration wait;
    private final boolean waitForever;
    private final @Nullable Object contents;
    private final boolean autoRenew;
    private final @Nullable RenewalOptions renewal;
    private final boolean failIfLost;
    private final String owner;
    private final boolean reentrant;

    private LockOptions(
            @Nullable Duration ttl,
            @Nullable Duration wait,
            boolean waitForever,
            @Nullable Object contents,
            boolean autoRenew,
            @Nullable RenewalOptions renewal,
            boolean failIfLost,
            String owner,
            boolean reentrant) {
        this.ttl = ttl;
        this.wait = wait;
        this.waitForever = waitForever;
        this.contents = contents;
        this.autoRenew = autoRenew;
        this.renewal = renewal;
        this.failIfLost = failIfLost;
        this.owner = Text.prefix("owner", owner);
        this.reentrant = reentrant;
    }

    /** The defaults: a grant that is bound to the session, the usual wait of the method that is called, no contents. */
    public static LockOptions defaults() {
        return DEFAULTS;
    }

    /**
     * The grant ends after this time unless it is extended (PM-LOCK-3).
     *
     * @param ttl more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less
     */
    public LockOptions ttl(Duration ttl) {
        Arguments.positive("ttl", ttl);
        return new LockOptions(ttl, wait, waitForever, contents, autoRenew, renewal, failIfLost, owner, reentrant);
    }

    /** The grant lasts until it is released or the session ends: the default. */
    public LockOptions sessionBound() {
        return new LockOptions(null, wait, waitForever, contents, autoRenew, renewal, failIfLost, owner, reentrant);
    }

    /**
     * Waits in line for at most this long.
     *
     * @param wait 0 or less tries once; in milliseconds rounded up; over 146 years count as that
     */
    public LockOptions wait(Duration wait) {
        return new LockOptions(
                ttl, Times.wait(wait), false, contents, autoRenew, renewal, failIfLost, owner, reentrant);
    }

    /** Waits in line for as long as it takes. */
    public LockOptions waitForever() {
        return new LockOptions(ttl, null, true, contents, autoRenew, renewal, failIfLost, owner, reentrant);
    }

    /**
     * Any value that describes the holder, written as JSON when the lock is acquired; {@link DistributedLock#inspect()}
     * shows it.
     *
     * @param contents at most 1 MiB as JSON, or {@link PayloadTooLargeException}. Each lock of a {@link MultiLock}
     *     keeps them and all names, so there the sum of them, times the number of locks, is at most that much
     */
    public LockOptions contents(Object contents) {
        return new LockOptions(ttl, wait, waitForever, contents, autoRenew, renewal, failIfLost, owner, reentrant);
    }

    /**
     * Whether the SDK extends a grant with a ttl, every third of it unless {@link #renewal} says otherwise; true by
     * default.
     */
    public LockOptions autoRenew(boolean autoRenew) {
        return new LockOptions(ttl, wait, waitForever, contents, autoRenew, renewal, failIfLost, owner, reentrant);
    }

    /** Extends a grant with a ttl as these options say, and tells of it. A grant without a ttl is not renewed. */
    public LockOptions renewal(RenewalOptions how) {
        return new LockOptions(ttl, wait, waitForever, contents, true, how, failIfLost, owner, reentrant);
    }

    /**
     * Whether {@code withLock} throws {@link FencedException} if the grant was lost before the function ended; false by
     * default, but {@code withLock} without options does so.
     */
    public LockOptions failIfLost(boolean failIfLost) {
        return new LockOptions(ttl, wait, waitForever, contents, autoRenew, renewal, failIfLost, owner, reentrant);
    }

    /**
     * Who within this client asks; {@link DistributedLock#inspect()} shows it.
     *
     * @param owner a <a href="../package-summary.html#names">name</a>, or empty for none
     * @throws ValidationException if it has NUL or half of a surrogate pair
     */
    public LockOptions owner(String owner) {
        return new LockOptions(ttl, wait, waitForever, contents, autoRenew, renewal, failIfLost, owner, reentrant);
    }

    /**
     * Enters a live exclusive grant of the same client, owner and locks once more, instead of waiting for it
     * (PM-LOCK-7). Both acquires must say so. Each handle must be released; they share token, deadline and loss.
     *
     * @param owner who within this client asks: a task or a request, not necessarily a thread; a
     *     <a href="../package-summary.html#names">name</a>, or empty, which is an owner like others. A grant is entered
     *     at most 1,000 times more, or {@link LockReentryException}
     * @throws ValidationException if it has NUL or half of a surrogate pair
     */
    public LockOptions reentrant(String owner) {
        return new LockOptions(ttl, wait, waitForever, contents, autoRenew, renewal, failIfLost, owner, true);
    }

    /** How long a grant lasts, more than 0; empty for a grant bound to the session. */
    public Optional<Duration> ttl() {
        return Optional.ofNullable(ttl);
    }

    /** How long to wait; 0 tries once. Empty if none was set or if it is for ever. */
    public Optional<Duration> maxWait() {
        return Optional.ofNullable(wait);
    }

    /** True after {@link #waitForever()}. */
    public boolean waitsForever() {
        return waitForever;
    }

    /** Empty if none were set. */
    public Optional<Object> contents() {
        return Optional.ofNullable(contents);
    }

    /** See {@link #autoRenew(boolean)}. */
    public boolean autoRenew() {
        return autoRenew;
    }

    /** See {@link #renewal(RenewalOptions)}; empty if none were set. */
    public Optional<RenewalOptions> renewal() {
        return Optional.ofNullable(renewal);
    }

    /** See {@link #failIfLost(boolean)}. */
    public boolean failIfLost() {
        return failIfLost;
    }

    /** See {@link #owner(String)}; empty if none was set. */
    public String owner() {
        return owner;
    }

    /** True after {@link #reentrant(String)}. */
    public boolean reentrant() {
        return reentrant;
    }
}
