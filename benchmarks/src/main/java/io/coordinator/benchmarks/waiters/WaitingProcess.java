package io.coordinator.benchmarks.waiters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** One client process: for each key that it reads, so many waiters; prints when the last of them has its value. */
final class WaitingProcess {
    private WaitingProcess() {}

    /**
     * Runs until its input ends.
     *
     * @param arguments cluster, endpoints, how many waiters
     */
    public static void main(String[] arguments) throws Exception {
        ClientConfig config = ClientConfig.builder()
                .cluster(arguments[0])
                .endpoints(arguments[1])
                .build();
        int waiters = Integer.parseInt(arguments[2]);
        BufferedReader keys = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        try (CoordinatorClient client = CoordinatorClient.connect(config)) {
            System.out.println("ready");
            for (String key = keys.readLine(); key != null; key = keys.readLine()) {
                System.out.println(microsWhenAllHaveHeard(client, key, waiters));
            }
        }
    }

    private static long microsWhenAllHaveHeard(CoordinatorClient client, String key, int waiters) {
        BuildOptions options = BuildOptions.timeout(Duration.ofMinutes(1));
        CompletableFuture<?>[] all = IntStream.range(0, waiters)
                .mapToObj(i -> client.async()
                        .builds()
                        .getOrBuildAsync(
                                key,
                                String.class,
                                context -> {
                                    throw new IllegalStateException("a waiter was made the builder");
                                },
                                options))
                .map(stage -> stage.toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(all).join();
        return nowMicros();
    }

    /** Of the host's clock, which all processes share. */
    static long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
