package io.coordinator.client;

import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cluster.ClusterMembers;
import io.coordinator.client.cluster.ClusterStats;
import io.coordinator.client.cluster.ConnectionListener;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.cluster.Registration;
import io.coordinator.client.cluster.SessionPage;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.builds.ReadThrough;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.data.BlockingData;
import io.coordinator.client.internal.data.Handles;
import io.coordinator.client.internal.near.NearCopies;
import io.coordinator.client.internal.net.HostNames;
import io.coordinator.client.internal.node.BlockingMembers;
import io.coordinator.client.internal.node.ClusterCalls;
import io.coordinator.client.internal.node.Nodes;
import io.coordinator.client.internal.rpc.EphemeralStream;
import io.coordinator.client.internal.session.BothWatchers;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.StaleReads;
import io.coordinator.client.internal.topic.TopicClient;
import io.coordinator.client.internal.watch.Watches;
import io.coordinator.client.option.ReadConsistency;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A connected client: puts the parts together. */
final class ClientRuntime extends BlockingData implements CoordinatorClient {
    private final Engine engine;
    private final Handles handles;
    private final ClusterCalls cluster;
    private final ClusterMembers members;
    private final AsyncCoordinatorClient async;

    private ClientRuntime(ClientConfig config, Engine engine, Handles handles) {
        super(handles, config.namespace(), null);
        this.engine = engine;
        this.handles = handles;
        Nodes nodes = new Nodes(engine.channel(), engine.transport(), config.requestTimeout());
        cluster = new ClusterCalls(handles.blocking(), nodes);
        members = new BlockingMembers(cluster.members(config.clientName()));
        async = new AsyncRuntime(
                handles, config.namespace(), new ClusterCalls(handles.staged(), nodes), config.clientName());
    }

    /** See {@link CoordinatorClient#connect}. */
    static CoordinatorClient connect(ClientConfig config) {
        return connect(config, InetAddress::getAllByName);
    }

    /** As {@link #connect(ClientConfig)}, with a name service of the caller's. */
    static CoordinatorClient connect(ClientConfig config, HostNames.Resolver resolver) {
        Engine engine = new Engine(config, resolver);
        ClientRuntime client = new ClientRuntime(config, engine, handles(config, engine));
        engine.start(config.requestTimeout());
        return client;
    }

    private static Handles handles(ClientConfig config, Engine engine) {
        SessionChannel channel = engine.channel();
        JsonCodec json = new JsonCodec(config.objectMapper());
        Watches watches = new Watches(channel, json, engine.callbacks());
        TopicClient topics = new TopicClient(config.session(), channel, engine.transport(), json);
        EphemeralStream ephemeral = new EphemeralStream(config.session(), channel, engine.transport());
        channel.setWatcher(new BothWatchers(watches, new BothWatchers(topics, ephemeral)));
        Calls calls = new Calls(
                channel,
                new StaleReads(channel, engine.transport()),
                json,
                Promises.blocking(engine.dispatcher()),
                config.requestTimeout(),
                ReadConsistency.LINEARIZABLE,
                null);
        Promises userPromises = Promises.on(engine.callbacks());
        return new Handles(
                calls,
                userPromises,
                engine.callbacks(),
                engine.worker(),
                engine.dispatcher(),
                watches,
                topics,
                ephemeral);
    }

    // ---- data that is in no namespace, or in one of its own ----

    @Override
    public AsyncCoordinatorClient async() {
        return async;
    }

    @Override
    public <K, V> ReadThroughCache<K, V> readThroughCache(ReadThroughOptions<K, V> options) {
        @Nullable
        NearCopies<V> near = options.l1()
                .map(l1 -> new NearCopies<V>(
                        options.name(),
                        l1,
                        new NearCopies.Surroundings(engine.loop(), engine.callbacks(), handles::watch)))
                .orElse(null);
        return new ReadThrough<>(
                handles.builds(handles.blocking(), options.name()),
                handles.builds(handles.staged(), options.name()),
                options,
                near);
    }

    @Override
    public Executor callbackExecutor() {
        return engine.callbacks();
    }

    // ---- the connection and the cluster ----

    @Override
    public Registration addConnectionListener(ConnectionListener listener) {
        return engine.states().add(listener);
    }

    @Override
    public ConnectionState state() {
        return engine.states().state();
    }

    @Override
    public long sessionId() {
        return engine.channel().session().id();
    }

    @Override
    public Duration ping() {
        return Await.result(cluster.ping());
    }

    @Override
    public ClusterStats stats() {
        return Await.result(cluster.stats());
    }

    @Override
    public SessionPage sessions(long after, int limit) {
        return Await.result(cluster.sessions(after, limit));
    }

    @Override
    public List<NodeStatus> status() {
        return Await.result(cluster.status());
    }

    @Override
    public ClusterMembers members() {
        return members;
    }

    @Override
    public String transferLeadership() {
        return transferLeadership("");
    }

    @Override
    public String transferLeadership(String toNode) {
        return Await.result(cluster.transferLeadership(toNode));
    }

    @Override
    public void close() {
        handles.work().close();
        engine.close();
    }
}
