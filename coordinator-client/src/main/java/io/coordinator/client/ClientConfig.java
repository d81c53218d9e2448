package io.coordinator.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.coordinator.client.cluster.ConnectionListener;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.codec.DefaultMapper;
import io.coordinator.client.internal.net.Endpoints;
import io.coordinator.client.internal.session.SessionSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** How to reach a cluster and how to behave. Immutable. */
public final class ClientConfig {
    private static final Duration LEASE_MIN = Duration.ofSeconds(2);
    private static final Duration LEASE_MAX = Duration.ofMinutes(5);
    private static final int SHOWN_CHARS_MAX = 200;

    private final List<String> endpoints;
    private final String cluster;
    private final String namespace;
    private final String clientName;
    private final @Nullable String authToken;
    private final Duration sessionLease;
    private final @Nullable Duration keepAliveInterval;
    private final Duration requestTimeout;
    private final Duration connectTimeout;
    private final Duration backoffMin;
    private final Duration backoffMax;
    private final boolean failFast;
    private final boolean replaceSession;
    private final int pendingCallsMax;
    private final long pendingBytesMax;
    private final @Nullable Executor callbackExecutor;
    private final @Nullable Executor workExecutor;
    private final ObjectMapper objectMapper;
    private final UnaryOperator<String> addressTranslator;

    private ClientConfig(Builder builder) {
        endpoints = List.copyOf(builder.endpoints);
        cluster = builder.cluster;
        namespace = builder.namespace;
        clientName = builder.clientName;
        authToken = builder.authToken;
        sessionLease = builder.sessionLease;
        keepAliveInterval = builder.keepAliveInterval;
        requestTimeout = builder.requestTimeout;
        connectTimeout = builder.connectTimeout;
        backoffMin = builder.backoffMin;
        backoffMax = builder.backoffMax;
        failFast = builder.failFast;
        replaceSession = builder.replaceSession;
        pendingCallsMax = builder.pendingCallsMax;
        pendingBytesMax = builder.pendingBytesMax;
        callbackExecutor = builder.callbackExecutor;
        workExecutor = builder.workExecutor;
        objectMapper = builder.objectMapper;
        addressTranslator = builder.addressTranslator;
    }

    /** Every setting at its default; endpoints must be set. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder with what the process's environment sets; see {@link Builder#environment}. */
    public static Builder fromEnvironment() {
        return new Builder().environment(System.getenv());
    }

    /**
     * Addresses of nodes, {@code host:port}. A host name with several addresses stands for all of them. Names are
     * looked up anew whenever the client looks for a node. While a lookup takes long, the client goes on with the
     * addresses that it knows.
     */
    public List<String> endpoints() {
        return endpoints;
    }

    /** The cluster's name, compared at connect; empty accepts any. */
    public String cluster() {
        return cluster;
    }

    /** The namespace of locks, caches, builds and watches that name none. */
    public String namespace() {
        return namespace;
    }

    /** Shown to operators wherever this client holds or waits for something, and part of the names of its threads. */
    public String clientName() {
        return clientName;
    }

    /** The shared secret, if the cluster wants one. */
    public Optional<String> authToken() {
        return Optional.ofNullable(authToken);
    }

    /** How long the session survives without contact; from 2 s to 5 min. The cluster may grant less or more. */
    public Duration sessionLease() {
        return sessionLease;
    }

    /** The time between keep-alives; a third of the lease unless set. */
    public Duration keepAliveInterval() {
        return keepAliveInterval != null ? keepAliveInterval : sessionLease.dividedBy(3);
    }

    /** The deadline of every call that is given none of its own; more than 0. */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /** How long one node may take to accept a connection and attach the session before the next is tried. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** The pause before the second attempt to reconnect; it doubles from there, times a random 0.5 to 1. */
    public Duration backoffMin() {
        return backoffMin;
    }

    /** The longest pause between attempts; not less than {@link #backoffMin()}. */
    public Duration backoffMax() {
        return backoffMax;
    }

    /** Whether calls fail with {@link DisconnectedException} at once while there is no connection. */
    public boolean failFast() {
        return failFast;
    }

    /** Whether a lost session is replaced by a new one for later calls. */
    public boolean replaceSession() {
        return replaceSession;
    }

    /** How many calls may be unanswered before further ones fail with {@link ThrottledException}. */
    public int pendingCallsMax() {
        return pendingCallsMax;
    }

    /** How many bytes of requests may be unanswered before further calls fail with {@link ThrottledException}. */
    public long pendingBytesMax() {
        return pendingBytesMax;
    }

