package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.PermanentJobException;
import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.job.WorkOptions;
import io.coordinator.client.option.RetryOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code coordinator job} against a real node; its workers have a test of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Feature("B-26")
class JobCommandsTest {
    private static final WorkOptions QUIET = WorkOptions.concurrency(8).withErrorListener(error -> {});

    private final RealNode node;
    private final CoordinatorClient client;
    private TestConsole console = new TestConsole();

    JobCommandsTest(@TempDir Path directory) throws Exception {
        this.node = RealNode.start(directory);
        this.client = CoordinatorClient.connect(ClientConfig.builder()
                .endpoints(node.endpoint())
                .clientName("reports ann@host-7:4711")
                .build());
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

    /** The only line on standard error. */
    private String refused(int exitCode, String... arguments) {
        assertThat(console.run(arguments)).as("%s", console.err()).isEqualTo(exitCode);
        assertThat(console.out()).isEmpty();
        assertThat(console.err()).doesNotContain("\tat ");
        return console.err();
    }

    /** A job that is dead, with its last failure. */
    private JobQueue dead(String queue, String id, String why) {
        JobQueue jobs = client.jobs(queue);
        jobs.configure(QueueOptions.defaults().withRetry(RetryOptions.never()));
        jobs.submit(id, SubmitOptions.defaults().withId(id));
        try (JobWorker worker = jobs.work(
                job -> {
                    job.step("first", String.class, key -> "done");
                    throw new PermanentJobException(why);
                },
                QUIET)) {
            await().until(() -> jobs.job(id).inspect().orElseThrow().state() == JobState.DEAD);
            assertThat(worker.queue()).isEqualTo(queue);
        }
        return jobs;
    }

    private static JobHandler hanging(CompletableFuture<String> end) {
        return JobHandler.staged(job -> {
            job.progress(Map.of("percent", 40));
            return end;
        });
    }

    // ---- submit and await ----

    @Test
    void aJobIsSubmittedOnceByItsIdAndAwaited() {
        assertThat(run("job", "submit", "mail", "{\"n\": 1.50}", "--id", "a")).isEqualTo("a");
        assertThat(console.err()).isEmpty();
        assertThat(run("job", "submit", "mail", "2", "--id", "a")).isEqualTo("a");
        assertThat(console.err()).contains("nothing was submitted");
        assertThat(json("job", "submit", "mail", "3", "--id", "a", "-o", "json"))
                .isEqualTo(Json.parse("{\"queue\":\"mail\",\"id\":\"a\",\"created\":false}"));
        console.input("[1,\n2]");
        String made = run("job", "submit", "mail", "-");
        assertThat(made).isNotEmpty().isNotEqualTo("a");
        run("job", "submit", "mail", "hello", "--string", "--id", "text");
        run("job", "submit", "mail", "--id", "nothing");
        assertThat(refused(4, "job", "await", "mail", "a", "--wait", "300ms")).contains("did not end within 300 ms");
        try (JobWorker worker = client.worker("mail", job -> job.payload(), 1)) {
            assertThat(run("job", "await", "mail", "a")).isEqualTo("{\"n\":1.50}");
            assertThat(run("job", "await", "mail", made)).isEqualTo("[1,2]");
            assertThat(run("job", "await", "mail", "text", "--wait", "60s")).isEqualTo("\"hello\"");
            assertThat(json("job", "await", "mail", "nothing", "-o", "json")
                            .get("result")
                            .isNull())
                    .isTrue();
            assertThat(run("job", "submit", "mail", "7", "--wait", "60s")).isEqualTo("7");
            assertThat(worker.queue()).isEqualTo("mail");
        }
        assertThat(refused(4, "job", "submit", "mail", "8", "--wait", "200ms")).contains("did not end within 200 ms");
    }

    @Test
    void howAJobIsSubmittedIsWhatItHas() {
        run("queue", "configure", "how", "--backoff", "7s", "--attempts", "9");
        run("job", "submit", "how", "1", "--id", "a", "--delay", "1h", "--priority=-3", "--key", "k");
        run("job", "submit", "how", "1", "--id", "b", "--not-before", "2040-01-01T00:00:00+01:00");
        run("job", "submit", "how", "1", "--id", "c", "--attempts", "2", "--attempt-timeout", "1m");
        JsonNode a = json("job", "show", "how", "a", "-o", "json");
        assertThat(a.get("state").asText()).isEqualTo("delayed");
        assertThat(a.get("priority").asInt()).isEqualTo(-3);
        assertThat(a.get("key").asText()).isEqualTo("k");
        assertThat(a.get("dueInMillis").asLong()).isBetween(3_500_000L, 3_600_000L);
        assertThat(run("job", "show", "how", "b")).contains("DUE IN", "delayed");
        try (JobWorker worker = client.jobs("how")
                .work(
                        job -> {
                            assertThat(job.attemptsMax()).isEqualTo(2);
                            assertThat(job.remaining().orElseThrow()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
                            throw new IllegalStateException("why\u001b[31m");
                        },
                        QUIET)) {
            await().until(() -> json("job", "show", "how", "c", "-o", "json")
                                    .get("attemptList")
                                    .size()
                            == 1
                    && json("job", "show", "how", "c", "-o", "json")
                            .get("state")
                            .asText()
                            .equals("delayed"));
            assertThat(worker.queue()).isEqualTo("how");
        }
        JsonNode c = json("job", "show", "how", "c", "-o", "json");
        assertThat(c.get("dueInMillis").asLong()).as("the queue's back-off").isBetween(3_000L, 7_000L);
        assertThat(c.get("attemptList").get(0).get("failure").get("message").asText())
                .contains("why");
        assertThat(run("job", "show", "how", "c"))
                .contains("failure: EHANDLER: ")
                .contains("why?[31m");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "job fly",
                "job submit",
                "job submit q oops",
                "job submit q 1 2",
                "job submit q 1 --delay -5s",
                "job submit q 1 --delay=-5s",
                "job submit q 1 --delay soon",
                "job submit q 1 --delay 1s --not-before 2040-01-01T00:00:00Z",
                "job submit q 1 --not-before tomorrow",
                "job submit q 1 --attempts 0",
                "job submit q 1 --attempt-timeout 0",
                "job submit q 1 --wait 0",
                "job submit q 1 --id \ud800",
                "job submit q 1 --key \udc00x",
                "job show",
                "job show a b c",
                "job show q \ud800",
                "job ls q --state asleep",
                "job ls --limit 0",
                "job await q",
                "job await q a --wait -1s",
                "job cancel q",
                "job redrive",
                "job redrive q a --limit 3",
                "job worker q",
                "job worker q -n 0 -- true",
                "job worker q -n some -- true",
                "job worker q --grace=-1s -- true"
            })
    void wrongUsageIsTwo(String line) {
        assertThat(refused(2, line.split(" ", -1))).hasLineCount(1).startsWith("coordinator job");
    }

    // ---- ls ----

    @Test
    @Feature({"U-08", "U-09", "U-05"})
    void oneListTellsWhatRunsWhereAndSinceWhen() {
        String all = "--namespace=everywhere";
        CoordinatorClient here = client;
        JobQueue mail = here.namespace("everywhere").jobs("mail");
        mail.submit(1, SubmitOptions.defaults().withId("runs"));
        CompletableFuture<String> end = new CompletableFuture<>();
        CompletableFuture<Void> began = new CompletableFuture<>();
        try (JobWorker worker = mail.work(hanging(end), QUIET.withConcurrency(1))) {
            await().until(() -> mail.job("runs").inspect().orElseThrow().state() == JobState.RUNNING);
            mail.submit(2, SubmitOptions.defaults().withId("waits").withKey("k"));
            mail.submit(3, SubmitOptions.defaults().withId("later").withDelay(Duration.ofHours(1)));
            CompletableFuture<String> built = CompletableFuture.supplyAsync(() -> here.namespace("everywhere")
                    .builds()
                    .getOrBuild(
                            "report",
                            String.class,
                            build -> {
                                began.complete(null);
                                return end.join();
                            },
                            BuildOptions.timeout(Duration.ofMinutes(5))));
            began.join();
            CompletableFuture<Void> task = new CompletableFuture<>();
            CompletableFuture<Boolean> once = CompletableFuture.supplyAsync(() -> here.namespace("everywhere")
                    .builds()
                    .runOnce(
                            "migrate",
                            run -> {
                                task.complete(null);
                                end.join();
                            },
                            Duration.ofMinutes(5)));
            task.join();

            List<String> lines = run("job", "ls", all).lines().toList();
            assertThat(lines).hasSize(6);
            assertThat(lines.get(0)).startsWith("KIND").contains("QUEUE", "STATE", "SINCE", "WORKER");
            String date = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
            assertThat(lines.get(1))
                    .matches("job +mail +runs +running +1 +- +" + date + " +- +reports ann@host-7:4711");
            assertThat(lines.get(2)).matches("runOnce +- +migrate +running +- +- +" + date + " +- +reports ann@host.*");
            assertThat(lines.get(3)).matches("build +- +report +running +- +- +" + date + " +- +reports ann@host.*");
            assertThat(lines.get(4)).matches("job +mail +waits +waiting +- +k +" + date + " +- +-");
            assertThat(lines.get(5)).matches("job +mail +later +delayed +- +- +" + date + " +59m\\d\\ds +-");
            JsonNode rows = json("job", all, "-o", "json");
            assertThat(rows).hasSize(5);
            assertThat(rows.get(0).get("host").asText()).isEqualTo("host-7");
            assertThat(Instant.parse(rows.get(2).get("since").asText()))
                    .isBetween(Instant.now().minusSeconds(120), Instant.now());
            assertThat(run("job", "ls", all, "--state", "waiting").lines()).hasSize(2);
            assertThat(json("job", "ls", "mail", all, "-o", "json").findValuesAsText("id"))
                    .containsExactly("later", "runs", "waits");
            assertThat(run("job", "ls", all, "--limit", "2").lines()).hasSize(3);
            assertThat(console.err()).contains("these are the first 2; there are more");

            assertThat(run("job", "show", "migrate", all)).contains("runOnce", "pending", "ann@host-7:4711");
            assertThat(run("builds", "ls", all)).contains("BUILDER", "ann@host-7:4711", "runOnce");
            assertThat(run("job", "show", "runs", all)).contains("progress: {\"percent\":40}", "host-7");
            end.complete("done");
            assertThat(built.join()).isEqualTo("done");
            assertThat(once.join()).isTrue();
            await().until(() -> mail.job("waits").inspect().orElseThrow().state() == JobState.SUCCEEDED);
            assertThat(worker.queue()).isEqualTo("mail");
        }
        assertThat(json("job", "ls", all, "--state", "succeeded", "-o", "json").findValuesAsText("id"))
                .containsExactly("runs", "waits", "migrate", "report");
        JsonNode kept = json("builds", "show", "migrate", all, "-o", "json");
        assertThat(Duration.ofMillis(kept.get("keptMillis").asLong()))
                .as("what runOnce keeps unless told otherwise")
                .isBetween(Duration.ofDays(364), Duration.ofDays(402));
    }

    @Test
    void aListOfWhatEndsMeanwhileGoesOn() {
        JobQueue many = client.jobs("many");
        for (int i = 0; i < 250; i++) {
            many.submit(i, SubmitOptions.defaults().withId("j" + i));
        }
        assertThat(json("job", "ls", "many", "--state", "waiting", "-o", "json"))
                .hasSize(250);
        assertThat(json("job", "ls", "many", "-o", "json").findValuesAsText("id"))
                .doesNotHaveDuplicates()
                .hasSize(250);
        CompletableFuture<String> end = new CompletableFuture<>();
        try (JobWorker worker = many.work(JobHandler.staged(job -> end), QUIET.withConcurrency(240))) {
            await().until(() -> many.inspect().orElseThrow().summary().running() == 240);
            assertThat(json("job", "ls", "-o", "json").findValuesAsText("id"))
                    .filteredOn(id -> id.matches("j\\d+"))
                    .doesNotHaveDuplicates()
                    .hasSize(250);
            end.complete("");
            await().until(() -> many.inspect().orElseThrow().summary().finished() == 250);
            assertThat(worker.queue()).isEqualTo("many");
        }
    }

    // ---- show ----

    @Test
    @Feature({"U-07", "U-08"})
    void aJobTellsItsHistory() {
        dead("history", "a", "no address");
        JsonNode json = json("job", "show", "history", "a", "-o", "json");
        JsonNode attempt = json.get("attemptList").get(0);
        assertThat(attempt.get("number").asInt()).isEqualTo(1);
        assertThat(attempt.get("outcome").asText()).isEqualTo("failed");
        assertThat(attempt.get("host").asText()).isEqualTo("host-7");
        assertThat(attempt.get("worker").asText()).isEqualTo("reports ann@host-7:4711");
        assertThat(Instant.parse(attempt.get("startedAt").asText()))
                .isBeforeOrEqualTo(Instant.parse(attempt.get("endedAt").asText()));
        assertThat(json.get("failure").get("message").asText()).isEqualTo("no address");
        assertThat(json.get("stepList").toString())
                .isEqualTo("[{\"name\":\"first\",\"attempt\":1,\"result\":\"done\"}]");
        assertThat(json.get("payload").asText()).isEqualTo("a");
        assertThat(run("job", "show", "history", "a"))
                .contains("dead", "STEP", "\"done\"", "failure: EHANDLER, for good: no address", "HOST", "host-7");
        assertThat(run("job", "dead", "history").lines().toList().get(1))
                .matches("a +1 +- +\\S+Z +EHANDLER: no address");
        assertThat(json("job", "dead", "history", "-o", "json")
                        .get(0)
                        .get("failure")
                        .get("code")
                        .asText())
                .isEqualTo("EHANDLER");
    }

    @Test
    void aLongResultIsCutInATableAndWholeAsJson() {
        JobQueue jobs = client.jobs("long");
        jobs.submit("x".repeat(500), SubmitOptions.defaults().withId("a"));
        try (JobWorker worker = jobs.work(job -> job.payload())) {
            jobs.job("a").await();
            assertThat(worker.queue()).isEqualTo("long");
        }
        assertThat(run("job", "show", "long", "a")).contains("result: \"xxx").contains("\u2026 (502 bytes)");
        assertThat(json("job", "show", "long", "a", "-o", "json").get("result").asText())
                .hasSize(500);
    }

    @Test
    @Feature("U-09")
    void whatIsNotThereIsThreeAndSaysWhereSomethingOfThatNameIs() {
        client.jobs("here")
                .submit(1, SubmitOptions.defaults().withId("misplaced").withDelay(Duration.ofHours(1)));
        client.jobs("there").submit(1, SubmitOptions.defaults().withId("twice").withDelay(Duration.ofHours(1)));
        client.jobs("here").submit(1, SubmitOptions.defaults().withId("twice").withDelay(Duration.ofHours(1)));
        assertThat(refused(3, "job", "show", "there", "misplaced"))
                .isEqualTo(
                        "coordinator job show: queue 'there' has no job 'misplaced'; there is one in queue 'here'\n");
        assertThat(refused(3, "job", "show", "nowhere", "misplaced"))
                .isEqualTo("coordinator job show: no queue 'nowhere' in namespace 'default'\n");
        assertThat(run("job", "show", "misplaced")).contains("here", "delayed");
        assertThat(refused(2, "job", "show", "twice")).contains("in the queues 'here', 'there'; name the queue too");
        assertThat(refused(3, "get", "misplaced"))
                .endsWith("; there is a job of that name: coordinator job show 'misplaced'\n");
        client.builds().getOrBuild("built", String.class, build -> "result", Duration.ofMinutes(1));
        assertThat(run("job", "show", "built")).contains("build", "exists", "\"result\"");
        assertThat(refused(3, "job", "show", "here", "built"))
                .endsWith("queue 'here' has no job 'built' in namespace 'default'; there is a build of that name:"
                        + " coordinator builds show 'built'\n");
        assertThat(refused(3, "job", "show", "absent")).contains("no job, build or task 'absent'");
        assertThat(refused(3, "builds", "show", "here")).endsWith("coordinator queue show 'here'\n");
        for (String command : List.of("await", "cancel", "retry")) {
            assertThat(refused(3, "job", command, "here", "absent")).contains("queue 'here' has no job 'absent'");
        }
        assertThat(refused(3, "job", "dead", "nowhere")).contains("no queue 'nowhere'");
        assertThat(refused(3, "job", "ls", "nowhere")).contains("no queue 'nowhere'");
        assertThat(refused(3, "job", "redrive", "nowhere")).contains("no queue 'nowhere'");
    }

    // ---- steer ----

    @Test
    void aJobIsCancelledBeforeAndWhileItRuns() throws Exception {
        JobQueue jobs = client.jobs("cancelled");
        jobs.submit(1, SubmitOptions.defaults().withId("waits").withDelay(Duration.ofHours(1)));
        assertThat(run("job", "cancel", "cancelled", "waits")).isEmpty();
        assertThat(refused(3, "job", "cancel", "cancelled", "waits")).contains("is over already: cancelled");
        assertThat(refused(1, "job", "await", "cancelled", "waits")).contains("was cancelled");
        jobs.submit(1, SubmitOptions.defaults().withId("runs"));
        CompletableFuture<Void> began = new CompletableFuture<>();
        CompletableFuture<String> stopped = new CompletableFuture<>();
        try (JobWorker worker = jobs.work(JobHandler.staged(job -> {
            job.onCancel(() -> stopped.completeExceptionally(new IllegalStateException("stopped")));
            began.complete(null);
            return stopped;
        }))) {
            began.get(60, TimeUnit.SECONDS);
            assertThat(json("job", "cancel", "cancelled", "runs", "-o", "json")
                            .get("cancelled")
                            .asBoolean())
                    .isTrue();
            await().until(() -> jobs.job("runs").inspect().orElseThrow().state() == JobState.CANCELED);
            assertThat(worker.queue()).isEqualTo("cancelled");
        }
        assertThat(run("job", "show", "cancelled", "runs")).contains("cancelled");
    }

    @Test
    void whatIsOverRunsAgain() {
        JobQueue jobs = dead("again", "a", "first");
        dead("again", "b", "second");
        assertThat(refused(1, "job", "await", "again", "a")).contains("is dead", "first");
        assertThat(run("job", "retry", "again", "a")).isEmpty();
        assertThat(refused(3, "job", "retry", "again", "a")).contains("is not over: waiting");
        assertThat(refused(3, "job", "redrive", "again", "b", "a"))
                .contains("job 'a' of queue 'again' is not dead: waiting");
        assertThat(json("job", "show", "again", "a", "-o", "json").get("stepList"))
                .as("of a dead one")
                .hasSize(1);
        assertThat(json("job", "show", "again", "b", "-o", "json").get("state").asText())
                .isEqualTo("dead");
        assertThat(run("job", "redrive", "again", "b")).isEqualTo("1");
        assertThat(json("job", "redrive", "again", "-o", "json").get("redriven").asInt())
                .isZero();
        try (JobWorker worker = jobs.work(job -> job.step("first", String.class, key -> "again"))) {
            assertThat(run("job", "await", "again", "a")).isEqualTo("\"done\"");
            assertThat(run("job", "await", "again", "b")).isEqualTo("\"done\"");
            run("job", "retry", "again", "a");
            assertThat(run("job", "await", "again", "a"))
                    .as("a job that succeeded forgets")
                    .isEqualTo("\"again\"");
            run("job", "retry", "again", "a", "--keep-steps");
            assertThat(run("job", "await", "again", "a")).isEqualTo("\"again\"");
            assertThat(worker.queue()).isEqualTo("again");
        }
    }

    @Test
    void deadJobsAreRedrivenAllOrSome() {
        JobQueue jobs = dead("redrive", "a", "x");
        dead("redrive", "b", "x");
        dead("redrive", "c", "x");
        assertThat(run("job", "redrive", "redrive", "--limit", "1")).isEqualTo("1");
        assertThat(jobs.job("a").inspect().orElseThrow().state()).isEqualTo(JobState.WAITING);
        assertThat(run("job", "redrive", "redrive")).isEqualTo("2");
        assertThat(jobs.inspect().orElseThrow().summary().waiting()).isEqualTo(3);
    }
}
