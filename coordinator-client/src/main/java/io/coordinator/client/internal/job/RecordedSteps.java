package io.coordinator.client.internal.job;

import com.google.protobuf.ByteString;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.ReadSteps;
import io.coordinator.protocol.RecordStep;
import io.coordinator.protocol.StepPage;
import io.coordinator.protocol.StepResult;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The steps of one job: those of earlier attempts are read when the first one is asked for, all together. Safe for use
 * by many threads.
 */
final class RecordedSteps {
    private final Calls calls;
    private final QueueTarget target;
    private final QueueMembership membership;
    private final JobAssigned job;
    private final Map<String, ByteString> results = new ConcurrentHashMap<>();
    private volatile boolean read;

    /** @param calls whose stages are settled in place */
    RecordedSteps(Calls calls, QueueTarget target, QueueMembership membership, JobAssigned job) {
        this.calls = calls;
        this.target = target;
        this.membership = membership;
        this.job = job;
        read = job.getSteps() == 0;
    }

    /** The result of a step; empty if it was not recorded. */
    Promise<Optional<ByteString>> find(String step) {
        if (read) {
            return Promises.direct().succeeded(known(step));
        }
        return Promises.direct().map(readFrom(""), all -> known(step));
    }

    private Optional<ByteString> known(String step) {
        return Optional.ofNullable(results.get(step));
    }

    /** A page, and those behind it. */
    private Promise<Boolean> readFrom(String after) {
        Promise<StepPage> page = calls.query(
                QueueTarget.JOB,
                () -> target.query()
                        .setSteps(ReadSteps.newBuilder().setId(job.getId()).setAfterStep(after))
                        .build(),
                answer -> answer.getJob().getSteps());
        return Promises.direct().compose(page, this::add);
    }

    private Promise<Boolean> add(StepPage page) {
        page.getStepsList().forEach(step -> results.putIfAbsent(step.getStep(), step.getResult()));
        if (page.getMore() && page.getStepsCount() > 0) {
            StepResult last = page.getSteps(page.getStepsCount() - 1);
            return readFrom(last.getStep());
        }
        read = true;
        return Promises.direct().succeeded(true);
    }

    /** Records a step; what it comes to is the result that counts. */
    Promise<ByteString> record(String step, ByteString result) {
        RecordStep.Builder record = RecordStep.newBuilder()
                .setId(job.getId())
                .setToken(job.getToken())
                .setStep(step)
                .setResult(result);
        Promise<ByteString> recorded = membership.tell(target.command().setStep(record), reply -> {
            ByteString earlier = reply.getStep().getEarlier();
            return earlier.isEmpty() ? result : earlier;
        });
        return Promises.direct().map(recorded, counts -> {
            results.put(step, counts);
            return counts;
        });
    }
}
