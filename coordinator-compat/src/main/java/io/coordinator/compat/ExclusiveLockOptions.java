package io.coordinator.compat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How an {@link ExclusiveLock} is made (EL-OPT-1 … EL-OPT-10). Immutable: each method returns a changed copy. Checked
 * when the lock is made.
 */
public final class ExclusiveLockOptions {
    /** What {@link #lockTtlMillis()} and {@link #lockRefreshMillis()} are if neither is set: {@value} ms. */
    public static final long DEFAULT_TTL_MILLIS = 3000;

    /** See {@link #DEFAULT_TTL_MILLIS}. */
    public static final long DEFAULT_REFRESH_MILLIS = 1000;

    private final @Nullable String name;
    private final @Nullable Long lockTtlMillis;
    private final @Nullable Long lockRefreshMillis;
    private final @Nullable Object lockContents;
    private final String keyPrefix;
    private final boolean strictRefresh;
    private final boolean releaseOnShutdown;

    private ExclusiveLockOptions(
            @Nullable String name,
            @Nullable Long lockTtlMillis,
            @Nullable Long lockRefreshMillis,
            @Nullable Object lockContents,
            String keyPrefix,
            boolean strictRefresh,
            boolean releaseOnShutdown) {
        this.name = name;
        this.lockTtlMillis = lockTtlMillis;
        this.lockRefreshMillis = lockRefreshMillis;
        this.lockContents = lockContents;
        this.keyPrefix = keyPrefix;
        this.strictRefresh = strictRefresh;
        this.releaseOnShutdown = releaseOnShutdown;
    }

    /**
     * A lock of that name with the defaults: ttl 3000 ms, refresh 1000 ms, contents {@code "1"}.
     *
     * @param name as for {@link #name(String)}
     */
    public static ExclusiveLockOptions named(String name) {
        return defaults().name(name);
    }

    /** Without a name, which is required. */
    public static ExclusiveLockOptions defaults() {
        return new ExclusiveLockOptions(null, null, null, "1", "exclusive-lock", false, false);
    }

    /**
     * The name. Each run of ASCII characters other than letters, digits and underscores becomes one {@code -}
     * (EL-OPT-10), so that {@code a b}, {@code a-b} and {@code a: b} name one lock; everything else is taken as it is,
     * upper and lower case, other scripts, emoji and combining marks included. Names of
     * {@link CoordinatorClient#lock(String)} are exact throughout.
     *
     * @param name not empty and without halves of surrogate pairs, or {@link ValidationException} when the lock is
     *     made; it has at most 1,024 bytes of UTF-8 together with the prefix and the colon, or
     *     {@link PayloadTooLargeException} when it is acquired
     */
    public ExclusiveLockOptions name(String name) {
        return new ExclusiveLockOptions(
                name, lockTtlMillis, lockRefreshMillis, lockContents, keyPrefix, strictRefresh, releaseOnShutdown);
    }

    /**
     * How long the lock outlives its last refresh, in milliseconds; set it together with the refresh interval.
     *
     * @param millis at least 501, or {@link ValidationException} when the lock is made; over 146 years count as that.
     *     In a cluster whose leader changes, one that is less than a few seconds longer than the refresh interval may
     *     be lost
     */
    public ExclusiveLockOptions lockTtlMillis(long millis) {
        return new ExclusiveLockOptions(
                name, millis, lockRefreshMillis, lockContents, keyPrefix, strictRefresh, releaseOnShutdown);
    }

    /**
     * How often the lock is refreshed, in milliseconds.
     *
     * @param millis at least 1, and at least 500 less than the ttl, or {@link ValidationException} when the lock is
     *     made; so is the one without the other
     */
    public ExclusiveLockOptions lockRefreshMillis(long millis) {
        return new ExclusiveLockOptions(
                name, lockTtlMillis, millis, lockContents, keyPrefix, strictRefresh, releaseOnShutdown);
    }

    /**
     * What {@link ExclusiveLock#inspect()} shows, written as JSON.
     *
     * @param contents at most 1 MiB as JSON, or {@link PayloadTooLargeException} when the lock is acquired; null is
     *     refused when the lock is made
     */
    public ExclusiveLockOptions lockContents(@Nullable Object contents) {
        return new ExclusiveLockOptions(
                name, lockTtlMillis, lockRefreshMillis, contents, keyPrefix, strictRefresh, releaseOnShutdown);
    }

    /**
     * What the key starts with, before a colon; {@code exclusive-lock} by default (EL-OPT-9).
     *
     * @param prefix slugged like the {@linkplain #name(String) name}, may be empty, without half of a surrogate pair;
     *     checked when the lock is made
     */
    public ExclusiveLockOptions keyPrefix(String prefix) {
        return new ExclusiveLockOptions(
                name, lockTtlMillis, lockRefreshMillis, lockContents, prefix, strictRefresh, releaseOnShutdown);
    }

    /** Gives the lock up at the first refresh that fails, instead of trying until the local deadline. */
    public ExclusiveLockOptions strictRefresh(boolean strict) {
        return new ExclusiveLockOptions(
                name, lockTtlMillis, lockRefreshMillis, lockContents, keyPrefix, strict, releaseOnShutdown);
    }

    /** Releases the lock when the JVM shuts down (EL-REL-4); off by default. */
    public ExclusiveLockOptions releaseOnShutdown(boolean release) {
        return new ExclusiveLockOptions(
                name, lockTtlMillis, lockRefreshMillis, lockContents, keyPrefix, strictRefresh, release);
    }

    /** Empty if none was set. */
    public Optional<String> name() {
        return Optional.ofNullable(name);
    }

    /** See {@link #lockTtlMillis(long)}, as it was given and not checked yet; empty if none was set. */
    public OptionalLong lockTtlMillis() {
        return lockTtlMillis == null ? OptionalLong.empty() : OptionalLong.of(lockTtlMillis);
    }

    /** See {@link #lockRefreshMillis(long)}, as it was given and not checked yet; empty if none was set. */
    public OptionalLong lockRefreshMillis() {
        return lockRefreshMillis == null ? OptionalLong.empty() : OptionalLong.of(lockRefreshMillis);
    }

    /** Empty if set to null. */
    public Optional<Object> lockContents() {
        return Optional.ofNullable(lockContents);
    }

    /** See {@link #keyPrefix(String)}. */
    public String keyPrefix() {
        return keyPrefix;
    }

    /** See {@link #strictRefresh(boolean)}. */
    public boolean strictRefresh() {
        return strictRefresh;
    }

    /** See {@link #releaseOnShutdown(boolean)}. */
    public boolean releaseOnShutdown() {
        return releaseOnShutdown;
    }
}
