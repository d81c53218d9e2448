package io.coordinator.compat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.ClientFixture;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.testing.feature.Feature;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of an exclusive lock when its process is told to end, and nobody closes anything. */
@Feature("EL-REL-4")
class ShutdownTest extends ClientFixture {
    private static final String HOLDS = "holds ";
    private String key = "";

    @Test
    void theEndOfTheProcessReleasesTheLock() throws Exception {
        Process process = hold(true);
        try {
            process.destroy(); // SIGTERM
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        soon().until(() -> !cluster.isLocked(key));
        assertThat(released()).isTrue();
    }

    @Test
    void whoDidNotAskForThatLeavesItToTheLease() throws Exception {
        Process process = hold(false);
        try {
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(released()).isFalse();
    }

    private boolean released() {
        return node.commands().stream().anyMatch(command -> command.getLock().hasRelease());
    }

    /** Starts a process that has the lock. */
    private Process hold(boolean releaseOnShutdown) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Holder.class.getName(),
                        node.endpoint(),
                        Boolean.toString(releaseOnShutdown))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(HOLDS)) {
                key = line.substring(HOLDS.length());
                assertThat(cluster.isLocked(key)).isTrue();
                return process;
            }
        }
        throw new AssertionError("the process ended before it had the lock");
    }

    /** Takes the lock, says so, and does nothing more. */
    static final class Holder {
        private Holder() {}

        @SuppressWarnings("MustBeClosedChecker") // Nobody closes anything: that is the point.
        public static void main(String[] arguments) throws InterruptedException {
            CoordinatorClient client = CoordinatorClient.connect(ClientConfig.builder()
                    .endpoints(arguments[0])
                    .requestTimeout(Duration.ofSeconds(20))
                    .build());
            ExclusiveLock lock = Compat.of(client)
                    .exclusiveLock(
                            ExclusiveLockOptions.named("report").releaseOnShutdown(Boolean.parseBoolean(arguments[1])));
            if (lock.acquire()) {
                System.out.println(HOLDS + lock.key());
            }
            new CountDownLatch(1).await();
        }
    }
}
