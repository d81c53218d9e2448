package io.coordinator.benchmarks.systems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

/** What a node and its JVM print is understood. */
class ServingNodeTest {
    private static final String METRICS = """
            # TYPE coordinator_topic_waiting_bytes gauge
            coordinator_topic_waiting_bytes_max 7.0
            coordinator_topic_waiting_bytes 1.6777216E7
            """;

    @Test
    void aFigureIsFoundByItsWholeName() {
        assertThat(ServingNode.figure(METRICS, "coordinator_topic_waiting_bytes"))
                .isEqualTo(16 << 20);
        assertThatThrownBy(() -> ServingNode.figure(METRICS, "coordinator_topic"))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessageContaining("coordinator_topic");
    }

    @Test
    void theBytesOfAHistogramAreInItsLastLine() {
        String histogram = """
                4711:
                 num     #instances         #bytes  class name (module)
                -------------------------------------------------------
                   1:         24000        2800000  [B (java.base@17)
                Total         31000        3456789
                """;
        assertThat(ServingNode.total(histogram)).isEqualTo(3_456_789);
        assertThatThrownBy(() -> ServingNode.total("4711:\ncannot attach"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot attach");
    }
}
