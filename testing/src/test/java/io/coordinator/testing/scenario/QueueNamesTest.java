package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobChange;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.watch.Subscription;
import io.coordinator.testing.InMemoryClusterExtension;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queues whose names have the characters that separate names elsewhere. */
@Feature("B-26")
@ExtendWith(InMemoryClusterExtension.class)
class QueueNamesTest {
    private final CoordinatorClient client;

    QueueNamesTest(CoordinatorClient client) {
        this.client = client;
    }

    private void submit(String queue, String id) {
        client.jobs(queue).submit(1, SubmitOptions.defaults().withId(id));
    }

    @Test
    void aWatchHearsNothingOfQueuesWhoseNamesBeginAlike() {
        List<JobChange> changes = new CopyOnWriteArrayList<>();
        try (Subscription watch = client.jobs("mail").watch(changes::add)) {
            Waiting.get(watch.started());
            submit("mail/eu", "foreign");
            submit("mail/", "foreign");
            submit("mail", "eu/own");
            Waiting.await("its job").until(() -> !changes.isEmpty());
        }
        assertThat(changes).extracting(JobChange::id).containsExactly("eu/own");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mail/eu", "mail%2Feu", "/", "%", "a/b/c%25"})
    void aQueueOfAnyNameIsWatched(String queue) {
        List<JobChange> changes = new CopyOnWriteArrayList<>();
        try (Subscription watch = client.jobs(queue).watch(changes::add)) {
            Waiting.get(watch.started());
            submit(queue, "a/b");
            Waiting.await("its job").until(() -> !changes.isEmpty());
        }
        assertThat(changes).extracting(JobChange::id).containsExactly("a/b");
    }
}
