package io.coordinator.client.job;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.error.JobCancelledException;
import io.coordinator.client.error.JobFailedException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One job, known by its id: from whichever client it was submitted. */
public interface JobHandle {
    /** The namespace of the queue. */
    String namespace();

    /** The name of the queue. */
    String queue();

    /** The job's id within its queue. */
    String id();

    /** Whether the submission that gave this handle made the job; false if it was there, or for a handle by its id. */
    boolean created();

    /**
     * Waits for the end of the job for as long as that takes, also over a lost session.
     *
     * @return its result; JSON null for nothing
     * @throws JobFailedException if it is dead
     * @throws JobCancelledException if it was cancelled or purged
     * @throws KeyNotFoundException if there is no such job, or it is not remembered any more
     * @throws CoordinatorInterruptedException if the thread is interrupted; the job goes on
     */
    JsonNode await();

    /**
     * As {@link #await()}, for a time.
     *
     * @param timeout more than 0, in milliseconds rounded up; over 146 years count as that
     * @throws RequestTimeoutException if it did not end in time; the job goes on
     */
    JsonNode await(Duration timeout);

    /**
     * As {@link #await()}, with a result of a type.
     *
     * @return null if it is JSON null
     * @throws ValidationException if the result does not fit the type
     */
    <T> @Nullable T await(Class<T> type);

    /**
     * As {@link #await(Class)}, for a time.
     *
     * @param timeout as for {@link #await(Duration)}
     */
    <T> @Nullable T await(Class<T> type, Duration timeout);

    /** As {@link #await(Class)}, with a result of a generic type. */
    <T> @Nullable T await(TypeReference<T> type);

    /**
     * As {@link #await(TypeReference)}, for a time.
     *
     * @param timeout as for {@link #await(Duration)}
     */
    <T> @Nullable T await(TypeReference<T> type, Duration timeout);

    /**
     * Cancels the job. One that waits is over at once. The worker of one that runs is told to stop, and the job is over
     * when it has, or is lost; it may still complete the job instead.
     *
     * @return whether it was waiting or running
     */
    boolean cancel();

    /** What there is of it; empty if there is no such job, or it is not remembered any more. */
    Optional<JobStatus> inspect();

    /** The steps that were recorded of it, in the order of their names; none if there is no such job. */
    List<JobStep> steps();
}