    /**
     * Where listeners run (but not a {@link ConnectionListener}), and whatever depends on a stage. If it is not set,
     * the client has a pool of its own, which gets more threads while callbacks block.
     */
    public Optional<Executor> callbackExecutor() {
        return Optional.ofNullable(callbackExecutor);
    }

    /**
     * Where functions of asynchronous calls run. If it is not set, the client has a pool of its own, with a thread for
     * each function that runs.
     */
    public Optional<Executor> workExecutor() {
        return Optional.ofNullable(workExecutor);
    }

    /**
     * Reads and writes values. With any mapper, {@code JsonNode}s keep all digits of their numbers, and NaN, infinities
     * and halves of surrogate pairs are refused with {@link ValidationException} when they are written.
     */
    public ObjectMapper objectMapper() {
        return objectMapper;
    }

    /**
     * A new mapper like the one that clients have by default, to add modules to or to change. It knows records,
     * parameter names (of classes that are compiled with {@code -parameters}), {@code Optional} and {@code java.time},
     * which it writes as text in ISO 8601. It passes over members that a type does not know. Numbers that are read as
     * {@code JsonNode}, {@code Object} or {@code Map<String, Object>} keep all their digits: those with a point or an
     * exponent become {@code BigDecimal}s.
     */
    public static ObjectMapper defaultObjectMapper() {
        return DefaultMapper.create();
    }

    /** Maps each node's address, as endpoints name it and as nodes advertise it, to where the client connects. */
    public UnaryOperator<String> addressTranslator() {
        return addressTranslator;
    }

    /**
     * Who this process is, as {@code user@host:pid}: the default of {@link #clientName()}, and good to have in a name
     * of
     * one's own, such as {@code "reports " + processName()}, since operators ask first on which host a holder runs.
     *
     * @return at most some 220 printable ASCII characters; a {@code ?} stands for what the system does not tell
     */
    public static String processName() {
        return ProcessName.get();
    }

    SessionSettings session() {
        return new SessionSettings(
                endpoints,
                cluster,
                clientName,
                authToken().orElse(""),
                sessionLease,
                keepAliveInterval(),
                connectTimeout,
                backoffMin,
                backoffMax,
                failFast,
                replaceSession,
                pendingCallsMax,
                pendingBytesMax);
    }

    /** Collects settings. Not safe for use by many threads. */
    public static final class Builder {
        private List<String> endpoints = List.of();
        private String cluster = "";
        private String namespace = "default";
        private String clientName = processName();
        private @Nullable String authToken;
        private Duration sessionLease = Duration.ofSeconds(10);
        private @Nullable Duration keepAliveInterval;
        private Duration requestTimeout = Duration.ofSeconds(30);
        private Duration connectTimeout = Duration.ofSeconds(3);
        private Duration backoffMin = Duration.ofMillis(100);
        private Duration backoffMax = Duration.ofSeconds(5);
        private boolean failFast;
        private boolean replaceSession = true;
        private int pendingCallsMax = 10_000;
        private long pendingBytesMax = 64L << 20;
        private @Nullable Executor callbackExecutor;
        private @Nullable Executor workExecutor;
        private ObjectMapper objectMapper = DefaultMapper.create();
        private UnaryOperator<String> addressTranslator = UnaryOperator.identity();

        private Builder() {}

        /**
         * Comma-separated {@code host:port} addresses.
         *
         * @param commaSeparated empty parts are dropped; each other one is {@code host:port}, with a host name, an IPv4
         *     address or an IPv6 address in brackets ({@code [::1]:2379}), a port from 1 to 65535, and no scheme or
         *     path; checked by {@link #build}, which throws {@link ValidationException} if one is not of that form, or
         *     if there is none
         */
        public Builder endpoints(String commaSeparated) {
            List<String> list = new ArrayList<>();
            for (String endpoint : commaSeparated.split(",", -1)) {
                if (!endpoint.isBlank()) {
                    list.add(endpoint.strip());
                }
            }
            return endpoints(list);
        }

        /**
         * {@code host:port} addresses; one that answers is enough, the others are learned from it.
         *
         * @param endpoints as for {@link #endpoints(String)}
         */
        public Builder endpoints(List<String> endpoints) {
            this.endpoints = List.copyOf(endpoints);
            return this;
        }

        /**
         * See {@link ClientConfig#cluster()}; any by default.
         *
         * @param cluster a <a href="package-summary.html#names">name</a>, or empty; checked by {@link #build}
         */
        public Builder cluster(String cluster) {
            this.cluster = cluster;
            return this;
        }

        /**
         * See {@link ClientConfig#namespace()}; {@code default} by default.
         *
         * @param namespace a <a href="package-summary.html#names">name</a>; checked by {@link #build}
         */
        public Builder namespace(String namespace) {
            this.namespace = namespace;
            return this;
        }

