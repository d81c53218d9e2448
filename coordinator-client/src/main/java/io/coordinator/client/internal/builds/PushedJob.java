package io.coordinator.client.internal.builds;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.builds.BuildContext;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.ClaimedJob;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Thrown;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job that its owner does in its own time and says when it is done. */
final class PushedJob implements SharedRun.Job, ClaimedJob {
    private static final Logger log = LoggerFactory.getLogger(PushedJob.class);

    private final BuildCalls builds;
    private final String id;
    private final BuildOptions options;
    private final Promise<Optional<ClaimedJob>> owner;
    private final CompletableFuture<@Nullable JsonNode> outcome = new CompletableFuture<>();
    private final Promise<@Nullable Void> told;
    private volatile @Nullable Promise<@Nullable JsonNode> run;
    private volatile boolean owned;
    /** Whoever was to be told that the job is its own has left. */
    private volatile boolean forsaken;

    /**
     * A job that was not begun.
     *
     * @param owner told who has to do it, as soon as that is known
     * @param userPromises for what its owner sees
     */
    PushedJob(
            BuildCalls builds,
            String id,
            BuildOptions options,
            Promise<Optional<ClaimedJob>> owner,
            Promises userPromises) {
        this.builds = builds;
        this.id = id;
        this.options = options;
        this.owner = owner;
        this.told = userPromises.makeShared();
    }

    @Override
    public Promise<@Nullable JsonNode> begin() {
        Promise<@Nullable JsonNode> begun =
                builds.claim(id, this::work, options, () -> owner.succeed(Optional.empty()));
        run = begun;
        var unused = begun.whenComplete((value, error) -> {
            // It ended before anybody knew whose it was.
            if (error instanceof ClosedException) {
                owner.fail(error);
            } else {
                owner.succeed(Optional.empty());
            }
            tell(error);
        });
        return begun;
    }

    boolean hasBegun() {
        return run != null;
    }

    private CompletionStage<@Nullable JsonNode> work(BuildContext reservation) {
        owned = true;
        if (forsaken) {
            giveUp();
        } else {
            owner.succeed(Optional.of(this));
        }
        return outcome;
    }

    /** An owner goes on: others may wait for it elsewhere. */
    @Override
    public void abandon() {
        Promise<@Nullable JsonNode> waiting = run;
        if (!owned && waiting != null) {
            waiting.cancel(true);
        }
    }

    /** Its caller will not learn whose it is. Nobody could do what became its own: those who wait hear of a loss. */
    void forsake() {
        forsaken = true;
        if (owned) {
            giveUp();
        }
    }

    private void giveUp() {
        Promise<@Nullable JsonNode> begun = run;
        if (begun != null) {
            begun.abandon(Jobs.lost(id));
        }
    }

    @SuppressWarnings("NullAway") // a Void has no other value
    private void tell(@Nullable Throwable error) {
        if (error == null || isOwn(error)) {
            told.succeed(null);
        } else {
            told.fail(error);
        }
    }

    private boolean isOwn(Throwable error) {
        return outcome.isCompletedExceptionally()
                && outcome.handle((value, own) -> own != null && Thrown.cause(own) == Thrown.cause(error))
                        .join();
    }

    @Override
    public CompletionStage<@Nullable Void> complete(@Nullable Object result) {
        return once(outcome.complete(builds.calls().json().tree(result)));
    }

    @Override
    public CompletionStage<@Nullable Void> fail(Throwable error) {
        return once(outcome.completeExceptionally(error));
    }

    private CompletionStage<@Nullable Void> once(boolean first) {
        if (!first) {
            log.warn("Job {} was completed already; what it was completed with now is ignored", id);
        }
        return told;
    }
}
