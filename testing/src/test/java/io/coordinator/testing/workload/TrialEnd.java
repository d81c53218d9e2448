package io.coordinator.testing.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.document.DocumentListing;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.job.JobFilter;
import io.coordinator.client.job.JobPage;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobSummary;
import io.coordinator.client.job.QueueSummary;
import io.coordinator.client.topic.RecordPage;
import io.coordinator.client.topic.StartAt;
import io.coordinator.testing.history.job.JobEffect;
import io.coordinator.testing.history.job.QueueEnd;
import io.coordinator.testing.history.job.QueueEnd.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/** What there is after a {@link JobTrial}. */
final class TrialEnd {
    private static final int PAGE = 1_000;

    private final CoordinatorClient client;

    TrialEnd(CoordinatorClient client) {
        this.client = client;
    }

    /** Waits until no job waits or runs. */
    void await(Duration most) {
        Awaitility.await("all jobs are over")
                .atMost(most)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptionsInstanceOf(CoordinatorException.class)
                .untilAsserted(() -> {
                    for (TrialQueue queue : TrialQueue.values()) {
                        QueueSummary summary = summary(queue.queue());
                        Assertions.assertThat(summary.delayed() + summary.waiting() + summary.running())
                                .as("%s", summary)
                                .isZero();
                    }
                });
    }

    private QueueSummary summary(String queue) {
        return client.jobs(queue).inspect().orElseThrow().summary();
    }

    List<QueueEnd> queues() {
        return Stream.of(TrialQueue.values()).map(queue -> queue(queue.queue())).toList();
    }

    private QueueEnd queue(String queue) {
        long counted = client.cache()
                .get(TrialHandler.counter(queue))
                .map((Entry entry) -> entry.as(Long.class))
                .orElse(0L);
        List<String> written = new ArrayList<>();
        for (DocumentListing.Item document :
                client.documents().list(TrialHandler.document(queue, "")).documents()) {
            document.content().forEach(id -> written.add(id.asText()));
        }
        return new QueueEnd(queue, jobs(queue), summary(queue).succeeded(), counted, written);
    }

    private Map<String, State> jobs(String name) {
        Map<String, State> all = new HashMap<>();
        JobQueue queue = client.jobs(name);
        JobFilter filter = JobFilter.all().withLimit(PAGE);
        while (true) {
            JobPage page = queue.list(filter);
            page.jobs().forEach(job -> all.put(job.id(), state(job)));
            if (!page.more()) {
                return all;
            }
            filter = filter.after(page.jobs().get(page.jobs().size() - 1).id());
        }
    }

    private static State state(JobSummary job) {
        return switch (job.state()) {
            case SUCCEEDED -> State.SUCCEEDED;
            case DEAD -> State.DEAD;
            case CANCELED -> State.CANCELED;
            case DELAYED, WAITING, RUNNING, OTHER -> State.UNFINISHED;
        };
    }

    /** What was published by completions, in the order of the log. */
    List<JobEffect> effects() {
        List<JobEffect> all = new ArrayList<>();
        StartAt next = StartAt.earliest();
        while (true) {
            RecordPage page = client.durableTopics().topic(TrialHandler.EFFECTS).read(next, PAGE);
            page.records().forEach(message -> all.add(effect(message.json())));
            if (!page.more()) {
                return all;
            }
            next = StartAt.offset(page.nextOffset());
        }
    }

    private static JobEffect effect(JsonNode message) {
        return new JobEffect(
                message.path("queue").asText(),
                message.path("id").asText(),
                message.path("token").asLong(),
                message.path("attempt").asInt(),
                message.path("of").asText(),
                message.path("steps").asText());
    }
}
