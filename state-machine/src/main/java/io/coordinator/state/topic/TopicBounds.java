package io.coordinator.state.topic;

import io.coordinator.protocol.TopicDefaults;
import io.coordinator.protocol.TopicSettings;
import io.coordinator.state.kernel.Fingerprint;

/**
 * What holds for topics whose settings say nothing, and how many there may be. Part of the replicated state: every
 * replica has the same at the same entry.
 */
public final class TopicBounds {
    private static final long MESSAGES_MAX = 10_000;
    private static final long BYTES_MAX = 64L << 20;
    private static final int PRODUCERS_MAX = 100_000;

    private TopicDefaults defaults = TopicDefaults.getDefaultInstance();

    /** As they were set last. */
    public TopicDefaults defaults() {
        return defaults;
    }

    public void set(TopicDefaults newDefaults) {
        defaults = newDefaults;
    }

    /** A fingerprint of them. */
    public long digest() {
        long kept = Fingerprint.of(defaults.getMessagesMax(), defaults.getBytesMax());
        long counts = Fingerprint.of(defaults.getProducersMax(), defaults.getTopicsMax());
        return Fingerprint.of(Fingerprint.of(kept, counts), defaults.getDedupMillis());
    }

    /** How many messages a topic keeps. */
    long messagesMax(TopicSettings settings) {
        return first(settings.getMessagesMax(), defaults.getMessagesMax(), MESSAGES_MAX);
    }

    /** How many bytes of values and keys a topic keeps. */
    long bytesMax(TopicSettings settings) {
        return first(settings.getBytesMax(), defaults.getBytesMax(), BYTES_MAX);
    }

    /** How long the numbers of a producer are remembered. */
    long dedupMillis(TopicSettings settings) {
        return first(Math.max(0, settings.getDedupMillis()), defaults.getDedupMillis(), TopicLimits.DEDUP_MILLIS);
    }

    /** How many producers one topic remembers. */
    int producersMax() {
        return (int)
                Math.min(Integer.MAX_VALUE, first(Integer.toUnsignedLong(defaults.getProducersMax()), PRODUCERS_MAX));
    }

    /** How many topics there may be. */
    int topicsMax() {
        return (int)
                Math.min(Integer.MAX_VALUE, first(Integer.toUnsignedLong(defaults.getTopicsMax()), Integer.MAX_VALUE));
    }

    /** With all that holds. */
    TopicSettings complete(TopicSettings settings) {
        return settings.toBuilder()
                .setMessagesMax(messagesMax(settings))
                .setBytesMax(bytesMax(settings))
                .setDedupMillis(dedupMillis(settings))
                .build();
    }

    /** The first that is not 0. What is beyond 2^63 is as good as no bound. */
    private static long first(long... bounds) {
        for (long bound : bounds) {
            if (bound != 0) {
                return bound < 0 ? Long.MAX_VALUE : bound;
            }
        }
        throw new IllegalArgumentException("the last bound must not be 0");
    }
}
