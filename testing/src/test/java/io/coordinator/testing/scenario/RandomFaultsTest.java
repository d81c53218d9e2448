package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.workload.Report;
import io.coordinator.testing.workload.Run;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Random use of every data type under random faults: whatever clients saw, one order explains it. */
class RandomFaultsTest {
    private static final Logger log = LoggerFactory.getLogger(RandomFaultsTest.class);
    private static final int CLIENTS = 12;
    private static final int ANSWERED_MIN = 200;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    @Feature({"S-74", "B-18", "G-2", "B-09"})
    void aShortRunIsLinearizable() throws Exception {
        run(Duration.ofSeconds(30));
    }

    /** What breaks are looked for with: see {@code docs/reliability.md}. */
    @Test
    @Tag("soak")
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    @Feature({"S-74", "B-18", "G-2", "B-09"})
    void twoMinutesAreLinearizable() throws Exception {
        run(Duration.ofMinutes(2));
    }

    @Test
    @Tag("soak")
    @Timeout(value = 3, unit = TimeUnit.HOURS)
    @Feature({"S-74", "B-18", "G-2", "B-09"})
    void aLongRunIsLinearizable() throws Exception {
        run(Duration.ofMinutes(Long.getLong("soak.minutes", 10)));
    }

    private static void run(Duration duration) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        log.info("random faults for {}, repeat with -Dseed={}", duration, seed);
        Report report = new Run(duration, seed, CLIENTS).go();
        log.info("{}", report);
        assertThat(report.isGood()).as("%s", report.outcome()).isTrue();
        assertThat(report.answered())
                .as("enough was answered to mean something")
                .isGreaterThan(ANSWERED_MIN);
    }
}
