package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.testing.feature.Feature;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkedListTest {
    private static final int MANY = 20_000;
    private static final int HUGE = 1_000_000;
    private static final long ADDING_BYTES_MAX = 64 << 10;

    @Test
    void isAListAsOthers() {
        List<Integer> model = new ArrayList<>();
        List<Integer> chunked = new ChunkedList<>();
        for (int i = 0; i < MANY; i++) {
            model.add(i);
            chunked.add(i);
            model.set(i / 2, -i);
            assertThat(chunked.set(i / 2, -i)).isNotNull();
        }
        assertThat(chunked).isEqualTo(model);
        assertThat(chunked).hasSize(MANY);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        List<Integer> chunked = new ChunkedList<>();
        assertThatThrownBy(() -> chunked.get(0)).isInstanceOf(IndexOutOfBoundsException.class);
        chunked.add(1);
        assertThatThrownBy(() -> chunked.get(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> chunked.set(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    @Feature("C-04")
    void noElementWaitsForTheOthersToBeCopied() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        List<String> chunked = new ChunkedList<>();
        long most = 0;
        for (int i = 0; i < HUGE; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            chunked.add("element");
            most = Math.max(most, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(chunked).hasSize(HUGE);
        assertThat(most).as("bytes that one element took").isLessThan(ADDING_BYTES_MAX);
    }
}
