package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.workload.LedgerTrial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What jobs do to a database counts once, if each write asks for the token. */
@Feature("B-26")
class PostgresJobsTest {
    private static final Logger log = LoggerFactory.getLogger(PostgresJobsTest.class);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path output;

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void eachEffectIsInTheTablesOnceAndNoOlderTokenComesAfterANewerOne() throws Exception {
        assertGood(run(800, Duration.ofSeconds(12), true));
    }

    @Test
    @Tag("soak")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void aLongRunHasEachEffectOnce() throws Exception {
        assertGood(run(10_000, Duration.ofMinutes(3), true));
    }

    /** A control: it is the condition of the write that keeps late ones out. */
    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void writesThatDoNotAskForTheTokenAreCaught() throws Exception {
        assertThat(run(800, Duration.ofSeconds(8), false).problems())
                .anySatisfy(told -> assertThat(told).contains("an older token after a newer one"));
    }

    private LedgerTrial.Result run(int jobs, Duration faults, boolean fenced) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        log.info("{} jobs with a database, repeat with -Dseed={}", jobs, seed);
        LedgerTrial.Result result = new LedgerTrial(jobs, faults, seed, fenced, output).go();
        log.info("{}", result);
        return result;
    }

    private static void assertGood(LedgerTrial.Result result) {
        assertThat(result.problems()).isEmpty();
        assertThat(result.refusedByTables()).as("late writes, in %s", result).isPositive();
        assertThat(result.broken()).as("broken connections, in %s", result).isPositive();
    }
}
