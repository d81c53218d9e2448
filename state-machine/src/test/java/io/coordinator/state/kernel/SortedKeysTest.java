package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortedKeysTest {
    private static final Comparator<String> BY_UTF8 =
            (a, b) -> Arrays.compareUnsigned(a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private final Random random = Seeds.random("SortedKeysTest");
    private final SortedKeys keys = new SortedKeys();
    private final TreeSet<String> model = new TreeSet<>(BY_UTF8);

    @ParameterizedTest
    @ValueSource(strings = {"ab", "ab\u00E9\u4E2D", "a\uE000\uFFFD\uD83D"})
    void behavesLikeASetInTheOrderOfUtf8(String alphabet) {
        for (int step = 0; step < 8_000; step++) {
            String key = key(alphabet);
            // First it grows, then it shrinks.
            if (random.nextInt(10) < (step < 4_000 ? 7 : 3)) {
                if (model.add(key)) {
                    keys.add(key);
                }
            } else if (model.remove(key)) {
                keys.remove(key);
            }
            String probe = key(alphabet);
            assertThat(keys.ceiling(probe)).isEqualTo(model.ceiling(probe));
            assertThat(keys.higher(probe)).isEqualTo(model.higher(probe));
        }
        assertThat(all()).containsExactlyElementsOf(model);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepsAnyNumberOfKeysAddedInOrder(boolean ascending) {
        int count = 5_000;
        for (int i = 0; i < count; i++) {
            keys.add("%05d".formatted(ascending ? i : count - i));
        }
        assertThat(all()).hasSize(count).isSorted();
        for (String key : all()) {
            keys.remove(key);
        }
        assertThat(keys.ceiling("")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "ab\u00E9\u4E2D", "a\uE000\uFFFD\uD83D"})
    @Feature("C-09")
    void cutsRangesOutAndPutsThemBack(String alphabet) {
        for (int round = 0; round < 400; round++) {
            for (int i = random.nextInt(200); i > 0; i--) {
                String key = key(alphabet);
                if (model.add(key)) {
                    keys.add(key);
                }
            }
            String prefix = key(alphabet, 3);
            List<String> cut =
                    model.stream().filter(key -> key.startsWith(prefix)).toList();
            assertThat(keys.count(prefix)).isEqualTo(cut.size());
            SortedKeys part = keys.cut(prefix);
            cut.forEach(model::remove);
            assertThat(all(part)).containsExactlyElementsOf(cut);
            assertThat(part.size()).isEqualTo(cut.size());
            assertThat(all(keys)).containsExactlyElementsOf(model);
            if (random.nextInt(4) != 0) {
                changeAndTakeBack(alphabet);
                keys.attach(part);
                model.addAll(cut);
                assertThat(all(keys)).containsExactlyElementsOf(model);
            }
            assertThat(keys.size()).isEqualTo(model.size());
        }
    }

    /** What a command does behind a cut, and how it is undone. */
    private void changeAndTakeBack(String alphabet) {
        Deque<Runnable> undo = new ArrayDeque<>();
        Set<String> present = new HashSet<>(model);
        for (int i = random.nextInt(60); i > 0; i--) {
            String key = key(alphabet);
            if (present.add(key)) {
                keys.add(key);
                undo.push(() -> keys.remove(key));
            } else {
                present.remove(key);
                keys.remove(key);
                undo.push(() -> keys.add(key));
            }
        }
        undo.forEach(Runnable::run);
    }

    private String key(String alphabet) {
        return key(alphabet, 9);
    }

    private String key(String alphabet, int lengthMax) {
        StringBuilder key = new StringBuilder();
        for (int length = random.nextInt(lengthMax); length > 0; length--) {
            char c = alphabet.charAt(random.nextInt(alphabet.length()));
            key.append(c);
            if (Character.isHighSurrogate(c)) {
                key.append((char) (Character.MIN_LOW_SURROGATE + random.nextInt(2)));
            }
        }
        return key.toString();
    }

    private List<String> all() {
        return all(keys);
    }

    private static List<String> all(SortedKeys keys) {
        List<String> all = new ArrayList<>();
        for (String key = keys.ceiling(""); key != null; key = keys.higher(key)) {
            all.add(key);
        }
        return all;
    }
}
