package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.DataKind;
import io.coordinator.testing.feature.Feature;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UsageTest {
    private static final int STEPS = 20_000;
    private static final int NAMESPACES = 50;
    private static final int SHOWN = 7;

    private final Usage usage = new Usage();

    @Test
    @Feature("C-04")
    void theLargestAreFoundWhateverComesAndGoes() {
        Random random = Seeds.random("UsageTest");
        Map<String, Long> rows = new HashMap<>();
        for (int i = 0; i < STEPS; i++) {
            String namespace = "n" + random.nextInt(NAMESPACES);
            long bytes = 1L + random.nextInt(1 << random.nextInt(20));
            Long before = rows.remove(namespace);
            Usage.Count count = usage.of(DataKind.CACHE, namespace + "\0key");
            if (before != null) {
                usage.add(count, -1, -before);
            } else {
                usage.add(count, 1, bytes);
                rows.put(namespace, bytes);
            }
            assertLargest();
        }
    }

    private void assertLargest() {
        List<Usage.Count> all = usage.largest(NAMESPACES);
        assertThat(all.stream().mapToLong(Usage.Count::bytes).sum()).isEqualTo(usage.bytes());
        for (int i = 1; i < all.size(); i++) {
            assertThat(all.get(i - 1).bytes()).isGreaterThanOrEqualTo(all.get(i).bytes());
        }
        assertThat(usage.largest(SHOWN)).isEqualTo(all.subList(0, Math.min(SHOWN, all.size())));
    }

    @Test
    @Feature("C-04")
    void thoseWhoAskLookAtFewOfMany() {
        for (int i = 0; i < 100_000; i++) {
            usage.add(usage.of(DataKind.CACHE, "namespace-" + i + "\0key"), 1, 100);
        }
        usage.add(usage.of(DataKind.CACHE, "large\0key"), 1, 10_000);
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(usage.largest(SHOWN))
                .hasSize(SHOWN)
                .first()
                .extracting(Usage.Count::namespace)
                .isEqualTo("large");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(256 << 10);
    }
}
