package io.coordinator.cli.demo;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import java.time.Duration;

/**
 * Clients of a cluster on this host: a node that is gone refuses at once, so there is no need to be slow to try the
 * next.
 */
final class DemoClient {
    private static final Duration BACKOFF_MIN = Duration.ofMillis(20);
    private static final Duration BACKOFF_MAX = Duration.ofMillis(200);

    private DemoClient() {}

    /**
     * Connects.
     *
     * @param endpoints as in {@link ClientConfig.Builder#endpoints(String)}
     * @param patience for connecting and for each call
     */
    static CoordinatorClient connect(String name, String endpoints, Duration patience) {
        return CoordinatorClient.connect(config(name, endpoints, patience).build());
    }

    /** As {@link #connect(String, String, Duration)}, with a lease that is not the usual one. */
    static CoordinatorClient connect(String name, String endpoints, Duration patience, Duration lease) {
        return CoordinatorClient.connect(
                config(name, endpoints, patience).sessionLease(lease).build());
    }

    private static ClientConfig.Builder config(String name, String endpoints, Duration patience) {
        return ClientConfig.builder()
                .endpoints(endpoints)
                .clientName(name)
                .requestTimeout(patience)
                .connectionBackoff(BACKOFF_MIN, BACKOFF_MAX);
    }
}
