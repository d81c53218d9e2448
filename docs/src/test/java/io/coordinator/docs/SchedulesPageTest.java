package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleOutcome;
import io.coordinator.client.schedule.ScheduleStatus;
import io.coordinator.client.schedule.ScheduledJob;
import io.coordinator.client.schedule.Schedules;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of docs/schedules.md. */
@CoordinatorCluster(nodes = 1)
@Feature({"B-41", "EL-USE-2"})
class SchedulesPageTest {
    @Test
    void schedules(CoordinatorClient client) {
        // spotless:off
        // snippet: schedules-first
        Schedules schedules = client.schedules();

        ScheduleOutcome nightly = schedules.set(
                "nightly", ScheduleOptions.cron("0 3 * * *", "Europe/Berlin").queue("reports").payload("all"));
        List<Instant> next = nightly.nextTimes();

        schedules.set("poll", ScheduleOptions.every(Duration.ofSeconds(30)).queue("polls"));
        schedules.set("once", ScheduleOptions.at(Instant.parse("2040-01-01T00:00:00Z")).queue("reports"));
        // end
        // snippet: schedules-options
        ScheduleOptions careful = ScheduleOptions.cron("*/15 * * * *")
                .queue("reports")
                .fireMissed(4)                              // the last four that were missed; or misfire(FIRE_ONCE)
                .overlap(ScheduleOptions.Overlap.SKIP)      // or QUEUE, CANCEL_EARLIER
                .jitter(Duration.ofSeconds(20));            // each job waits a part of this, the same on every host
        schedules.set("careful", careful);
        // end
        // snippet: schedules-look
        List<Instant> preview = schedules.preview(careful, 10);
        ScheduleStatus status = schedules.get("nightly").orElseThrow();
        schedules.pause("nightly");
        ScheduledJob now = schedules.trigger("nightly");    // also while it is paused, and whatever runs
        schedules.resume("nightly");
        schedules.delete("once");
        // end
        // spotless:on
        assertThat(next).hasSize(5);
        assertThat(preview).hasSize(10);
        assertThat(status.options().queue()).isEqualTo("reports");
        assertThat(now.queue()).isEqualTo("reports");
        assertThat(schedules.get("nightly").orElseThrow().fired()).isEqualTo(1);
    }
}
