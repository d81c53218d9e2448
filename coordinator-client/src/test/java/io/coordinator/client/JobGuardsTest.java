package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.error.FencedException;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobState;
import io.coordinator.client.lock.Data;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.option.RetryOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Completions with a transaction whose guard names a lock that is lost; the job is not. */
@Feature("B-26")
class JobGuardsTest extends ClientFixture {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** A view guarded by a grant that has ended. */
    private static Data late(CoordinatorClient client) {
        LockHandle lock = client.lock("l").acquire();
        Data guarded = client.guardedBy(lock);
        lock.release();
        return guarded;
    }

    @Test
    void theHandlerHearsItAndMayCompleteTheJobOtherwise() {
        CoordinatorClient client = connect();
        Data late = late(client);
        List<FencedException> heard = new CopyOnWriteArrayList<>();
        client.jobs("q").work(job -> {
            try {
                job.complete("with it", late.transaction().then(writes -> writes.put("k", 1)));
            } catch (FencedException e) {
                heard.add(e);
                assertThat(job.isCancelled()).isFalse();
                job.complete("without it");
            }
            return null;
        });
        JobHandle job = client.jobs("q").submit(1);
        assertThat(job.await(String.class, MINUTE)).isEqualTo("without it");
        assertThat(heard).singleElement().extracting(FencedException::lock).isEqualTo("l");
        assertThat(client.cache().get("k")).isEmpty();
    }

    @Test
    void anAttemptThatEndsWithItHasFailed() {
        CoordinatorClient client = connect();
        Data late = late(client);
        client.jobs("q").work(job -> {
            if (job.attempt() == 1) {
                job.complete("with it", late.transaction().then(writes -> writes.put("k", 1)));
            }
            return "again";
        });
        JobHandle job = client.jobs("q")
                .submit(
                        1,
                        SubmitOptions.defaults()
                                .withRetry(RetryOptions.defaults()
                                        .withBackoff(Duration.ofMillis(1), Duration.ofMillis(1))));
        assertThat(job.await(String.class, MINUTE)).isEqualTo("again");
        assertThat(job.inspect().orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(job.inspect().orElseThrow().attempts()).hasSize(2);
    }
}
