package io.coordinator.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Entry;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one entry made, seen from outside.
 *
 * @param in bytes of the entry
 * @param out bytes of replies, events and changes, and of the rows written, as serialized
 * @param effects how many replies, events, changes and rows those were: the steps that can be seen
 * @param touched bytes that the rows had before which it replaced or removed
 * @param largest bytes of the largest row of data before, which a command may read
 * @param rows how many rows there were before
 * @param allocated bytes of heap that apply took: work, counted so that a busy machine does not show
 */
record Footprint(long in, long out, long effects, long touched, long largest, long rows, long allocated) {

    /** Applies entries and measures each. */
    static final class Gauge {
        private static final com.sun.management.ThreadMXBean THREADS =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

        private final Coordinator core;
        private final Map<ByteString, Integer> sizes = new HashMap<>();

        Gauge(Coordinator core) {
            this.core = core;
        }

        Footprint apply(Entry entry) {
            long largest = largestRow();
            long rows = sizes.size();
            long before = THREADS.getCurrentThreadAllocatedBytes();
            Applied applied = core.apply(core.index() + 1, entry);
            long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            Rows written = new Rows();
            core.capture().forEach(written);
            long told = bytes(applied.replies())
                    + bytes(applied.changes())
                    + bytes(applied.events().stream()
                            .map(Applied.SessionEvent::event)
                            .toList());
            long effects = applied.replies().size()
                    + applied.changes().size()
                    + applied.events().size()
                    + written.count;
            return new Footprint(
                    entry.getSerializedSize(),
                    told + written.bytes,
                    effects,
                    written.touched,
                    largest,
                    rows,
                    allocated);
        }

        /** Of data; what a session keeps is no data, and no command may read all of it. */
        private long largestRow() {
            return sizes.entrySet().stream()
                    .filter(row -> row.getKey().byteAt(0) != DataKind.SESSION.getNumber())
                    .mapToLong(Map.Entry::getValue)
                    .max()
                    .orElse(0);
        }

        private static long bytes(List<? extends MessageLite> messages) {
            return messages.stream().mapToLong(MessageLite::getSerializedSize).sum();
        }

        private final class Rows implements StateCapture.RowVisitor {
            private long bytes;
            private long touched;
            private long count;

            @Override
            public void put(byte[] key, byte[] value) {
                int size = key.length + value.length;
                write(size, sizes.put(ByteString.copyFrom(key), size));
            }

            @Override
            public void delete(byte[] key) {
                write(key.length, sizes.remove(ByteString.copyFrom(key)));
            }

            private void write(int size, @Nullable Integer before) {
                bytes += size;
                touched += before == null ? 0 : before;
                count++;
            }
        }
    }
}
