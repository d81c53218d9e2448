package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobState;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Handlers whose threads are interrupted when their work is done already: what became of it is heard all the same. */
@Feature("B-26")
class JobInterruptsTest extends ClientFixture {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void anInterruptedHandlerHearsThatTheJobIsCompleted() {
        CoordinatorClient client = connect();
        Queue<Boolean> flags = new ConcurrentLinkedQueue<>();
        client.jobs("q").work(job -> {
            Thread.currentThread().interrupt();
            job.complete("done", client.transaction().then(writes -> writes.put("k", 1)));
            flags.add(Thread.interrupted());
            return null;
        });
        JobHandle job = client.jobs("q").submit(1);
        assertThat(job.await(String.class, MINUTE)).isEqualTo("done");
        assertThat(client.cache().get("k")).isPresent();
        soon().until(() -> !flags.isEmpty());
        assertThat(flags).containsExactly(true);
        assertThat(job.inspect().orElseThrow().attempts()).hasSize(1);
    }

    @Test
    void theResultOfAStepIsRecordedThoughItsFunctionWasInterrupted() {
        CoordinatorClient client = connect();
        client.jobs("q")
                .work(job -> job.step("s", String.class, key -> {
                    Thread.currentThread().interrupt();
                    return "recorded in attempt " + job.attempt();
                }));
        JobHandle job = client.jobs("q").submit(1);
        assertThat(job.await(String.class, MINUTE)).isEqualTo("recorded in attempt 1");
        assertThat(job.inspect().orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
    }
}
