package io.coordinator.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigDocsTest {
    /** To renew the page: run this test with the system property {@code docs.write} set. */
    @Test
    void thePageIsUpToDate() throws Exception {
        Path page = Path.of("..", "docs", "configuration.md");
        if (System.getProperty("docs.write") != null) {
            Files.createDirectories(page.getParent());
            Files.writeString(page, ConfigDocs.markdown());
        }
        assertThat(Files.readString(page)).isEqualTo(ConfigDocs.markdown());
    }
}
