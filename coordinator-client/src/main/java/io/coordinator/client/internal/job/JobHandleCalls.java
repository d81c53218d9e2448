package io.coordinator.client.internal.job;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.job.AsyncJobHandle;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobStatus;
import io.coordinator.client.job.JobStep;
import io.coordinator.protocol.CancelJob;
import io.coordinator.protocol.InspectJob;
import io.coordinator.protocol.JobAnswer;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.ReadSteps;
import io.coordinator.protocol.StepPage;
import io.coordinator.protocol.StepResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One job, as messages. */
final class JobHandleCalls implements AsyncJobHandle {
    private final JobQueueCalls calls;
    private final String id;
    private final boolean created;

    JobHandleCalls(JobQueueCalls calls, String id, boolean created) {
        this.calls = calls;
        this.id = Calls.checkName("id", id);
        this.created = created;
    }

    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public String queue() {
        return calls.name();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean created() {
        return created;
    }

    @Override
    public Promise<JsonNode> await() {
        return await(null, calls.calls().json()::read);
    }

    @Override
    public Promise<JsonNode> await(Duration timeout) {
        return limited(timeout, calls.calls().json()::read);
    }

    @Override
    public <T> Promise<@Nullable T> await(Class<T> type) {
        return await(null, this.<T>reader(calls.calls().json().type(type)));
    }

    @Override
    public <T> Promise<@Nullable T> await(Class<T> type, Duration timeout) {
        return limited(timeout, this.<T>reader(calls.calls().json().type(type)));
    }

    @Override
    public <T> Promise<@Nullable T> await(TypeReference<T> type) {
        return await(null, this.<T>reader(calls.calls().json().type(type)));
    }

    @Override
    public <T> Promise<@Nullable T> await(TypeReference<T> type, Duration timeout) {
        return limited(timeout, this.<T>reader(calls.calls().json().type(type)));
    }

    private <T> Function<ByteString, @Nullable T> reader(JavaType type) {
        return result -> calls.calls().json().<T>read(result, type);
    }

    private <T extends @Nullable Object> Promise<T> limited(Duration timeout, Function<ByteString, T> reader) {
        return calls.calls().promises().attempt(() -> await(Times.positive("timeout", timeout), reader));
    }

    private <T extends @Nullable Object> Promise<T> await(@Nullable Duration timeout, Function<ByteString, T> reader) {
        Promise<T> promise = calls.calls().reading().promises().make();
        new JobAwait<>(calls.calls().channel(), calls.target(), id, timeout, promise, reader).begin();
        return promise;
    }

    @Override
    public Promise<Boolean> cancel() {
        return calls.command(
                body -> body.setCancel(CancelJob.newBuilder().setId(id)),
                reply -> isCancellable(reply.getCancelled().getState()));
    }

    private static boolean isCancellable(JobState state) {
        return state == JobState.DELAYED || state == JobState.WAITING || state == JobState.RUNNING;
    }

    @Override
    public Promise<Optional<JobStatus>> inspect() {
        return calls.query(
                body -> body.setInspect(InspectJob.newBuilder().setId(id)),
                answer -> answer.getJob().getExists()
                        ? Optional.of(
                                JobViews.status(answer.getJob(), calls.calls().json()))
                        : Optional.empty());
    }

    @Override
    public Promise<List<JobStep>> steps() {
        return stepsBehind(List.of());
    }

    /** Those that were read, with all behind them. */
    private Promise<List<JobStep>> stepsBehind(List<JobStep> before) {
        String last = before.isEmpty() ? "" : before.get(before.size() - 1).name();
        Promise<StepPage> asked = calls.query(
                body -> body.setSteps(ReadSteps.newBuilder().setId(id).setAfterStep(last)), JobAnswer::getSteps);
        return calls.calls().reading().promises().compose(asked, page -> {
            List<JobStep> all = new ArrayList<>(before);
            page.getStepsList().forEach(step -> all.add(step(step)));
            return page.getMore() && page.getStepsCount() > 0
                    ? stepsBehind(all)
                    : Promises.direct().succeeded(List.copyOf(all));
        });
    }

    private JobStep step(StepResult step) {
        return new JobStep(step.getStep(), calls.calls().json().read(step.getResult()), step.getAttempt());
    }

    /** The same for callers that wait. */
    JobHandle blocking() {
        return new BlockingJobHandle(this);
    }

    @Override
    public String toString() {
        return calls.target().job(id);
    }
}
