package io.coordinator.server.session;

import io.coordinator.state.Limits;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the gateway tells clients and requires of them.
 *
 * @param cluster its name
 * @param node this node's id
 * @param endpoints client addresses of all nodes
 * @param authToken what clients must show, if anything
 * @param leaseMillis for sessions that ask for none
 * @param limits of commands and leases
 * @param inFlightMax requests of one session that may be unanswered
 * @param streamsMax connections that this node takes
 * @param sessionsMax sessions that the cluster takes
 * @param sessionsPerAddressMax sessions that one address may have
 * @param tickMillis how often {@link SessionGateway#tick} is called
 */
public record GatewaySettings(
        String cluster,
        String node,
        Supplier<List<String>> endpoints,
        Optional<String> authToken,
        long leaseMillis,
        Limits limits,
        int inFlightMax,
        int streamsMax,
        int sessionsMax,
        int sessionsPerAddressMax,
        long tickMillis) {}
