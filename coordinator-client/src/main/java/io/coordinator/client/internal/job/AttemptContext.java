package io.coordinator.client.internal.job;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.work.ProgressReports;
import io.coordinator.client.job.JobContext;
import io.coordinator.client.job.StepFunction;
import io.coordinator.client.transaction.Transaction;
import io.coordinator.client.transaction.TransactionResult;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.ReportJobProgress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What a handler sees of one attempt at a job. */
final class AttemptContext implements JobContext {
    private final JobRun run;
    private final QueueTarget target;
    private final Calls calls;
    private final Promises userPromises;
    private final JobAssigned job;
    private final RecordedSteps steps;
    private final ProgressReports reports;

    AttemptContext(JobRun run, QueueWorker worker, QueueMembership membership, JobAssigned job) {
        this.run = run;
        this.job = job;
        target = worker.target();
        calls = worker.calls();
        userPromises = worker.userPromises();
        steps = new RecordedSteps(calls.with(Promises.direct()), target, membership, job);
        reports = new ProgressReports(calls.channel().loop(), value -> {
            ReportJobProgress.Builder report = ReportJobProgress.newBuilder()
                    .setId(job.getId())
                    .setToken(job.getToken())
                    .setValue(value);
            return membership.tell(target.command().setProgress(report), reply -> true);
        });
    }

    private JsonCodec json() {
        return calls.json();
    }

    // ---- the job ----

    @Override
    public String namespace() {
        return target.namespace();
    }

    @Override
    public String queue() {
        return target.name();
    }

    @Override
    public String id() {
        return job.getId();
    }

    @Override
    public JsonNode payload() {
        return json().read(job.getPayload());
    }

    @Override
    public <T> @Nullable T payload(Class<T> type) {
        return json().<T>read(job.getPayload(), json().type(type));
    }

    @Override
    public <T> @Nullable T payload(TypeReference<T> type) {
        return json().<T>read(job.getPayload(), json().type(type));
    }

    @Override
    public int attempt() {
        return Math.max(1, job.getAttempt());
    }

    @Override
    public int attemptsMax() {
        return job.getAttemptsMax() < 0 ? Integer.MAX_VALUE : job.getAttemptsMax();
    }

    @Override
    public long token() {
        return job.getToken();
    }

    @Override
    public String key() {
        return job.getKey();
    }

    @Override
    public String submitter() {
        return job.getSubmitter();
    }

    @Override
    public Instant submittedAt() {
        return Instant.ofEpochMilli(job.getSubmittedDateMillis());
    }

    // ---- its time ----

    @Override
    public Optional<Duration> remaining() {
        return run.timeLeft();
    }

    @Override
    public boolean isCancelled() {
        return run.isToStop();
    }

    @Override
    public void onCancel(Runnable action) {
        run.onStop(action);
    }

    @Override
    public void progress(@Nullable Object progress) {
        ByteString report = json().write(progress);
        if (run.isAwaited()) {
            reports.send(report);
        }
    }

    // ---- steps ----

    @Override
    public <T> @Nullable T step(String name, Class<T> type, StepFunction<? extends @Nullable T> function)
            throws Exception {
        return step(name, json().type(type), function);
    }

    @Override
    public <T> @Nullable T step(String name, TypeReference<T> type, StepFunction<? extends @Nullable T> function)
            throws Exception {
        return step(name, json().type(type), function);
    }

    private <T> @Nullable T step(String name, JavaType type, StepFunction<? extends @Nullable T> function)
            throws Exception {
        checkWritable(type);
        Optional<ByteString> before = Await.result(found(calls.promises(), name));
        ByteString result = before.isPresent() ? before.get() : recordNow(name, function.run(key(name)));
        return json().<T>read(result, type);
    }

    /** Before there is work to lose. */
    private void checkWritable(JavaType type) {
        if (!type.hasRawClass(Void.class)) {
            json().checkWritable(type);
        }
    }

    private ByteString recordNow(String name, @Nullable Object made) {
        try {
            return Await.uninterruptibly(record(calls.promises(), name, made));
        } catch (CoordinatorException e) {
            throw e.withFunctionResult(made);
        }
    }

    @Override
    public <T> Promise<@Nullable T> stepAsync(
            String name, Class<T> type, StepFunction<? extends CompletionStage<? extends @Nullable T>> function) {
        return userPromises.attempt(() -> stepAsync(name, json().type(type), function));
    }

    @Override
    public <T> Promise<@Nullable T> stepAsync(
            String name,
            TypeReference<T> type,
            StepFunction<? extends CompletionStage<? extends @Nullable T>> function) {
        return userPromises.attempt(() -> stepAsync(name, json().type(type), function));
    }

    private <T> Promise<@Nullable T> stepAsync(
            String name, JavaType type, StepFunction<? extends CompletionStage<? extends @Nullable T>> function) {
        checkWritable(type);
        Promises kind = userPromises.reading();
        Promise<ByteString> result = kind.compose(
                found(kind, name), before -> before.map(kind::succeeded).orElseGet(() -> make(kind, name, function)));
        return kind.map(result, bytes -> json().<T>read(bytes, type));
    }

    private String key(String step) {
        return target.namespace() + "/" + target.name() + "/" + job.getId() + "/" + step;
    }

    /** An earlier result; a job that is lost has no more steps. */
    private Promise<Optional<ByteString>> found(Promises kind, String step) {
        return kind.attempt(() -> {
            Calls.checkName("name", step);
            if (run.isLost()) {
                throw run.lost();
            }
            return kind.map(steps.find(step), before -> before);
        });
    }

    private Promise<ByteString> record(Promises kind, String step, @Nullable Object result) {
        return kind.attempt(() -> {
            Promise<ByteString> recorded = run.limited(kind, "the step \"" + step + "\" of ");
            var unused = steps.record(step, json().write(result)).whenComplete((counts, error) -> {
                if (error == null) {
                    recorded.succeed(counts);
                } else {
                    recorded.fail(run.heard(error));
                }
            });
            return recorded;
        });
    }

    private <S extends @Nullable Object> Promise<ByteString> make(
            Promises kind, String step, StepFunction<? extends CompletionStage<? extends S>> function) {
        Promise<ByteString> made = kind.make();
        try {
            Promises.whenDone(function.run(key(step)), (value, error) -> {
                if (error == null) {
                    forward(record(Promises.direct(), step, value), value, made);
                } else {
                    made.fail(error);
                }
            });
        } catch (Throwable e) { // of the user's function, anything
            made.fail(e);
        }
        return made;
    }

    private static void forward(Promise<ByteString> recorded, @Nullable Object value, Promise<ByteString> made) {
        var unused = recorded.whenComplete((counts, error) -> {
            if (error == null) {
                made.succeed(counts);
            } else {
                made.fail(error instanceof CoordinatorException e ? e.withFunctionResult(value) : error);
            }
        });
    }

    // ---- completion ----

    @Override
    public void complete(@Nullable Object result) {
        var unused = Await.uninterruptibly(run.complete(calls.promises(), result));
    }

    @Override
    @SuppressWarnings("NullAway") // a Void has no other value
    public Promise<@Nullable Void> completeAsync(@Nullable Object result) {
        return userPromises.<Boolean, @Nullable Void>map(run.complete(userPromises, result), done -> null);
    }

    @Override
    public TransactionResult complete(@Nullable Object result, Transaction writes) {
        return Await.uninterruptibly(run.complete(calls.promises(), result, writes));
    }

    @Override
    public Promise<TransactionResult> completeAsync(@Nullable Object result, Transaction writes) {
        return run.complete(userPromises, result, writes);
    }
}
