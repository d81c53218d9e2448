package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.fake.FakeCluster;
import io.coordinator.client.fake.FakeNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;

/** A small cluster with scripted faults, and clients of it that are closed after each test. */
public abstract class ClientFixture {
    public final FakeCluster cluster = new FakeCluster();
    public final FakeNode node = new FakeNode(cluster, "n1");
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    public void closeAll() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
        node.close();
        assertThat(cluster.violations()).isEmpty();
    }

    public <C extends AutoCloseable> C closing(C closeable) {
        toClose.add(closeable);
        return closeable;
    }

    public CoordinatorClient connect() {
        return connect(config -> config);
    }

    public CoordinatorClient connect(UnaryOperator<ClientConfig.Builder> settings) {
        ClientConfig.Builder config = ClientConfig.builder()
                .endpoints(node.endpoint())
                .clientName("test")
                .requestTimeout(Duration.ofSeconds(10))
                .keepAliveInterval(Duration.ofMillis(500))
                .connectionBackoff(Duration.ofMillis(5), Duration.ofMillis(50));
        return closing(CoordinatorClient.connect(settings.apply(config).build()));
    }

    public static ConditionFactory soon() {
        return Awaitility.await().pollInterval(Duration.ofMillis(2)).atMost(Duration.ofSeconds(10));
    }

    public static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            } else {
                throw new AssertionError(e.getCause());
            }
        }
    }

    public <T> CompletableFuture<T> inBackground(Callable<T> call) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(call.call());
                    } catch (Exception e) {
                        result.completeExceptionally(e);
                    }
                },
                "test-caller");
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
