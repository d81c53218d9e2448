package io.coordinator.client.builds;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.BuildLostException;
import io.coordinator.client.error.QueueNoResponseException;
import io.coordinator.client.error.RemoteJobException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Who does a job, and what it comes to.
 *
 * @param job present if this caller has to do it
 * @param outcome what the job was completed with. Fails with what it was failed with where that was done, and with
 *     {@link RemoteJobException} elsewhere; with {@link QueueNoResponseException} if this caller's time was over first;
 * with
 *     {@link BuildLostException} if the owner was lost
 */
public record JobClaim(Optional<ClaimedJob> job, CompletionStage<JsonNode> outcome) {}
