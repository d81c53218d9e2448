package io.coordinator.client.internal.job;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobStatus;
import io.coordinator.client.job.JobStep;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job for callers that wait. */
record BlockingJobHandle(JobHandleCalls calls) implements JobHandle {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public String queue() {
        return calls.queue();
    }

    @Override
    public String id() {
        return calls.id();
    }

    @Override
    public boolean created() {
        return calls.created();
    }

    @Override
    public JsonNode await() {
        return Await.result(calls.await());
    }

    @Override
    public JsonNode await(Duration timeout) {
        return Await.result(calls.await(timeout));
    }

    @Override
    public <T> @Nullable T await(Class<T> type) {
        return Await.<@Nullable T>result(calls.await(type));
    }

    @Override
    public <T> @Nullable T await(Class<T> type, Duration timeout) {
        return Await.<@Nullable T>result(calls.await(type, timeout));
    }

    @Override
    public <T> @Nullable T await(TypeReference<T> type) {
        return Await.<@Nullable T>result(calls.await(type));
    }

    @Override
    public <T> @Nullable T await(TypeReference<T> type, Duration timeout) {
        return Await.<@Nullable T>result(calls.await(type, timeout));
    }

    @Override
    public boolean cancel() {
        return Await.result(calls.cancel());
    }

    @Override
    public Optional<JobStatus> inspect() {
        return Await.result(calls.inspect());
    }

    @Override
    public List<JobStep> steps() {
        return Await.result(calls.steps());
    }

    @Override
    public String toString() {
        return calls.toString();
    }
}
