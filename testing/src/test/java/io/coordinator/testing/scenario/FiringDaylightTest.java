package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobFilter;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobSummary;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleStatus;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.TestCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Days on which clocks are changed, on three nodes whose wall clocks are led through them. */
@CoordinatorCluster
@Feature({"B-41", "EL-USE-2"})
class FiringDaylightTest {
    private static final Duration BEFORE = Duration.ofMillis(250);
    /** So long after a time a leader has certainly looked, if it fires or not. */
    private static final Duration AFTER = Duration.ofMillis(250);

    private static void clocks(TestCluster cluster, Instant date) {
        cluster.nodes().forEach(node -> cluster.clock(node).set(date));
    }

    /** Times in brackets are those at which nothing fires, although clocks show the time once more, or skip it. */
    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "berlin-day   | Europe/Berlin       | 30 2 * * *"
                        + " | 2026-03-29T01:00:00Z [2026-03-29T01:30:00Z] 2026-03-30T00:30:00Z",
                "berlin-rate  | Europe/Berlin       | */30 * * * *"
                        + " | 2026-03-29T00:30:00Z 2026-03-29T01:00:00Z 2026-03-29T01:30:00Z",
                "berlin-twice | Europe/Berlin       | 30 2 * * *"
                        + " | 2026-10-25T00:30:00Z [2026-10-25T01:30:00Z] 2026-10-26T01:30:00Z",
                "berlin-goes  | Europe/Berlin       | 30 * * * *"
                        + " | 2026-10-25T00:30:00Z 2026-10-25T01:30:00Z 2026-10-25T02:30:00Z",
                "york-day     | America/New_York    | 30 2 * * *"
                        + " | 2026-03-08T07:00:00Z [2026-03-08T07:30:00Z] 2026-03-09T06:30:00Z",
                "york-twice   | America/New_York    | 30 1 * * *"
                        + " | 2026-11-01T05:30:00Z [2026-11-01T06:30:00Z] 2026-11-02T06:30:00Z",
                "york-rate    | America/New_York    | 0 */20 * * * *"
                        + " | 2026-03-08T06:40:00Z 2026-03-08T07:00:00Z 2026-03-08T07:20:00Z",
                "howe-day     | Australia/Lord_Howe | 15 2 * * *"
                        + " | 2026-10-03T15:30:00Z [2026-10-03T15:45:00Z] 2026-10-04T15:15:00Z",
                "howe-twice   | Australia/Lord_Howe | 45 1 * * *"
                        + " | 2026-04-04T14:45:00Z [2026-04-04T15:15:00Z] 2026-04-05T15:15:00Z",
                "howe-rate    | Australia/Lord_Howe | */15 * * * *"
                        + " | 2026-04-04T14:45:00Z 2026-04-04T15:00:00Z 2026-04-04T15:15:00Z 2026-04-04T15:30:00Z",
                // On the thirtieth of December 2011 there was no day in Samoa.
                "apia-day     | Pacific/Apia        | 0 12 * * *"
                        + " | 2011-12-29T22:00:00Z 2011-12-30T10:00:00Z 2011-12-30T22:00:00Z",
                "apia-hours   | Pacific/Apia        | 0 * * * *"
                        + " | 2011-12-30T09:00:00Z 2011-12-30T10:00:00Z 2011-12-30T11:00:00Z",
            })
    void eachTimeIsAJobOfItsName(
            String name, String zone, String expression, String times, TestCluster cluster, CoordinatorClient client) {
        List<String> expected = new ArrayList<>();
        Instant first = Instant.parse(times.split(" ", -1)[0]);
        clocks(cluster, first.minusSeconds(20));
        client.schedules().set(name, ScheduleOptions.cron(expression, zone).queue(name));
        Waiting.await("a look").until(() -> status(client, name).nextTime().isPresent());
        assertThat(status(client, name).nextTime()).contains(first);
        for (String text : times.split(" ", -1)) {
            boolean fires = !text.startsWith("[");
            Instant time = Instant.parse(text.replaceAll("[\\[\\]]", ""));
            clocks(cluster, time.minus(BEFORE));
            String leader = cluster.awaitLeader();
            Waiting.await("what is behind " + time)
                    .until(() -> status(client, name).nextTime().orElseThrow().isAfter(time)
                            && cluster.clock(leader).now().isAfter(time.plus(AFTER)));
            if (fires) {
                expected.add(name + "@" + time);
            }
            assertThat(ids(client, name)).containsExactlyElementsOf(expected);
        }
        assertThat(status(client, name).fired()).isEqualTo(expected.size());
        assertThat(status(client, name).misfired()).isZero();
        client.schedules().delete(name);
    }

    private static ScheduleStatus status(CoordinatorClient client, String name) {
        return client.schedules().get(name).orElseThrow();
    }

    private static List<String> ids(CoordinatorClient client, String queue) {
        return client.jobs(queue).list(JobFilter.in(JobState.WAITING)).jobs().stream()
                .map(JobSummary::id)
                .toList();
    }
}
