package io.coordinator.state;

import static io.coordinator.protocol.JobState.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attempts whose time is over, while the work of ending them is not done yet: they are over all the same. */
@Feature("B-26")
class OverdueJobsTest extends JobScript {
    private List<JobAssigned> jobs = List.of();

    /** Of two that are due, the first is ended in the next entry, and the second in a later one. */
    @BeforeEach
    void twoAreDue() {
        join("w", 2);
        submit("a", newJob("x").setAttemptMillis(100), newJob("y").setAttemptMillis(100));
        jobs = given("w", "x", "y");
        cutSlices(1);
        at(100);
    }

    @Test
    void aCompletionIsRefused() {
        succeed("w", jobs.get(1)).refused(ErrorCode.EFENCED);
        assertThat(state("y")).isEqualTo(RUNNING);
    }

    @Test
    void aStepIsRefused() {
        step("w", jobs.get(1), "s", "1").refused(ErrorCode.EFENCED);
        assertThat(state("y")).isEqualTo(RUNNING);
    }
}
