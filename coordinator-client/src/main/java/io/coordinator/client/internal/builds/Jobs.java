package io.coordinator.client.internal.builds;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.coordinator.client.builds.BuildFunction;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.ClaimedJob;
import io.coordinator.client.builds.JobClaim;
import io.coordinator.client.error.BuildCircleException;
import io.coordinator.client.error.BuildFailedException;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.QueueNoResponseException;
import io.coordinator.client.error.RemoteJobException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.session.Calls;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Jobs that one of all callers does for all: builds whose results are kept for nobody (DL-PUSH-*, DL-FAN-*). */
final class Jobs {
    static final String NO_RESPONSE = "queue-no-response";
    /**
     * In the cluster a runner's time is bounded by its session alone, and waiters wait without a deadline: each
     * caller's time is kept here,
     * and callers of one process share a run (DL-PUSH-5).
     */
    private static final BuildOptions RUN =
            BuildOptions.timeout(Duration.ofDays(10_000)).discardResult();

    private final BuildCalls builds;
    private final Promises userPromises;
    private final Map<String, SharedRun> fanouts = new ConcurrentHashMap<>();
    private final Map<String, SharedRun> pushes = new ConcurrentHashMap<>();

    /**
     * Jobs of one namespace.
     *
     * @param builds of the namespace; their promises are settled on the loop
     */
    Jobs(BuildCalls builds, Promises userPromises) {
        this.builds = builds;
        this.userPromises = userPromises;
    }

    /** See {@link io.coordinator.client.builds.AsyncBuilds#shareAsync}. */
    <T> Promise<@Nullable T> share(
            String id, Class<T> type, BuildFunction<? extends @Nullable T, ?> job, Duration timeout) {
        return userPromises.attempt(() -> run(id, type, job, timeout));
    }

    private <T> Promise<@Nullable T> run(
            String id, Class<T> type, BuildFunction<? extends @Nullable T, ?> job, Duration timeout) {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new ValidationException("invalid timeout value: " + timeout + "; use more than 0");
        }
        requireNonNull(job, "job");
        builds.calls().json().checkWritable(builds.type(type));
        WaitCircles.Running caller = builds.circles().current();
        Promise<@Nullable JsonNode> outcome =
                join(fanouts, Calls.checkName("id", id), timeout, new FanoutJob(builds, id, RUN, job));
        if (caller != null) {
            builds.calls().channel().loop().run(() -> await(caller, outcome, id));
        }
        return userPromises
                .reading()
                .<@Nullable JsonNode, @Nullable T>compose(
                        outcome,
                        value -> BuildCalls.known(
                                value == null ? null : builds.calls().json().convert(value, type)));
    }

    /** The caller is a function itself, for whose end that of this job may wait. */
    private void await(WaitCircles.Running caller, Promise<@Nullable JsonNode> outcome, String id) {
        WaitCircles.Key key = builds.target(id);
        List<String> circle = builds.circles().await(caller, key);
        if (circle.isEmpty()) {
            Loop loop = builds.calls().channel().loop();
            var unused = outcome.whenComplete(
                    (value, error) -> loop.run(() -> builds.circles().stopWaiting(caller, key)));
        } else {
            outcome.abandon(new BuildCircleException(circle));
        }
    }

    /** See {@link io.coordinator.client.builds.AsyncBuilds#claimAsync}. */
    Promise<JobClaim> claim(String id, Duration timeout) {
        return userPromises.attempt(() -> claimed(id, timeout));
    }

    private Promise<JobClaim> claimed(String id, Duration timeout) {
        if (timeout.isNegative()) {
            throw new ValidationException("invalid timeout value: " + timeout + "; use 0 for none");
        }
        Promise<Optional<ClaimedJob>> owner = Promises.direct().make();
        PushedJob mine = new PushedJob(builds, Calls.checkName("id", id), RUN, owner, userPromises);
        Promise<@Nullable JsonNode> outcome = join(pushes, id, timeout, mine);
        if (!mine.hasBegun()) {
            owner.succeed(Optional.empty()); // Somebody else in this process has claimed it.
        }
        Promise<JsonNode> told = userPromises.map(outcome, Jobs::orNull);
        Promise<JobClaim> claim = userPromises.make();
        claim.onCancel(() -> {
            mine.forsake();
            outcome.cancel(true);
        });
        var unused = owner.whenComplete((job, error) -> {
            if (error == null) {
                claim.succeed(new JobClaim(job, told));
            } else {
                claim.fail(error);
            }
        });
        return claim;
    }

    private static JsonNode orNull(@Nullable JsonNode value) {
        return value == null ? NullNode.getInstance() : value;
    }

    // ---- runs ----

    private Promise<@Nullable JsonNode> join(
            Map<String, SharedRun> runs, String id, Duration timeout, SharedRun.Job job) {
        Promise<@Nullable JsonNode> caller = Promises.direct().make();
        SharedRun run = joined(runs, id, caller, job);
        caller.onCancel(() -> run.leave(caller));
        if (!timeout.isZero()) {
            limit(caller, timeout);
        }
        return caller;
    }

    private SharedRun joined(
            Map<String, SharedRun> runs, String id, Promise<@Nullable JsonNode> caller, SharedRun.Job job) {
        while (true) {
            SharedRun run = runs.computeIfAbsent(id, any -> new SharedRun());
            boolean joined = run.join(caller, job, begun -> {
                var unused = begun.whenComplete((value, error) -> {
                    runs.remove(id, run);
                    run.end(each -> settle(each, value, error, id));
                });
            });
            if (joined) {
                return run;
            }
            runs.remove(id, run);
        }
    }

    /** Each caller has its own time (DL-PUSH-5). */
    private void limit(Promise<@Nullable JsonNode> caller, Duration timeout) {
        Loop loop = builds.calls().channel().loop();
        loop.run(() -> {
            Loop.Timer timer = loop.schedule(
                    () -> caller.abandon(new QueueNoResponseException(NO_RESPONSE)), Times.nanos(timeout));
            var unused = caller.whenComplete((value, error) -> loop.run(timer::cancel));
        });
    }

    @SuppressWarnings("NullAway") // null is a value of the promise's type, which the checker does not see
    private static void settle(
            Promise<@Nullable JsonNode> caller, @Nullable JsonNode value, @Nullable Throwable error, String id) {
        if (error == null) {
            caller.succeed(value);
        } else {
            caller.fail(translated(error, id));
        }
    }

    private static Throwable translated(Throwable error, String id) {
        if (error instanceof BuildFailedException failed) {
            return failed.failure().code().equals(ErrorCode.EQUEUENORESPONSE.name())
                    ? new QueueNoResponseException(NO_RESPONSE)
                    : new RemoteJobException(failed.failure());
        }
        return error instanceof KeyNotFoundException ? lost(id) : error;
    }

    /** What those hear who wait for a job that nobody does any more. */
    static BuildLostException lost(String id) {
        return new BuildLostException("the owner of job '" + id + "' was lost before it was done; push it again", null);
    }
}
