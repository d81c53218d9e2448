package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.JobLeaseLostException;
import io.coordinator.client.job.JobContext;
import io.coordinator.client.transaction.TransactionResult;
import io.coordinator.testing.InMemoryClusterExtension;
import io.coordinator.testing.feature.Feature;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Jobs that are lost before their worker can know: the cluster refuses, and the worker is told in one way. */
@Feature("B-26")
@ExtendWith(InMemoryClusterExtension.class)
class InMemoryJobLossesTest {
    private final BlockingQueue<JobContext> begun = new LinkedBlockingQueue<>();
    private final CountDownLatch never = new CountDownLatch(1);

    private JobContext begun(CoordinatorClient client) throws InterruptedException {
        client.jobs("q").work(job -> {
            begun.add(job);
            never.await();
            return null;
        });
        client.jobs("q").submit("x");
        return Objects.requireNonNull(begun.poll(Waiting.LONG.toSeconds(), TimeUnit.SECONDS));
    }

    /** The completion is sent before the answer to what takes the job away has come. */
    @Test
    void aTransactionThatTheClusterRefusesSaysThatTheJobIsLost(CoordinatorClient client) throws InterruptedException {
        JobContext job = begun(client);
        CompletionStage<?> deleted = client.async().jobs("q").delete();
        CompletionStage<TransactionResult> done =
                job.completeAsync("r", client.transaction().then(writes -> writes.put("k", 1)));
        assertThatExceptionOfType(JobLeaseLostException.class).isThrownBy(() -> Waiting.get(done));
        Waiting.get(deleted);
        assertThat(client.cache().get("k")).isEmpty();
    }

    @Test
    void aCompletionThatTheClusterRefusesSaysThatTheJobIsLost(CoordinatorClient client) throws InterruptedException {
        JobContext job = begun(client);
        CompletionStage<?> deleted = client.async().jobs("q").delete();
        CompletionStage<?> done = job.completeAsync("r");
        assertThatExceptionOfType(JobLeaseLostException.class).isThrownBy(() -> Waiting.get(done));
        Waiting.get(deleted);
    }
}
