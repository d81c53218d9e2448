package io.coordinator.testing.repeat;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.runner.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random scripts against a model, with so many seeds that a rule which one script in a hundred breaks is found. */
@Tag("soak")
class ModelSeedsTest {
    private static final String SEEDS = "200";

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void theCoreFollowsItsModels() throws IOException, InterruptedException {
        assertPasses(
                "state-machine",
                "LocksAgainstModelTest",
                "LockSetsAgainstModelTest",
                "SemaphoresAgainstModelTest",
                "CacheAgainstModelTest",
                "DataTypeContractTest",
                "TakenBackTest");
    }

    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void documentsFollowTheirModels() throws IOException, InterruptedException {
        assertPasses("document-model", "EditsAgainstModelTest", "HistoryTest");
    }

    private static void assertPasses(String module, String... classes) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Repository.here().root().resolve("testing/repeat").toString(), module));
        command.addAll(List.of(classes));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().putAll(Map.of("TIMES", SEEDS, "JOBS", "2", "TAGS", "!soak"));
        assertThat(builder.start().waitFor())
                .as("exit code of %s", String.join(" ", command))
                .isZero();
    }
}
