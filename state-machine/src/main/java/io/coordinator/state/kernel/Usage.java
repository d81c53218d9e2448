package io.coordinator.state.kernel;

import io.coordinator.protocol.DataKind;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The heap that rows are estimated to take, by kind of data and namespace. A function of the rows alone, so that every
 * replica refuses the same; how near it comes to what a process really takes is measured in {@code docs/limits.md}.
 */
public final class Usage {
    /** What is kept of a namespace besides its name. */
    private static final long NAMESPACE_HEAP = 128;

    private static final int ALIKE_MAX = 1_000;
    /** Above this, a string takes two bytes for each of its characters. */
    private static final char NARROW_MAX = 0xFF;

    private static final Comparator<Count> LARGEST_FIRST = Comparator.comparingLong(Count::bytes)
            .reversed()
            .thenComparing(Count::data)
            .thenComparing(Count::namespace);

    private final Map<DataKind, Map<String, Count>> counts = new EnumMap<>(DataKind.class);
    private final Magnitudes<Count> ranks = new Magnitudes<>();
    private long bytes;

    /** Of one kind in one namespace. */
    public static final class Count {
        private final DataKind data;
        private final String namespace;
        private long bytes;
        private long rows;

        private Count(DataKind data, String namespace) {
            this.data = data;
            this.namespace = namespace;
        }

        public DataKind data() {
            return data;
        }

        /** Empty for what belongs to none. */
        public String namespace() {
            return namespace;
        }

        public long bytes() {
            return bytes;
        }

        public long rows() {
            return rows;
        }
    }

    /** Of all rows together. */
    public long bytes() {
        return bytes;
    }

    /**
     * The largest first, at most so many. Of more than {@value #ALIKE_MAX} that are as large as each other to within a
     * sixteenth, only so many are looked at.
     */
    public List<Count> largest(int max) {
        return ranks.largest(max, Math.max(max, ALIKE_MAX)).stream()
                .sorted(LARGEST_FIRST)
                .limit(max)
                .toList();
    }

    /** Where a row with this key counts: under what comes before the first NUL. */
    Count of(DataKind data, String key) {
        int end = key.indexOf('\0');
        return counts.computeIfAbsent(data, kind -> new HashMap<>())
                .computeIfAbsent(end < 0 ? "" : key.substring(0, end), namespace -> new Count(data, namespace));
    }

    /** The heap that the characters of a string take. */
    public static long text(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            if (text.charAt(i) > NARROW_MAX) {
                return 2L * length;
            }
        }
        return length;
    }

    /**
     * The first row of a kind in a namespace counts with what is kept of the namespace, and the last one takes it
     * along.
     */
    void add(Count count, long rows, long rowBytes) {
        long before = count.rows;
        count.rows += rows;
        long change = rowBytes + kept(count, count.rows) - kept(count, before);
        ranks.changed(count, count.bytes, count.bytes + change);
        count.bytes += change;
        bytes += change;
        if (count.rows == 0) {
            counts.getOrDefault(count.data, Map.of()).remove(count.namespace, count);
        }
    }

    private static long kept(Count count, long rows) {
        return rows == 0 ? 0 : NAMESPACE_HEAP + text(count.namespace);
    }

    /** Something besides rows that is kept, such as what sessions have not acknowledged. */
    public void addKept(long change) {
        bytes += change;
    }
}
