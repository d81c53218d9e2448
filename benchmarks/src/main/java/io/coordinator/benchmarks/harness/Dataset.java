package io.coordinator.benchmarks.harness;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The keys, values and lock names that a comparison works on; the same for every system. */
public final class Dataset {
    private static final long SEED = 20_261_120;
    private static final int DISTINCT_VALUES = 256;
    private static final int CONTENDED_LOCKS = 8;
    private static final int DOCUMENTS = 1_000;
    private static final int LIST_LENGTH = 20;
    private static final int SET_LOCKS = 1_000;
    private static final int SET_SIZE = 3;
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

    private final List<String> keys;
    private final List<byte[]> values;
    private final List<String> locks;

    private final int backlog;

    private Dataset(List<String> keys, List<byte[]> values, List<String> locks, int backlog) {
        this.keys = keys;
        this.values = values;
        this.locks = locks;
        this.backlog = backlog;
    }

    /**
     * The same keys, values and locks for the same arguments.
     *
     * @param keyCount how many keys are read and written
     * @param valueBytes the length of each value, at least 2: values are JSON strings with their quotes
     * @param lockCount one lock for each request in flight, so that no two ever want the same
     * @param backlog how many messages a group finds
     */
    public static Dataset of(int keyCount, int valueBytes, int lockCount, int backlog) {
        SplittableRandom random = new SplittableRandom(SEED);
        return new Dataset(
                IntStream.range(0, keyCount).mapToObj(i -> "key-" + i).toList(),
                IntStream.range(0, DISTINCT_VALUES)
                        .mapToObj(i -> jsonString(random, valueBytes))
                        .toList(),
                IntStream.range(0, lockCount).mapToObj(i -> "lock-" + i).toList(),
                backlog);
    }

    private static byte[] jsonString(SplittableRandom random, int length) {
        StringBuilder text = new StringBuilder(length).append('"');
        for (int i = 2; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.append('"').toString().getBytes(StandardCharsets.US_ASCII);
    }

    public List<String> keys() {
        return keys;
    }

    public List<String> locks() {
        return locks;
    }

    /** How many messages a group finds. */
    public int backlog() {
        return backlog;
    }

    public byte[] firstValue() {
        return values.get(0);
    }

    public String lock(int slot) {
        return locks.get(slot);
    }

    /** One of a few locks that all slots share evenly. */
    public String contendedLock(int slot) {
        return "contended-" + slot % CONTENDED_LOCKS;
    }

    /** Different locks out of a thousand, in alphabetical order. */
    public List<String> lockSet(SplittableRandom random) {
        return random.ints(0, SET_LOCKS)
                .distinct()
                .limit(SET_SIZE)
                .mapToObj(i -> "set-" + i)
                .sorted()
                .toList();
    }

    /** A thousand. */
    public List<String> documents() {
        return IntStream.range(0, DOCUMENTS).mapToObj(Dataset::document).toList();
    }

    /** What each of them begins with. */
    public String document() {
        return "{\"a\":{\"b\":0},\"n\":0,\"list\":"
                + IntStream.range(0, LIST_LENGTH).boxed().toList() + ",\"text\":"
                + new String(values.get(0), StandardCharsets.US_ASCII) + "}";
    }

    public String document(SplittableRandom random) {
        return document(random.nextInt(DOCUMENTS));
    }

    /** Another one than that. */
    public String otherDocument(SplittableRandom random, String than) {
        String other = document(random);
        return other.equals(than) ? otherDocument(random, than) : other;
    }

    private static String document(int index) {
        return "doc-" + index;
    }

    public String key(SplittableRandom random) {
        return keys.get(random.nextInt(keys.size()));
    }

    public byte[] value(SplittableRandom random) {
        return values.get(random.nextInt(values.size()));
    }
}
