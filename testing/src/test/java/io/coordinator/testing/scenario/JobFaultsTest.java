package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.process.Launch;
import io.coordinator.testing.workload.JobTrial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jobs are completed exactly once while nodes and workers are killed, paused and cut off. */
@Feature("B-26")
class JobFaultsTest {
    private static final String CORE = "state-machine/src/main/java/io/coordinator/state/job/";
    private static final Logger log = LoggerFactory.getLogger(JobFaultsTest.class);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path output;

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void aShortRunDoesEachJobOnce() throws Exception {
        assertGood(run(1_400, Duration.ofSeconds(14), ClusterOptions.defaults()));
    }

    @Test
    @Tag("soak")
    @Timeout(value = 45, unit = TimeUnit.MINUTES)
    void fiftyThousandJobsAreDoneOnceEach() throws Exception {
        int jobs = Integer.getInteger("soak.jobs", 50_000);
        JobTrial.Result result =
                run(jobs, Duration.ofSeconds(Long.getLong("soak.seconds", 480)), ClusterOptions.defaults());
        assertGood(result);
        assertThat(result.asked()).isGreaterThanOrEqualTo(jobs);
        assertThat(result.refusedByCluster()).as("late completions").isPositive();
    }

    /** A positive control. */
    @Test
    @Tag("soak")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aCoreThatTakesCompletionsOfOldAttemptsIsCaught() throws Exception {
        assertCaught(
                "JobOutcomes.java",
                "row.getLease().getToken() == token",
                "token > 0",
                "completed by an attempt that was given up");
    }

    /** A positive control. */
    @Test
    @Tag("soak")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aCoreThatTakesCompletionsOfAWorkerWhoseJobAnotherOneHasIsCaught() throws Exception {
        assertCaught(
                "JobOutcomes.java",
                "row.getLease().getToken() == token\n"
                        + "                        && row.getLease().getSessionId() == at.sessionId()",
                "token > 0",
                "completed by an attempt that was given up");
    }

    /** A positive control. */
    @Test
    @Tag("soak")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aCoreThatGivesOutTheNextOfAKeyTooEarlyIsCaught() throws Exception {
        assertCaught(
                "KeyLine.java",
                "return running == 0 && isHeldUp ? 2 : running + 1L;",
                "return running + 1L;",
                "given out before an earlier one of its key was over");
    }

    /** A positive control. */
    @Test
    @Tag("soak")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aCoreThatCountsTooFewOfThoseThatRunIsCaught() throws Exception {
        assertCaught(
                "JobDispatching.java",
                "index.running().size() >= QueueDefaults.concurrencyMax(settings)",
                "index.running().size() > QueueDefaults.concurrencyMax(settings)",
                "more at a time than the queue allows");
    }

    /** A positive control. */
    @Test
    @Tag("soak")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aCoreThatForgetsWhatWasSubmittedIsCaught() throws Exception {
        assertCaught(
                "JobSubmissions.java",
                "asked.getId().isEmpty() ? null : jobs.find(place, asked.getId());",
                "null;",
                "submitted twice");
    }

    private void assertCaught(String source, String rule, String broken, String problem) throws Exception {
        Path classes = BrokenBuild.of(Files.createDirectory(output.resolve("broken")), CORE + source, rule, broken);
        ClusterOptions options = ClusterOptions.defaults().launch(Launch.DEFAULT.withClasses(classes));
        assertThat(run(3_000, Duration.ofSeconds(25), options).problems())
                .anySatisfy(told -> assertThat(told).contains(problem));
    }

    private JobTrial.Result run(int jobs, Duration faults, ClusterOptions options) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        log.info("{} jobs under faults for {}, repeat with -Dseed={}", jobs, faults, seed);
        Path lines = Files.createDirectory(output.resolve("hosts"));
        JobTrial.Result result = new JobTrial(jobs, faults, seed, options, lines).go();
        log.info("{}", result);
        return result;
    }

    private static void assertGood(JobTrial.Result result) {
        assertThat(result.problems()).isEmpty();
        assertThat(result.refusedByCluster() + result.refusedByClient())
                .as("completions of attempts that were given up, in %s", result)
                .isPositive();
    }
}
