package io.coordinator.state.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.state.kernel.Name;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Feature({"S-41", "DL-MULTI-3", "B-07"})
class LockNamesTest {
    private static final List<String> XY = List.of("x", "y");

    private static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(i -> "name " + i).toList();
    }

    @Test
    void aSetHasOneTo64NamesEachOfThemOnce() {
        assertThat(LockNames.problem(names(0))).contains("empty");
        assertThat(LockNames.problem(names(1))).isEmpty();
        assertThat(LockNames.problem(names(64))).isEmpty();
        assertThat(LockNames.problem(names(65))).contains("65").contains("at most 64");
        assertThat(LockNames.problem(List.of("x", "x"))).contains("twice");
        assertThat(LockNames.problem(List.of("x", "y", "x"))).contains("twice");
    }

    @Test
    void theOrderOfASetDoesNotCount() {
        assertThat(LockNames.same(XY, List.of("y", "x"))).isTrue();
        assertThat(LockNames.same(XY, XY)).isTrue();
        assertThat(LockNames.same(XY, List.of("x", "z"))).isFalse();
        assertThat(LockNames.same(XY, List.of("x"))).isFalse();
        assertThat(LockNames.same(List.of("x"), List.of("x"))).isTrue();
        assertThat(LockNames.same(List.of("x"), List.of("y"))).isFalse();
    }

    @Test
    void namesStayInTheOrderInWhichTheyWereAskedFor() {
        for (List<String> names : List.of(List.of("x"), List.of("y", "x", "z"))) {
            List<Name> all = LockNames.of("ns", names);
            assertThat(all).extracting(Name::namespace).containsOnly("ns");
            assertThat(LockNames.plain(all)).isEqualTo(names);
        }
    }

    @Test
    void peopleAreToldWhichLocks() {
        assertThat(LockNames.describe("ns", List.of("x"))).isEqualTo("lock \"x\" in namespace \"ns\"");
        assertThat(LockNames.describe("ns", XY)).isEqualTo("locks \"x\", \"y\" in namespace \"ns\"");
    }
}
