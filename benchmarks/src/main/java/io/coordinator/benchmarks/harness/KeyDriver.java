package io.coordinator.benchmarks.harness;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A client of a system that has keys, locks and builds. */
public interface KeyDriver extends Driver {

    /** Makes every key hold {@code value} and every lock usable; returns when all is done. */
    void prepare(List<String> keys, List<String> locks, byte[] value, Duration timeout) throws Exception;

    /** Overwrites a prepared key. */
    CompletionStage<Void> put(String key, byte[] value);

    /** Reads a prepared key; fails if there is nothing to read. */
    CompletionStage<Void> get(String key);

    /** As {@link #get}, but brings a server that may be behind up to date first, where {@code get} does not. */
    default CompletionStage<Void> getSync(String key) {
        return get(key);
    }

    /** Acquires a lock that nobody else wants, and releases it. */
    CompletionStage<Void> lockUnlock(String lock);

    /**
     * Waits for a lock that others want as well, acquires it, and releases it at once.
     *
     * @param slot who wants it: different slots exclude each other
     */
    CompletionStage<Void> lockUnlockContended(String lock, int slot);

    /**
     * Waits until all of the locks are acquired together, and releases them at once. Others may want some of them.
     *
     * @param locks in alphabetical order, so that a system that takes them one by one does not deadlock
     * @param slot who wants them: different slots exclude each other
     */
    CompletionStage<Void> lockUnlockAll(List<String> locks, int slot);

    /**
     * The value of a key that nobody has asked for before: it is built, by one of all who might ask, and stored. The
     * build itself takes no time.
     *
     * @param slot whose lock it is where the build is done under one
     */
    CompletionStage<Void> getOrBuild(String key, byte[] value, int slot);
}
