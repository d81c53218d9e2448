package io.coordinator.client.builds;

import org.jspecify.annotations.Nullable;

/**
 * Where a {@link ReadThroughCache} keeps its copies (JC-L1-8). It must be safe for use by many threads. It is never
 * called on a transport thread. It may forget anything at any time, and must give back the very objects that were put.
 * If a store throws, or returns something else for a key, that is logged and the store is not used any more: every call
 * asks the cluster from then on. So give each cache a store of its own.
 *
 * <p>Keys are those of the cache's {@link KeyCodec}, which are <a href="../package-summary.html#names">names</a>.
 */
public interface L1Store {
    /** What was put; null if it is not there (any more). */
    @Nullable
    Object get(String key);

    /** Keeps a copy. What it is, is the client's business. */
    void put(String key, Object copy);

    /** Forgets a copy. */
    void remove(String key);

    /** Forgets all. */
    void clear();
}
