package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code coordinator queue} against a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Feature("B-26")
class QueueCommandsTest {
    private final RealNode node;
    private final CoordinatorClient client;
    private TestConsole console = new TestConsole();

    QueueCommandsTest(@TempDir Path directory) throws Exception {
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
    @Feature("U-08")
    void queuesAreListedAndShownWithTheirWorkers() {
        JobQueue jobs = client.jobs("listed/a");
        jobs.submit(1);
        client.jobs("listed/b").submit(1, SubmitOptions.defaults().withDelay(Duration.ofHours(1)));
        assertThat(run("queue", "ls", "listed/").lines().map(line -> line.split(" +", -1)[0]))
                .containsExactly("QUEUE", "listed/a", "listed/b");
        assertThat(run("queue").lines().toList()).anyMatch(line -> line.matches("listed/a +open +1 +\\S+ +0 +0 +0.*"));
        try (JobWorker worker = jobs.work(job -> "done")) {
            await().until(() -> json("queue", "show", "listed/a", "-o", "json")
                            .get("succeeded")
                            .asInt()
                    == 1);
            JsonNode shown = json("queue", "show", "listed/a", "-o", "json");
            assertThat(shown.get("workerList")).hasSize(1);
            assertThat(shown.get("workerList").get(0).get("host").asText()).isNotEmpty();
            assertThat(run("queue", "show", "listed/a"))
                    .contains("1 submitted, 1 succeeded")
                    .contains("takes up to 1000000 jobs; remembers 10000 finished ones for 1h00m")
                    .contains("tries each 5 times; waits 1.0s, then 200 % of that each time, up to 5m00s")
                    .contains(ClientConfig.processName());
            assertThat(worker.queue()).isEqualTo("listed/a");
        }
    }

    @Test
    void moreThanAPageOfQueuesIsListed() {
        for (int i = 0; i < 105; i++) {
            client.jobs("page/" + i).configure(QueueOptions.defaults());
        }
        assertThat(json("queue", "ls", "page/", "-o", "json")).hasSize(105);
    }

    @Test
    void onlyWhatIsGivenOfTheSettingsChanges() {
        assertThat(run("queue", "configure", "set", "--concurrency", "3", "--retention", "2h"))
                .isEqualTo("created");
        run("queue", "pause", "set");
        assertThat(run("queue", "configure", "set", "--attempts", "7", "--backoff", "2s", "--backoff-max", "1m"))
                .isEqualTo("configured");
        run("queue", "configure", "set", "--factor", "300", "--jitter", "0", "--attempt-timeout", "90s");
        assertThat(json(
                                "queue",
                                "configure",
                                "set",
                                "--key-concurrency",
                                "2",
                                "--jobs-max",
                                "10",
                                "--finished-max",
                                "5",
                                "-o",
                                "json")
                        .get("created")
                        .asBoolean())
                .isFalse();
        assertThat(json("queue", "show", "set", "-o", "json").get("options"))
                .isEqualTo(Json.parse("{\"concurrencyMax\":3,\"keyConcurrencyMax\":2,\"jobsMax\":10,\"finishedMax\":5,"
                        + "\"retentionMillis\":7200000,\"attemptTimeoutMillis\":90000,\"attemptsMax\":7,"
                        + "\"backoffMillis\":2000,\"backoffMaxMillis\":60000,\"factorPercent\":300,"
                        + "\"jitterPercent\":0}"));
        assertThat(json("queue", "show", "set", "-o", "json").get("paused").asBoolean())
                .as("whether it is paused stays")
                .isTrue();
        assertThat(run("queue", "show", "set")).contains("paused", "runs up to 3, of one key 2", "1m30s");
    }

    @Test
    void aPausedQueueGivesNothing() {
        JobQueue jobs = client.jobs("paused");
        jobs.submit(1, SubmitOptions.defaults().withId("a"));
        run("queue", "pause", "paused");
        try (JobWorker worker = jobs.work(job -> "done")) {
            assertThat(console.run("job", "await", "paused", "a", "--wait", "500ms"))
                    .isEqualTo(4);
            run("queue", "resume", "paused");
            assertThat(run("job", "await", "paused", "a")).isEqualTo("\"done\"");
            assertThat(worker.queue()).isEqualTo("paused");
        }
    }

    @Test
    void aPurgeForgetsTheKindsThatAreNamed() {
        JobQueue jobs = client.jobs("purged");
        jobs.submit(1, SubmitOptions.defaults().withId("a"));
        jobs.submit(2, SubmitOptions.defaults().withId("b").withDelay(Duration.ofHours(1)));
        jobs.submit(3, SubmitOptions.defaults().withId("c"));
        jobs.job("c").cancel();
        assertThat(run("queue", "purge", "purged", "--dead")).isEqualTo("0");
        assertThat(run("queue", "purge", "purged", "--waiting")).isEqualTo("2");
        assertThat(json("queue", "purge", "purged", "--finished", "--waiting", "-o", "json")
                        .get("purged")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    @Feature("U-09")
    void whatIsNotThereIsThreeAndIsNotMade() {
        client.cache().put("value", 1);
        for (String command : new String[] {"show", "pause", "resume", "delete"}) {
            assertThat(console.run("queue", command, "value")).isEqualTo(3);
            assertThat(console.err())
                    .isEqualTo("coordinator queue " + command + ": no queue 'value' in namespace 'default'; there is a"
                            + " value of that name: coordinator get 'value'\n");
        }
        assertThat(console.run("queue", "purge", "value", "--dead")).isEqualTo(3);
        assertThat(client.jobs("value").inspect()).isEmpty();
        client.jobs("deleted").submit(1);
        assertThat(json("queue", "delete", "deleted", "-o", "json"))
                .isEqualTo(Json.parse("{\"queue\":\"deleted\",\"deleted\":true}"));
        assertThat(client.jobs("deleted").inspect()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue fly",
                "queue show",
                "queue purge q",
                "queue configure",
                "queue configure q --concurrency -1",
                "queue configure q --attempts 0",
                "queue configure q --backoff 0",
                "queue configure q --retention -1h",
                "queue configure q --jitter 101",
                "queue configure \ud800"
            })
    void wrongUsageIsTwo(String line) {
        assertThat(console.run(line.split(" ", -1))).isEqualTo(2);
        assertThat(console.out()).isEmpty();
        assertThat(console.err()).hasLineCount(1).doesNotContain("\tat ");
    }
}
