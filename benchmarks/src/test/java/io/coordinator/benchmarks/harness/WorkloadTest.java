package io.coordinator.benchmarks.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WorkloadTest {
    @Test
    void isFoundByItsLabel() {
        for (Workload workload : Workload.values()) {
            assertThat(Workload.named(workload.label())).isEqualTo(workload);
            assertThat(workload.usualInFlight()).isNotEmpty().allMatch(n -> n > 0);
        }
        assertThat(Arrays.stream(Workload.values()).map(Workload::label)).doesNotHaveDuplicates();
        assertThatIllegalArgumentException().isThrownBy(() -> Workload.named("fanout-10"));
    }

    @Test
    void isPossibleWithDriversThatHaveItsInterface() {
        assertThat(possibleWith(KeyDriver.class))
                .contains(Workload.PUT, Workload.LOCK)
                .hasSize(7);
        assertThat(possibleWith(DocumentDriver.class)).hasSize(3);
        assertThat(possibleWith(PublishDriver.class)).containsExactly(Workload.PUBLISH);
        assertThat(possibleWith(GroupDriver.class)).containsExactly(Workload.CONSUME);
        assertThat(possibleWith(FanOutDriver.class))
                .containsExactly(Workload.FAN_OUT_1, Workload.FAN_OUT_100, Workload.FAN_OUT_1000);
        assertThat(possibleWith(CallDriver.class)).containsExactly(Workload.RPC, Workload.RPC_EPHEMERAL);
        assertThat(possibleWith(JobDriver.class)).containsExactly(Workload.JOB);
        assertThat(possibleWith(Driver.class)).isEmpty();
    }

    private static List<Workload> possibleWith(Class<? extends Driver> driver) {
        return Arrays.stream(Workload.values())
                .filter(workload -> workload.isPossibleWith(driver))
                .toList();
    }
}
