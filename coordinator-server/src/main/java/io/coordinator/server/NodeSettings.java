package io.coordinator.server;

import io.coordinator.server.call.CallSettings;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ReadMode;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.member.MemberView;
import io.coordinator.server.net.ListenerSettings;
import io.coordinator.server.net.MemberProof;
import io.coordinator.server.propose.ProposerSettings;
import io.coordinator.server.session.AuthToken;
import io.coordinator.server.session.GatewaySettings;
import io.coordinator.server.session.Serving;
import io.coordinator.server.topic.TopicSettings;
import io.coordinator.server.watch.WatchLimits;
import io.coordinator.state.MessageGate;
import io.coordinator.state.kernel.SessionLimits;

/** What a node's configuration means for each of its parts. */
final class NodeSettings {
    /** One client's part of what all ephemeral calls may take. */
    private static final int CALLER_SHARE = 4;

    private final ServerConfig config;

    NodeSettings(ServerConfig config) {
        this.config = config;
    }

    private ProposerSettings proposerSettings() {
        return new ProposerSettings(
                config.get(Keys.IN_FLIGHT_MAX),
                config.get(Keys.BATCH_BYTES_MAX),
                config.get(Keys.BATCH_COMMANDS_MAX),
                config.get(Keys.QUEUE_COMMANDS_MAX),
                config.get(Keys.QUEUE_BYTES_MAX));
    }

    Serving.Settings servingSettings(MemberView addresses) {
        return new Serving.Settings(
                gatewaySettings(addresses),
                proposerSettings(),
                new WatchLimits(
                        new MessageGate(config.limits()),
                        config.get(Keys.WATCHES_PER_SESSION_MAX),
                        config.get(Keys.WATCHES_MAX),
                        config.get(Keys.WATCHES_BYTES_MAX)),
                config.get(Keys.WATCH_RING_CHANGES),
                config.get(Keys.WATCH_RING_BYTES),
                config.get(Keys.READS) == ReadMode.LEASE);
    }

    TopicSettings topicSettings() {
        return new TopicSettings(
                config.get(Keys.TOPIC_SOFT_LIMIT_BYTES),
                config.get(Keys.TOPIC_HARD_LIMIT_BYTES),
                config.get(Keys.TOPIC_BYTES_MAX),
                config.get(Keys.SLOW_CONSUMER_MILLIS),
                config.get(Keys.STREAMS_MAX),
                config.get(Keys.WATCHES_PER_SESSION_MAX),
                config.get(Keys.WATCHES_MAX),
                config.get(Keys.WATCHES_BYTES_MAX));
    }

    CallSettings callSettings() {
        int bytesMax = config.get(Keys.CALL_BYTES_MAX);
        return new CallSettings(
                bytesMax / CALLER_SHARE,
                bytesMax,
                SessionLimits.CALLS_MAX,
                bytesMax / CALLER_SHARE,
                config.get(Keys.WATCHES_PER_SESSION_MAX),
                config.get(Keys.WATCHES_MAX),
                config.get(Keys.STREAMS_MAX),
                config.get(Keys.SLOW_CONSUMER_MILLIS));
    }

    private GatewaySettings gatewaySettings(MemberView addresses) {
        return new GatewaySettings(
                config.cluster(),
                config.node(),
                addresses::clients,
                config.get(Keys.AUTH_TOKEN),
                config.get(Keys.SESSION_LEASE_MILLIS),
                config.limits(),
                config.get(Keys.SESSION_IN_FLIGHT_MAX),
                config.get(Keys.STREAMS_MAX),
                config.get(Keys.SESSIONS_MAX),
                config.get(Keys.SESSIONS_PER_ADDRESS_MAX),
                config.get(Keys.TICK_MILLIS));
    }

    ListenerSettings listenerSettings() {
        return new ListenerSettings(
                config.limits(),
                new AuthToken(config.get(Keys.AUTH_TOKEN)),
                MemberProof.of(config.get(Keys.PEER_TOKEN)),
                config.get(Keys.CONNECTIONS_MAX),
                config.get(Keys.CONNECTIONS_PER_ADDRESS_MAX),
                config.get(Keys.CALLS_MAX),
                config.get(Keys.OUTGOING_BYTES_MAX));
    }
}
