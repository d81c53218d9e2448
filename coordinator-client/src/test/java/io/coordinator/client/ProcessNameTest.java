package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Feature("U-08")
class ProcessNameTest {
    private static final Path MISSING = Path.of("no/such/file");

    @Test
    void aClientSaysWhoItIsUnlessItIsToldAnotherName() {
        ClientConfig.Builder config = ClientConfig.builder().endpoints("a:1");
        assertThat(config.build().clientName())
                .isEqualTo(ClientConfig.processName())
                .startsWith(System.getProperty("user.name") + "@")
                .endsWith(":" + ProcessHandle.current().pid());
        assertThat(config.clientName("reports").build().clientName()).isEqualTo("reports");
    }

    @Test
    void aNameFitsWhateverTheSystemSays() {
        assertThat(ProcessName.of("ann", "web-3", 4711)).isEqualTo("ann@web-3:4711");
        assertThat(ProcessName.of("  ", "", 1)).isEqualTo("?@?:1");
        assertThat(ProcessName.of("a b\0\n\u00e4", "h", 1)).isEqualTo("a_b___@h:1");
        assertThat(ProcessName.of("u".repeat(5_000), "h".repeat(5_000), Long.MAX_VALUE))
                .hasSizeLessThan(230);
    }

    @Test
    void theHostIsFoundWithoutANameServiceWherePossible(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("hostname"), "from-file\n");
        Path empty = Files.writeString(directory.resolve("empty"), "\n");
        Map<String, String> variable = Map.of("HOSTNAME", "from-variable");
        assertThat(ProcessName.host(file, variable, () -> "from-network")).isEqualTo("from-file");
        assertThat(ProcessName.host(empty, variable, () -> "from-network")).isEqualTo("from-variable");
        assertThat(ProcessName.host(MISSING, variable, () -> "from-network")).isEqualTo("from-variable");
        assertThat(ProcessName.host(MISSING, Map.of("COMPUTERNAME", "pc"), () -> "from-network"))
                .isEqualTo("pc");
        assertThat(ProcessName.host(MISSING, Map.of(), () -> "from-network")).isEqualTo("from-network");
    }
}
