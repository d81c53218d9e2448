package io.coordinator.benchmarks.systems;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Jobs that were submitted and are not completed, by their payloads, no two of which are alike. */
final class JobsUnderWay {
    private final Map<String, CompletableFuture<byte[]>> underWay = new ConcurrentHashMap<>();

    /**
     * Submits a job.
     *
     * @param submission completes when the system has promised to keep the job
     * @return the payload, when that is so and the job is {@link #completed}
     */
    CompletionStage<byte[]> submit(byte[] payload, Function<byte[], ? extends CompletionStage<?>> submission) {
        CompletableFuture<byte[]> completed = new CompletableFuture<>();
        underWay.put(key(payload), completed);
        CompletionStage<?> submitted = submission.apply(payload).whenComplete((any, failure) -> {
            if (failure != null) {
                underWay.remove(key(payload));
                completed.completeExceptionally(failure);
            }
        });
        return submitted.thenCombine(completed, (any, answer) -> answer);
    }

    /** The system has acknowledged the completion of a job; what it does a second time is not counted. */
    void completed(byte[] payload) {
        CompletableFuture<byte[]> completed = underWay.remove(key(payload));
        if (completed != null) {
            completed.complete(payload);
        }
    }

    private static String key(byte[] payload) {
        return new String(payload, StandardCharsets.ISO_8859_1);
    }
}
