package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleStatus;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code coordinator schedule} against a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Feature("B-41")
class ScheduleCommandsTest {
    private final RealNode node;
    private final CoordinatorClient client;
    private TestConsole console = new TestConsole();

    ScheduleCommandsTest(@TempDir Path directory) throws Exception {
        this.node = RealNode.start(directory);
        this.client = CoordinatorClient.connect(
                ClientConfig.builder().endpoints(node.endpoint()).build());
    }

    @BeforeEach
    void newConsole() {
        console = new TestConsole().set("COORD_ENDPOINTS", node.endpoint());
    }

    @AfterAll
    void stop() {
        client.close();
        node.close();
    }

    private String run(String... arguments) {
        assertThat(console.run(arguments)).as("%s", console.err()).isZero();
        return console.out().strip();
    }

    private JsonNode json(String... arguments) {
        return Json.parse(run(arguments));
    }

    @Test
    void aScheduleIsSetShownAndPreviewed() {
        String next = run(
                "schedule",
                "set",
                "set/nightly",
                "--cron",
                "0 3 * * *",
                "--zone",
                "Asia/Kolkata",
                "--queue",
                "reports");
        assertThat(next.lines()).hasSize(5).allMatch(line -> line.endsWith("T21:30:00Z"));
        assertThat(run("schedule", "preview", "set/nightly")).isEqualTo(next);
        assertThat(run("schedule", "preview", "set/nightly", "--count", "7").lines())
                .hasSize(7);
        assertThat(json("schedule", "preview", "set/nightly", "-o", "json")).hasSize(5);
        await().until(() ->
                client.schedules().get("set/nightly").orElseThrow().nextTime().isPresent());
        assertThat(run("schedule", "ls", "set/").lines().toList().get(1))
                .matches("set/nightly +active +0 3 \\* \\* \\* Asia/Kolkata +reports +\\S+T21:30:00Z +- +0 +0 +0 +0");
        JsonNode shown = json("schedule", "show", "set/nightly", "-o", "json");
        assertThat(shown.get("next").asText())
                .isEqualTo(next.lines().findFirst().orElseThrow());
        assertThat(shown.get("options").get("misfire").asText()).isEqualTo("fire_once");
        assertThat(run("schedule", "show", "set/nightly"))
                .contains("payload: null", "of times that were missed the last one fires");
    }

    @Test
    void allThatCanBeSetIsSet() {
        console.input("{\"what\": \"all\"}");
        JsonNode set = json(
                "schedule",
                "set",
                "full",
                "--every",
                "90s",
                "--start",
                "2040-01-01T00:00:00+01:00",
                "--queue",
                "q",
                "--payload",
                "-",
                "--key",
                "k",
                "--priority",
                "4",
                "--attempt-timeout",
                "5m",
                "--misfire",
                "all",
                "--misfires-max",
                "3",
                "--overlap",
                "cancel-earlier",
                "--jitter",
                "20s",
                "--paused",
                "--create",
                "-o",
                "json");
        assertThat(set.get("created").asBoolean()).isTrue();
        assertThat(set.get("nextTimes").get(1).asText()).isEqualTo("2039-12-31T23:01:30Z");
        ScheduleStatus full = client.schedules().get("full").orElseThrow();
        ScheduleOptions expected = ScheduleOptions.every(Duration.ofSeconds(90), Instant.parse("2039-12-31T23:00:00Z"))
                .queue("q")
                .payload(Json.parse("{\"what\":\"all\"}"))
                .key("k")
                .priority(4)
                .attemptTimeout(Duration.ofMinutes(5))
                .fireMissed(3)
                .overlap(ScheduleOptions.Overlap.CANCEL_EARLIER)
                .jitter(Duration.ofSeconds(20));
        assertThat(full.options().paused(false)).isEqualTo(expected);
        assertThat(full.paused()).isTrue();
        assertThat(run("schedule", "show", "full"))
                .contains(
                        "paused", "every 1m30s from 2039-12-31T23:00:00Z", "priority 4 and key 'k'", "cancel-earlier");
        assertThat(console.run("schedule", "set", "full", "--create", "--every", "1m", "--queue", "q"))
                .isEqualTo(3);
        run("schedule", "set", "full", "--at", "2040-05-05T05:05:05Z", "--queue", "q", "--misfire", "none");
        assertThat(client.schedules().get("full").orElseThrow().options().misfire())
                .isEqualTo(ScheduleOptions.Misfire.FIRE_NONE);
        assertThat(run("schedule", "preview", "full")).isEqualTo("2040-05-05T05:05:05Z");
    }

