package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.ConflictException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleOutcome;
import io.coordinator.client.schedule.ScheduleStatus;
import io.coordinator.client.schedule.ScheduleTiming;
import io.coordinator.client.schedule.ScheduledJob;
import io.coordinator.client.schedule.Schedules;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.InMemoryClusterExtension;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Schedules as clients see them. */
@Feature({"B-41", "EL-USE-2"})
@ExtendWith(InMemoryClusterExtension.class)
class InMemorySchedulesTest {
    private final CoordinatorClient client;
    private final Schedules schedules;

    InMemorySchedulesTest(CoordinatorClient client) {
        this.client = client;
        this.schedules = client.schedules();
    }

    private static ScheduleOptions nightly() {
        return ScheduleOptions.cron("0 3 * * *", "Europe/Berlin").queue("reports");
    }

    @Test
    void aScheduleIsSetAndSaysItsNextTimes() {
        ScheduleOutcome made = schedules.set("nightly", nightly());
        assertThat(made.created()).isTrue();
        assertThat(made.nextTimes()).hasSize(5).isSorted().allSatisfy(time -> {
            assertThat(time).isAfter(Instant.now().minusSeconds(60));
            assertThat(time.atZone(ZoneId.of("Europe/Berlin")).getHour()).isEqualTo(3);
        });
        assertThat(schedules.set("nightly", nightly()).created()).isFalse();
        assertThat(schedules.preview("nightly", 5)).isEqualTo(made.nextTimes());
        assertThat(schedules.preview(nightly(), 5)).isEqualTo(made.nextTimes());
        Waiting.await("the leader to look")
                .until(() -> schedules.get("nightly").orElseThrow().nextTime().isPresent());
        ScheduleStatus status = schedules.get("nightly").orElseThrow();
        assertThat(status.nextTime()).contains(made.nextTimes().get(0));
        assertThat(status.fired()).isZero();
        assertThat(status.lastTime()).isEmpty();
    }

    @Test
    void allOptionsComeBack() {
        ScheduleOptions options = ScheduleOptions.every(Duration.ofHours(7), Instant.parse("2040-01-01T00:00:00Z"))
                .queue("q")
                .payload(Map.of("a", List.of(1, 2)))
                .key("k")
                .priority(-3)
                .attemptTimeout(Duration.ofMinutes(5))
                .fireMissed(17)
                .overlap(ScheduleOptions.Overlap.CANCEL_EARLIER)
                .jitter(Duration.ofSeconds(30))
                .paused(true);
        assertThat(schedules.set("all", options).nextTimes())
                .startsWith(Instant.parse("2040-01-01T00:00:00Z"), Instant.parse("2040-01-01T07:00:00Z"));
        ScheduleStatus status = schedules.get("all").orElseThrow();
        assertThat(status.options().payload()).hasToString("{\"a\":[1,2]}");
        assertThat(status.options().payload(null)).isEqualTo(options.payload(null));
        assertThat(status.paused()).isTrue();
        assertThat(status.nextTime()).isEmpty();
        assertThat(status.namespace()).isEqualTo(schedules.namespace());
        schedules.set(
                "once",
                ScheduleOptions.at(Instant.parse("2040-01-01T00:00:00Z")).queue("q"));
        assertThat(schedules.get("once").orElseThrow().options().timing())
                .isEqualTo(new ScheduleTiming.At(Instant.parse("2040-01-01T00:00:00Z")));
    }

    @Test
    void aDateFiresOnceAndWatchersSee() {
        Queue<ChangeEvent> heard = new ConcurrentLinkedQueue<>();
        try (Subscription watch = client.watch(WatchOptions.key(ChangeEvent.Data.SCHEDULE, "once"), heard::add)) {
            Waiting.get(watch.started());
            Instant date = Instant.now().plusMillis(300);
            schedules.set("once", ScheduleOptions.at(date).queue("q").payload("now"));
            Waiting.await("a firing").until(() -> heard.size() >= 2);
            assertThat(heard)
                    .extracting(ChangeEvent::kind)
                    .containsExactly(ChangeEvent.Kind.PUT, ChangeEvent.Kind.FIRED);
            ScheduleStatus status = schedules.get("once").orElseThrow();
            assertThat(status.fired()).isEqualTo(1);
            assertThat(status.unfinished()).isEqualTo(1);
            assertThat(status.lastTime()).contains(Instant.ofEpochMilli(date.toEpochMilli()));
            assertThat(status.lastJobId()).isEqualTo("once@" + Instant.ofEpochMilli(date.toEpochMilli()));
            assertThat(status.nextTime()).isEmpty();
            assertThat(schedules.preview("once", 3)).isEmpty();
        }
    }