        /**
         * See {@link ClientConfig#clientName()}; {@link ClientConfig#processName()} by default.
         *
         * @param clientName a <a href="package-summary.html#names">name</a>; checked by {@link #build}
         */
        public Builder clientName(String clientName) {
            this.clientName = clientName;
            return this;
        }

        /**
         * See {@link ClientConfig#authToken()}; none by default.
         *
         * @param authToken at most 4,096 printable ASCII characters without spaces, checked by {@link #build} but for
         *     the number: with more, connecting fails with {@link PayloadTooLargeException}; null for none
         */
        public Builder authToken(@Nullable String authToken) {
            this.authToken = authToken;
            return this;
        }

        /**
         * See {@link ClientConfig#sessionLease()}; 10 s by default.
         *
         * @param sessionLease from 2 s to 5 min, in milliseconds rounded up; shorter, also 0 or less, and longer ones
         *     are refused by {@link #build} with {@link ValidationException}. The cluster may have narrower bounds, and
         *     takes the nearest
         */
        public Builder sessionLease(Duration sessionLease) {
            this.sessionLease = sessionLease;
            return this;
        }

        /**
         * See {@link ClientConfig#keepAliveInterval()}.
         *
         * @param keepAliveInterval more than 0 and shorter than the lease, in milliseconds rounded up; otherwise
         *     {@link #build} throws {@link ValidationException}
         */
        public Builder keepAliveInterval(Duration keepAliveInterval) {
            this.keepAliveInterval = keepAliveInterval;
            return this;
        }

        /**
         * See {@link ClientConfig#requestTimeout()}; 30 s by default.
         *
         * @param requestTimeout more than 0, or {@link #build} throws {@link ValidationException}; in milliseconds
         *     rounded up; over 146 years count as that
         */
        public Builder requestTimeout(Duration requestTimeout) {
            this.requestTimeout = requestTimeout;
            return this;
        }

        /**
         * See {@link ClientConfig#connectTimeout()}; 3 s by default.
         *
         * @param connectTimeout more than 0, or {@link #build} throws {@link ValidationException}; in milliseconds
         *     rounded up; over 146 years count as that, and a connection is not waited for longer than 24 days
         */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = connectTimeout;
            return this;
        }

        /**
         * See {@link ClientConfig#backoffMin()} and {@link ClientConfig#backoffMax()}; 100 ms and 5 s by default.
         *
         * @param min more than 0, or {@link #build} throws {@link ValidationException}; in milliseconds rounded up;
         *     over 146 years count as that
         * @param max not less than {@code min}, and so more than 0, or {@code build} throws
         *     {@link ValidationException}; in milliseconds rounded up; over 146 years count as that
         */
        public Builder connectionBackoff(Duration min, Duration max) {
            this.backoffMin = min;
            this.backoffMax = max;
            return this;
        }

        /** See {@link ClientConfig#failFast()}; off by default. */
        public Builder failFast(boolean failFast) {
            this.failFast = failFast;
            return this;
        }

        /** See {@link ClientConfig#replaceSession()}; on by default. */
        public Builder replaceSession(boolean replaceSession) {
            this.replaceSession = replaceSession;
            return this;
        }

        /**
         * See {@link ClientConfig#pendingCallsMax()}; 10,000 by default.
         *
         * @param pendingCallsMax at least 1, or {@link #build} throws {@link ValidationException}
         */
        public Builder pendingCallsMax(int pendingCallsMax) {
            this.pendingCallsMax = pendingCallsMax;
            return this;
        }

        /**
         * See {@link ClientConfig#pendingBytesMax()}; 64 MiB by default.
         *
         * @param pendingBytesMax in bytes; at least 1, or {@link #build} throws {@link ValidationException}. A single
         *     call larger than this always fails with {@link PayloadTooLargeException}
         */
        public Builder pendingBytesMax(long pendingBytesMax) {
            this.pendingBytesMax = pendingBytesMax;
            return this;
        }

        /**
         * See {@link ClientConfig#callbackExecutor()}; the client does not shut it down. It may run tasks in place
         * ({@code Runnable::run}), block, or refuse a task by throwing: a refused task runs on threads of the client's
         * own. It must not drop a task in silence, as a pool does that discards tasks or is shut down by
         * {@code shutdownNow}: the task's call would never end. If callbacks wait for other callbacks, it needs as many
         * threads as can wait at a time.
         */
        public Builder callbackExecutor(Executor callbackExecutor) {
            this.callbackExecutor = callbackExecutor;
            return this;
        }

