package io.coordinator.server.config;

import io.coordinator.protocol.TopicDefaults;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A complete and consistent configuration of one node. Immutable. */
public final class ServerConfig {
    private static final int CLIENT_PORT = 7400;
    private static final int PEER_PORT = 7401;

    private final Map<Key<?>, Object> values;

    private ServerConfig(Map<Key<?>, Object> values) {
        this.values = values;
    }

    /**
     * Reads flags ({@code --config FILE}, {@code --key value}), environment and file; a flag wins over the environment,
     * that over the file, that over the default.
     *
     * @throws ConfigException naming the key that is unknown or has a bad value
     */
    public static ServerConfig load(List<String> args, Map<String, String> environment) {
        return ConfigSources.load(args, environment).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A builder with all these values, also those that were derived from others or read from a file. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.values.putAll(values);
        // It has been read.
        builder.values.put(Keys.PEER_TOKEN_FILE, Optional.empty());
        return builder;
    }

    @SuppressWarnings("unchecked") // the builder only stores what the key's own parser or type gave
    public <T> T get(Key<T> key) {
        Object value = values.get(key);
        if (value == null) {
            throw new IllegalStateException("no value for " + key.name());
        }
        return (T) value;
    }

    public String node() {
        return get(Keys.NODE);
    }

    public String cluster() {
        return get(Keys.CLUSTER);
    }

    public List<ClusterMember> members() {
        return get(Keys.MEMBERS);
    }

    /** This node's own entry among the members. */
    public ClusterMember self() {
        return findSelf(node(), members());
    }

    /** What admission enforces. */
    public Limits limits() {
        return new Limits(
                get(Keys.VALUE_BYTES_MAX),
                get(Keys.REQUEST_BYTES_MAX),
                Limits.DEFAULT.nameBytesMax(),
                get(Keys.SESSION_LEASE_MIN_MILLIS),
                get(Keys.SESSION_LEASE_MAX_MILLIS),
                Limits.DEFAULT.unacknowledgedMax(),
                get(Keys.VERSION_MAX));
    }

    /** What holds for topics whose settings say nothing; without what is the core's own default. */
    public TopicDefaults topicDefaults() {
        return TopicDefaults.newBuilder()
                .setMessagesMax(unlessDefault(Keys.DURABLE_TOPIC_MESSAGES_MAX))
                .setBytesMax(unlessDefault(Keys.DURABLE_TOPIC_BYTES_MAX))
                .setDedupMillis(unlessDefault(Keys.DURABLE_TOPIC_DEDUP_MILLIS))
                .setProducersMax(unlessDefault(Keys.DURABLE_TOPIC_PRODUCERS_MAX))
                .setTopicsMax(get(Keys.DURABLE_TOPICS_MAX))
                .build();
    }

    private int unlessDefault(Key<Integer> key) {
        int value = get(key);
        return value == key.parse(key.defaultText()) ? 0 : value;
    }

    private static ClusterMember findSelf(String node, List<ClusterMember> members) {
        return members.stream()
                .filter(member -> member.node().equals(node))
                .findFirst()
                .orElseThrow(() ->
                        new ConfigException(Keys.NODE.name(), "'" + node + "' is not among the members " + members));
    }

    /** Collects values; {@link #build} fills in defaults and checks them against each other. */
    public static final class Builder {
        private final Map<Key<?>, Object> values = new LinkedHashMap<>();

        private Builder() {}

        public <T> Builder set(Key<T> key, T value) {
            values.put(key, value);
            return this;
        }

        /**
         * Sets a key as a file would.
         *
         * @throws ConfigException if the key is unknown or the text is no value for it
         */
        public Builder set(String name, String text) {
            Key<?> key = Keys.byName(name);
            values.put(key, key.parse(text));
            return this;
        }

