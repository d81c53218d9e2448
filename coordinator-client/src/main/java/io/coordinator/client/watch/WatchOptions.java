package io.coordinator.client.watch;

import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.argument.Text;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What to watch, and from where. Immutable: each method returns a changed copy.
 *
 * <p>Keys, names, ids and namespaces are <a href="../package-summary.html#names">names</a>, prefixes can be empty. Bad
 * ones are refused with {@link ValidationException} at once; one that is too long ends the subscription with
 * {@link PayloadTooLargeException}.
 *
 * @param data the kind of data
 * @param namespace null for the client's; see {@link #namespace(String)}
 * @param key the key, or the prefix of the keys; a <a href="../package-summary.html#names">name</a>, empty only as a
 *     prefix of all
 * @param prefix whether {@code key} is a prefix
 * @param fromRevision the first revision wanted, which can be one to come; 0 for changes from now on. A negative one is
 *     refused; see {@link #fromRevision(long)}
 */
public record WatchOptions(
        ChangeEvent.Data data, @Nullable String namespace, String key, boolean prefix, long fromRevision) {

    /**
     * Checks the options.
     *
     * @throws ValidationException if the revision is negative; or if the key, unless it is a prefix, or the namespace
     *     is no <a href="../package-summary.html#names">name</a>
     */
    public WatchOptions {
        Objects.requireNonNull(data, "data");
        if (prefix) {
            Text.prefix("key", key);
        } else {
            Text.name("key", key);
        }
        if (namespace != null) {
            Text.name("namespace", namespace);
        }
        if (fromRevision < 0) {
            throw new ValidationException("fromRevision must not be negative, but is " + fromRevision);
        }
    }

    /**
     * One key of any type of data: a key of the cache, a name of a lock, the id of a document.
     *
     * @param key a <a href="../package-summary.html#names">name</a>
     */
    public static WatchOptions key(ChangeEvent.Data data, String key) {
        return new WatchOptions(data, null, key, false, 0);
    }

    /**
     * Every key of any type of data that starts with a prefix.
     *
     * @param prefix a beginning of <a href="../package-summary.html#names">names</a>; empty for all
     */
    public static WatchOptions prefix(ChangeEvent.Data data, String prefix) {
        return new WatchOptions(data, null, prefix, true, 0);
    }

    /** One key of the cache. */
    public static WatchOptions cacheKey(String key) {
        return key(ChangeEvent.Data.CACHE, key);
    }

    /** Every key of the cache that starts with a prefix; the empty prefix is all. */
    public static WatchOptions cachePrefix(String prefix) {
        return prefix(ChangeEvent.Data.CACHE, prefix);
    }

    /** The build of one key. */
    public static WatchOptions buildKey(String key) {
        return key(ChangeEvent.Data.BUILD, key);
    }

    /** The builds of every key that starts with a prefix; the empty prefix is all. */
    public static WatchOptions buildPrefix(String prefix) {
        return prefix(ChangeEvent.Data.BUILD, prefix);
    }

    /** One lock. */
    public static WatchOptions lockName(String name) {
        return key(ChangeEvent.Data.LOCK, name);
    }

    /** Every lock whose name starts with a prefix; the empty prefix is all. */
    public static WatchOptions lockPrefix(String prefix) {
        return prefix(ChangeEvent.Data.LOCK, prefix);
    }

    /** One semaphore. */
    public static WatchOptions semaphoreName(String name) {
        return key(ChangeEvent.Data.SEMAPHORE, name);
    }

    /** One document: its content when it is created, and each edit as a JSON Patch. */
    public static WatchOptions documentId(String id) {
        return key(ChangeEvent.Data.DOCUMENT, id);
    }

    /** Every document whose id starts with a prefix; the empty prefix is all. */
    public static WatchOptions documentPrefix(String prefix) {
        return prefix(ChangeEvent.Data.DOCUMENT, prefix);
    }

    /**
     * One durable topic: each message as it is published, that older ones were purged, and that the topic was deleted.
     * What it lets go by its options is not told. A subscription of the topic goes on by offsets where a watch would be
     * too far behind.
     */
    public static WatchOptions topicName(String name) {
        return key(ChangeEvent.Data.TOPIC, name);
    }

    /** Every durable topic whose name starts with a prefix; the empty prefix is all. */
    public static WatchOptions topicPrefix(String prefix) {
        return prefix(ChangeEvent.Data.TOPIC, prefix);
    }

    /**
     * In another namespace than the client's.
     *
     * @throws ValidationException if it is no <a href="../package-summary.html#names">name</a>
     */
    public WatchOptions namespace(String namespace) {
        return new WatchOptions(data, Objects.requireNonNull(namespace, "namespace"), key, prefix, fromRevision);
    }

    /**
     * Every change from this revision on, also those of the past. After a read, watch from its revision plus one to
     * miss nothing.
     *
     * @param revision at least 1
     * @throws ValidationException if it is less than 1
     */
    public WatchOptions fromRevision(long revision) {
        Arguments.positive("fromRevision", revision);
        return new WatchOptions(data, namespace, key, prefix, revision);
    }
}
