package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coordinator.server.support.TestNodes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpEndpointTest {
    private static final Pattern DOCUMENTED = Pattern.compile("^\\| `(coordinator_[a-z_]+)`", Pattern.MULTILINE);
    private static final Pattern SERVED = Pattern.compile("^(coordinator_[a-z_]+)[ {]", Pattern.MULTILINE);

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void probesFollowTheNodeAndMetricsAreDocumented(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3)) {
            String alone = nodes.start("n1").httpAddress();
            assertThat(get(alone, "/live").statusCode()).isEqualTo(200);
            assertThat(get(alone, "/startup").statusCode()).isEqualTo(200);
            assertThat(get(alone, "/ready").statusCode()).isEqualTo(503);
            assertThat(get(alone, "/ready").body()).contains("no leader is known");

            nodes.start("n2");
            await().until(() -> get(alone, "/ready").statusCode() == 200);

            String metrics = get(alone, "/metrics").body();
            assertThat(names(SERVED, metrics))
                    .isEqualTo(names(DOCUMENTED, Files.readString(Path.of("..", "docs", "metrics.md"))));
        }
    }

    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private HttpResponse<String> get(String address, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://" + address + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
