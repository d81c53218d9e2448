package io.coordinator.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.builds.BuildContext;
import io.coordinator.client.builds.BuildFunction;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.Builds;
import io.coordinator.client.builds.ClaimedJob;
import io.coordinator.client.builds.JobClaim;
import io.coordinator.client.builds.KeyCodec;
import io.coordinator.client.builds.L1Store;
import io.coordinator.client.builds.OnceOptions;
import io.coordinator.client.builds.OnceTask;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cache.AsyncCache;
import io.coordinator.client.cache.AsyncOpaqueCache;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.CacheSettings;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.OpaqueCache;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.cache.ValueCodec;
import io.coordinator.client.cluster.AsyncClusterMembers;
import io.coordinator.client.cluster.ClusterMembers;
import io.coordinator.client.cluster.ConnectionListener;
import io.coordinator.client.cluster.NewMember;
import io.coordinator.client.cluster.Registration;
import io.coordinator.client.document.AsyncDocument;
import io.coordinator.client.document.AsyncDocumentNode;
import io.coordinator.client.document.AsyncDocuments;
import io.coordinator.client.document.AsyncTypedDocument;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentBatch;
import io.coordinator.client.document.DocumentNode;
import io.coordinator.client.document.DocumentOperations;
import io.coordinator.client.document.DocumentTransaction;
import io.coordinator.client.document.Documents;
import io.coordinator.client.document.EditOutcome;
import io.coordinator.client.document.FileMirror;
import io.coordinator.client.document.ItemMatch;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.document.Selector;
import io.coordinator.client.document.TransactionFunction;
import io.coordinator.client.document.TransactionOptions;
import io.coordinator.client.document.TypedDocument;
import io.coordinator.client.job.AsyncJobHandle;
import io.coordinator.client.job.AsyncJobQueue;
import io.coordinator.client.job.AsyncJobQueues;
import io.coordinator.client.job.JobContext;
import io.coordinator.client.job.JobFilter;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.JobListener;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobQueues;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.NewJobSpec;
import io.coordinator.client.job.PurgeKind;
import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.job.StepFunction;
import io.coordinator.client.job.WorkOptions;
import io.coordinator.client.lock.AsyncData;
import io.coordinator.client.lock.AsyncDistributedLock;
import io.coordinator.client.lock.AsyncDistributedReadWriteLock;
import io.coordinator.client.lock.AsyncDistributedSemaphore;
import io.coordinator.client.lock.AsyncLeaderElection;
import io.coordinator.client.lock.AsyncLockedValue;
import io.coordinator.client.lock.AsyncLocks;
import io.coordinator.client.lock.AsyncMultiLock;
import io.coordinator.client.lock.Data;
import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.DistributedReadWriteLock;
import io.coordinator.client.lock.DistributedSemaphore;
import io.coordinator.client.lock.FencedContext;
import io.coordinator.client.lock.FencedFunction;
import io.coordinator.client.lock.Grant;
import io.coordinator.client.lock.LeaderElection;
import io.coordinator.client.lock.LeaderListener;
import io.coordinator.client.lock.Leadership;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.LockedValue;
import io.coordinator.client.lock.Locks;
import io.coordinator.client.lock.MultiLock;
import io.coordinator.client.lock.MultiLockHandle;
import io.coordinator.client.lock.Permit;
import io.coordinator.client.lock.RenewalListener;
import io.coordinator.client.option.FenceMode;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.rpc.AsyncRpc;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.client.rpc.Rpc;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.RpcRequest;
import io.coordinator.client.rpc.RpcWorker;
import io.coordinator.client.rpc.WorkerOptions;
import io.coordinator.client.schedule.AsyncSchedules;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleTiming;
import io.coordinator.client.schedule.Schedules;
import io.coordinator.client.topic.AsyncConsumerGroup;
import io.coordinator.client.topic.AsyncDurableTopic;
import io.coordinator.client.topic.AsyncDurableTopics;
import io.coordinator.client.topic.AsyncTopicProducer;
import io.coordinator.client.topic.AsyncTopics;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.ConsumerGroup;
import io.coordinator.client.topic.ConsumerListener;
import io.coordinator.client.topic.Delivery;
import io.coordinator.client.topic.DeliveryHandler;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.DurableTopics;
import io.coordinator.client.topic.GroupConsumer;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.NewMessage;
import io.coordinator.client.topic.PublishOptions;
import io.coordinator.client.topic.RecordListener;
import io.coordinator.client.topic.RecordSubscription;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicListener;
import io.coordinator.client.topic.TopicMessage;
import io.coordinator.client.topic.TopicOptions;
import io.coordinator.client.topic.TopicProducer;
import io.coordinator.client.topic.TopicRecord;
import io.coordinator.client.topic.TopicSubscription;
import io.coordinator.client.topic.Topics;
import io.coordinator.client.transaction.Transaction;
import io.coordinator.client.transaction.TransactionWrites;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.io.File;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The public API as reflection finds it, and how each of its methods is called. */
final class PublicApi {
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final int PERMITS = 1_000_000;
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** Interfaces whose methods make no calls, or are called by the SDK. */
    private static final Map<Class<?>, String> NOT_DRIVEN = Map.ofEntries(
            Map.entry(BuildFunction.class, "user code"),
            Map.entry(ConnectionListener.class, "user code"),
            Map.entry(ConsumerListener.class, "user code"),
            Map.entry(DeliveryHandler.class, "user code"),
            Map.entry(FencedFunction.class, "user code"),
            Map.entry(JobHandler.class, "user code"),
            Map.entry(JobListener.class, "user code"),
            Map.entry(KeyCodec.class, "user code"),
            Map.entry(L1Store.class, "user code"),
            Map.entry(LeaderListener.class, "user code"),
            Map.entry(OnceTask.class, "user code"),
            Map.entry(RecordListener.class, "user code"),
            Map.entry(RenewalListener.class, "user code"),
            Map.entry(RpcHandler.class, "user code"),
            Map.entry(StepFunction.class, "user code"),
            Map.entry(TransactionFunction.class, "user code"),
            Map.entry(TopicListener.class, "user code"),
            Map.entry(TopicMessage.class, "a value"),
            Map.entry(ValueCodec.class, "user code"),
            Map.entry(WatchListener.class, "user code"),
            Map.entry(DocumentBatch.class, "collects"),
            Map.entry(DocumentOperations.class, "driven where it is inherited"),
            Map.entry(DocumentTransaction.class, "works on a copy"),
            Map.entry(EditOutcome.class, "a value"),
            Map.entry(Entry.class, "a value"),
            Map.entry(Expect.class, "a value"),
            Map.entry(FencedContext.class, "gives facades"),
            Map.entry(FileMirror.class, "a state; what it does are a document's calls"),
            Map.entry(Next.class, "a value"),
            Map.entry(Registration.class, "changes a list"),
            Map.entry(StartAt.class, "a value"),
            Map.entry(ScheduleTiming.class, "a value"),
            Map.entry(TopicRecord.class, "a value"),
            Map.entry(TransactionWrites.class, "collects"));

