package io.coordinator.compat;

import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.ValidationException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** In the hands of the one who does the job. */
public interface JobCompleter {
    /**
     * The job is done: everybody who has pushed it hears of it. Only the first call of either method counts; others are
     * ignored, with a warning in the log (DL-PUSH-6).
     *
     * @param args anything that the client's mapper can write, at most 1 MiB as JSON together
     * @return completes when the cluster knows; fails with {@link BuildLostException} if the job was no longer this
     *     owner's (DL-PUSH-7)
     * @throws ValidationException if the mapper cannot write one; at once, and the job is still this owner's
     */
    CompletionStage<@Nullable Void> completed(@Nullable Object... args);

    /**
     * The job has failed: everybody who has pushed it gets the error.
     *
     * @return completes when the cluster knows
     */
    CompletionStage<@Nullable Void> failed(Throwable error);
}