        /**
         * The configuration with all defaults filled in.
         *
         * @throws ConfigException if values are missing or contradict each other
         */
        public ServerConfig build() {
            Map<Key<?>, Object> complete = new LinkedHashMap<>();
            for (Key<?> key : Keys.all()) {
                Object value = values.get(key);
                if (value != null) {
                    complete.put(key, value);
                } else if (!key.derived()) {
                    complete.put(key, key.parse(key.defaultText()));
                }
            }
            derive(complete);
            readPeerToken(complete);
            ServerConfig config = new ServerConfig(Map.copyOf(complete));
            ConfigChecks.check(config);
            return config;
        }

        private static void derive(Map<Key<?>, Object> complete) {
            String node = (String) complete.computeIfAbsent(Keys.NODE, key -> hostLabel());
            @Nullable Object members = complete.get(Keys.MEMBERS);
            HostPort client = orLoopback(complete.get(Keys.CLIENT_BIND), CLIENT_PORT);
            HostPort peer = orLoopback(complete.get(Keys.PEER_BIND), PEER_PORT);
            if (members == null) {
                complete.put(Keys.MEMBERS, List.of(new ClusterMember(node, peer, client)));
            } else {
                @SuppressWarnings("unchecked")
                ClusterMember self = findSelf(node, (List<ClusterMember>) members);
                client =
                        orLoopback(complete.get(Keys.CLIENT_BIND), self.client().port());
                peer = orLoopback(complete.get(Keys.PEER_BIND), self.peer().port());
            }
            complete.computeIfAbsent(Keys.QUEUE_BYTES_MAX, key -> MemoryShares.queue());
            complete.computeIfAbsent(Keys.WATCHES_BYTES_MAX, key -> MemoryShares.watches());
            complete.computeIfAbsent(Keys.TOPIC_BYTES_MAX, key -> MemoryShares.topics());
            complete.computeIfAbsent(Keys.CALL_BYTES_MAX, key -> MemoryShares.calls());
            complete.computeIfAbsent(Keys.WATCH_RING_BYTES, key -> MemoryShares.ring());
            complete.computeIfAbsent(Keys.LOG_CACHE_BYTES_MAX, key -> MemoryShares.logCache());
            complete.computeIfAbsent(Keys.LOG_SEGMENT_BYTES, key -> MemoryShares.logSegment());
            complete.computeIfAbsent(Keys.OUTGOING_BYTES_MAX, key -> MemoryShares.outgoing());
            complete.computeIfAbsent(Keys.VERSION_MAX, key -> Coordinator.VERSION);
            complete.put(Keys.CLIENT_BIND, client);
            complete.put(Keys.PEER_BIND, peer);
        }

        @SuppressWarnings("unchecked") // the builder only stores what the key's own parser or type gave
        private static void readPeerToken(Map<Key<?>, Object> complete) {
            Optional<Path> file = (Optional<Path>) complete.getOrDefault(Keys.PEER_TOKEN_FILE, Optional.empty());
            if (file.isEmpty()) {
                return;
            }
            if (!Optional.empty().equals(complete.get(Keys.PEER_TOKEN))) {
                throw new ConfigException(
                        Keys.PEER_TOKEN_FILE.name(), "set together with " + Keys.PEER_TOKEN.name() + "; keep one");
            }
            try {
                Optional<String> token = Keys.PEER_TOKEN.parse(Files.readString(file.get()));
                if (token.isEmpty()) {
                    throw new ConfigException(Keys.PEER_TOKEN_FILE.name(), file.get() + " is empty");
                }
                complete.put(Keys.PEER_TOKEN, token);
            } catch (IOException e) {
                throw new ConfigException(Keys.PEER_TOKEN_FILE.name(), "cannot read " + file.get() + ": " + e);
            }
        }

        private static HostPort orLoopback(@Nullable Object value, int port) {
            return value == null ? new HostPort("127.0.0.1", port) : (HostPort) value;
        }

        private static String hostLabel() {
            try {
                String name = InetAddress.getLocalHost().getHostName();
                int dot = name.indexOf('.');
                return Keys.NODE.parse(dot < 0 ? name : name.substring(0, dot));
            } catch (UnknownHostException e) {
                throw new ConfigException(
                        Keys.NODE.name(), "not set, and this machine has no host name: " + e.getMessage());
            }
        }
    }
}