    /** Single methods that are not driven. */
    private static final Map<String, String> METHODS_NOT_DRIVEN = Map.of(
            "CoordinatorClient.close", "what the test does",
            "CoordinatorClient.addConnectionListener", "changes a list",
            "Documents.mirrorToFile", "opens, reads and watches a document",
            "Cache.asMap", "gives a view",
            "Lock.newCondition", "not supported",
            "Lock.unlock", "of what is not held",
            "CoordinatorClient.guardedBy", "gives a view",
            "AsyncCoordinatorClient.guardedBy", "gives a view",
            "Data.guardedBy", "gives a view",
            "AsyncData.guardedBy", "gives a view");

    /** They tell of something that happens or not; the end of the session or the client is told in any case. */
    private static final Set<String> EVENTS = Set.of(
            "BuildContext.cancelled",
            "Grant.lost",
            "LockHandle.lost",
            "MultiLockHandle.lost",
            "Permit.lost",
            "Leadership.lost",
            "GroupConsumer.started",
            "JobHandle.await",
            "AsyncJobHandle.await",
            "RecordSubscription.started",
            "Subscription.started");

    /** They take an interface and what implements it. */
    private static final Set<String> STUBS = Set.of("proxy", "serve");

    /** A type's instances, made with a client that works. */
    private static final Map<Class<?>, Subject> SUBJECTS = subjects();

