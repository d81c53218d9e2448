package io.coordinator.client.job;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link JobHandle} with stages. Cancelling the stage of an await ends that, not the job. */
public interface AsyncJobHandle {
    /** See {@link JobHandle#namespace}. */
    String namespace();

    /** See {@link JobHandle#queue}. */
    String queue();

    /** See {@link JobHandle#id}. */
    String id();

    /** See {@link JobHandle#created}. */
    boolean created();

    /** See {@link JobHandle#await()}. */
    CompletionStage<JsonNode> await();

    /** See {@link JobHandle#await(Duration)}. */
    CompletionStage<JsonNode> await(Duration timeout);

    /** See {@link JobHandle#await(Class)}. */
    <T> CompletionStage<@Nullable T> await(Class<T> type);

    /** See {@link JobHandle#await(Class, Duration)}. */
    <T> CompletionStage<@Nullable T> await(Class<T> type, Duration timeout);

    /** See {@link JobHandle#await(TypeReference)}. */
    <T> CompletionStage<@Nullable T> await(TypeReference<T> type);

    /** See {@link JobHandle#await(TypeReference, Duration)}. */
    <T> CompletionStage<@Nullable T> await(TypeReference<T> type, Duration timeout);

    /** See {@link JobHandle#cancel}. */
    CompletionStage<Boolean> cancel();

    /** See {@link JobHandle#inspect}. */
    CompletionStage<Optional<JobStatus>> inspect();

    /** See {@link JobHandle#steps}. */
    CompletionStage<List<JobStep>> steps();
}
