package io.coordinator.cli;

import static io.coordinator.cli.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.cli.console.Json;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.job.JobAttempt;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobStatus;
import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.option.RetryOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code coordinator job worker} as a process, against a real node. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Feature("B-26")
class JobWorkerTest {
    private final RealNode node;
    private final CoordinatorClient client;

    JobWorkerTest(@TempDir Path directory) throws Exception {
        this.node = RealNode.start(directory);
        this.client = CoordinatorClient.connect(
                ClientConfig.builder().endpoints(node.endpoint()).build());
    }

    @AfterAll
    void stop() {
        client.close();
        node.close();
    }

    /** A worker that has joined. */
    private Process worker(Path files, String queue, List<String> options, String script) throws IOException {
        List<String> words = new ArrayList<>(List.of("job", "worker", queue));
        words.addAll(options);
        words.addAll(List.of("--", "sh", "-c", script));
        Process worker =
                CliProcess.start(files, Map.of("COORD_ENDPOINTS", node.endpoint()), words.toArray(String[]::new));
        await().until(() -> CliProcess.err(files).contains("does the jobs of '" + queue + "'"));
        return worker;
    }

    private static SubmitOptions named(String id) {
        return SubmitOptions.defaults().withId(id);
    }

    private static JobStatus status(JobQueue queue, String id) {
        return queue.job(id).inspect().orElseThrow();
    }

