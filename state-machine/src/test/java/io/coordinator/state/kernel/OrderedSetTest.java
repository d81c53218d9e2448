package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Feature("B-26")
class OrderedSetTest {
    private final Random random = Seeds.random("OrderedSetTest");
    private final OrderedSet<Integer> set = new OrderedSet<>(Comparator.naturalOrder());
    private final TreeSet<Integer> model = new TreeSet<>();

    private List<Integer> all() {
        List<Integer> all = new ArrayList<>();
        for (Integer item = set.first(); item != null; item = set.higher(item)) {
            all.add(item);
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, 100_000})
    void behavesLikeASet(int range) {
        for (int step = 0; step < 20_000; step++) {
            int item = random.nextInt(range);
            // First it grows, then it shrinks.
            if (random.nextInt(10) < (step < 10_000 ? 7 : 3)) {
                if (model.add(item)) {
                    set.add(item);
                }
            } else {
                assertThat(set.remove(item)).isEqualTo(model.remove(item));
            }
            int probe = random.nextInt(range);
            assertThat(set.higher(probe)).isEqualTo(model.higher(probe));
            assertThat(set.first()).isEqualTo(model.isEmpty() ? null : model.first());
            assertThat(set.size()).isEqualTo(model.size());
        }
        assertThat(all()).containsExactlyElementsOf(model);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsAnyNumberAddedInOrder(boolean ascending) {
        int count = 5_000;
        for (int i = 0; i < count; i++) {
            set.add(ascending ? i : count - i);
        }
        assertThat(all()).hasSize(count).isSorted();
        while (!set.isEmpty()) {
            assertThat(set.remove(all().get(0))).isTrue();
            if (set.size() % 100 != 0) {
                set.remove(Objects.requireNonNull(set.first()));
            }
        }
        assertThat(set.first()).isNull();
        assertThat(set.remove(1)).isFalse();
        assertThat(set.higher(1)).isNull();
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(set.isEmpty()).isTrue();
        assertThat(set.first()).isNull();
    }
}
