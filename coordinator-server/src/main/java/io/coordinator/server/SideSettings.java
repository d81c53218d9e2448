package io.coordinator.server;

import io.coordinator.server.call.CallSettings;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.topic.TopicSettings;
import io.coordinator.state.kernel.SessionLimits;

/** What is configured for the streams beside those of sessions. */
final class SideSettings {
    /** One client's part of what all ephemeral calls may take. */
    private static final int CALLER_SHARE = 4;

    private SideSettings() {}

    static TopicSettings topics(ServerConfig config) {
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

    static CallSettings calls(ServerConfig config) {
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
}
