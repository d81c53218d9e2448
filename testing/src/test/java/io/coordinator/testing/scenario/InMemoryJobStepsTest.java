package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobHandler;
import io.coordinator.testing.InMemoryClusterExtension;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Steps that a handler does side by side. */
@Feature("B-26")
@ExtendWith(InMemoryClusterExtension.class)
class InMemoryJobStepsTest {
    /** Both do the step, since none was recorded; the one that was recorded first is what both get. */
    @Test
    void ofTwoWhoDoOneStepTheFirstRecordedCountsForBoth(CoordinatorClient client) {
        CompletableFuture<Integer> one = new CompletableFuture<>();
        CompletableFuture<Integer> other = new CompletableFuture<>();
        JobHandler twice = job -> {
            CompletionStage<Integer> first = job.stepAsync("s", Integer.class, key -> one);
            CompletionStage<Integer> second = job.stepAsync("s", Integer.class, key -> other);
            one.complete(1);
            int counts = Waiting.get(first);
            other.complete(2);
            return List.of(counts, Waiting.get(second));
        };
        client.jobs("q").work(twice);
        assertThat(client.jobs("q").submit("x").await(Waiting.LONG)).hasToString("[1,1]");
    }
}
