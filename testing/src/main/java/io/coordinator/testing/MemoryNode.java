package io.coordinator.testing;

import com.google.protobuf.Message;
import io.coordinator.client.internal.net.LocalNode;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.net.Transport;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ChangeMembersReply;
import io.coordinator.protocol.ChangeMembersRequest;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.Role;
import io.coordinator.protocol.TransferLeadershipReply;
import io.coordinator.protocol.TransferLeadershipRequest;
import io.coordinator.server.propose.Proposal;
import io.coordinator.server.propose.ProposerSettings;
import io.coordinator.server.read.LogLease;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.replica.ReplicaStatus;
import io.coordinator.server.schedule.ScheduleKeeper;
import io.coordinator.server.session.GatewaySettings;
import io.coordinator.server.session.LeaderView;
import io.coordinator.server.session.Outgoing;
import io.coordinator.server.session.Serving;
import io.coordinator.server.session.SessionGateway;
import io.coordinator.server.session.UnaryRead;
import io.coordinator.server.tick.Ticker;
import io.coordinator.server.watch.WatchLimits;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.state.MessageGate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node that leads a cluster of one from the start: the server's own parts over a {@link MemoryLog}. */
final class MemoryNode implements LocalNode, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MemoryNode.class);

    private static final String NODE = "n1";
    private static final Duration LEASE = Duration.ofMillis(250);
    private static final long TICK_MILLIS = 10;
    private static final int BYTES_MAX = 64 << 20;
    private static final int STREAM_BYTES_MAX = 8 << 20;
    private static final int MANY = 1 << 16;

    private final String cluster;
    private final String endpoint;
    private final long startedNanos = System.nanoTime();
    private final MemoryClock clock = new MemoryClock();
    private final MessageGate messageGate = new MessageGate(Limits.DEFAULT);
    private final ExecutorService net = thread("net");
    private final ExecutorService helper = thread("helper");
    private final Replica replica = new Replica(new Coordinator(Limits.DEFAULT), helper);
    private final MemoryLog entries = new MemoryLog(replica, NODE);
    private final Serving serving;
    private final MemoryExchanges exchanges;
    private final Ticker ticker;
    private final ScheduleKeeper schedules;
    private final Set<MemoryTransport> transports = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Throwable bug;
    private volatile boolean closed;

    /**
     * A node that serves.
     *
     * @param cluster its name
     * @param endpoint by which clients find it
     */
    MemoryNode(String cluster, String endpoint) {
        this.cluster = cluster;
        this.endpoint = endpoint;
        Leads leads = new Leads(endpoint);
        serving = new Serving(
                settings(cluster, endpoint),
                new Serving.Clocks(clock, System::nanoTime, System::currentTimeMillis),
                entries,
                replica,
                new LogLease(LEASE, clock),
                leads,
                new Outgoing(BYTES_MAX, STREAM_BYTES_MAX, TimeUnit.SECONDS.toMillis(10), helper),
                this::broken);
        exchanges = new MemoryExchanges(NODE, messageGate, leads, serving, clock);
        entries.tell(serving);
        serving.proposer().open();
        serving.gate().open();
        serving.gateway().prepare();
        serving.gateway().open();
        ticker = new Ticker(
                entries, serving.proposer(), replica, serving.gate(), serving.gateway(), TICK_MILLIS, LEASE.toMillis());
        schedules = new ScheduleKeeper(serving.proposer(), replica, System::currentTimeMillis);
    }

    private static Serving.Settings settings(String cluster, String endpoint) {
        return new Serving.Settings(
                new GatewaySettings(
                        cluster,
                        NODE,
                        () -> List.of(endpoint),
                        Optional.empty(),
                        TimeUnit.SECONDS.toMillis(10),
                        Limits.DEFAULT,
                        MANY,
                        MANY,
                        MANY,
                        MANY,
                        TICK_MILLIS),
                new ProposerSettings(8, 1 << 20, 4_096, MANY, BYTES_MAX),
                new WatchLimits(new MessageGate(Limits.DEFAULT), MANY, MANY, BYTES_MAX),
                MANY,
                BYTES_MAX,
                true);
    }

    private static ExecutorService thread(String purpose) {
        return Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "coordinator-memory-" + purpose);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** There is nobody else who could lead. */
    private record Leads(String leaderAddress) implements LeaderView {
        @Override
        public State state() {
            return State.SERVING;
        }

        @Override
        public long term() {
            return 1;
        }

        @Override
        public long leaderSilenceNanos() {
            return 0;
        }

        @Override
        public long heartbeatNanos() {
            return TimeUnit.SECONDS.toNanos(1);
        }
    }

    // ---- for clients ----

    @Override
    public Transport connect(Loop loop, Client client) {
        MemoryTransport transport = new MemoryTransport(this, loop, client);
        transports.add(transport);
        return transport;
    }

    void left(MemoryTransport transport) {
        transports.remove(transport);
    }

    SessionGateway gateway() {
        return serving.gateway();
    }

    MemoryExchanges exchanges() {
        return exchanges;
    }

    MessageGate messageGate() {
        return messageGate;
    }

    /** Runs something on the thread on which all frames and calls arrive; never once this is closed. */
    void onNet(Runnable task) {
        try {
            net.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    broken(e);
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("this node is closed", e);
        }
    }

    /** A call without a session. */
    CompletableFuture<? extends Message> ask(Object request) {
        if (request instanceof Query query) {
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            UnaryRead read = serving.gateway().read(query, answer::complete);
            var unused = answer.thenRun(read::ended);
            read.begin();
            return answer;
        } else if (request instanceof NodeStatusRequest) {
            return CompletableFuture.completedFuture(status());
        } else if (request instanceof TransferLeadershipRequest transfer) {
            return CompletableFuture.completedFuture(transfer(transfer));
        } else if (request instanceof ChangeMembersRequest) {
            return CompletableFuture.completedFuture(ChangeMembersReply.newBuilder()
                    .setError(Error.newBuilder()
                            .setCode(ErrorCode.EINVAL)
                            .setMessage("an in-memory cluster has one member, " + NODE
                                    + ", for ever; use a TestCluster to change members"))
                    .build());
        }
        return CompletableFuture.failedFuture(new IllegalArgumentException("an unknown call: " + request.getClass()));
    }

    private NodeStatusReply status() {
        ReplicaStatus state = replica.status();
        return NodeStatusReply.newBuilder()
                .setCluster(cluster)
                .setNode(NODE)
                .setRole(Role.LEADER)
                .setTerm(1)
                .setLeader(NODE)
                .setCommittedIndex(state.index())
                .setAppliedIndex(state.index())
                .setRevision(state.revision())
                .setClusterTimeMillis(serving.proposer().clusterTimeMillis())
                .setDigest(state.digest())
                .setDigestIndex(state.index())
                .setServing(true)
                .setReady(true)
                .setVersion("in memory")
                .setSessionsAttached(serving.gateway().attachedSessions())
                .setAdmitted(true)
                .setIncarnation(1)
                .addMembers(Member.newBuilder()
                        .setNode(NODE)
                        .setClientAddress(endpoint)
                        .setVoter(true)
                        .setIncarnation(1))
                .setUptimeMillis(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startedNanos))
                .build();
    }

    private TransferLeadershipReply transfer(TransferLeadershipRequest request) {
        if (request.getTo().equals(NODE)) {
            return TransferLeadershipReply.newBuilder().setLeader(NODE).build();
        }
        return TransferLeadershipReply.newBuilder()
                .setError(Error.newBuilder()
                        .setCode(ErrorCode.EINVAL)
                        .setMessage(
                                NODE + " is the only member of an in-memory cluster; there is no other that could take"
                                        + " over, use a TestCluster for that"))
                .build();
    }

    // ---- for the cluster ----

    MemoryClock clock() {
        return clock;
    }

    Serving serving() {
        return serving;
    }

    ReplicaStatus state() {
        return replica.status();
    }

    /** The index of the last entry of which everything was passed on. */
    long told() {
        return entries.told();
    }

    /** The ways of the clients that are not closed. */
    Set<MemoryTransport> transports() {
        return transports;
    }

    /** What has broken this node, if anything has. */
    Optional<Throwable> bug() {
        return Optional.ofNullable(bug);
    }

    /** Has a command of no session applied. */
    CompletableFuture<Reply> propose(Command command) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        serving.proposer().offer(new Proposal() {
            @Override
            public List<Command> commands() {
                return List.of(command);
            }

            @Override
            public void applied(int from, List<Reply> replies) {
                reply.complete(replies.get(0));
            }

            @Override
            public void failed() {
                reply.completeExceptionally(new IllegalStateException("the in-memory cluster was closed meanwhile"));
            }
        });
        return reply;
    }

    private void broken(Throwable cause) {
        bug = cause;
        log.error("the in-memory cluster is broken; please report it", cause);
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        transports.forEach(MemoryTransport::endAll);
        schedules.close();
        ticker.close();
        entries.close();
        serving.close();
        net.shutdown();
        helper.shutdownNow();
        exchanges.close();
    }
}
