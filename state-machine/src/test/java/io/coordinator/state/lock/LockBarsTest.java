package io.coordinator.state.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Storage;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

@Feature({"A-01", "PM-FENCE-5"})
class LockBarsTest {
    private final Storage storage = new Storage();
    private final LockBars bars = new LockBars(storage, 3);

    private static Name lock(String name) {
        return Name.of("ns", name);
    }

    @Test
    void remembersTheHighestTokenOnly() {
        bars.raise(lock("a"), 5);
        bars.raise(lock("a"), 3);
        assertThat(bars.of(lock("a"))).isEqualTo(5);
        bars.raise(lock("a"), 8);
        assertThat(bars.of(lock("a"))).isEqualTo(8);
        assertThat(bars.of(lock("b"))).isZero();
    }

    @Test
    void forgetsTheLowestTokenWhenThereAreTooMany() {
        bars.raise(lock("c"), 30);
        bars.raise(lock("a"), 10);
        bars.raise(lock("b"), 20);
        bars.raise(lock("a"), 40);
        bars.raise(lock("d"), 25);
        assertThat(bars.size()).isEqualTo(3);
        assertThat(bars.of(lock("b"))).isZero();
        assertThat(bars.of(lock("a"))).isEqualTo(40);
        assertThat(bars.of(lock("c"))).isEqualTo(30);
        assertThat(bars.of(lock("d"))).isEqualTo(25);
    }

    @Test
    @Feature("R-24")
    void whatIsTakenBackIsNotTheLowestLater() {
        bars.raise(lock("a"), 10);
        bars.raise(lock("b"), 20);
        storage.undo().open();
        bars.raise(lock("c"), 5);
        bars.raise(lock("b"), 25);
        storage.undo().takeBack();
        assertThat(bars.of(lock("b"))).isEqualTo(20);
        bars.raise(lock("c"), 30);
        bars.raise(lock("d"), 40);
        assertThat(bars.size()).isEqualTo(3);
        assertThat(bars.of(lock("a"))).isZero();
        assertThat(bars.of(lock("c"))).isEqualTo(30);
        bars.raise(lock("e"), 50);
        assertThat(bars.of(lock("b"))).isZero();
        assertThat(bars.of(lock("d"))).isEqualTo(40);
    }

    @Test
    void whatComesTooLateIsForgottenAtOnce() {
        bars.raise(lock("a"), 10);
        bars.raise(lock("b"), 20);
        bars.raise(lock("c"), 30);
        bars.raise(lock("d"), 5);
        assertThat(bars.of(lock("d"))).isZero();
        assertThat(bars.size()).isEqualTo(3);
    }
}
