package io.coordinator.client;

/** What a function under a lock gets: the grant, and data whose writes apply only while the grant is live (PM-FENCE-4). */
public interface FencedContext {
    /** The grant. */
    LockHandle handle();

    /** The grant's fencing token. */
    default long token() {
        return handle().token();
    }

    /** The grant as a fence. */
    default Guard guard() {
        return handle().guard();
    }

    /** The client's cache; writes are guarded by the grant. */
    Cache cache();

    /**
     * The cache of another namespace; writes are guarded by the grant.
     *
     * @param namespace a <a href="package-summary.html#names">name</a>
     * @throws ValidationException if it is none
     */
    Cache cache(String namespace);

    /** The client's documents; edits are guarded by the grant. */
    Documents documents();

    /** The client's builds; commands are guarded by the grant. */
    Builds builds();

    /** {@link #cache()} with stages instead of blocking calls. */
    AsyncCache asyncCache();

    /** {@link #builds()} with stages instead of blocking calls. */
    AsyncBuilds asyncBuilds();
}
