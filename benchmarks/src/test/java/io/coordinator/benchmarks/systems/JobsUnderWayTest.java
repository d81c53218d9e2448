package io.coordinator.benchmarks.systems;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A job is counted once: when its submission and its completion are acknowledged, whichever comes first. */
final class JobsUnderWayTest {
    private final byte[] payload = "\"one\"".getBytes(StandardCharsets.UTF_8);
    private final CompletableFuture<Void> submission = new CompletableFuture<>();
    private final JobsUnderWay jobs = new JobsUnderWay();

    @Test
    void itWaitsForBothAcknowledgements() {
        CompletableFuture<byte[]> job = jobs.submit(payload, any -> submission).toCompletableFuture();
        submission.complete(null);
        assertThat(job).isNotDone();
        jobs.completed(payload.clone());
        assertThat(job)
                .isCompletedWithValueMatching(answer -> new String(answer, StandardCharsets.UTF_8).equals("\"one\""));
    }

    @Test
    void itMayBeCompletedBeforeItsSubmitterHears() {
        CompletableFuture<byte[]> job = jobs.submit(payload, any -> submission).toCompletableFuture();
        jobs.completed(payload.clone());
        jobs.completed(payload.clone());
        assertThat(job).isNotDone();
        submission.complete(null);
        assertThat(job).isCompleted();
    }

    @Test
    void oneThatIsNotSubmittedFails() {
        CompletableFuture<byte[]> job = jobs.submit(payload, any -> submission).toCompletableFuture();
        submission.completeExceptionally(new IllegalStateException("full"));
        assertThat(job).isCompletedExceptionally();
        jobs.completed(payload.clone());
        assertThat(job).isCompletedExceptionally();
    }
}
