package io.coordinator.server;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.config.ConfigException;
import io.coordinator.server.config.Key;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.event.ServerListener;
import io.coordinator.server.read.LogLease;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.LongSupplier;

/**
 * Configures a node and starts it in this JVM (PM-SRV-1). What is not set has the default that docs/configuration.md
 * lists; nothing is read from the environment or from files. A builder can start several nodes, one after the other,
 * with what has changed in between. Not for several threads.
 */
public final class ServerBuilder {
    private static final String LOOPBACK = "127.0.0.1:";

    private final ServerConfig.Builder config;
    private final List<ServerListener> listeners = new ArrayList<>();
    private LeaseRuleFactory leaseRule = LogLease::new;
    private LongSupplier wallClock = System::currentTimeMillis;

    ServerBuilder(ServerConfig.Builder config) {
        this.config = config;
    }

    /**
     * This node's id; the first label of the host name unless set.
     *
     * @throws ConfigException if it is no id: letters, digits, dots, dashes and underscores
     */
    public ServerBuilder node(String id) {
        return set(Keys.NODE.name(), id);
    }

    /** The cluster's name, the same on every node; {@code coordinator} unless set. */
    public ServerBuilder cluster(String name) {
        return set(Keys.CLUSTER.name(), name);
    }

    /**
     * The voting nodes, the same text on every node; this node alone unless set.
     *
     * @param members {@code n1=peerhost:port/clienthost:port,n2=…}
     * @throws ConfigException if the text has another form
     */
    public ServerBuilder members(String members) {
        return set(Keys.MEMBERS.name(), members);
    }

    /** Where log, snapshots and identity live; made if it is not there. One node, one directory. */
    public ServerBuilder dataDirectory(Path directory) {
        return set(Keys.DATA_DIR, directory);
    }

    /**
     * Serves clients on this port of 127.0.0.1; for other addresses set {@link Keys#CLIENT_BIND}.
     *
     * @param port 0 for any that is free, which {@link CoordinatorServer#clientAddress} tells
     */
    public ServerBuilder clientPort(int port) {
        return set(Keys.CLIENT_BIND.name(), LOOPBACK + port);
    }

    /** Serves the other members on this port of 127.0.0.1; for other addresses set {@link Keys#PEER_BIND}. */
    public ServerBuilder peerPort(int port) {
        return set(Keys.PEER_BIND.name(), LOOPBACK + port);
    }

    /**
     * Serves probes and metrics on this port of 127.0.0.1; for other addresses set {@link Keys#HTTP_BIND}.
     *
     * @param port 0 for any that is free, which {@link CoordinatorServer#httpAddress} tells
     */
    public ServerBuilder httpPort(int port) {
        return set(Keys.HTTP_BIND.name(), LOOPBACK + port);
    }

    /** The secret that clients must show; none unless set. */
    public ServerBuilder authToken(String token) {
        return set(Keys.AUTH_TOKEN.name(), token);
    }

    /** The secret by which members know each other; none unless set, which loopback allows. */
    public ServerBuilder peerToken(String token) {
        return set(Keys.PEER_TOKEN.name(), token);
    }

    /** Sets any key of {@link Keys}. The limits that are shares of the heap are those of this JVM unless set. */
    public <T> ServerBuilder set(Key<T> key, T value) {
        config.set(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * Sets any key as a file would.
     *
     * @throws ConfigException if the key is unknown or the text is no value for it
     */
    public ServerBuilder set(String name, String text) {
        config.set(Objects.requireNonNull(name, "name"), Objects.requireNonNull(text, "text"));
        return this;
    }

    /** Adds somebody who hears what happens on the node, beside those there are. */
    public ServerBuilder listener(ServerListener listener) {
        listeners.add(Objects.requireNonNull(listener, "listener"));
        return this;
    }

    /**
     * Adds the listeners that {@link ServiceLoader} finds with the class loader of the calling thread, as a node in a
     * process of its own does.
     *
     * @throws StartupException EBROKER if one of them cannot be loaded
     */
    public ServerBuilder discoverListeners() throws StartupException {
        try {
            ServiceLoader.load(ServerListener.class).forEach(this::listener);
            return this;
        } catch (ServiceConfigurationError e) {
            throw new StartupException(
                    ErrorCode.EBROKER,
                    "a listener that the class path names cannot be used: " + e.getMessage()
                            + "; mend its jar, or take it off the class path",
                    e);
        }
    }

    /**
     * Sets another wall clock than this machine's. For tests of what wrong clocks do: schedules fire by it, and dates
     * are told by it; nothing else asks for it.
     *
     * @param millis milliseconds since 1970; called by any thread, must not block
     */
    public ServerBuilder wallClock(LongSupplier millis) {
        wallClock = Objects.requireNonNull(millis, "millis");
        return this;
    }

    ServerBuilder leaseRule(LeaseRuleFactory factory) {
        leaseRule = factory;
        return this;
    }

    /**
     * Starts the node; returns when its ports are bound and the log runs, whether or not a leader is known. The threads
     * of a node are daemons: a program that wants to live as long as it waits for {@link CoordinatorServer#terminated}.
     * A node that cannot go on, since its log or state broke, closes itself and never ends the JVM; {@code terminated}
     * fails then.
     *
     * @throws ConfigException if values are missing or contradict each other; nothing was begun
     * @throws StartupException EPERSISTLOCKED if another node uses the directory, in this JVM or another; EMISMATCH if
     *     it belongs to another node or cluster; EBROKER for anything else, with what to do. What had been opened is
     *     closed again, and the call can be repeated
     */
    public CoordinatorServer start() throws StartupException {
        return CoordinatorServer.start(config.build(), leaseRule, wallClock, List.copyOf(listeners));
    }
}
