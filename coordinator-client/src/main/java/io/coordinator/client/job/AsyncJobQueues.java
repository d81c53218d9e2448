package io.coordinator.client.job;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** {@link JobQueues} with stages instead of blocking calls. */
public interface AsyncJobQueues {
    /** See {@link JobQueues#namespace}. */
    String namespace();

    /** See {@link JobQueues#queue}. */
    AsyncJobQueue queue(String name);

    /** See {@link JobQueues#list()}. */
    default CompletionStage<List<QueueSummary>> list() {
        return list("", "", 1_000);
    }

    /** See {@link JobQueues#list(String, String, int)}. */
    CompletionStage<List<QueueSummary>> list(String prefix, String after, int limit);
}