    @Test
    @Feature("U-08")
    void aWorkerDoesJobsAndDrainsAtASignal(@TempDir Path files) throws Exception {
        JobQueue jobs = client.jobs("drained");
        jobs.configure(QueueOptions.defaults()
                .withRetry(RetryOptions.defaults().withBackoff(Duration.ofMillis(1), Duration.ofMillis(1))));
        Path go = files.resolve("go");
        String script = "read -r line; case $line in"
                + " 0) echo 'not yet' >&2; [ $COORD_JOB_ATTEMPT = 2 ] || exit 3;;"
                + " 1) echo 'no address' >&2; exit 65;;"
                + " *) until [ -e " + go + " ]; do sleep 0.05; done;; esac;"
                + " echo \"{\\\"got\\\": $line, \\\"id\\\": \\\"$COORD_JOB_ID\\\"}\"";
        Process worker = worker(files, "drained", List.of("-n", "2"), script);
        jobs.submit(0, named("fails-once"));
        jobs.submit(1, named("dies"));
        assertThat(jobs.job("fails-once").await()).isEqualTo(Json.parse("{\"got\":0,\"id\":\"fails-once\"}"));
        await().until(() -> status(jobs, "dies").state() == JobState.DEAD);
        assertThat(status(jobs, "dies").failure().orElseThrow().message())
                .isEqualTo("'sh' ended with exit code 65: no address");
        List<JobAttempt> attempts = status(jobs, "fails-once").attempts();
        assertThat(attempts)
                .extracting(JobAttempt::outcome)
                .containsExactly(JobAttempt.Outcome.FAILED, JobAttempt.Outcome.SUCCEEDED);
        assertThat(attempts.get(0).failure().orElseThrow().message()).isEqualTo("'sh' ended with exit code 3: not yet");
        assertThat(attempts.get(0).worker()).contains("@").endsWith(":" + worker.pid() + "/cli");

        jobs.submit(7, named("runs"));
        jobs.submit(8, named("runs-too"));
        await().until(() -> jobs.inspect().orElseThrow().summary().running() == 2);
        jobs.submit(9, named("waits"));
        CliProcess.signal("TERM", worker);
        await().until(() -> CliProcess.err(files).contains("ends; jobs that are not done: 2"));
        Files.createFile(go);
        assertThat(CliProcess.exitCode(worker)).isZero();
        assertThat(status(jobs, "runs").state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(status(jobs, "runs-too").state()).isEqualTo(JobState.SUCCEEDED);
        assertThat(status(jobs, "waits").state()).isEqualTo(JobState.WAITING);
        assertThat(CliProcess.err(files)).contains("not yet", "no address");
    }

    @Test
    void afterTheDrainTimeoutAJobGoesBackAndItsCommandEnds(@TempDir Path files) throws Exception {
        JobQueue jobs = client.jobs("impatient");
        Path ended = files.resolve("ended");
        Process worker = worker(
                files,
                "impatient",
                List.of("--drain-timeout", "300ms"),
                "trap 'touch " + ended + "; exit 0' TERM; while :; do sleep 0.05; done");
        jobs.submit(1, named("a"));
        await().until(() -> status(jobs, "a").state() == JobState.RUNNING);
        CliProcess.signal("TERM", worker);
        assertThat(CliProcess.exitCode(worker)).isZero();
        assertThat(ended).exists();
        assertThat(status(jobs, "a").state()).isEqualTo(JobState.WAITING);
        assertThat(status(jobs, "a").summary().attempts())
                .as("attempts that count")
                .isZero();
    }

    @Test
    void aSecondSignalEndsWhatRuns(@TempDir Path files) throws Exception {
        JobQueue jobs = client.jobs("killed");
        Path up = files.resolve("up");
        Process worker = worker(
                files,
                "killed",
                List.of("--grace", "200ms"),
                "trap '' TERM; echo $$ >" + up + "; while :; do sleep 0.05; done");
        jobs.submit(1, named("a"));
        await().until(() -> Files.exists(up) && !Files.readString(up).isBlank());
        long pid = Long.parseLong(Files.readString(up).strip());
        CliProcess.signal("INT", worker);
        await().until(() -> CliProcess.err(files).contains("ends; jobs that are not done: 1"));
        CliProcess.signal("TERM", worker);
        assertThat(CliProcess.exitCode(worker)).isEqualTo(143);
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        await().until(() -> status(jobs, "a").state() != JobState.RUNNING);
        assertThat(status(jobs, "a").state()).isIn(JobState.WAITING, JobState.DELAYED);
    }

    @Test
    void aJobThatIsCancelledEndsItsCommandAndTheWorkerGoesOn(@TempDir Path files) throws Exception {
        JobQueue jobs = client.jobs("steered");
        Process worker = worker(files, "steered", List.of(), "read -r line; [ $line = 2 ] || sleep 600; echo done");
        jobs.submit(1, named("hangs"));
        await().until(() -> status(jobs, "hangs").state() == JobState.RUNNING);
        jobs.job("hangs").cancel();
        await().until(() -> status(jobs, "hangs").state() == JobState.CANCELED);
        jobs.submit(
                1, named("too-long").withAttemptTimeout(Duration.ofMillis(300)).withRetry(RetryOptions.never()));
        await().until(() -> status(jobs, "too-long").state() == JobState.DEAD);
        assertThat(jobs.submit(2).await().asText()).isEqualTo("done");
        assertThat(jobs.delete()).isTrue();
        assertThat(CliProcess.exitCode(worker))
                .as("of a worker whose queue is gone")
                .isEqualTo(1);
        assertThat(CliProcess.err(files)).contains("has ended");
    }

    @Test
    void withoutItsCommandAWorkerTakesNoJob(@TempDir Path files) throws Exception {
        JobQueue jobs = client.jobs("missing");
        jobs.submit(1, named("a"));
        TestConsole console = new TestConsole().set("COORD_ENDPOINTS", node.endpoint());
        assertThat(console.run("job", "worker", "missing", "--", "no-such-program"))
                .isEqualTo(126);
        assertThat(console.err())
                .isEqualTo("coordinator job worker: cannot run 'no-such-program': there is no such program\n");
        assertThat(status(jobs, "a").attempts()).isEmpty();

        Path program = Files.writeString(files.resolve("program"), "#!/bin/sh\necho done\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        jobs.configure(QueueOptions.defaults().withPaused(true));
        CompletableFuture<Integer> worker =
                CompletableFuture.supplyAsync(() -> console.run("job", "worker", "missing", "--", program.toString()));
        await().until(() -> jobs.inspect().orElseThrow().workers().size() == 1);
        Files.delete(program);
        jobs.resume();
        assertThat(worker.get(60, TimeUnit.SECONDS)).isEqualTo(126);
        await().until(() -> status(jobs, "a").state() == JobState.DELAYED);
        assertThat(status(jobs, "a").attempts().get(0).failure().orElseThrow().message())
                .startsWith("cannot run '" + program + "'");
    }
}
