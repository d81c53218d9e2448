package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about threads names the threads that there are, and they run what it says. */
@CoordinatorCluster(nodes = 1)
class ThreadsTest {
    private static final Path PAGE = Project.ROOT.resolve("docs/threads.md");
    private static final Path SERVER = Project.ROOT.resolve("coordinator-server");
    private static final Pattern IN_CODE = Pattern.compile("\"(coordinator-[a-z-]+)\"");
    private static final Pattern ON_PAGE = Pattern.compile("`(coordinator-[a-z-]+)`");
    /** Keys of headers, which look alike. */
    private static final String HEADER = "-bin";

    @Test
    void everyThreadOfAServerIsOnThePageAndNoOther() throws IOException {
        Set<String> threads = new TreeSet<>();
        for (Path file : Project.files(one -> one.startsWith(SERVER) && Project.isMain(one))) {
            threads.addAll(matches(IN_CODE, file));
        }
        threads.removeIf(name -> name.endsWith(HEADER));

        assertThat(matches(ON_PAGE, PAGE)).hasSizeGreaterThan(10).isEqualTo(threads);
    }

    @Test
    @Feature("A-45")
    void codeOfTheUserRunsWhereThePageSays(Cluster cluster) {
        ThreadFactory own = task -> new Thread(task, "pool");
        ExecutorService pool = Executors.newFixedThreadPool(8, own);
        try (CoordinatorClient client = CoordinatorClient.connect(config(cluster.endpoints(), pool))) {
            String builder = client.async()
                    .builds()
                    .getOrBuildAsync("on-a-pool", String.class, build -> name(), Duration.ofMinutes(1))
                    .toCompletableFuture()
                    .join();
            String dependent = client.async()
                    .ping()
                    .thenApply(time -> name())
                    .toCompletableFuture()
                    .join();
            String blocking =
                    client.builds().getOrBuild("on-this-thread", String.class, build -> name(), Duration.ofMinutes(1));

            assertThat(builder).isEqualTo("pool");
            assertThat(List.of("pool", name())).contains(dependent);
            assertThat(blocking).isEqualTo(name());
        } finally {
            pool.shutdown();
        }
        try (CoordinatorClient client = CoordinatorClient.connect(ClientConfig.builder()
                .endpoints(cluster.endpoints())
                .clientName("threads")
                .build())) {
            String builder = client.async()
                    .builds()
                    .getOrBuildAsync("on-its-own", String.class, build -> name(), Duration.ofMinutes(1))
                    .toCompletableFuture()
                    .join();

            assertThat(builder).startsWith("coord-threads-work-");
        }
    }

    private static ClientConfig config(String endpoints, ExecutorService given) {
        // spotless:off
        // snippet: executors
        ExecutorService pool = Executors.newFixedThreadPool(8);
        ClientConfig config = ClientConfig.builder()
                .endpoints(endpoints)
                .callbackExecutor(pool)                            // callbacks and listeners
                .workExecutor(pool)                                // functions of asynchronous calls
                .build();
        // end
        // spotless:on
        pool.shutdown();
        assertThat(config.workExecutor()).contains(pool);
        return ClientConfig.builder()
                .endpoints(endpoints)
                .callbackExecutor(given)
                .workExecutor(given)
                .build();
    }

    private static String name() {
        return Thread.currentThread().getName();
    }

    private static Set<String> matches(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
