package io.coordinator.client.internal.job;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.job.JobFilter;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.JobListener;
import io.coordinator.client.job.JobPage;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.NewJobSpec;
import io.coordinator.client.job.PurgeKind;
import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.job.QueueStatus;
import io.coordinator.client.job.WorkOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.watch.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A queue for callers that wait. */
record BlockingJobQueue(JobQueueCalls calls) implements JobQueue {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public String name() {
        return calls.name();
    }

    @Override
    public JobQueue withTimeout(Duration timeout) {
        return new BlockingJobQueue(calls.withTimeout(timeout));
    }

    @Override
    public JobHandle submit(@Nullable Object payload) {
        return submit(payload, SubmitOptions.defaults());
    }

    @Override
    public JobHandle submit(@Nullable Object payload, SubmitOptions options) {
        return submitAll(List.of(new NewJobSpec(payload, options))).get(0);
    }

    @Override
    public List<JobHandle> submitAll(List<NewJobSpec> jobs) {
        return Await.result(calls.submitting(
                jobs, handles -> handles.stream().map(JobHandleCalls::blocking).toList()));
    }

    @Override
    public JobHandle job(String id) {
        return calls.job(id).blocking();
    }

    @Override
    public JobPage list(JobFilter filter) {
        return Await.result(calls.list(filter));
    }

    @Override
    public boolean rerun(String id, boolean keepSteps) {
        return Await.result(calls.rerun(id, keepSteps));
    }

    @Override
    public long redrive() {
        return Await.result(calls.redrive());
    }

    @Override
    public long redrive(long count) {
        return Await.result(calls.redrive(count));
    }

    @Override
    public Subscription watch(JobListener listener) {
        return calls.watch(listener);
    }

    @Override
    public JobWorker work(JobHandler handler) {
        return Await.result(calls.work(handler));
    }

    @Override
    public JobWorker work(JobHandler handler, WorkOptions options) {
        return Await.result(calls.work(handler, options));
    }

    @Override
    public boolean configure(QueueOptions options) {
        return Await.result(calls.configure(options));
    }

    @Override
    public void pause() {
        var unused = Await.<@Nullable Void>result(calls.pause());
    }

    @Override
    public void resume() {
        var unused = Await.<@Nullable Void>result(calls.resume());
    }

    @Override
    public Optional<QueueStatus> inspect() {
        return Await.result(calls.inspect());
    }

    @Override
    public long purge(Set<PurgeKind> kinds) {
        return Await.result(calls.purge(kinds));
    }

    @Override
    public boolean delete() {
        return Await.result(calls.delete());
    }
}
