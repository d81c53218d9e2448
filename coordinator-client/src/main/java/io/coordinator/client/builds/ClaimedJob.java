package io.coordinator.client.builds;

import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.ValidationException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** In the hands of the one who does a job for all who have {@linkplain AsyncBuilds#claimAsync claimed} it. */
public interface ClaimedJob {
    /**
     * The job is done: everybody who has claimed it gets the result. Only the first call of either method counts;
     * others are
     * ignored, with a warning in the log.
     *
     * @param result anything that the client's mapper can write, at most 1 MiB as JSON; null for JSON null
     * @return completes when the cluster knows; fails with {@link BuildLostException} if the job was no longer this
     *     owner's
     * @throws ValidationException if the mapper cannot write the result; at once, and the job is still this owner's
     */
    CompletionStage<@Nullable Void> complete(@Nullable Object result);

    /**
     * The job has failed: everybody who has claimed it gets the error.
     *
     * @return completes when the cluster knows; fails as that of {@link #complete}
     */
    CompletionStage<@Nullable Void> fail(Throwable error);
}
