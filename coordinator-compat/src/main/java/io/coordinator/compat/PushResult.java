package io.coordinator.compat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What became of a push.
 *
 * @param completer present if this caller has to do the job
 * @param outcome what the job was completed with, or its error; the callback hears the same
 */
public record PushResult(Optional<JobCompleter> completer, CompletionStage<List<JsonNode>> outcome) {
    /** Whether this caller has to do the job. */
    public boolean isOwner() {
        return completer.isPresent();
    }

    /** Why the run has failed, if it has by now; else null. */
    public @Nullable Throwable failure() {
        var settled = outcome.toCompletableFuture();
        return settled.isCompletedExceptionally()
                ? settled.handle((args, error) -> Stages.cause(error)).join()
                : null;
    }
}
