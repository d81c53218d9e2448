package io.coordinator.client.internal.builds;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.builds.BuildContext;
import io.coordinator.client.builds.BuildFunction;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.QueueNoResponseException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Refusable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A job for all who wait. If its caller's time is over while it runs here, it is cancelled, and all of them hear it
 * (A-37).
 */
final class FanoutJob implements SharedRun.Job {
    private final BuildCalls builds;
    private final String id;
    private final BuildOptions options;
    private final BuildFunction<?, ?> function;
    private final CompletableFuture<@Nullable JsonNode> outcome = new CompletableFuture<>();
    private volatile @Nullable Promise<@Nullable JsonNode> run;
    private volatile @Nullable ReservationContext context;

    FanoutJob(BuildCalls builds, String id, BuildOptions options, BuildFunction<?, ?> function) {
        this.builds = builds;
        this.id = id;
        this.options = options;
        this.function = function;
    }

    @Override
    public Promise<@Nullable JsonNode> begin() {
        Promise<@Nullable JsonNode> begun = builds.getOrWork(id, this::work, options);
        run = begun;
        return begun;
    }

    /** On a worker; the job itself on another, so that its cancellation need not wait for it. */
    private CompletionStage<@Nullable JsonNode> work(BuildContext reservation) {
        context = (ReservationContext) reservation;
        WaitCircles.Running running = builds.circles().current();
        builds.worker().execute(Refusable.of(() -> run(running, reservation), outcome::completeExceptionally));
        return outcome;
    }

    private void run(WaitCircles.@Nullable Running running, BuildContext reservation) {
        try {
            outcome.complete(tree(built(running, reservation)));
        } catch (Throwable e) { // whatever it is, all who wait must learn of it (DL-FAN-9)
            outcome.completeExceptionally(e);
        }
    }

    private @Nullable Object built(WaitCircles.@Nullable Running running, BuildContext reservation) throws Exception {
        return running == null ? function.build(reservation) : running.call(() -> function.build(reservation));
    }

    private JsonNode tree(@Nullable Object result) {
        try {
            return builds.calls().json().tree(result);
        } catch (CoordinatorException e) {
            throw e.withFunctionResult(result);
        }
    }

    @Override
    public void abandon() {
        ReservationContext running = context;
        Promise<@Nullable JsonNode> waiting = run;
        if (running != null) {
            builds.calls().channel().loop().run(running::cancel);
            outcome.completeExceptionally(new QueueNoResponseException(Jobs.NO_RESPONSE));
        } else if (waiting != null) {
            waiting.cancel(true);
        }
    }
}
