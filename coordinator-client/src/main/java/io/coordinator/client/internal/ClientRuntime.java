package io.coordinator.client.internal;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;

/** A connected client and its parts. */
public final class ClientRuntime {
    private ClientRuntime() {}

    public static CoordinatorClient connect(ClientConfig config) {
        throw new UnsupportedOperationException("not implemented yet: " + config.endpoints());
    }
}
