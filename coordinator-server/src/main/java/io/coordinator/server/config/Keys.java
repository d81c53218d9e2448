package io.coordinator.server.config;

import static io.coordinator.server.config.KeyRegistry.derived;
import static io.coordinator.server.config.KeyRegistry.derivedInteger;
import static io.coordinator.server.config.KeyRegistry.integer;
import static io.coordinator.server.config.KeyRegistry.key;
import static io.coordinator.server.config.KeyRegistry.text;

import io.coordinator.state.Coordinator;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The one list of configuration keys; docs/configuration.md is generated from it. */
public final class Keys {
    public static final Key<String> NODE = derived(
            "node",
            "text",
            "the first label of the host name",
            "This node's id; it must be one of `members`. An id belongs to one data directory for ever.",
            ClusterMember::requireNode);
    public static final Key<String> CLUSTER = text(
            "cluster",
            "coordinator",
            "The cluster's name. Clients and data directories of another cluster are refused.");
    public static final Key<List<ClusterMember>> MEMBERS = derived(
            "members",
            "node=peer/client, …",
            "this node alone, at its own addresses",
            "The voting nodes as `node=peerhost:port/clienthost:port`, separated by commas; the same text on every node.",
            ClusterMember::parseList);
    public static final Key<Path> DATA_DIR = key(
            "data-dir",
            "path",
            "data",
            "Where log, snapshots and identity live. One node, one directory, one disk.",
            ValueTexts::directory);
    public static final Key<HostPort> CLIENT_BIND = derived(
            "client-bind",
            "host:port",
            "127.0.0.1 and the port of this node's client address, or 7400",
            "Where clients are served. Any address but loopback needs `insecure`.",
            HostPort::parse);
    public static final Key<HostPort> PEER_BIND = derived(
            "peer-bind",
            "host:port",
            "127.0.0.1 and the port of this node's peer address, or 7401",
            "Where the other nodes are served. Any address but loopback needs `insecure`.",
            HostPort::parse);
    public static final Key<HostPort> HTTP_BIND = key(
            "http-bind",
            "host:port",
            "127.0.0.1:7402",
            "Where probes and metrics are served. Any address but loopback needs `insecure`.",
            HostPort::parse);
    public static final Key<Boolean> INSECURE = key(
            "insecure",
            "true or false",
            "false",
            "Serve other machines although there is no TLS yet: anybody on the network can read what is sent.",
            ValueTexts::bool);
    public static final Key<Optional<String>> AUTH_TOKEN = key(
            "auth-token",
            "printable ASCII without spaces",
            "",
            "The secret that clients must show with every call; empty admits everyone who can connect.",
            ValueTexts::token);
    public static final Key<Optional<String>> PEER_TOKEN = key(
            "peer-token",
            "text, 16 to 1024 letters, digits and signs",
            "",
            "The secret by which the members know each other, the same on every node; required if any address is beyond"
                    + " loopback. Empty trusts every process of this machine.",
            ValueTexts::peerToken);
    public static final Key<Optional<Path>> PEER_TOKEN_FILE = key(
            "peer-token-file",
            "path",
            "",
            "A file that holds the `peer-token`, so that it does not show among a process' arguments.",
            text -> text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text)));
    public static final Key<Integer> LEASE_MILLIS = integer(
            "lease-millis",
            "250",
            10,
            60_000,
            "How long a leader may serve reads after its last proof of leadership; a new leader waits a tenth longer.");
    public static final Key<ReadMode> READS = key(
            "reads",
            "lease or quorum",
            "lease",
            "`quorum` never uses the lease: every read waits for a round trip to a majority.",
            ValueTexts::readMode);
    public static final Key<Integer> ELECTION_TIMEOUT_MIN_MILLIS = integer(
            "election-timeout-min-millis",
            "500",
            50,
            60_000,
            "A follower that hears nothing for a random time between this and the maximum stands for election.");
    public static final Key<Integer> ELECTION_TIMEOUT_MAX_MILLIS =
            integer("election-timeout-max-millis", "1000", 60, 120_000, "See `election-timeout-min-millis`.");
    public static final Key<Integer> TICK_MILLIS = integer(
            "tick-millis",
            "100",
            5,
            10_000,
            "How often the leader looks for something that expires: the most by which it is late.");
    public static final Key<Integer> SESSION_LEASE_MILLIS =
            integer("session-lease-millis", "10000", 100, 3_600_000, "The lease of a session that asks for none.");
    public static final Key<Integer> SESSION_LEASE_MIN_MILLIS =
            integer("session-lease-min-millis", "2000", 100, 3_600_000, "The shortest lease that a session can have.");
    public static final Key<Integer> SESSION_LEASE_MAX_MILLIS =
            integer("session-lease-max-millis", "300000", 100, 3_600_000, "The longest lease that a session can have.");
    public static final Key<Integer> SESSION_IN_FLIGHT_MAX = integer(
            "session-in-flight-max",
            "8192",
            1,
            1 << 20,
            "Commands and reads of one session that may be unanswered; beyond it the node stops reading from its stream.");
    public static final Key<Integer> STREAMS_MAX = integer(
            "streams-max", "10000", 1, 1 << 20, "Client streams that this node takes; more are answered EBUSY.");
    public static final Key<Integer> CONNECTIONS_MAX = integer(
            "connections-max",
            "16384",
            1,
            1 << 20,
            "Client connections that this node takes; one more is told EBUSY and closed.");
    public static final Key<Integer> CONNECTIONS_PER_ADDRESS_MAX = integer(
            "connections-per-address-max",
            "12288",
            1,
            1 << 20,
            "Client connections of one address, or one IPv6 network of 64 bits; lower it where clients do not share one"
                    + " behind a NAT or proxy.");
    public static final Key<Integer> CALLS_MAX = integer(
            "calls-max",
            "1024",
            1,
            1 << 20,
            "Calls without a session that may be unanswered at once; more are answered EBUSY.");
    public static final Key<Integer> SESSIONS_MAX = integer(
            "sessions-max",
            "100000",
            1,
            1 << 24,
            "Sessions of the cluster; a new one beyond it is refused with EBUSY.");
    public static final Key<Integer> SESSIONS_PER_ADDRESS_MAX = integer(
            "sessions-per-address-max",
            "50000",
            1,
            1 << 24,
            "Sessions of one address, as counted by the leader since it leads; EBUSY beyond.");
    public static final Key<Integer> WATCHES_PER_SESSION_MAX = integer(
            "watches-per-session-max", "16384", 1, 1 << 24, "Watches of one session; one more is answered EBUSY.");
    public static final Key<Integer> WATCHES_MAX =
            integer("watches-max", "262144", 1, 1 << 24, "Watches that this node serves; one more is answered EBUSY.");
    public static final Key<Integer> WATCHES_BYTES_MAX = derivedInteger(
            "watches-bytes-max",
            "a sixteenth of the heap, at most 2 GiB",
            1 << 12,
            Integer.MAX_VALUE,
            "The heap that the watches of this node may take with their names, as estimated; one more is answered"
                    + " EBUSY.");
    public static final Key<Integer> TOPIC_SOFT_LIMIT_BYTES = integer(
            "topic-soft-limit-bytes",
            "16777216",
            1 << 10,
            Integer.MAX_VALUE,
            "Bytes of ephemeral topics' messages that may wait for one client. Further ones are dropped, and it is told how"
                    + " many.");
    public static final Key<Integer> TOPIC_HARD_LIMIT_BYTES = integer(
            "topic-hard-limit-bytes",
            "67108864",
            1 << 10,
            Integer.MAX_VALUE,
            "Bytes that waited and were dropped, since last nothing waited, beyond which a client's topic stream ends with"
                    + " ESLOWCONSUMER; its session goes on.");
    public static final Key<Integer> TOPIC_BYTES_MAX = derivedInteger(
            "topic-bytes-max",
            "a sixteenth of the heap, at most 2 GiB",
            1 << 12,
            Integer.MAX_VALUE,
            "The heap that waiting messages of ephemeral topics may take, each counted once; beyond it whoever has some"
                    + " waiting gets no more.");
    public static final Key<Integer> DURABLE_TOPIC_MESSAGES_MAX = integer(
            "durable-topic-messages-max",
            "10000",
            1,
            Integer.MAX_VALUE,
            "Messages that a durable topic keeps whose options say nothing. This and the next four are part of the state:"
                    + " the same on every node, the leader's count.");
    public static final Key<Integer> DURABLE_TOPIC_BYTES_MAX = integer(
            "durable-topic-bytes-max",
            "67108864",
            1 << 10,
            Integer.MAX_VALUE,
            "Bytes of values and keys that such a topic keeps.");
    public static final Key<Integer> DURABLE_TOPIC_DEDUP_MILLIS = integer(
            "durable-topic-dedup-millis",
            "600000",
            1,
            Integer.MAX_VALUE,
            "How long such a topic remembers the numbers of a producer after its last message.");
    public static final Key<Integer> DURABLE_TOPIC_PRODUCERS_MAX = integer(
            "durable-topic-producers-max",
            "100000",
            1,
            1 << 24,
            "Producers that a durable topic remembers; ENOSPACE for one more.");
    public static final Key<Integer> DURABLE_TOPICS_MAX = integer(
            "durable-topics-max",
            "0",
            0,
            Integer.MAX_VALUE,
            "Durable topics of the cluster; ENOSPACE for one more. 0: as many as there is room for.");
    public static final Key<Integer> CALL_BYTES_MAX = derivedInteger(
            "call-bytes-max",
            "a sixteenth of the heap, at most 2 GiB",
            1 << 12,
            Integer.MAX_VALUE,
            "The heap that ephemeral calls may take, with results that wait for their callers; beyond it calls are"
                    + " answered EBUSY. One client may have a quarter of it.");
    public static final Key<Integer> IN_FLIGHT_MAX =
            integer("in-flight-max", "8", 1, 1024, "Log entries that may be in flight at once.");
    public static final Key<Integer> BATCH_BYTES_MAX =
            integer("batch-bytes-max", "1048576", 1024, 3 << 20, "The largest batch of commands in one log entry.");
    public static final Key<Integer> BATCH_COMMANDS_MAX =
            integer("batch-commands-max", "4096", 1, 1 << 20, "The most commands in one log entry.");
    public static final Key<Integer> QUEUE_COMMANDS_MAX = integer(
            "queue-commands-max",
            "65536",
            16,
            1 << 24,
            "Commands that may wait to be proposed; more are answered EBUSY.");
    public static final Key<Integer> QUEUE_BYTES_MAX = derivedInteger(
            "queue-bytes-max",
            "an eighth of the heap, at most 128 MiB",
            1 << 20,
            Integer.MAX_VALUE,
            "Bytes of commands that may wait to be proposed, and 100 for each part of one; more are answered EBUSY.");
    public static final Key<Integer> OUTGOING_BYTES_MAX = derivedInteger(
            "outgoing-bytes-max",
            "an eighth of the heap, or of the direct memory if that is less",
            1 << 20,
            Integer.MAX_VALUE,
            "Bytes of answers and frames that may be evaluated or sent and not on the wire, for all clients of this"
                    + " node; queries and watches wait for room. One message may pass it, and small ones to twice as much.");
    public static final Key<Integer> STREAM_OUTGOING_BYTES_MAX = integer(
            "stream-outgoing-bytes-max",
            "8388608",
            1 << 16,
            Integer.MAX_VALUE,
            "Bytes that may wait for one client, with its unevaluated queries; beyond it the node stops reading from its"
                    + " stream. A single message may be larger.");
    public static final Key<Integer> SLOW_CONSUMER_MILLIS = integer(
            "slow-consumer-millis",
            "10000",
            100,
            3_600_000,
            "A client that takes nothing of what it is sent for so long, and a second more for each 256 KiB on their way,"
                    + " loses its stream with ESLOWCONSUMER; ten times sooner while `outgoing-bytes-max` is reached.");
    public static final Key<Integer> VALUE_BYTES_MAX =
            integer("value-bytes-max", "1048576", 1024, 3 << 20, "The largest single value; ETOOLARGE above it.");
    public static final Key<Integer> REQUEST_BYTES_MAX =
            integer("request-bytes-max", "3145728", 2048, 3 << 20, "The largest single command; ETOOLARGE above it.");
    public static final Key<Long> STATE_BYTES_MAX = key(
            "state-bytes-max",
            "integer, from 0",
            "0",
            "The heap that the state may take as estimated; ENOSPACE above it for what grows it. 0: half of the smallest"
                    + " member's heap. The same on every node: the leader's counts.",
            ValueTexts::bytes);
    public static final Key<Integer> WATCH_RING_CHANGES = integer(
            "watch-ring-changes",
            "262144",
            16,
            1 << 26,
            "Recent changes of each kind of data that are kept for its watchers; one further behind is told ECOMPACTED.");
    public static final Key<Integer> WATCH_RING_BYTES = derivedInteger(
            "watch-ring-bytes",
            "an equal part for each kind of data of an eighth of the heap, at most 64 MiB",
            1 << 10,
            Integer.MAX_VALUE,
            "The heap that the recent changes of each kind of data that are kept for its watchers may take, as estimated; no"
                    + " kind takes room of another's.");
    public static final Key<Integer> SNAPSHOT_DIRTY_ROWS = integer(
            "snapshot-dirty-rows", "200000", 1, Integer.MAX_VALUE, "A snapshot is taken when so many rows changed.");
    public static final Key<Integer> SNAPSHOT_LOG_BYTES = integer(
            "snapshot-log-bytes",
            "134217728",
            1024,
            Integer.MAX_VALUE,
            "A snapshot is taken when so many bytes of log were applied.");
    public static final Key<Integer> SNAPSHOT_INTERVAL_SECONDS = integer(
            "snapshot-interval-seconds",
            "600",
            1,
            86_400,
            "A snapshot is taken when the last is so old and anything changed.");
    public static final Key<Integer> SNAPSHOT_SPACING_MILLIS = integer(
            "snapshot-spacing-millis",
            "5000",
            0,
            3_600_000,
            "No snapshot begins sooner than this after the last, however much changes.");
    public static final Key<Integer> LOG_SEGMENT_BYTES = derivedInteger(
            "log-segment-bytes",
            "a 32nd of the heap, at most 16 MiB",
            1 << 16,
            1 << 30,
            "The size of a log file; whole files are purged. The entries of the one that is being written are in memory.");
    public static final Key<Integer> LOG_CACHE_BYTES_MAX = derivedInteger(
            "log-cache-bytes-max",
            "a sixteenth of the heap, at most 64 MiB",
            1 << 20,
            Integer.MAX_VALUE,
            "Bytes of finished log files whose entries are kept in memory, for members that are a little behind. The file"
                    + " that is being written is kept besides.");
    public static final Key<Integer> FREE_SPACE_MIN_BYTES = integer(
            "free-space-min-bytes",
            "67108864",
            0,
            Integer.MAX_VALUE,
            "A node with less free disk space does not start.");

    public static final Key<Integer> REPLACE_AFTER_SECONDS = integer(
            "replace-after-seconds",
            "0",
            0,
            30 * 86_400,
            "A voter of which the leader has heard nothing for so long is replaced by a spare member, if there is one that"
                    + " has caught up. 0: never. The same on every node: the leader's counts.");

    public static final Key<Integer> VERSION_MAX = derivedInteger(
            "version-max",
            "the newest that this release knows",
            1,
            Coordinator.VERSION,
            "The newest core version that this node takes part in; a cluster cannot be upgraded beyond that of any"
                    + " member. A node with an older one behaves as a release of that version.");

    private Keys() {}

    /** Every key, in the order of the documentation. */
    public static List<Key<?>> all() {
        return KeyRegistry.all();
    }

    /**
     * Finds a key.
     *
     * @throws ConfigException if there is no such key
     */
    static Key<?> byName(String name) {
        return KeyRegistry.byName(name);
    }
}
