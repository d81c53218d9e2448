package io.coordinator.client.internal;

import io.coordinator.client.AsyncBuilds;
import io.coordinator.client.AsyncCache;
import io.coordinator.client.AsyncCoordinatorClient;
import io.coordinator.client.Builds;
import io.coordinator.client.Cache;
import io.coordinator.client.CallbackQueue;
import io.coordinator.client.CallbackQueueOptions;
import io.coordinator.client.ChangeEvent;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.ClusterStats;
import io.coordinator.client.ConnectionListener;
import io.coordinator.client.ConnectionState;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.CoordinatorInterruptedException;
import io.coordinator.client.DistributedLock;
import io.coordinator.client.DistributedReadWriteLock;
import io.coordinator.client.DistributedSemaphore;
import io.coordinator.client.Documents;
import io.coordinator.client.ExclusiveLock;
import io.coordinator.client.ExclusiveLockOptions;
import io.coordinator.client.Guard;
import io.coordinator.client.LeaderElection;
import io.coordinator.client.LockHandle;
import io.coordinator.client.LockMode;
import io.coordinator.client.LockOptions;
import io.coordinator.client.LockedValue;
import io.coordinator.client.Locks;
import io.coordinator.client.MultiLock;
import io.coordinator.client.NamespaceUsage;
import io.coordinator.client.NodeStatus;
import io.coordinator.client.ReadConsistency;
import io.coordinator.client.ReadThroughCache;
import io.coordinator.client.ReadThroughOptions;
import io.coordinator.client.Registration;
import io.coordinator.client.SerialQueue;
import io.coordinator.client.Subscription;
import io.coordinator.client.Transaction;
import io.coordinator.client.WatchListener;
import io.coordinator.client.WatchOptions;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Dispatcher;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Threads;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.async.UserExecutor;
import io.coordinator.client.internal.build.BlockingBuilds;
import io.coordinator.client.internal.build.BuildCalls;
import io.coordinator.client.internal.build.Jobs;
import io.coordinator.client.internal.build.ReadThrough;
import io.coordinator.client.internal.build.WaitCircles;
import io.coordinator.client.internal.cache.BlockingCache;
import io.coordinator.client.internal.cache.CacheCalls;
import io.coordinator.client.internal.cache.Touches;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.document.BlockingDocuments;
import io.coordinator.client.internal.document.ClusterChannel;
import io.coordinator.client.internal.document.DocumentCalls;
import io.coordinator.client.internal.document.Surroundings;
import io.coordinator.client.internal.lock.BlockingElection;
import io.coordinator.client.internal.lock.BlockingLock;
import io.coordinator.client.internal.lock.BlockingLocks;
import io.coordinator.client.internal.lock.BlockingReadWrite;
import io.coordinator.client.internal.lock.BlockingSemaphore;
import io.coordinator.client.internal.lock.BlockingSet;
import io.coordinator.client.internal.lock.ElectionCalls;
import io.coordinator.client.internal.lock.FencedData;
import io.coordinator.client.internal.lock.LockAdmin;
import io.coordinator.client.internal.lock.LockCalls;
import io.coordinator.client.internal.lock.QueueLocks;
import io.coordinator.client.internal.lock.ReadWriteCalls;
import io.coordinator.client.internal.lock.SelfRefreshing;
import io.coordinator.client.internal.lock.SemaphoreCalls;
import io.coordinator.client.internal.lock.SerialJobs;
import io.coordinator.client.internal.lock.SetCalls;
import io.coordinator.client.internal.lock.UserSide;
import io.coordinator.client.internal.lock.ValueUnderLock;
import io.coordinator.client.internal.near.NearCopies;
import io.coordinator.client.internal.net.GrpcTransport;
import io.coordinator.client.internal.net.Names;
import io.coordinator.client.internal.net.NettyLoop;
import io.coordinator.client.internal.node.Nodes;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.ConnectionStates;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.StaleReads;
import io.coordinator.client.internal.transaction.TransactionCalls;
import io.coordinator.client.internal.watch.ChangePublisher;
import io.coordinator.client.internal.watch.Watches;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.Ping;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.Stats;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A connected client: makes the parts and puts them together. */
public final class ClientRuntime implements CoordinatorClient, FencedData, Surroundings {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);
    /** No key of users is in here. */
    private static final String LOCKED_VALUES = ".values/";

    private final ClientConfig config;
    private final NettyLoop loop;
    private final GrpcTransport transport;
    private final Dispatcher dispatcher;
    private final ExecutorService work;
    private final ThreadPoolExecutor listenerThread;
    private final ConnectionStates states;
    private final SessionChannel channel;
    private final Watches watches;
    private final Touches touches;
    private final WaitCircles circles = new WaitCircles();
    private final Map<String, Jobs> jobs = new ConcurrentHashMap<>();
    private final Nodes nodes;
    private final Executor worker;
    private final Promises userPromises;
    private final UserSide user;
    private final Calls blocking;
    private final Calls staged;
    private final AsyncRuntime async;

    private ClientRuntime(ClientConfig config, Names.Resolver resolver) {
        this.config = config;
        Threads threads = new Threads(config.clientName());
        loop = new NettyLoop(threads.named("io"));
        dispatcher = new Dispatcher(threads.named("callback"));
        work = Executors.newCachedThreadPool(threads.named("work"));
        transport = new GrpcTransport(
                loop,
                config.connectTimeout(),
                config.authToken(),
                config.addressTranslator(),
                new UserExecutor(work, Runnable::run),
                new Names(work, resolver));
        listenerThread = new ThreadPoolExecutor(
                1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads.named("listener"));
        listenerThread.allowCoreThreadTimeOut(true);
        states = new ConnectionStates(listenerThread);
        channel = new SessionChannel(config, loop, transport, states);
        Executor callbacks = config.callbackExecutor()
                .<Executor>map(users -> new UserExecutor(users, dispatcher))
                .orElse(dispatcher);
        worker = config.workExecutor()
                .map(users -> new UserExecutor(users, dispatcher))
                .orElseGet(() -> new UserExecutor(work, Runnable::run));
        JsonCodec json = new JsonCodec(config.objectMapper());
        watches = new Watches(channel, json, callbacks);
        channel.setWatcher(watches);
        touches = new Touches(channel);
        nodes = new Nodes(channel, transport, config.requestTimeout());
        userPromises = Promises.on(callbacks);
        user = new UserSide(userPromises, callbacks, worker, this);
        blocking = new Calls(
                channel,
                new StaleReads(channel, transport),
                json,
                Promises.blocking(dispatcher),
                config.requestTimeout(),
                ReadConsistency.LINEARIZABLE,
                null);
        staged = blocking.with(userPromises);
        async = new AsyncRuntime(this, staged);
    }

    /** See {@link CoordinatorClient#connect}. */
    public static CoordinatorClient connect(ClientConfig config) {
        return connect(config, InetAddress::getAllByName);
    }

    /** As {@link #connect(ClientConfig)}, with a name service of the caller's. */
    public static CoordinatorClient connect(ClientConfig config, Names.Resolver resolver) {
        ClientRuntime client = new ClientRuntime(config, resolver);
        boolean connected = false;
        try {
            client.awaitFirstSession();
            connected = true;
            return client;
        } finally {
            if (!connected) {
                client.stop();
            }
        }
    }

    private void awaitFirstSession() {
        Promise<Boolean> opened = channel.start();
        if (!Await.briefly(opened, config.requestTimeout())) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CoordinatorInterruptedException(
                        "interrupted while connecting", new InterruptedException("while connecting"));
            }
            throw channel.problem("no session within " + Times.millis(config.requestTimeout()) + " ms");
        }
        Await.result(opened);
    }

    // ---- data ----

    @Override
    public AsyncCoordinatorClient async() {
        return async;
    }

    @Override
    public DistributedLock lock(String name) {
        return lock(config.namespace(), name);
    }

    @Override
    public DistributedLock lock(String namespace, String name) {
        return new BlockingLock(lockCalls(blocking, namespace, name));
    }

    @Override
    public MultiLock multiLock(Collection<String> names) {
        return multiLock(config.namespace(), names);
    }

    @Override
    public MultiLock multiLock(String namespace, Collection<String> names) {
        return new BlockingSet(new SetCalls(blocking, user, namespace, names));
    }

    @Override
    public DistributedReadWriteLock readWriteLock(String name) {
        return readWriteLock(config.namespace(), name);
    }

    @Override
    public DistributedReadWriteLock readWriteLock(String namespace, String name) {
        ReadWriteCalls calls = readWriteCalls(blocking, namespace, name);
        return new BlockingReadWrite(new BlockingLock(calls.readLock()), new BlockingLock(calls.writeLock()));
    }

    @Override
    public DistributedSemaphore semaphore(String name) {
        return semaphore(name, 1);
    }

    @Override
    public DistributedSemaphore semaphore(String name, int permits) {
        return semaphore(config.namespace(), name, permits);
    }

    @Override
    public DistributedSemaphore semaphore(String namespace, String name, int permits) {
        return new BlockingSemaphore(new SemaphoreCalls(blocking, user, namespace, name, permits));
    }

    @Override
    public LeaderElection election(String name) {
        return election(config.namespace(), name);
    }

    @Override
    public LeaderElection election(String namespace, String name) {
        return new BlockingElection(electionCalls(blocking, namespace, name));
    }

    @Override
    public <T> LockedValue<T> lockedValue(String name, Class<T> type) {
        return new ValueUnderLock<>(name, type, lock(name), cache(LOCKED_VALUES + config.namespace()));
    }

    @Override
    public SerialQueue serial(String key) {
        return new SerialJobs(lockCalls(blocking, config.namespace(), key));
    }

    @Override
    public ExclusiveLock exclusiveLock(ExclusiveLockOptions options) {
        return new SelfRefreshing(blocking, user, config.namespace(), options);
    }

    @Override
    public CallbackQueue callbackQueue(CallbackQueueOptions options) {
        Jobs jobs = jobs(options.lockPrefix());
        return new QueueLocks(blocking, user, options, jobs);
    }

    @Override
    public <K, V> ReadThroughCache<K, V> readThroughCache(ReadThroughOptions<K, V> options) {
        BuildCalls calls = new BuildCalls(blocking, userPromises, worker, circles, options.name());
        BuildCalls stages = new BuildCalls(staged, userPromises, worker, circles, options.name());
        NearCopies.Surroundings surroundings = new NearCopies.Surroundings(loop, user.callbacks(), this::watch);
        NearCopies<V> near = options.l1()
                .map(l1 -> new NearCopies<V>(options.name(), l1, surroundings))
                .orElse(null);
        return new ReadThrough<>(calls, stages, options, near);
    }

    /** One for each namespace, so that all queues of this client share their runs (DL-PUSH-3). */
    private Jobs jobs(String namespace) {
        return jobs.computeIfAbsent(
                namespace,
                name -> new Jobs(new BuildCalls(blocking, userPromises, worker, circles, name), userPromises));
    }

    @Override
    public Locks locks() {
        return new BlockingLocks(new LockAdmin(blocking, user, config.namespace()));
    }

    @Override
    public Documents documents() {
        return documents(config.namespace());
    }

    @Override
    public Documents documents(String namespace) {
        return documents(blocking, namespace);
    }

    @Override
    public Transaction transaction() {
        return transaction(config.namespace());
    }

    @Override
    public Transaction transaction(String namespace) {
        return new TransactionCalls(blocking, staged, namespace);
    }

    private Documents documents(Calls calls, String namespace) {
        return new BlockingDocuments(new DocumentCalls(new ClusterChannel(calls), namespace), this);
    }

    @Override
    public Cache cache() {
        return cache(config.namespace());
    }

    @Override
    public Cache cache(String namespace) {
        return new BlockingCache(new CacheCalls(blocking, namespace, touches));
    }

    @Override
    public Builds builds() {
        return builds(config.namespace());
    }

    @Override
    public Builds builds(String namespace) {
        return new BlockingBuilds(buildCalls(blocking, namespace));
    }

    String namespace() {
        return config.namespace();
    }

    LockCalls lockCalls(Calls calls, String namespace, String name) {
        return new LockCalls(calls, user, namespace, name, LockMode.EXCLUSIVE);
    }

    ReadWriteCalls readWriteCalls(Calls calls, String namespace, String name) {
        return new ReadWriteCalls(
                new LockCalls(calls, user, namespace, name, LockMode.SHARED),
                new LockCalls(calls, user, namespace, name, LockMode.EXCLUSIVE));
    }

    ElectionCalls electionCalls(Calls calls, String namespace, String name) {
        return new ElectionCalls(lockCalls(calls, namespace, name), this::watch);
    }

    Touches touches() {
        return touches;
    }

    UserSide user() {
        return user;
    }

    BuildCalls buildCalls(Calls calls, String namespace) {
        return new BuildCalls(calls, userPromises, worker, circles, namespace);
    }

    // ---- data under a lock ----

    @Override
    public Cache cache(Guard guard) {
        return cache().guardedBy(guard);
    }

    @Override
    public Documents documents(Guard guard) {
        return documents(blocking.guardedBy(guard), config.namespace());
    }

    @Override
    public Cache cache(Guard guard, String namespace) {
        return cache(namespace).guardedBy(guard);
    }

    @Override
    public Builds builds(Guard guard) {
        return builds().guardedBy(guard);
    }

    @Override
    public AsyncCache asyncCache(Guard guard) {
        return async.cache().guardedBy(guard);
    }

    @Override
    public AsyncBuilds asyncBuilds(Guard guard) {
        return async.builds().guardedBy(guard);
    }

    // ---- the connection and the cluster ----

    @Override
    public Turn turn(String namespace, String name, LockOptions options) {
        LockHandle lock = lock(namespace, name).acquire(options);
        return new Turn() {
            @Override
            public DocumentCalls guarding(DocumentCalls calls) {
                return calls.guardedBy(lock.guard());
            }

            @Override
            public void close() {
                lock.close();
            }
        };
    }

    @Override
    public Subscription watch(WatchOptions options, WatchListener listener) {
        String namespace = options.namespace();
        return watches.add(options, namespace == null ? config.namespace() : namespace, listener);
    }

    @Override
    public Flow.Publisher<ChangeEvent> changes(WatchOptions options) {
        return new ChangePublisher(options, this::watch, user.callbacks());
    }

    @Override
    public Registration addConnectionListener(ConnectionListener listener) {
        return states.add(listener);
    }

    @Override
    public ConnectionState state() {
        return states.state();
    }

    @Override
    public long sessionId() {
        return channel.session().id();
    }

    @Override
    public Duration ping() {
        return Await.result(ping(blocking));
    }

    Promise<Duration> ping(Calls calls) {
        long start = System.nanoTime();
        return calls.query(
                envelope -> envelope.setSession(SessionQuery.newBuilder().setPing(Ping.getDefaultInstance())),
                answer -> Duration.ofNanos(System.nanoTime() - start));
    }

    @Override
    public ClusterStats stats() {
        return Await.result(stats(blocking));
    }

    Promise<ClusterStats> stats(Calls calls) {
        return calls.query(
                envelope -> envelope.setSession(SessionQuery.newBuilder().setStats(GetStats.getDefaultInstance())),
                ClientRuntime::clusterStats);
    }

    private static ClusterStats clusterStats(Answer answer) {
        Stats stats = answer.getSession().getStats();
        return new ClusterStats(
                stats.getSessions(),
                stats.getLocks(),
                stats.getLockWaiters(),
                stats.getCacheEntries(),
                stats.getBuildsPending(),
                stats.getBuildsDone(),
                stats.getBuildWaiters(),
                stats.getLastToken(),
                answer.getRevision(),
                stats.getDigest(),
                stats.getIndex(),
                stats.getSemaphores(),
                stats.getPermitWaiters(),
                stats.getDocuments(),
                stats.getStateBytes(),
                stats.getStateBytesMax(),
                stats.getChores(),
                stats.getUsageList().stream()
                        .map(usage -> new NamespaceUsage(
                                usage.getData().name(), usage.getNamespace(), usage.getBytes(), usage.getRows()))
                        .toList());
    }

    @Override
    public List<NodeStatus> status() {
        return Await.result(status(blocking));
    }

    Promise<List<NodeStatus>> status(Calls calls) {
        return nodes.status(calls.promises());
    }

    @Override
    public String transferLeadership() {
        return transferLeadership("");
    }

    @Override
    public String transferLeadership(String toNode) {
        return Await.result(transferLeadership(blocking, toNode));
    }

    Promise<String> transferLeadership(Calls calls, String toNode) {
        return nodes.transferLeadership(calls.promises(), toNode);
    }

    // ---- the end ----

    @Override
    public void close() {
        Await.closing(channel.close(), CLOSE_PATIENCE);
        stop();
    }

    private void stop() {
        Await.closing(channel.close(), CLOSE_PATIENCE);
        loop.run(transport::close);
        loop.close();
        dispatcher.close();
        work.shutdown();
        listenerThread.shutdown();
    }
}
