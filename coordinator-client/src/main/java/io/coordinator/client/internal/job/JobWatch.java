package io.coordinator.client.internal.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.job.JobChange;
import io.coordinator.client.job.JobListener;
import io.coordinator.client.job.JobState;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchListener;
import java.util.Arrays;
import java.util.Optional;

/**
 * Tells of jobs what a watch tells of keys.
 *
 * @param prefix of the keys of a queue's jobs
 */
record JobWatch(String prefix, JobListener listener) implements WatchListener {
    @Override
    public void onChange(ChangeEvent event) {
        String id = event.key().substring(prefix.length());
        if (event.kind() == ChangeEvent.Kind.PROGRESS) {
            listener.onChange(new JobChange(event.revision(), id, event.kind(), JobState.RUNNING, 0, event.value()));
            return;
        }
        event.value()
                .ifPresent(value -> listener.onChange(new JobChange(
                        event.revision(),
                        id,
                        event.kind(),
                        state(value),
                        value.path("attempt").asInt(),
                        Optional.empty())));
    }

    private static JobState state(JsonNode value) {
        String name = value.path("state").asText();
        return Arrays.stream(JobState.values())
                .filter(state -> state.name().equals(name))
                .findAny()
                .orElse(JobState.OTHER);
    }

    @Override
    public void onCompacted(long oldestRevision) {
        listener.onCompacted(oldestRevision);
    }

    @Override
    public void onError(CoordinatorException error) {
        listener.onError(error);
    }
}
