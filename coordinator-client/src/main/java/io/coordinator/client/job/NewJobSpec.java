package io.coordinator.client.job;

import io.coordinator.client.option.SubmitOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A job to be submitted with others.
 *
 * @param payload anything that the client's mapper writes as JSON; null for nothing
 * @param options how it is submitted
 */
public record NewJobSpec(@Nullable Object payload, SubmitOptions options) {
    /** Checks that there are options. */
    public NewJobSpec {
        Objects.requireNonNull(options, "options");
    }

    /** A job with {@linkplain SubmitOptions#defaults default options}. */
    public static NewJobSpec of(@Nullable Object payload) {
        return new NewJobSpec(payload, SubmitOptions.defaults());
    }
}