    @Test
    void aScheduleIsPausedResumedTriggeredAndDeleted() {
        run("schedule", "set", "steered", "--cron", "@yearly", "--queue", "steered-jobs", "--payload", "7");
        assertThat(run("schedule", "pause", "steered")).isEmpty();
        assertThat(run("schedule", "ls", "steered")).contains("paused");
        String job = run("schedule", "trigger", "steered");
        assertThat(job).startsWith("steered-jobs steered@");
        String id = job.substring("steered-jobs ".length());
        assertThat(json("job", "show", "steered-jobs", id, "-o", "json")
                        .get("schedule")
                        .asText())
                .isEqualTo("steered");
        assertThat(run("job", "show", "steered-jobs", id)).contains("for schedule 'steered'", "payload: 7");
        assertThat(run("schedule", "show", "steered")).contains("last job: " + id);
        assertThat(json("schedule", "resume", "steered", "-o", "json")
                        .get("paused")
                        .asBoolean())
                .isFalse();
        assertThat(client.schedules().get("steered").orElseThrow().paused()).isFalse();
        run("schedule", "delete", "steered");
        assertThat(client.schedules().get("steered")).isEmpty();
    }

    @Test
    void whatIsDueIsFired() {
        Instant soon = Instant.now().plusSeconds(1).truncatedTo(ChronoUnit.MILLIS);
        run("schedule", "set", "soon", "--at", soon.toString(), "--queue", "soon-jobs");
        await().until(() -> client.schedules().get("soon").orElseThrow().fired() == 1);
        assertThat(run("schedule", "ls", "soon").lines().toList().get(1)).matches("soon +idle +at .*");
        assertThat(json("job", "ls", "soon-jobs", "-o", "json")
                        .get(0)
                        .get("schedule")
                        .asText())
                .isEqualTo("soon");
    }

    @Test
    void moreThanAPageIsListed() {
        for (int i = 0; i < 103; i++) {
            client.schedules().set("page/" + i, ScheduleOptions.cron("@yearly").queue("q"));
        }
        assertThat(json("schedule", "ls", "page/", "-o", "json")).hasSize(103);
        assertThat(run("schedule", "ls", "page/", "--limit", "3").lines()).hasSize(4);
    }

    @Test
    void timesArePreviewedWithoutASchedule() {
        assertThat(run("schedule", "preview", "--cron", "0 0 29 2 *", "--count", "2")
                        .lines())
                .hasSize(2)
                .allMatch(line -> line.endsWith("-02-29T00:00:00Z"));
        assertThat(run("schedule", "preview", "--at", "2040-01-01T00:00:00Z")).isEqualTo("2040-01-01T00:00:00Z");
    }

    @Test
    @Feature("U-09")
    void whatIsNotThereIsThree() {
        client.jobs("a-queue").submit(1);
        for (String command : new String[] {"show", "preview", "pause", "resume", "trigger", "delete"}) {
            assertThat(console.run("schedule", command, "a-queue")).isEqualTo(3);
            assertThat(console.err())
                    .isEqualTo("coordinator schedule " + command + ": no schedule 'a-queue' in namespace 'default';"
                            + " there is a queue of jobs of that name: coordinator queue show 'a-queue'\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "schedule;fly",
                "schedule;set;s",
                "schedule;set;s;--every;1m",
                "schedule;set;s;--queue;q",
                "schedule;set;s;--queue;q;--every;0",
                "schedule;set;s;--queue;q;--every;-5s",
                "schedule;set;s;--queue;q;--every;10ms",
                "schedule;set;s;--queue;q;--every;1m;--at;2040-01-01T00:00:00Z",
                "schedule;set;s;--queue;q;--every;1m;--zone;UTC",
                "schedule;set;s;--queue;q;--cron;@daily;--start;2040-01-01T00:00:00Z",
                "schedule;set;s;--queue;q;--cron;61 * * * *",
                "schedule;set;s;--queue;q;--cron;@daily;--zone;Mars/Olympus",
                "schedule;set;s;--queue;q;--cron;@daily;--overlap;never",
                "schedule;set;s;--queue;q;--cron;@daily;--misfire;twice",
                "schedule;set;s;--queue;q;--cron;@daily;--misfires-max;3",
                "schedule;set;s;--queue;q;--cron;@daily;--payload;oops",
                "schedule;set;s;--queue;q;--at;tomorrow",
                "schedule;set;\ud800;--queue;q;--cron;@daily",
                "schedule;preview",
                "schedule;preview;s;--cron;@daily",
                "schedule;preview;--cron;@daily;--count;0"
            })
    void wrongUsageIsTwo(String line) {
        assertThat(console.run(line.split(";", -1))).isEqualTo(2);
        assertThat(console.out()).isEmpty();
        assertThat(console.err()).hasLineCount(1).doesNotContain("\tat ");
    }
}
