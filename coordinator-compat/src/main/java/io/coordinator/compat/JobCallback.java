package io.coordinator.compat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.QueueNoResponseException;
import io.coordinator.client.error.RemoteJobException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hears what became of a job; once, on the client's callback executor (DL-PUSH-2). What it throws is logged. */
@FunctionalInterface
public interface JobCallback {
    /**
     * The job is over.
     *
     * @param error null if it was completed: {@link RemoteJobException} (or the original, where it ran),
     *     {@link QueueNoResponseException} if it took too long, {@link BuildLostException} if its owner was lost
     * @param args what it was completed with; empty with an error
     */
    void completed(@Nullable Throwable error, List<JsonNode> args);
}
