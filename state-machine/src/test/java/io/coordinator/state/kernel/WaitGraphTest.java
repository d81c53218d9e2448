package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.DataKind;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WaitGraphTest {
    private static final long HOLDER = 1;
    private static final long WAITER = 2;

    /** The state is locked meanwhile. Comparing each name with all others of its hash would take a minute. */
    @Test
    @Tag("slow")
    @Timeout(30)
    @Feature({"B-30", "C-04"})
    void namesChosenToHaveTheSameHashAreToldApart() {
        List<Name> names = new ArrayList<>();
        for (int i = 0; i < WaitGraph.EDGES_MAX / 2 - 1; i++) {
            names.add(colliding(i));
        }
        assertThat(names)
                .extracting(name -> name.key().hashCode())
                .containsOnly(names.get(0).key().hashCode());
        for (int round = 0; round < 3; round++) {
            WaitGraph graph = new WaitGraph();
            for (Name name : names) {
                assertThat(graph.visit()).isTrue();
                graph.add(WAITER, DataKind.LOCK, name, () -> List.of(HOLDER).iterator());
            }
            graph.add(
                    HOLDER,
                    DataKind.SEMAPHORE,
                    names.get(0),
                    () -> List.of(WAITER).iterator());
            assertThat(graph.isPartial()).isFalse();
            assertThat(graph.cycles(1))
                    .containsExactly(List.of(
                            new WaitGraph.Step(HOLDER, DataKind.SEMAPHORE, names.get(0)),
                            new WaitGraph.Step(WAITER, DataKind.LOCK, names.get(0))));
        }
    }

    /** Pairs of which each has the same part in the hash, and what tells them apart comes last. */
    private static Name colliding(int number) {
        StringBuilder name = new StringBuilder("x".repeat(900));
        for (int bit = 0; bit < 16; bit++) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return Name.of("default", name.toString());
    }
}
