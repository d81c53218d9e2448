package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.process.Launch;
import io.coordinator.testing.workload.MessageRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Durable topics and consumer groups while nodes are killed, paused and cut off, one by one and all at once. */
@Feature({"B-25", "S-70", "PM-N-2", "PM-N-5"})
class TopicFaultsTest {
    private static final String TOPICS = "state-machine/src/main/java/io/coordinator/state/topic/";
    private static final Logger log = LoggerFactory.getLogger(TopicFaultsTest.class);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path output;

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void aShortRunLosesAndRepeatsNothing() throws Exception {
        assertGood(run(2_000, Duration.ofSeconds(7), ClusterOptions.defaults()));
    }

    @Test
    @Tag("soak")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void aHundredThousandMessagesAreNeitherLostNorRepeated() throws Exception {
        MessageRun.Result result = run(100_000, Duration.ofMinutes(4), ClusterOptions.defaults());
        assertGood(result);
        assertThat(result.published()).isEqualTo(100_000);
    }

    /** A positive control. */
    @Test
    @Tag("soak")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aCoreThatForgetsWhatProducersHavePublishedIsCaught() throws Exception {
        assertCaught(
                TOPICS + "ProducerWindow.java",
                "return number <= last && published.get((int) (last - number));",
                "return false;",
                "twice in the topic");
    }

    /** A positive control. */
    @Test
    @Tag("soak")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aCoreThatDeliversTheNextOfAKeyTooEarlyIsCaught() throws Exception {
        assertCaught(
                TOPICS + "Outstanding.java",
                "return !key.isEmpty() && byKey.containsKey(key);",
                "return false;",
                "before an earlier one of its key was settled");
    }

    private void assertCaught(String source, String rule, String broken, String problem) throws Exception {
        Path classes = BrokenBuild.of(output, source, rule, broken);
        ClusterOptions options = ClusterOptions.defaults().launch(Launch.DEFAULT.withClasses(classes));
        assertThat(run(8_000, Duration.ofSeconds(30), options).problems())
                .anySatisfy(told -> assertThat(told).contains(problem));
    }

    private static MessageRun.Result run(int messages, Duration faults, ClusterOptions options) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        log.info("{} messages under faults for {}, repeat with -Dseed={}", messages, faults, seed);
        MessageRun.Result result = new MessageRun(messages, faults, seed, options).go();
        log.info("{}", result);
        return result;
    }

    private static void assertGood(MessageRun.Result result) {
        assertThat(result.problems()).isEmpty();
    }
}
