package io.coordinator.server;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.backup.Backups;
import io.coordinator.server.call.CallExchange;
import io.coordinator.server.call.GatedRegistrations;
import io.coordinator.server.config.BindFailure;
import io.coordinator.server.config.HostPort;
import io.coordinator.server.config.Key;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.Release;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.server.disk.DiskWatch;
import io.coordinator.server.event.ServerEvents;
import io.coordinator.server.event.ServerListener;
import io.coordinator.server.http.HttpEndpoint;
import io.coordinator.server.http.ServerMetrics;
import io.coordinator.server.member.MemberView;
import io.coordinator.server.net.ClientListener;
import io.coordinator.server.net.MemberProbe;
import io.coordinator.server.net.MemberProof;
import io.coordinator.server.propose.Proposer;
import io.coordinator.server.raft.LogDirectories;
import io.coordinator.server.raft.RatisLog;
import io.coordinator.server.read.ReadGate;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.schedule.ScheduleKeeper;
import io.coordinator.server.session.Outgoing;
import io.coordinator.server.session.Serving;
import io.coordinator.server.session.SessionGateway;
import io.coordinator.server.snapshot.SnapshotException;
import io.coordinator.server.snapshot.SnapshotPolicy;
import io.coordinator.server.snapshot.SnapshotStore;
import io.coordinator.server.snapshot.Snapshotter;
import io.coordinator.server.tick.MemberSurvey;
import io.coordinator.server.tick.QuotaKeeper;
import io.coordinator.server.tick.Ticker;
import io.coordinator.server.tick.VersionKeeper;
import io.coordinator.server.topic.TopicExchange;
import io.coordinator.state.MessageGate;
import io.coordinator.state.NewerVersionException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds a node, part by part, from the disk up to the ports. What was built is closed again if a later part fails. */
final class NodeAssembly {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAssembly.class);
    private static final Duration HAND_OVER_TIMEOUT = Duration.ofSeconds(3);
    private static final LongSupplier NANO_TIME = System::nanoTime;
    /** Monotonic clocks may run at rates this far apart. */
    private static final double CLOCK_RATE_MARGIN = 1.1;

    private final ServerConfig config;
    private final NodeSettings settings;
    private final LeaseRuleFactory leaseRule;
    private final LongSupplier date;
    private final List<ServerListener> hear;
    private final Runnable joined;
    private final Consumer<Throwable> fatal;
    private volatile UnaryOperator<Throwable> reason = UnaryOperator.identity();
    private final Parts parts = new Parts();
    private final AtomicBoolean stopping = new AtomicBoolean();

    /** By the wall clock of this machine, and never let in later. */
    NodeAssembly(ServerConfig config, LeaseRuleFactory leaseRule, ServerListener hears, Consumer<Throwable> fatal) {
        this(config, leaseRule, System::currentTimeMillis, List.of(hears), () -> {}, fatal);
    }

    /**
     * A node that is not there yet.
     *
     * @param date the wall clock, milliseconds since 1970: when schedules fire, and what people are told
     * @param hear what happens on the node
     * @param joined called once the log has let this node in: it is to start anew
     */
    NodeAssembly(
            ServerConfig config,
            LeaseRuleFactory leaseRule,
            LongSupplier date,
            List<ServerListener> hear,
            Runnable joined,
            Consumer<Throwable> fatal) {
        this.hear = hear;
        this.joined = joined;
        this.config = config;
        this.settings = new NodeSettings(config);
        this.leaseRule = leaseRule;
        this.date = date;
        this.fatal = fatal;
    }

    Node start() throws StartupException {
        try {
            return assemble();
        } catch (StartupException e) {
            parts.closeAll();
            throw e;
        } catch (IOException | SnapshotException | RuntimeException e) {
            parts.closeAll();
            ErrorCode code = e.getCause() instanceof NewerVersionException ? ErrorCode.EMISMATCH : ErrorCode.EBROKER;
            throw new StartupException(code, String.valueOf(e.getMessage()), e);
        }
    }

    private Node assemble() throws StartupException, IOException, SnapshotException {
        Path data = config.get(Keys.DATA_DIR);
        DataDirectory directory = parts.add(DataDirectory.open(
                data,
                config.cluster(),
                config.node(),
                LogDirectories.group(data, config.cluster()),
                DiskWatch.requiredToStart(config.get(Keys.FREE_SPACE_MIN_BYTES))));
        DiskWatch disk = parts.add(DiskWatch.start(data, config.get(Keys.FREE_SPACE_MIN_BYTES)));

        SnapshotStore store =
                parts.add(new SnapshotStore(data, LogDirectories.checkpoints(data, config.cluster()), config.limits()));
        SnapshotStore.Recovered recovered = store.recover();
        Replica replica = new Replica(recovered.core(), helper("coordinator-reads"));
        ServerEvents events = parts.add(new ServerEvents(hear));
        NodeListener listener = new NodeListener(replica, events, this::broken);
        PurgeTrigger purge = new PurgeTrigger(stopping::get);
        Snapshotter snapshotter = parts.add(new Snapshotter(replica, store, SnapshotPolicy.of(config), purge, events));
        MemberProbe probe = new MemberProbe(config.get(Keys.AUTH_TOKEN), MemberProof.of(config.get(Keys.PEER_TOKEN)));
        Membership membership = Membership.open(config, replica, probe);
        reason = membership::reason;
        RatisLog log = RatisLog.open(config, membership.seat(), replica, store, recovered, snapshotter, disk, listener);
        purge.use(log);
        AutoCloseable closeLog = log::close;
        parts.add(closeLog);

        Backups backups = Backups.of(
                config,
                Release.VERSION,
                snapshotter,
                date,
                () -> replica.status().cluster().id());
        MemberView addresses = membership.view();
        LeadershipState leadership = new LeadershipState(
                config.node(),
                () -> log.status().leader().or(membership::leaderHeard),
                log::leaderSilenceNanos,
                log.heartbeatNanos(),
                addresses::clientOf);
        Outgoing outgoing = new Outgoing(
                config.get(Keys.OUTGOING_BYTES_MAX),
                config.get(Keys.STREAM_OUTGOING_BYTES_MAX),
                config.get(Keys.SLOW_CONSUMER_MILLIS),
                helper("coordinator-outgoing"));
        Duration lease = Duration.ofMillis(config.get(Keys.LEASE_MILLIS));
        Serving serving = parts.add(new Serving(
                settings.servingSettings(addresses),
                new Serving.Clocks(NANO_TIME, NANO_TIME, date),
                log,
                replica,
                leaseRule.create(lease, NANO_TIME),
                leadership,
                outgoing,
                this::broken));
        Proposer proposer = serving.proposer();
        ReadGate gate = serving.gate();
        SessionGateway gateway = serving.gateway();
        TopicExchange topics = new TopicExchange(
                config.node(),
                settings.topicSettings(),
                new MessageGate(config.limits()),
                leadership,
                gateway.sideDoor(),
                gateway.proofs(),
                helper("coordinator-topics"));
        topics.onDropping(events::dropping);
        gateway.follow(topics.follower());
        CallExchange calls = new CallExchange(
                config.node(),
                settings.callSettings(),
                new MessageGate(config.limits()),
                leadership,
                gateway.sideDoor(),
                new GatedRegistrations(gate),
                NANO_TIME,
                helper("coordinator-calls"));
        gateway.follow(calls.follower());
        gateway.follow(events);
        serving.clock().watch(proposer::heldUpNanos);
        LeadershipCycle cycle = parts.add(new LeadershipCycle(
                Duration.ofNanos((long) (lease.toNanos() * CLOCK_RATE_MARGIN)),
                leadership,
                replica,
                proposer,
                gate,
                gateway,
                NANO_TIME,
                this::broken));
        SpanMetrics spans = new SpanMetrics();
        listener.wire(new NodeListener.Wiring(cycle, serving, spans));
        Guards guards = parts.add(new Guards(
                config, membership.view(), probe, disk, log, cycle, replica, listener, events, date, this::broken));
        StatusReporter reporter = new StatusReporter(
                config,
                membership,
                log,
                replica,
                store,
                leadership,
                proposer,
                gateway,
                guards.divergence()::openMismatches,
                disk,
                stopping::get);
        leadership.refuseWritesWhile(guards.fullDisk()::refusal);

        Node.Control control = new Node.Control();
        ClientListener clients = parts.add(bind(
                Keys.CLIENT_BIND,
                address ->
                        ClientListener.start(address, gateway, topics, calls, control, settings.listenerSettings())));
        addresses.bound(clients.address());
        serving.clock().watch(clients::heldUpNanos);
        ServerMetrics metrics = parts.add(NodeMetrics.of(
                log,
                replica,
                proposer,
                gate,
                gateway,
                outgoing,
                serving.hub(),
                topics,
                calls,
                snapshotter,
                listener,
                clients,
                events));
        spans.addTo(metrics);
        guards.addTo(metrics);
        HttpEndpoint http =
                parts.add(bind(Keys.HTTP_BIND, address -> HttpEndpoint.start(address, reporter, metrics::scrape)));
        MemberSurvey survey = parts.add(
                new MemberSurvey(config.node(), reporter::report, membership.view()::members, probe::status, proposer));
        Upgrades upgrades = new Upgrades(config.node(), log, survey, replica, proposer);
        Node node = new Node(
                config,
                membership,
                log,
                snapshotter,
                cycle,
                reporter,
                upgrades,
                clients,
                http,
                backups,
                stopping,
                control,
                guards,
                parts);
        control.started(node);
        events.tellWhenReady(() -> reporter.ready().ok());
        log.start();
        directory.markStarted();
        membership.start(log, proposer, () -> handOver(node), joined, this::broken, parts);
        parts.add(new Ticker(
                log, proposer, replica, gate, gateway, config.get(Keys.TICK_MILLIS), config.get(Keys.LEASE_MILLIS)));
        QuotaKeeper.follow(survey, config.get(Keys.STATE_BYTES_MAX), proposer, replica);
        VersionKeeper.follow(survey, proposer, replica);
        survey.start();
        Keepers keepers = new Keepers(config, addresses, probe, proposer, replica, reporter);
        keepers.start(parts);
        keepers.keepBackups(parts, backups, date, metrics);
        ScheduleKeeper schedules = parts.add(new ScheduleKeeper(proposer, replica, date));
        metrics.gauge(
                "schedules.untimed",
                "Schedules that this node could not time in the last two minutes",
                schedules,
                ScheduleKeeper::untimed);
        return node;
    }

    private interface Binding<T> {
        T bind(HostPort address) throws IOException;
    }

    private <T> T bind(Key<HostPort> key, Binding<T> binding) throws StartupException {
        HostPort address = config.get(key);
        try {
            return binding.bind(address);
        } catch (IOException e) {
            String why = BindFailure.explain(key, address, e)
                    .orElseGet(() -> key.name() + ": cannot listen on " + address + ": " + e.getMessage());
            throw new StartupException(ErrorCode.EBROKER, why, e);
        }
    }

    /** A leader that is to leave gives leadership to any other; if it cannot now, it is asked again. */
    private static void handOver(Node node) {
        var unused = node.handovers()
                .handOver(Optional.empty(), HAND_OVER_TIMEOUT)
                .exceptionally(failure -> {
                    LOG.warn("leadership was not handed over", failure);
                    return "";
                });
    }

    private void broken(Throwable cause) {
        if (!stopping.get()) {
            fatal.accept(reason.apply(cause));
        }
    }

    private ExecutorService helper(String name) {
        ExecutorService helper = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        AutoCloseable close = helper::shutdownNow;
        parts.add(close);
        return helper;
    }
}