        /**
         * See {@link ClientConfig#workExecutor()}; the client does not shut it down. It may run functions in place or
         * block. If it refuses a function by throwing, the function's call fails with {@link ThrottledException}, and
         * its reservation or lock is given up at once. It must not drop a function in silence.
         */
        public Builder workExecutor(Executor workExecutor) {
            this.workExecutor = workExecutor;
            return this;
        }

        /** See {@link ClientConfig#objectMapper()}; {@link ClientConfig#defaultObjectMapper()} by default. */
        public Builder objectMapper(ObjectMapper objectMapper) {
            this.objectMapper = objectMapper;
            return this;
        }

        /**
         * See {@link ClientConfig#addressTranslator()}; by default addresses are used as they are. Use it for clients
         * that must reach nodes by other addresses than those that the nodes advertise: through a port forward, a
         * tunnel or a proxy.
         *
         * @param addressTranslator from {@code host:port} to {@code host:port}; safe for use by many threads. It runs
         *     on a thread of its own for each connection; a node counts as unreachable if it throws, answers null or no
         *     address, or takes too long
         */
        public Builder addressTranslator(UnaryOperator<String> addressTranslator) {
            this.addressTranslator = addressTranslator;
            return this;
        }

        /**
         * Takes settings from the environment: {@code COORD_ENDPOINTS}, {@code COORD_CLUSTER}, {@code COORD_NAMESPACE},
         * {@code COORD_CLIENT_NAME}, {@code COORD_AUTH_TOKEN} (PM-CONN-4). They replace settings made before this call;
         * settings made after it replace them. Other variables are ignored, unless their names resemble these.
         *
         * @throws ValidationException if one is set that was probably meant to be one of these, such as
         *     {@code COORD_ENDPOINT}: the client would take a default instead, and perhaps reach another cluster
         */
        public Builder environment(Map<String, String> environment) {
            ClientVariables.check(environment.keySet());
            endpoints(environment.getOrDefault("COORD_ENDPOINTS", String.join(",", endpoints)));
            cluster = environment.getOrDefault("COORD_CLUSTER", cluster);
            namespace = environment.getOrDefault("COORD_NAMESPACE", namespace);
            clientName = environment.getOrDefault("COORD_CLIENT_NAME", clientName);
            authToken = environment.getOrDefault("COORD_AUTH_TOKEN", authToken);
            return this;
        }

        /**
         * The settings, checked.
         *
         * @throws ValidationException if one is missing or out of range; the message names it
         */
        public ClientConfig build() {
            if (endpoints.isEmpty()) {
                throw new ValidationException("endpoints must name at least one host:port (or set COORD_ENDPOINTS)");
            }
            endpoints.forEach(Builder::checkEndpoint);
            Arguments.notEmpty("namespace", namespace);
            Arguments.notEmpty("clientName", clientName);
            Text.prefix("cluster", cluster);
            if (authToken != null) {
                checkSecret(authToken);
            }
            Objects.requireNonNull(objectMapper, "objectMapper");
            Objects.requireNonNull(addressTranslator, "addressTranslator");
            Arguments.positive("requestTimeout", requestTimeout);
            Arguments.positive("connectTimeout", connectTimeout);
            Arguments.positive("backoffMin", backoffMin);
            Arguments.positive("pendingCallsMax", pendingCallsMax);
            Arguments.positive("pendingBytesMax", pendingBytesMax);
            if (backoffMax.compareTo(backoffMin) < 0) {
                throw new ValidationException("backoffMax must not be less than backoffMin");
            }
            if (sessionLease.compareTo(LEASE_MIN) < 0 || sessionLease.compareTo(LEASE_MAX) > 0) {
                throw new ValidationException("sessionLease must be from 2 s to 5 min, but is " + sessionLease);
            }
            if (keepAliveInterval != null) {
                Arguments.positive("keepAliveInterval", keepAliveInterval);
                if (keepAliveInterval.compareTo(sessionLease) >= 0) {
                    throw new ValidationException("keepAliveInterval must be shorter than sessionLease");
                }
            }
            return new ClientConfig(this);
        }

        /** What an HTTP header can carry unchanged. */
        private static void checkSecret(String token) {
            if (!token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new ValidationException("authToken must consist of printable ASCII characters, without spaces");
            }
        }

        private static void checkEndpoint(String endpoint) {
            Endpoints.fault(endpoint).ifPresent(fault -> {
                throw new ValidationException("endpoints must be host:port, such as node-1:2379, 10.0.0.1:2379 or"
                        + " [::1]:2379, but one is '" + shortened(endpoint) + "': " + fault);
            });
        }

        private static String shortened(String text) {
            return text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX) + "\u2026";
        }
    }
}