    private static final Map<Class<?>, Function<String, Object>> ARGUMENTS = arguments();

    private PublicApi() {}

    /** Makes an instance, under a name that nothing else has. */
    @FunctionalInterface
    private interface Subject {
        Object of(CoordinatorClient client, String name) throws Exception;
    }

    /** One method of one type. */
    record Call(Class<?> type, Method method) {
        String name() {
            return type.getSimpleName() + "." + method.getName();
        }

        /** Whether it gives a stage. */
        boolean isAsynchronous() {
            return method.getGenericReturnType().getTypeName().contains(CompletionStage.class.getName())
                    || method.getName().equals("asyncBuildOrRetrieve")
                    || (method.getDeclaringClass() == DocumentOperations.class
                            && AsyncDocumentNode.class.isAssignableFrom(type));
        }

        /** Whether it waits for something that need not happen. */
        boolean isEvent() {
            return EVENTS.contains(name());
        }

        Prepared on(CoordinatorClient client) throws Exception {
            String name = "n" + COUNT.incrementAndGet();
            Subject subject = SUBJECTS.get(type);
            if (subject == null) {
                throw new AssertionError("nobody knows how to make a " + type);
            }
            return new Prepared(this, subject.of(client, name), PublicApi.arguments(method, name, client));
        }

        @Override
        public String toString() {
            return name()
                    + Arrays.stream(method.getParameterTypes())
                            .map(Class::getSimpleName)
                            .collect(Collectors.joining(",", "(", ")"));
        }
    }

    /** A call that can be made once. */
    static final class Prepared {
        private final Call call;
        private final Object subject;
        private final @Nullable Object[] arguments;

        Prepared(Call call, Object subject, @Nullable Object[] arguments) {
            this.call = call;
            this.subject = subject;
            this.arguments = arguments;
        }

        Call call() {
            return call;
        }

        /** Makes it; what it gives is the outcome of the stage, if it is one. */
        CompletionStage<?> make() throws Throwable {
            if (call.method().getName().equals("asyncBuildOrRetrieve")) {
                return withCallbacks();
            }
            Object result = invoke(arguments);
            if (result instanceof Function<?, ?> wrapped) {
                result = applied(wrapped);
            } else if (result instanceof Callable<?> wrapped) {
                result = wrapped.call();
            }
            CompletionStage<?> outcome =
                    result instanceof CompletionStage<?> stage ? stage : CompletableFuture.completedFuture(result);
            return outcome.<Object>thenCompose(value -> untilTheEnd(value).thenApply(end -> end));
        }

        private @Nullable Object invoke(@Nullable Object[] with) throws Throwable {
            try {
                return call.method().invoke(subject, with);
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        }

        @SuppressWarnings("unchecked") // the wrapped function takes anything
        private static Object applied(Function<?, ?> function) {
            return ((Function<Object, Object>) function).apply("v");
        }

        private CompletionStage<?> withCallbacks() throws Throwable {
            CompletableFuture<Object> heard = new CompletableFuture<>();
            @Nullable Object[] with = arguments.clone();
            with[with.length - 2] = (Consumer<Object>) heard::complete;
            with[with.length - 1] = (Consumer<Throwable>) heard::completeExceptionally;
            invoke(with);
            return heard;
        }
    }

    /** Who has claimed a job that is somebody else's waits for what it comes to. */
    private static CompletionStage<?> untilTheEnd(Object value) {
        return value instanceof JobClaim claim && claim.job().isEmpty()
                ? claim.outcome()
                : CompletableFuture.completedFuture(value);
    }

    /** Every method that is driven, in a stable order. */
    static List<Call> calls() {
        return all().filter(call -> !METHODS_NOT_DRIVEN.containsKey(call.name()))
                .toList();
    }