    @Test
    void pauseResumeTriggerDelete() {
        schedules.set(
                "s", ScheduleOptions.every(Duration.ofSeconds(1)).queue("q").paused(true));
        ScheduledJob job = schedules.trigger("s");
        assertThat(job.queue()).isEqualTo("q");
        assertThat(job.id()).startsWith("s@trigger-");
        assertThat(schedules.get("s").orElseThrow().fired()).isEqualTo(1);
        assertThat(schedules.resume("s")).isTrue();
        Waiting.await("firings").until(() -> schedules.get("s").orElseThrow().fired() >= 3);
        assertThat(schedules.pause("s")).isTrue();
        assertThat(schedules.get("s").orElseThrow().paused()).isTrue();
        assertThat(schedules.delete("s")).isTrue();
        assertThat(schedules.delete("s")).isFalse();
        assertThat(schedules.pause("s")).isFalse();
        assertThat(schedules.resume("s")).isFalse();
        assertThat(schedules.get("s")).isEmpty();
        assertThat(client.stats().count("jobs")).isGreaterThanOrEqualTo(3);
        assertThatExceptionOfType(KeyNotFoundException.class).isThrownBy(() -> schedules.trigger("s"));
        assertThatExceptionOfType(KeyNotFoundException.class).isThrownBy(() -> schedules.preview("s", 1));
    }

    @Test
    void createTakesNoOther() {
        assertThat(schedules.create("c", nightly()).created()).isTrue();
        assertThat(schedules.create("c", nightly()).created()).isFalse();
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> schedules.create("c", nightly().priority(1)));
    }

    @Test
    void theyAreListedByName() {
        for (String name : List.of("b", "a", "c", "other")) {
            schedules.set("list-" + name, nightly().paused(true));
        }
        assertThat(schedules.list("list-", "", 3))
                .extracting(ScheduleStatus::name)
                .containsExactly("list-a", "list-b", "list-c");
        assertThat(schedules.list("list-", "list-b", 10))
                .extracting(ScheduleStatus::name)
                .containsExactly("list-c", "list-other");
        assertThat(client.namespace("elsewhere").schedules().list()).isEmpty();
    }

    @Test
    void whatMakesNoSenseIsRefusedWithWhatIsAllowed() {
        refused("cron", ScheduleOptions.cron("0 3 * *").queue("q"), "has 4 fields");
        refused("cron", ScheduleOptions.cron("61 3 * * *").queue("q"), "minute (0-59)");
        refused("zone", ScheduleOptions.cron("0 3 * * *", "Europe/Atlantis").queue("q"), "Europe/Berlin");
        refused("every", ScheduleOptions.every(Duration.ofMillis(10)).queue("q"), "1000 ms or more");
        refused("at", ScheduleOptions.at(Instant.EPOCH).queue("q"), "1970 to 9999");
        refused("at", ScheduleOptions.at(Instant.MAX).queue("q"), "1970 to 9999");
        refused("queue", nightly().queue(""), "must not be empty");
        refused("jitter", nightly().jitter(Duration.ofDays(2)), "86400000");
        assertThatExceptionOfType(ValidationException.class).isThrownBy(() -> schedules.set("", nightly()));
        assertThatExceptionOfType(ValidationException.class).isThrownBy(() -> schedules.preview(nightly(), 0));
        assertThatExceptionOfType(ValidationException.class).isThrownBy(() -> schedules.preview(nightly(), 10_001));
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> nightly().jitter(Duration.ofMillis(-1)));
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> nightly().fireMissed(0));
    }

    private void refused(String field, ScheduleOptions options, String allowed) {
        assertThatExceptionOfType(ValidationException.class)
                .isThrownBy(() -> schedules.set("bad", options))
                .withMessageContaining(field)
                .withMessageContaining(allowed);
    }
}
