package io.coordinator.client.internal.job;

import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.work.LiveWorker;
import io.coordinator.client.internal.work.UserSideOfWorker;
import io.coordinator.client.internal.work.WorkerRegistration;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.WorkOptions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Does the jobs of one queue. */
final class QueueWorker extends LiveWorker<JobWorker> implements JobWorker {
    private final Promises userPromises;
    private final QueueTarget target;
    private final JobHandler handler;
    private final WorkOptions options;

    /**
     * A worker that has not joined.
     *
     * @param calls without a guard
     * @param userPromises for stages that callers see
     */
    QueueWorker(
            Calls calls,
            Promises userPromises,
            QueueTarget target,
            JobHandler handler,
            WorkOptions options,
            UserSideOfWorker user) {
        super(calls, user, Integer.MAX_VALUE); // The queue counts: who has given or lost a job holds up no other.
        this.userPromises = userPromises;
        this.target = target;
        this.handler = handler;
        this.options = options;
    }

    QueueTarget target() {
        return target;
    }

    JobHandler handler() {
        return handler;
    }

    WorkOptions options() {
        return options;
    }

    Promises userPromises() {
        return userPromises;
    }

    @Override
    protected JobWorker self() {
        return this;
    }

    @Override
    protected WorkerRegistration registration() {
        return QueueMembership.of(channel(), this);
    }

    /** Its queue is gone; on the loop. */
    void ended(String reason) {
        end(new KeyNotFoundException("the worker for " + target + " has ended: " + reason
                + "; what it had of it is lost. Start another one, which makes the queue anew"));
    }

    // ---- for users ----

    @Override
    public String namespace() {
        return target.namespace();
    }

    @Override
    public String queue() {
        return target.name();
    }

    @Override
    public State state() {
        if (hasLeft()) {
            return isOver() ? State.CLOSED : State.DRAINING;
        }
        return isRegistered() ? State.ACTIVE : State.AWAY;
    }

    @Override
    public Promise<@Nullable Void> drain() {
        return close(userPromises, null);
    }

    @Override
    public void close() {
        var unused =
                Await.briefly(close(Promises.direct(), options.drainTimeout()), Duration.ofMillis(Times.MILLIS_MAX));
    }

    @Override
    public Promise<@Nullable Void> closeAsync() {
        return close(userPromises, options.drainTimeout());
    }
}