    /** Every method, in a stable order. */
    static Stream<Call> all() {
        return SUBJECTS.keySet().stream()
                .flatMap(type -> Arrays.stream(type.getMethods()).map(method -> new Call(type, method)))
                .filter(call -> !Modifier.isStatic(call.method().getModifiers())
                        && !call.method().isBridge())
                .sorted(Comparator.comparing(Call::toString));
    }

    /** Public interfaces that nobody knows what to do with. */
    static List<Class<?>> unknownInterfaces() throws Exception {
        return publicClasses()
                .filter(type -> type.isInterface() && !SUBJECTS.containsKey(type) && !NOT_DRIVEN.containsKey(type))
                .toList();
    }

    /** Methods that give stages and are not among the {@linkplain #calls driven ones}. */
    static List<String> undrivenStages() throws Exception {
        return publicClasses()
                .filter(type -> !SUBJECTS.containsKey(type) && type != JobClaim.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers())
                        && CompletionStage.class.isAssignableFrom(method.getReturnType()))
                .map(Method::toString)
                .toList();
    }

    private static Stream<Class<?>> publicClasses() throws Exception {
        Path root = Path.of(codeSource());
        List<Class<?>> classes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root.resolve("io/coordinator/client"))) {
            for (Path file : files.map(root::relativize).toList()) {
                String name = file.toString().replace(File.separatorChar, '.');
                if (name.endsWith(".class") && !name.contains("package-info") && !name.contains(".internal.")) {
                    classes.add(Class.forName(name.substring(0, name.length() - ".class".length())));
                }
            }
        }
        return classes.stream()
                .filter(type -> Modifier.isPublic(type.getModifiers()) && !type.isAnnotation())
                // Nested interfaces are values and functions, but for the one that is driven.
                .filter(type -> !type.isMemberClass() || type == LockedValue.Held.class);
    }

    private static URI codeSource() throws URISyntaxException {
        return CoordinatorClient.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI();
    }

    // ---- instances ----

    private static Map<Class<?>, Subject> subjects() {
        Map<Class<?>, Subject> all = new LinkedHashMap<>();
        all.put(CoordinatorClient.class, (client, name) -> client);
        all.put(AsyncCoordinatorClient.class, (client, name) -> client.async());
        all.put(Cache.class, (client, name) -> client.cache());
        all.put(AsyncCache.class, (client, name) -> client.async().cache());
        all.put(OpaqueCache.class, (client, name) -> client.cache().opaque(new Texts()));
        all.put(AsyncOpaqueCache.class, (client, name) -> client.async().cache().opaque(new Texts()));
        all.put(Builds.class, (client, name) -> client.builds());
        all.put(AsyncBuilds.class, (client, name) -> client.async().builds());
        all.put(BuildContext.class, PublicApi::context);
        all.put(
                ClaimedJob.class,
                (client, name) -> client.async()
                        .builds()
                        .claimAsync(name, Duration.ZERO)
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS)
                        .job()
                        .orElseThrow());
        all.put(
                ReadThroughCache.class,
                (client, name) -> client.readThroughCache(ReadThroughOptions.of(name, String.class, String.class)));
        all.put(Documents.class, (client, name) -> client.documents());
        all.put(AsyncDocuments.class, (client, name) -> client.async().documents());
        all.put(Document.class, (client, name) -> client.documents().handle(name));
        all.put(
                AsyncDocument.class,
                (client, name) -> client.async().documents().handle(name));
        all.put(
                DocumentNode.class,
                (client, name) -> client.documents().handle(name).at("a"));
        all.put(
                AsyncDocumentNode.class,
                (client, name) -> client.async().documents().handle(name).at("a"));
        all.put(TypedDocument.class, (client, name) -> client.documents().open(name, String.class, "v"));
        all.put(
                AsyncTypedDocument.class,
                (client, name) -> client.async()
                        .documents()
                        .open(name, String.class, "v")
                        .toCompletableFuture()
                        .get(10, TimeUnit.SECONDS));
        all.put(Rpc.class, (client, name) -> client.rpc());
        all.put(AsyncRpc.class, (client, name) -> client.async().rpc());
        all.put(
                RpcWorker.class,
                (client, name) -> client.rpc()
                        .register(name, request -> "v", WorkerOptions.defaults().drainTimeout(WAIT)));
        all.put(RpcRequest.class, PublicApi::request);
        all.put(Schedules.class, (client, name) -> client.schedules());
        all.put(ClusterMembers.class, (client, name) -> client.members());
        all.put(AsyncClusterMembers.class, (client, name) -> client.async().members());
        all.put(AsyncSchedules.class, (client, name) -> client.async().schedules());
        all.put(Transaction.class, (client, name) -> client.transaction());
        all.put(Topics.class, (client, name) -> client.topics());
        all.put(AsyncTopics.class, (client, name) -> client.async().topics());
        all.put(TopicSubscription.class, (client, name) -> client.topics().subscribe(name, message -> {}));
        all.put(Subscription.class, (client, name) -> client.watch(WatchOptions.cacheKey(name), event -> {}));
        all.putAll(topicSubjects());
        all.putAll(jobSubjects());
        all.putAll(lockSubjects());
        return all;
    }

    private static Map<Class<?>, Subject> topicSubjects() {
        Map<Class<?>, Subject> all = new LinkedHashMap<>();
        all.put(DurableTopics.class, (client, name) -> client.durableTopics());
        all.put(AsyncDurableTopics.class, (client, name) -> client.async().durableTopics());
        all.put(DurableTopic.class, (client, name) -> client.durableTopics().topic(name));
        all.put(
                AsyncDurableTopic.class,
                (client, name) -> client.async().durableTopics().topic(name));
        all.put(
                TopicProducer.class,
                (client, name) -> client.durableTopics().topic(name).producer(name));
        all.put(
                AsyncTopicProducer.class,
                (client, name) -> client.async().durableTopics().topic(name).producer(name));
        all.put(
                ConsumerGroup.class,
                (client, name) -> client.durableTopics().topic(name).group(name));
        all.put(
                AsyncConsumerGroup.class,
                (client, name) -> client.async().durableTopics().topic(name).group(name));
        all.put(
                GroupConsumer.class,
                (client, name) -> client.durableTopics()
                        .topic(name)
                        .group(name)
                        .consume(any -> {}, ConsumeOptions.defaults().withDrainMax(WAIT)));
        all.put(Delivery.class, PublicApi::delivery);
        all.put(
                RecordSubscription.class,
                (client, name) -> client.durableTopics().topic(name).subscribe(StartAt.earliest(), any -> {}));
        return all;
    }

    private static Map<Class<?>, Subject> jobSubjects() {
        Map<Class<?>, Subject> all = new LinkedHashMap<>();
        all.put(JobQueues.class, (client, name) -> client.jobQueues());
        all.put(AsyncJobQueues.class, (client, name) -> client.async().jobQueues());
        all.put(JobQueue.class, CoordinatorClient::jobs);
        all.put(AsyncJobQueue.class, (client, name) -> client.async().jobs(name));
        all.put(JobHandle.class, (client, name) -> client.jobs(name).job(name));
        all.put(
                AsyncJobHandle.class,
                (client, name) -> client.async().jobs(name).job(name));
        all.put(
                JobWorker.class,
                (client, name) -> client.jobs(name)
                        .work(job -> "v", WorkOptions.defaults().withDrainTimeout(WAIT)));
        all.put(JobContext.class, PublicApi::attempt);
        return all;
    }

    private static Map<Class<?>, Subject> lockSubjects() {
        Map<Class<?>, Subject> all = new LinkedHashMap<>();
        all.put(DistributedLock.class, CoordinatorClient::lock);
        all.put(AsyncDistributedLock.class, (client, name) -> client.async().lock(name));
        all.put(Lock.class, (client, name) -> client.lock(name).asLock());
        all.put(Grant.class, (client, name) -> client.lock(name).acquire());
        all.put(LockHandle.class, (client, name) -> client.lock(name).acquire());
        all.put(DistributedReadWriteLock.class, CoordinatorClient::readWriteLock);
        all.put(
                AsyncDistributedReadWriteLock.class,
                (client, name) -> client.async().readWriteLock(name));
        all.put(MultiLock.class, (client, name) -> client.multiLock(name, name + "b"));
        all.put(AsyncMultiLock.class, (client, name) -> client.async().multiLock(name, name + "b"));
        all.put(
                MultiLockHandle.class,
                (client, name) -> client.multiLock(name, name + "b").acquire());
        all.put(DistributedSemaphore.class, (client, name) -> client.semaphore(name, PERMITS));
        all.put(
                AsyncDistributedSemaphore.class,
                (client, name) -> client.async().semaphore(name, PERMITS));
        all.put(Permit.class, (client, name) -> client.semaphore(name, PERMITS).acquire());
        all.put(LeaderElection.class, CoordinatorClient::election);
        all.put(AsyncLeaderElection.class, (client, name) -> client.async().election(name));
        all.put(Leadership.class, (client, name) -> client.election(name).campaign());
        all.put(LockedValue.class, (client, name) -> client.lockedValue(name, String.class));
        all.put(AsyncLockedValue.class, (client, name) -> client.async().lockedValue(name, String.class));
        all.put(
                LockedValue.Held.class,
                (client, name) -> client.lockedValue(name, String.class).acquire(WAIT));
        all.put(Data.class, CoordinatorClient::namespace);
        all.put(AsyncData.class, (client, name) -> client.async().namespace(name));
        all.put(Locks.class, (client, name) -> client.locks());
        all.put(AsyncLocks.class, (client, name) -> client.async().locks());
        return all;
    }

    /** Of a function that runs until it is told not to. */
    private static BuildContext context(CoordinatorClient client, String name) throws Exception {
        CompletableFuture<BuildContext> context = new CompletableFuture<>();
        var unused = client.async()
                .builds()
                .getOrBuildAsync(
                        name,
                        String.class,
                        own -> {
                            context.complete(own);
                            own.cancelled().toCompletableFuture().join();
                            return "v";
                        },
                        Duration.ofMinutes(1));
        return context.get(10, TimeUnit.SECONDS);
    }

    /** Of a handler that runs until it is told not to. */
    private static RpcRequest request(CoordinatorClient client, String name) throws Exception {
        CompletableFuture<RpcRequest> request = new CompletableFuture<>();
        client.rpc().register(name, RpcHandler.staged(own -> {
            request.complete(own);
            return new CompletableFuture<String>();
        }));
        CallOptions options = CallOptions.defaults().timeout(Duration.ofMinutes(1));
        var unused = client.async().rpc().call(name, "v", String.class, options);
        return request.get(10, TimeUnit.SECONDS);
    }

    /** Of a handler that runs until it is told not to. */
    private static JobContext attempt(CoordinatorClient client, String name) throws Exception {
        CompletableFuture<JobContext> attempt = new CompletableFuture<>();
        client.jobs(name).work(JobHandler.staged(own -> {
            attempt.complete(own);
            return new CompletableFuture<String>();
        }));
        client.jobs(name).submit("v");
        return attempt.get(10, TimeUnit.SECONDS);
    }

    /** Of a member that settles nothing itself. */
    private static Delivery delivery(CoordinatorClient client, String name) throws Exception {
        DurableTopic topic = client.durableTopics().topic(name);
        topic.group(name).configure(GroupOptions.defaults(), StartAt.earliest());
        topic.publish("v");
        CompletableFuture<Delivery> delivery = new CompletableFuture<>();
        topic.group(name).deliveries(ConsumeOptions.defaults()).subscribe(new FirstOf<>(delivery));
        return delivery.get(10, TimeUnit.SECONDS);
    }

    /** Wants one item. */
    private record FirstOf<T>(CompletableFuture<T> item) implements Flow.Subscriber<T> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(1);
        }

        @Override
        public void onNext(T next) {
            item.complete(next);
        }

        @Override
        public void onError(Throwable why) {
            item.completeExceptionally(why);
        }

        @Override
        public void onComplete() {}
    }

    private static final class Texts implements ValueCodec<Object> {
        @Override
        public byte[] encode(Object value) {
            return value.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public Object decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    // ---- arguments ----

    private static @Nullable Object[] arguments(Method method, String name, CoordinatorClient client) {
        return Arrays.stream(method.getGenericParameterTypes())
                .map(type -> {
                    Class<?> raw = raw(type);
                    if (raw == int.class && method.getName().equals("resize")) {
                        return PERMITS; // Or who acquires afterwards would wait for permits, as it should.
                    }
                    if (STUBS.contains(method.getName()) && raw == Class.class) {
                        return Callable.class;
                    }
                    if (STUBS.contains(method.getName()) && raw == Object.class) {
                        return (Callable<String>) () -> "v";
                    }
                    if (raw == Transaction.class) {
                        return client.transaction().then(writes -> writes.put(name, "v"));
                    }
                    if (raw == StepFunction.class && method.getName().equals("stepAsync")) {
                        return (StepFunction<CompletionStage<String>>) key -> CompletableFuture.completedFuture("v");
                    }
                    if (raw == List.class && method.getName().equals("submitAll")) {
                        return List.of(NewJobSpec.of("v"));
                    }
                    Function<String, Object> argument = ARGUMENTS.get(raw);
                    if (argument == null) {
                        throw new AssertionError("nobody knows an argument of type " + type + " for " + method);
                    }
                    return argument.apply(name);
                })
                .toArray();
    }

    private static Class<?> raw(Type type) {
        if (type instanceof Class<?> known) {
            return known;
        } else if (type instanceof ParameterizedType generic) {
            return raw(generic.getRawType());
        } else if (type instanceof GenericArrayType array) {
            return raw(array.getGenericComponentType()).arrayType();
        }
        return Object.class;
    }

    private static Map<Class<?>, Function<String, Object>> arguments() {
        Map<Class<?>, Function<String, Object>> all = new LinkedHashMap<>();
        all.put(String.class, name -> name);
        all.put(String[].class, name -> new String[] {name, name + "b"});
        all.put(Object.class, name -> "v");
        all.put(Object[].class, name -> new Object[] {name});
        all.put(Class.class, name -> String.class);
        all.put(TypeReference.class, name -> new TypeReference<String>() {});
        all.put(long.class, name -> 1L);
        all.put(int.class, name -> 1);
        all.put(double.class, name -> 1.5);
        all.put(boolean.class, name -> false);
        all.put(Duration.class, name -> WAIT);
        all.put(TimeUnit.class, name -> TimeUnit.SECONDS);
        all.put(NewMember.class, NewMember::named);
        all.put(Collection.class, name -> List.of(name));
        all.put(Map.class, name -> Map.of(name, 1));
        all.put(Throwable.class, name -> new IllegalStateException("from the test"));
        all.put(JsonNode.class, name -> JsonNodeFactory.instance.arrayNode().add(patch()));
        all.putAll(options());
        all.putAll(functions());
        return all;
    }

    private static JsonNode patch() {
        return JsonNodeFactory.instance.objectNode().put("op", "remove").put("path", "/a");
    }

    private static Map<Class<?>, Function<String, Object>> options() {
        Map<Class<?>, Function<String, Object>> all = new LinkedHashMap<>();
        all.put(BuildOptions.class, name -> BuildOptions.timeout(WAIT));
        all.put(CacheSettings.class, name -> CacheSettings.unbounded());
        all.put(Expect.class, name -> new Expect.Absent());
        all.put(FenceMode.class, name -> FenceMode.STRICT);
        all.put(Guard.class, name -> new Guard("default", name, 1));
        all.put(ItemMatch.class, name -> ItemMatch.deep());
        all.put(LockOptions.class, name -> LockOptions.defaults());
        all.put(Next.class, name -> Next.value(1));
        all.put(OnceOptions.class, name -> OnceOptions.timeout(WAIT));
        all.put(OpenOptions.class, name -> OpenOptions.defaults());
        all.put(PutOptions.class, name -> PutOptions.defaults());
        all.put(ReadConsistency.class, name -> ReadConsistency.QUORUM);
        all.put(ReadThroughOptions.class, name -> ReadThroughOptions.of(name, String.class, String.class));
        all.put(CallOptions.class, name -> CallOptions.defaults().timeout(WAIT));
        all.put(WorkerOptions.class, name -> WorkerOptions.defaults());
        all.put(Selector.class, name -> Selector.of("a"));
        all.put(TransactionOptions.class, name -> TransactionOptions.defaults().waitTimeout(WAIT));
        all.put(WatchOptions.class, WatchOptions::cacheKey);
        all.put(PublishOptions.class, name -> PublishOptions.defaults());
        all.put(SubscribeOptions.class, name -> SubscribeOptions.defaults());
        all.put(TopicOptions.class, name -> TopicOptions.defaults());
        all.put(ScheduleOptions.class, name -> ScheduleOptions.cron("0 3 * * *").queue(name));
        all.put(GroupOptions.class, name -> GroupOptions.defaults());
        all.put(ConsumeOptions.class, name -> ConsumeOptions.defaults().withDrainMax(WAIT));
        all.put(StartAt.class, name -> StartAt.earliest());
        all.put(List.class, name -> List.of(NewMessage.of(name, 1)));
        all.put(JobFilter.class, name -> JobFilter.all());
        all.put(QueueOptions.class, name -> QueueOptions.defaults());
        all.put(Set.class, name -> Set.of(PurgeKind.DEAD));
        all.put(SubmitOptions.class, name -> SubmitOptions.defaults().withId(name));
        all.put(WorkOptions.class, name -> WorkOptions.concurrency(2));
        return all;
    }

    private static Map<Class<?>, Function<String, Object>> functions() {
        Map<Class<?>, Function<String, Object>> all = new LinkedHashMap<>();
        all.put(BuildFunction.class, name -> (BuildFunction<String, RuntimeException>) context -> "v");
        all.put(RpcHandler.class, name -> (RpcHandler) request -> "v");
        all.put(Runnable.class, name -> (Runnable) () -> {});
        all.put(Callable.class, name -> (Callable<String>) () -> "v");
        all.put(Consumer.class, name -> (Consumer<Object>) target -> fill(target, name));
        all.put(Function.class, name ->
                (Function<Object, CompletionStage<String>>) any -> CompletableFuture.completedFuture("v"));
        all.put(BiFunction.class, name -> (BiFunction<Object, Object, CompletionStage<String>>)
                (any, other) -> CompletableFuture.completedFuture("v"));
        all.put(FencedFunction.class, name -> (FencedFunction<String, RuntimeException>) context -> "v");
        all.put(TransactionFunction.class, name -> (TransactionFunction<String, RuntimeException>) document -> "v");
        all.put(UnaryOperator.class, name -> (UnaryOperator<Object>) value -> value);
        all.put(LockedValue.Change.class, name -> (LockedValue.Change<Object, RuntimeException>) value -> "v");
        all.put(OnceTask.class, name -> (OnceTask<RuntimeException>) context -> {});
        all.put(ValueCodec.class, name -> new Texts());
        all.put(JobHandler.class, name -> (JobHandler) job -> "v");
        all.put(JobListener.class, name -> (JobListener) change -> {});
        all.put(StepFunction.class, name -> (StepFunction<String>) key -> "v");
        all.put(DeliveryHandler.class, name -> (DeliveryHandler) delivery -> {});
        all.put(RecordListener.class, name -> (RecordListener) record -> {});
        all.put(TopicListener.class, name -> (TopicListener) message -> {});
        all.put(WatchListener.class, name -> (WatchListener) event -> {});
        all.put(LeaderListener.class, name -> (LeaderListener) leader -> {});
        return all;
    }

    private static void fill(Object target, String name) {
        if (target instanceof DocumentBatch batch) {
            batch.replace("v");
        } else if (target instanceof TransactionWrites writes) {
            writes.put(name, "v");
        }
    }
}
