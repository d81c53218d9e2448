package io.coordinator.client.cache;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CounterOverflowException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.NotANumberException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON values by key, in one namespace: linearizable, with ttl, revisions, counters and compare-and-set. JSON
 * {@code null} is a value like any other; it is not the same as no value.
 *
 * <p>A value may be anything that the client's {@code ObjectMapper} can write: strings, numbers, maps, records,
 * {@code JsonNode}. Numbers keep their digits. A value that contains NaN, an infinity or half of a surrogate pair is
 * refused with {@link ValidationException} before anything is sent. Every method can throw
 * {@link RequestTimeoutException}, {@link SessionExpiredException} and {@link ClosedException}; writes also
 * {@link FencedException} if {@linkplain #guardedBy guarded}, {@link PayloadTooLargeException} and
 * {@link ValidationException}. In a {@linkplain #configure bounded} namespace a write can evict other keys.
 *
 * <p>Keys are <a href="../package-summary.html#names">names</a>, values have the limits of all
 * <a href="../package-summary.html#values">values</a>. In {@link AsyncCache} a bad one fails the stage.
 */
public interface Cache {
    /** The namespace. */
    String namespace();

    /** This cache with every write guarded by a grant. */
    Cache guardedBy(Guard guard);

    /**
     * This cache with another deadline for each call than {@link ClientConfig#requestTimeout()}.
     *
     * @param timeout more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if it is 0 or less; at once, also by {@link AsyncCache#withTimeout}
     */
    Cache withTimeout(Duration timeout);

    /** This cache with other consistency for reads than {@link ReadConsistency#LINEARIZABLE}. */
    Cache withConsistency(ReadConsistency consistency);

    /**
     * Stores a value without expiry. An earlier expiry of the key is dropped (PM-CACHE-1, PM-CACHE-2).
     *
     * @param value null stores JSON null
     * @return the revision of this change
     */
    long put(String key, @Nullable Object value);

    /**
     * Stores a value with options.
     *
     * @param value null stores JSON null
     * @return the revision of this change
     */
    long put(String key, @Nullable Object value, PutOptions options);

    /** The value and its revisions, or empty if there is no such key (PM-CACHE-5). */
    Optional<Entry> get(String key);

    /**
     * Stores several values in one step and without expiry, dropping earlier ones (PM-CACHE-11): nobody sees some of
     * them without the others.
     *
     * @param values by key, 1,000 at most, or none; null stores JSON null. They have 3 MiB at most together
     * @return the revision of the last of these changes; 0 if there are no values, which changes nothing
     * @throws ValidationException if there are more than 1,000
     * @throws PayloadTooLargeException if one value, or all together, are too large
     */
    long putAll(Map<String, ? extends @Nullable Object> values);

    /**
     * As {@link #putAll(Map)}, with options for all of them.
     *
     * @return the revision of the last of these changes; 0 if there are no values, which changes nothing
     */
    long putAll(Map<String, ? extends @Nullable Object> values, PutOptions options);

    /**
     * The values of several keys, all at one revision (PM-CACHE-10).
     *
     * @param keys 1,000 different ones at most, or none
     * @return those that exist, in the order asked for
     * @throws ValidationException if there are more than 1,000
     * @throws PayloadTooLargeException if they have more than 8 MiB together; ask for fewer
     */
    Map<String, Entry> getAll(Collection<String> keys);

    /** Whether there is such a key; does not count as an access (PM-CACHE-6). */
    boolean has(String key);

    /**
     * Removes a key (PM-CACHE-7).
     *
     * @return whether it existed
     */
    boolean delete(String key);

    /**
     * Changes a key if it is as expected, keeping its remaining ttl (PM-ATOM-6 … PM-ATOM-9).
     *
     * @return whether it was, and the entry after the command
     */
    CasResult compareAndSet(String key, Expect expect, Next next);

    /**
     * Adds to a number, keeping its ttl; an absent key counts as 0 (PM-ATOM-1). Exactly once, however often the SDK has
     * to send it.
     *
     * @param by may be negative
     * @return the new number; cut towards zero if the stored number has a fraction
     * @throws NotANumberException if the value is no number; it is unchanged
     * @throws CounterOverflowException if the sum does not fit a long, with a fraction or without; the value is
     *     unchanged
     */
    long increment(String key, long by);

    /**
     * As {@link #increment(String, long)} with the negative (PM-ATOM-2).
     *
     * @param by may be negative
     * @throws ValidationException if it is {@link Long#MIN_VALUE}, whose negative is no long
     */
    long decrement(String key, long by);

    /**
     * As {@link #increment(String, long)}; a key that this call creates expires after {@code ttlIfCreated}.
     *
     * @param by may be negative
     * @param ttlIfCreated more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws ValidationException if the ttl is 0 or less
     */
    long increment(String key, long by, Duration ttlIfCreated);

    /**
     * Adds a decimal number, in double precision.
     *
     * @param by finite; may be negative
     * @return the new number
     * @throws ValidationException if it is infinite or no number
     * @throws NotANumberException if the value is no number; it is unchanged
     */
    double incrementDecimal(String key, double by);

    /**
     * Up to {@code limit} entries whose keys start with a prefix, in the order of their keys' UTF-8 bytes, at one
     * revision.
     *
     * @param prefix empty for the whole namespace
     * @param after only keys after this one, which starts with the prefix; the empty string for the first page
     * @param limit at least 1; a page has 1,000 at most, and about 1 MiB
     * @throws ValidationException if the limit is less than 1, or {@code after} does not start with the prefix
     */
    ScanPage scan(String prefix, String after, int limit);

    /** As {@link #scan}, without the values (PM-CACHE-8). */
    KeyPage keys(String prefix, String after, int limit);

    /**
     * Removes every key that starts with a prefix, in one step (PM-CACHE-9). Watchers of these keys hear one
     * {@code CLEARED}.
     *
     * @param prefix empty for the whole namespace
     * @return how many there were
     */
    long clear(String prefix);

    /**
     * Bounds this namespace on all nodes, and evicts the entries that are too many (PM-CACHE-12). To bound a namespace
     * that holds many entries takes as long as to write them.
     *
     * @return how many entries had to go
     */
    long configure(CacheSettings settings);

    /**
     * This namespace as a map. Its bulk operations and iterators read page by page, each page at one revision, and
     * never throw {@link java.util.ConcurrentModificationException}; {@code size} and {@code containsValue} read all of
     * it. Every other operation is one atomic command, or a few commands that are tried again until nobody else has
     * written in between. Two values are equal if their JSON is equal.
     *
     * <p>Some keys can never exist: those of another type than {@code String}, and those that are no
     * <a href="../package-summary.html#names">names</a>. For them {@code get}, {@code containsKey} and {@code remove}
     * say that there is no such key; storing a value under one is refused as by {@link #put}.
     *
     * @param type of the values; neither keys nor values can be null
     */
    <V> ConcurrentMap<String, V> asMap(Class<V> type);

    /** This namespace with values that the cluster does not look into. */
    <V> OpaqueCache<V> opaque(ValueCodec<V> codec);

    /** The settings of this namespace. */
    CacheSettings settings();
}
