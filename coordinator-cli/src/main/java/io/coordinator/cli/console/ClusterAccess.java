package io.coordinator.cli.console;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;

/** Connects to the cluster that the options name. */
public final class ClusterAccess {
    private final GlobalOptions options;

    public ClusterAccess(GlobalOptions options) {
        this.options = options;
    }

    /** The options' settings, for commands that add their own. */
    public ClientConfig.Builder settings() {
        return ClientConfig.builder()
                .endpoints(options.endpoints())
                .namespace(options.namespace())
                .authToken(options.authToken().orElse(null))
                .requestTimeout(options.timeout())
                .objectMapper(Json.mapper())
                .clientName(
                        options.environment("COORD_CLIENT_NAME").orElseGet(() -> ClientConfig.processName() + "/cli"));
    }

    public CoordinatorClient connect() {
        return connect(settings().build());
    }

    /** A client that is also closed when a signal ends this process, so that its session does not linger. */
    public CoordinatorClient connect(ClientConfig config) {
        CoordinatorClient client = CoordinatorClient.connect(config);
        Runtime.getRuntime().addShutdownHook(new Thread(client::close, "close-session"));
        return client;
    }
}
