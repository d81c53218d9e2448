package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.event.ServerListener;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that a jar on the class path names. */
@Feature("PM-EVT-2")
class DiscoveredListenersTest {
    private static final List<String> HEARD = new CopyOnWriteArrayList<>();

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    /** Named by a jar. */
    public static final class Discovered implements ServerListener {
        @Override
        public void leadershipGained(long term) {
            HEARD.add("discovered");
        }
    }

    /** Given by the program. */
    private static final class Given implements ServerListener {
        @Override
        public void leadershipGained(long term) {
            HEARD.add("given");
        }
    }

    @AfterEach
    void reset() {
        Thread.currentThread().setContextClassLoader(before);
    }

    private URLClassLoader jarThatNames(String listener) throws IOException {
        Path jar = Files.createTempDirectory(directory, "jar");
        Path services = Files.createDirectories(jar.resolve("META-INF/services"));
        Files.writeString(services.resolve(ServerListener.class.getName()), listener + "\n");
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, before);
    }

    @Test
    void whoIsNamedHearsTheNodeBesideWhoWasGiven() throws Exception {
        TestNodes nodes = new TestNodes(directory.resolve("nodes"), 1);
        try (URLClassLoader jar = jarThatNames(Discovered.class.getName())) {
            Thread.currentThread().setContextClassLoader(jar);
            try (CoordinatorServer node = CoordinatorServer.builder(nodes.config("n1"))
                    .listener(new Given())
                    .discoverListeners()
                    .start()) {
                await().until(() -> node.status().getServing() && HEARD.size() >= 2);
                assertThat(HEARD).containsExactly("given", "discovered");
            }
        }
    }

    @Test
    void aNameWithoutAClassIsRefusedWithWhatToDo() throws Exception {
        TestNodes nodes = new TestNodes(directory.resolve("nodes"), 1);
        try (URLClassLoader jar = jarThatNames("com.example.Missing")) {
            Thread.currentThread().setContextClassLoader(jar);
            ServerBuilder builder = CoordinatorServer.builder(nodes.config("n1"));
            assertThatThrownBy(builder::discoverListeners)
                    .isInstanceOfSatisfying(
                            StartupException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.EBROKER))
                    .hasMessageContaining("com.example.Missing")
                    .hasMessageContaining("take it off the class path");
            assertThat(nodes.data("n1")).doesNotExist();
        }
    }
}
