package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentedMapTest {
    private static final int STEPS = 200_000;
    private static final int KEYS = 5_000;
    private static final int HUGE = 1_000_000;
    /** A map of a million takes 8 MB when it doubles. */
    private static final long ADDING_BYTES_MAX = 512 << 10;

    @Test
    void isAMapAsOthers() {
        Random random = Seeds.random("SegmentedMapTest");
        Map<String, Integer> model = new HashMap<>();
        SegmentedMap<Integer> segmented = new SegmentedMap<>();
        for (int i = 0; i < STEPS; i++) {
            String key = "key-" + random.nextInt(KEYS);
            if (random.nextInt(3) == 0) {
                assertThat(segmented.remove(key)).isEqualTo(model.remove(key));
            } else {
                segmented.put(key, i);
                model.put(key, i);
            }
            assertThat(segmented.size()).isEqualTo(model.size());
            assertThat(segmented.get(key)).isEqualTo(model.get(key));
        }
        assertThat(segmented.keys()).containsExactlyInAnyOrderElementsOf(model.keySet());
    }

    @Test
    @Feature("C-04")
    void noKeyWaitsForTheWholeMapToDouble() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        SegmentedMap<String> segmented = new SegmentedMap<>();
        long most = 0;
        for (int i = 0; i < HUGE; i++) {
            String key = "key-" + i;
            long before = threads.getCurrentThreadAllocatedBytes();
            segmented.put(key, key);
            most = Math.max(most, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(most).as("bytes that one key took").isLessThan(ADDING_BYTES_MAX);
    }
}
