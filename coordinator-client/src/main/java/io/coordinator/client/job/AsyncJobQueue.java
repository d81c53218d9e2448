package io.coordinator.client.job;

import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.watch.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** {@link JobQueue} with stages instead of blocking calls. */
public interface AsyncJobQueue {
    /** See {@link JobQueue#namespace}. */
    String namespace();

    /** See {@link JobQueue#name}. */
    String name();

    /** See {@link JobQueue#withTimeout}. */
    AsyncJobQueue withTimeout(Duration timeout);

    /** See {@link JobQueue#submit(Object)}. */
    CompletionStage<AsyncJobHandle> submit(@Nullable Object payload);

    /** See {@link JobQueue#submit(Object, SubmitOptions)}. Jobs are submitted in the order of the calls. */
    CompletionStage<AsyncJobHandle> submit(@Nullable Object payload, SubmitOptions options);

    /** See {@link JobQueue#submitAll}. */
    CompletionStage<List<AsyncJobHandle>> submitAll(List<NewJobSpec> jobs);

    /** See {@link JobQueue#job}. */
    AsyncJobHandle job(String id);

    /** See {@link JobQueue#list}. */
    CompletionStage<JobPage> list(JobFilter filter);

    /** See {@link JobQueue#rerun(String)}. */
    default CompletionStage<Boolean> rerun(String id) {
        return rerun(id, false);
    }

    /** See {@link JobQueue#rerun(String, boolean)}. */
    CompletionStage<Boolean> rerun(String id, boolean keepSteps);

    /** See {@link JobQueue#redrive()}. */
    CompletionStage<Long> redrive();

    /** See {@link JobQueue#redrive(long)}. */
    CompletionStage<Long> redrive(long count);

    /** See {@link JobQueue#watch}. */
    Subscription watch(JobListener listener);

    /** See {@link JobQueue#work(JobHandler)}. */
    CompletionStage<JobWorker> work(JobHandler handler);

    /** See {@link JobQueue#work(JobHandler, WorkOptions)}. */
    CompletionStage<JobWorker> work(JobHandler handler, WorkOptions options);

    /** See {@link JobQueue#configure}. */
    CompletionStage<Boolean> configure(QueueOptions options);

    /** See {@link JobQueue#pause}. */
    CompletionStage<Void> pause();

    /** See {@link JobQueue#resume}. */
    CompletionStage<Void> resume();

    /** See {@link JobQueue#inspect}. */
    CompletionStage<Optional<QueueStatus>> inspect();

    /** See {@link JobQueue#purge}. */
    CompletionStage<Long> purge(Set<PurgeKind> kinds);

    /** See {@link JobQueue#delete}. */
    CompletionStage<Boolean> delete();
}
