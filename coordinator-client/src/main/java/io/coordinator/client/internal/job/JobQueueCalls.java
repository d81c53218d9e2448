package io.coordinator.client.internal.job;

import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.async.Portions;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.work.ClientSide;
import io.coordinator.client.internal.work.UserSideOfWorker;
import io.coordinator.client.job.AsyncJobHandle;
import io.coordinator.client.job.AsyncJobQueue;
import io.coordinator.client.job.JobFilter;
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
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.protocol.ConfigureQueue;
import io.coordinator.protocol.DeleteQueue;
import io.coordinator.protocol.InspectQueue;
import io.coordinator.protocol.JobAnswer;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.JobQuery;
import io.coordinator.protocol.JobReply;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.ListJobs;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.RedriveJobs;
import io.coordinator.protocol.RerunJob;
import io.coordinator.protocol.SubmittedJob;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One queue, as messages. */
final class JobQueueCalls implements AsyncJobQueue {
    private final Calls calls;
    private final ClientSide side;
    private final QueueTarget target;

    JobQueueCalls(Calls calls, ClientSide side, QueueTarget target) {
        this.calls = calls;
        this.side = side;
        this.target = target;
    }

    Calls calls() {
        return calls;
    }

    QueueTarget target() {
        return target;
    }

    @Override
    public String namespace() {
        return target.namespace();
    }

    @Override
    public String name() {
        return target.name();
    }

    @Override
    public JobQueueCalls withTimeout(Duration timeout) {
        return new JobQueueCalls(calls.withTimeout(timeout), side, target);
    }

    // ---- jobs ----

    @Override
    public Promise<AsyncJobHandle> submit(@Nullable Object payload) {
        return submit(payload, SubmitOptions.defaults());
    }

    @Override
    public Promise<AsyncJobHandle> submit(@Nullable Object payload, SubmitOptions options) {
        return submitting(List.of(new NewJobSpec(payload, options)), handles -> handles.get(0));
    }

    @Override
    public Promise<List<AsyncJobHandle>> submitAll(List<NewJobSpec> jobs) {
        return submitting(jobs, List::copyOf);
    }

    /** Submits jobs, and makes something of their handles. */
    <T> Promise<T> submitting(List<NewJobSpec> jobs, Function<List<JobHandleCalls>, T> made) {
        return command(
                body -> body.setSubmit(JobMessages.submission(jobs, calls.json())),
                reply -> made.apply(reply.getSubmitted().getJobsList().stream()
                        .map(this::handle)
                        .toList()));
    }

    private JobHandleCalls handle(SubmittedJob job) {
        return new JobHandleCalls(this, job.getId(), job.getCreated());
    }

    @Override
    public JobHandleCalls job(String id) {
        return new JobHandleCalls(this, id, false);
    }

    @Override
    public Promise<JobPage> list(JobFilter filter) {
        return query(
                body -> body.setList(ListJobs.newBuilder()
                        .setState(filter.state().map(JobViews::message).orElse(JobState.JOB_STATE_UNSPECIFIED))
                        .setAfterId(filter.after())
                        .setLimit(filter.limit())),
                answer -> JobViews.page(answer.getJobs()));
    }

    @Override
    public Promise<Boolean> rerun(String id, boolean keepSteps) {
        return command(
                body -> body.setRerun(
                        RerunJob.newBuilder().setId(Calls.checkName("id", id)).setKeepSteps(keepSteps)),
                reply -> JobViews.state(reply.getRerun().getState()).isOver());
    }

    @Override
    public Promise<Long> redrive() {
        return Portions.all(calls.promises(), this::redrivePart);
    }

    @Override
    public Promise<Long> redrive(long count) {
        return calls.promises().attempt(() -> {
            Arguments.positive("count", count);
            return Portions.upTo(calls.promises(), count, this::redrivePart);
        });
    }

    private Promise<Portions.Portion> redrivePart(long count) {
        return command(
                body -> body.setRedrive(RedriveJobs.newBuilder().setCount(count)),
                reply -> new Portions.Portion(
                        reply.getRedriven().getCount(), reply.getRedriven().getMore()));
    }

    @Override
    public Subscription watch(JobListener listener) {
        String prefix = target.watched();
        WatchOptions all = WatchOptions.prefix(ChangeEvent.Data.JOB, prefix).namespace(target.namespace());
        return side.watches().apply(all, new JobWatch(prefix, Objects.requireNonNull(listener, "listener")));
    }

    // ---- workers ----

    @Override
    public Promise<JobWorker> work(JobHandler handler) {
        return work(handler, WorkOptions.defaults());
    }

    @Override
    public Promise<JobWorker> work(JobHandler handler, WorkOptions options) {
        Objects.requireNonNull(handler, "handler");
        Objects.requireNonNull(options, "options");
        UserSideOfWorker user = side.ofWorker(target.toString(), options.executor(), options.errorListener());
        Promise<JobWorker> promise = calls.promises().make();
        new QueueWorker(calls.unguarded(), side.promises(), target, handler, options, user).begin(promise);
        return promise;
    }

    // ---- the queue itself ----

    @Override
    public Promise<Boolean> configure(QueueOptions options) {
        return command(
                body -> body.setConfigure(ConfigureQueue.newBuilder().setSettings(JobMessages.settings(options))),
                reply -> reply.getConfigured().getCreated());
    }

    @Override
    public Promise<@Nullable Void> pause() {
        return paused(true);
    }

    @Override
    public Promise<@Nullable Void> resume() {
        return paused(false);
    }

    private Promise<@Nullable Void> paused(boolean paused) {
        ConfigureQueue.Builder configure = ConfigureQueue.newBuilder()
                .setSettings(QueueSettings.newBuilder().setPaused(paused))
                .setOnlyPaused(true);
        return this.<@Nullable Void>command(body -> body.setConfigure(configure), reply -> null);
    }

    @Override
    public Promise<Optional<QueueStatus>> inspect() {
        return query(
                body -> body.setInspectQueue(InspectQueue.getDefaultInstance()),
                answer -> answer.getQueue().getExists()
                        ? Optional.of(QueueViews.status(answer.getQueue()))
                        : Optional.empty());
    }

    @Override
    public Promise<Long> purge(Set<PurgeKind> kinds) {
        return command(
                body -> body.setPurge(JobMessages.purge(kinds)),
                reply -> reply.getPurged().getCount());
    }

    @Override
    public Promise<Boolean> delete() {
        return command(
                body -> body.setDelete(DeleteQueue.getDefaultInstance()),
                reply -> reply.getDeleted().getExisted());
    }

    // ---- messages ----

    /** Commands something about the queue; failures of what makes the body reach the caller by the stage. */
    <T extends @Nullable Object> Promise<T> command(
            Consumer<JobCommand.Builder> operation, Function<JobReply, T> decoder) {
        return calls.command(
                QueueTarget.JOB,
                () -> {
                    JobCommand.Builder body = target.command();
                    operation.accept(body);
                    return body.build();
                },
                reply -> decoder.apply(reply.getJob()));
    }

    /** Asks something about the queue. */
    <T> Promise<T> query(Consumer<JobQuery.Builder> operation, Function<JobAnswer, T> decoder) {
        return calls.reading()
                .query(
                        QueueTarget.JOB,
                        () -> {
                            JobQuery.Builder body = target.query();
                            operation.accept(body);
                            return body.build();
                        },
                        answer -> decoder.apply(answer.getJob()));
    }

    /** The same for callers that wait. */
    JobQueue blocking() {
        return new BlockingJobQueue(this);
    }
}
