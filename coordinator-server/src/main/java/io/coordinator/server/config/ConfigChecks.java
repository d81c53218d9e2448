package io.coordinator.server.config;

import java.util.stream.Stream;

/** What must hold between keys. */
final class ConfigChecks {
    private ConfigChecks() {}

    static void check(ServerConfig config) {
        config.self();
        requireProtected(config, Keys.CLIENT_BIND);
        requireProtected(config, Keys.PEER_BIND);
        requireProtected(config, Keys.HTTP_BIND);
        requirePeerToken(config);
        requireAtMost(config, Keys.SESSION_LEASE_MIN_MILLIS, Keys.SESSION_LEASE_MAX_MILLIS);
        requireAtMost(config, Keys.SESSION_LEASE_MILLIS, Keys.SESSION_LEASE_MAX_MILLIS);
        requireAtMost(config, Keys.SESSION_LEASE_MIN_MILLIS, Keys.SESSION_LEASE_MILLIS);
        requireAtMost(config, Keys.VALUE_BYTES_MAX, Keys.REQUEST_BYTES_MAX);
        if (config.get(Keys.ELECTION_TIMEOUT_MIN_MILLIS) >= config.get(Keys.ELECTION_TIMEOUT_MAX_MILLIS)) {
            throw new ConfigException(
                    Keys.ELECTION_TIMEOUT_MIN_MILLIS.name(),
                    "must be below " + Keys.ELECTION_TIMEOUT_MAX_MILLIS.name() + ", or elections tie for ever");
        }
    }

    private static void requireProtected(ServerConfig config, Key<HostPort> key) {
        HostPort address = config.get(key);
        if (!address.isLoopback() && !config.get(Keys.INSECURE)) {
            throw new ConfigException(
                    key.name(),
                    address + " can be reached from other machines, and this version has no TLS yet: bind to loopback,"
                            + " or set `insecure: true` where the network itself is trusted");
        }
    }

    /** Whoever reaches the peer port unasked could vote, rewrite the log and replace the state (C-12). */
    private static void requirePeerToken(ServerConfig config) {
        boolean local = Stream.of(Keys.CLIENT_BIND, Keys.PEER_BIND, Keys.HTTP_BIND)
                .allMatch(key -> config.get(key).isLoopback());
        if (!local && config.get(Keys.PEER_TOKEN).isEmpty()) {
            throw new ConfigException(
                    Keys.PEER_TOKEN.name(),
                    "must be set on a node that serves other machines: the members know each other by it. Give every"
                            + " node the same, for example what `openssl rand -hex 32` prints");
        }
    }

    private static void requireAtMost(ServerConfig config, Key<Integer> low, Key<Integer> high) {
        if (config.get(low) > config.get(high)) {
            throw new ConfigException(
                    low.name(), config.get(low) + " is above " + high.name() + " " + config.get(high));
        }
    }
}
