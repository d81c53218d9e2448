package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import io.coordinator.client.AsyncCoordinatorClient;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.builds.BuildFunction;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.builds.Builds;
import io.coordinator.client.builds.KeyCodec;
import io.coordinator.client.builds.L1Options;
import io.coordinator.client.builds.L1Store;
import io.coordinator.client.builds.OnceOptions;
import io.coordinator.client.builds.OnceTask;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cache.AsyncCache;
import io.coordinator.client.cache.AsyncOpaqueCache;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.CacheSettings;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.cache.Next;
import io.coordinator.client.cache.OpaqueCache;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.cache.ValueCodec;
import io.coordinator.client.cluster.AsyncClusterMembers;
import io.coordinator.client.cluster.ClusterMembers;
import io.coordinator.client.document.AsyncDocument;
import io.coordinator.client.document.AsyncDocuments;
import io.coordinator.client.document.Document;
import io.coordinator.client.document.DocumentInfo;
import io.coordinator.client.document.DocumentOperations;
import io.coordinator.client.document.Documents;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.document.TransactionOptions;
import io.coordinator.client.job.AsyncJobHandle;
import io.coordinator.client.job.AsyncJobQueue;
import io.coordinator.client.job.AsyncJobQueues;
import io.coordinator.client.job.JobFilter;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.JobQueues;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.QueueOptions;
import io.coordinator.client.job.WorkOptions;
import io.coordinator.client.lock.AsyncData;
import io.coordinator.client.lock.AsyncDistributedLock;
import io.coordinator.client.lock.AsyncDistributedSemaphore;
import io.coordinator.client.lock.AsyncLeaderElection;
import io.coordinator.client.lock.AsyncLockedValue;
import io.coordinator.client.lock.AsyncLocks;
import io.coordinator.client.lock.Data;
import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.DistributedSemaphore;
import io.coordinator.client.lock.Grant;
import io.coordinator.client.lock.LeaderElection;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.LockedValue;
import io.coordinator.client.lock.Locks;
import io.coordinator.client.lock.RenewalOptions;
import io.coordinator.client.option.FenceMode;
import io.coordinator.client.option.Guard;
import io.coordinator.client.option.RetryOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.rpc.CallOptions;
import io.coordinator.client.rpc.RpcWorker;
import io.coordinator.client.rpc.WorkerOptions;
import io.coordinator.client.schedule.AsyncSchedules;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleTiming;
import io.coordinator.client.schedule.Schedules;
import io.coordinator.client.topic.AsyncDurableTopic;
import io.coordinator.client.topic.AsyncDurableTopics;
import io.coordinator.client.topic.AsyncTopicProducer;
import io.coordinator.client.topic.AsyncTopics;
import io.coordinator.client.topic.ConsumeOptions;
import io.coordinator.client.topic.ConsumerGroup;
import io.coordinator.client.topic.ConsumerListener;
import io.coordinator.client.topic.Delivery;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.DurableTopics;
import io.coordinator.client.topic.GroupConsumer;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.SubscribeOptions;
import io.coordinator.client.topic.TopicOptions;
import io.coordinator.client.topic.TopicProducer;
import io.coordinator.client.topic.Topics;
import io.coordinator.client.transaction.TransactionWrites;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.compat.CallbackQueue;
import io.coordinator.compat.CallbackQueueOptions;
import io.coordinator.compat.Compat;
import io.coordinator.compat.DynamicJson;
import io.coordinator.compat.ExclusiveLockOptions;
import io.coordinator.compat.JobCallback;
import io.coordinator.compat.LockMethodOptions;
import io.coordinator.compat.LockMethods;
import io.coordinator.compat.Mesh;
import io.coordinator.compat.OnceLock;
import io.coordinator.testing.Cluster;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls any method of the SDK's public types. A method that it does not know how to call is an error. */
final class ApiDriver {
    private final AtomicInteger names = new AtomicInteger();
    private final Map<Class<?>, Supplier<Object>> receivers = new HashMap<>();
    private final Map<Class<?>, Supplier<@Nullable Object>> arguments = new HashMap<>();
    private final Map<Class<?>, Consumer<Object>> uses = new HashMap<>();

    ApiDriver(Cluster cluster, CoordinatorClient client) {
        receivers(cluster, client);
        arguments();
        uses(client);
    }

    /** A name that nobody has used. */
    String fresh() {
        return "times-" + names.incrementAndGet();
    }

    private void receivers(Cluster cluster, CoordinatorClient client) {
        receivers.put(BuildOptions.class, () -> BuildOptions.timeout(Duration.ofSeconds(5)));
        receivers.put(CacheSettings.class, CacheSettings::unbounded);
        receivers.put(CallOptions.class, CallOptions::defaults);
        receivers.put(CallbackQueueOptions.class, CallbackQueueOptions::defaults);
        receivers.put(
                ClientConfig.Builder.class,
                () -> ClientConfig.builder()
                        .endpoints(cluster.endpoints())
                        .clientName(fresh())
                        .requestTimeout(Duration.ofSeconds(5)));
        receivers.put(L1Options.class, L1Options::defaults);
        receivers.put(LockMethodOptions.class, LockMethodOptions::defaults);
        receivers.put(LockOptions.class, LockOptions::defaults);
        receivers.put(Next.Value.class, () -> Next.value("value"));
        receivers.put(OnceOptions.class, () -> OnceOptions.timeout(Duration.ofSeconds(5)));
        receivers.put(OpenOptions.class, OpenOptions::defaults);
        receivers.put(PutOptions.class, PutOptions::defaults);
        receivers.put(ReadThroughOptions.class, this::readThrough);
        receivers.put(
                ScheduleOptions.class, () -> ScheduleOptions.cron("0 3 * * *").queue("scheduled"));
        receivers.put(Schedules.class, client::schedules);
        receivers.put(AsyncSchedules.class, client.async()::schedules);
        receivers.put(ClusterMembers.class, client::members);
        receivers.put(AsyncClusterMembers.class, client.async()::members);
        receivers.put(TransactionOptions.class, TransactionOptions::defaults);
        receivers.put(WorkerOptions.class, WorkerOptions::defaults);

        receivers.put(AsyncBuilds.class, client.async()::builds);
        receivers.put(AsyncCache.class, client.async()::cache);
        receivers.put(AsyncDistributedLock.class, () -> client.async().lock(fresh()));
        receivers.put(
                AsyncDocument.class,
                () -> Waiting.get(client.async().documents().open(fresh())));
        receivers.put(AsyncLeaderElection.class, () -> client.async().election(fresh()));
        receivers.put(AsyncLockedValue.class, () -> client.async().lockedValue(fresh(), String.class));
        receivers.put(AsyncOpaqueCache.class, () -> client.async().cache().opaque(new Texts()));
        receivers.put(Builds.class, client::builds);
        receivers.put(Cache.class, client::cache);
        receivers.put(CallbackQueue.class, () -> Compat.of(client).callbackQueue(CallbackQueueOptions.defaults()));
        receivers.put(DistributedLock.class, () -> client.lock(fresh()));
        receivers.put(Document.class, () -> client.documents().open(fresh()));
        receivers.put(Grant.class, () -> client.lock(fresh()).acquire());
        receivers.put(LeaderElection.class, () -> client.election(fresh()));
        receivers.put(LockedValue.class, () -> client.lockedValue(fresh(), String.class));
        receivers.put(Locks.class, client::locks);
        receivers.put(Mesh.class, () -> Compat.of(client).mesh());
        receivers.put(LockMethods.class, () -> Compat.of(client).lockMethods());
        receivers.put(
                OnceLock.class,
                () -> Compat.of(client)
                        .callbackQueue(CallbackQueueOptions.defaults())
                        .once(fresh()));
        receivers.put(AsyncTopics.class, client.async()::topics);
        receivers.put(Topics.class, client::topics);
        receivers.put(RenewalOptions.class, () -> RenewalOptions.every(Duration.ofSeconds(5)));
        receivers.put(ReadThroughCache.class, () -> client.readThroughCache(readThrough()));
        receiversOfNumbers(client);
        receiversOfTopics(client);
        receiversOfJobs(client);
    }

    private void receiversOfJobs(CoordinatorClient client) {
        receivers.put(QueueOptions.class, QueueOptions::defaults);
        receivers.put(RetryOptions.class, RetryOptions::defaults);
        receivers.put(SubmitOptions.class, SubmitOptions::defaults);
        receivers.put(WorkOptions.class, WorkOptions::defaults);
        receivers.put(JobFilter.class, JobFilter::all);
        receivers.put(JobQueues.class, client::jobQueues);
        receivers.put(AsyncJobQueues.class, client.async()::jobQueues);
        receivers.put(JobQueue.class, () -> client.jobs(fresh()));
        receivers.put(AsyncJobQueue.class, () -> client.async().jobs(fresh()));
        receivers.put(JobHandle.class, () -> doneAtOnce(client).submit("payload"));
        receivers.put(
                AsyncJobHandle.class,
                () -> Waiting.get(client.async().jobs(doneAtOnce(client).name()).submit("payload")));
    }

    /** A queue whose jobs are done at once. */
    private JobQueue doneAtOnce(CoordinatorClient client) {
        JobQueue queue = client.jobs(fresh());
        queue.work(job -> "done");
        return queue;
    }

    private void receiversOfTopics(CoordinatorClient client) {
        receivers.put(TopicOptions.class, TopicOptions::defaults);
        receivers.put(GroupOptions.class, GroupOptions::defaults);
        receivers.put(ConsumeOptions.class, ConsumeOptions::defaults);
        receivers.put(StartAt.class, StartAt::earliest);
        receivers.put(DurableTopics.class, client::durableTopics);
        receivers.put(AsyncDurableTopics.class, client.async()::durableTopics);
        receivers.put(DurableTopic.class, () -> client.durableTopics().topic(fresh()));
        receivers.put(
                AsyncDurableTopic.class, () -> client.async().durableTopics().topic(fresh()));
        receivers.put(
                TopicProducer.class, () -> client.durableTopics().topic(fresh()).producer(fresh()));
        receivers.put(
                AsyncTopicProducer.class,
                () -> client.async().durableTopics().topic(fresh()).producer(fresh()));
        receivers.put(Delivery.class, () -> delivery(client));
    }

    /** Of a message that nobody settles. */
    private Delivery delivery(CoordinatorClient client) {
        ConsumerGroup group = client.durableTopics().topic(fresh()).group("group");
        group.configure(GroupOptions.defaults(), StartAt.earliest());
        client.durableTopics().topic(group.topic()).publish("message");
        CompletableFuture<Delivery> delivery = new CompletableFuture<>();
        group.deliveries(ConsumeOptions.defaults()).subscribe(new FirstItem<>(delivery));
        return Waiting.get(delivery);
    }

    /** Wants one item. */
    private record FirstItem<T>(CompletableFuture<T> item) implements Flow.Subscriber<T> {
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

    private void receiversOfNumbers(CoordinatorClient client) {
        receivers.put(AsyncCoordinatorClient.class, client::async);
        receivers.put(AsyncDistributedSemaphore.class, () -> client.async().semaphore(fresh()));
        receivers.put(AsyncDocuments.class, client.async()::documents);
        receivers.put(AsyncLocks.class, client.async()::locks);
        receivers.put(AsyncData.class, client::async);
        receivers.put(CoordinatorClient.class, () -> client);
        receivers.put(SubscribeOptions.class, SubscribeOptions::defaults);
        receivers.put(Data.class, () -> client);
        receivers.put(DistributedSemaphore.class, () -> client.semaphore(fresh()));
        receivers.put(
                DocumentOperations.class,
                () -> client.documents().open(fresh(), OpenOptions.defaults().initialContent(List.of(1, 2, 3))));
        receivers.put(Documents.class, client::documents);
        receivers.put(
                DynamicJson.class,
                () -> Compat.of(client)
                        .dynamicJson(fresh(), OpenOptions.defaults().initialContent(List.of(1, 2, 3))));
        receivers.put(ExclusiveLockOptions.class, () -> ExclusiveLockOptions.named(fresh()));
        receivers.put(OpaqueCache.class, () -> client.cache().opaque(new Texts()));
        receivers.put(TransactionWrites.class, () -> writes(client));
        receivers.put(WatchOptions.class, () -> WatchOptions.cacheKey(fresh()));
    }

    private static TransactionWrites writes(CoordinatorClient client) {
        AtomicReference<TransactionWrites> writes = new AtomicReference<>();
        client.transaction().then(writes::set);
        return Objects.requireNonNull(writes.get());
    }

    /** Texts as bytes. */
    private record Texts() implements ValueCodec<String> {
        @Override
        public byte[] encode(String value) {
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private ReadThroughOptions<String, String> readThrough() {
        return ReadThroughOptions.of(fresh(), String.class, String.class);
    }

    private void arguments() {
        BuildFunction<String, RuntimeException> build = context -> "built";
        OnceTask<RuntimeException> task = context -> {};
        JobCallback callback = (error, args) -> {};
        Consumer<Object> ignore = value -> {};
        LockedValue.Change<String, RuntimeException> change = value -> "next";
        Function<Object, CompletionStage<String>> stage = value -> CompletableFuture.completedFuture("next");
        arguments.put(String.class, this::fresh);
        arguments.put(Object.class, this::fresh);
        arguments.put(Class.class, () -> String.class);
        arguments.put(TypeReference.class, () -> new TypeReference<String>() {});
        arguments.put(List.class, () -> List.of(1));
        arguments.put(int.class, () -> 1);
        arguments.put(long.class, () -> 1L);
        arguments.put(boolean.class, () -> false);
        arguments.put(BuildFunction.class, () -> build);
        arguments.put(OnceTask.class, () -> task);
        arguments.put(JobCallback.class, () -> callback);
        arguments.put(Consumer.class, () -> ignore);
        arguments.put(LockedValue.Change.class, () -> change);
        arguments.put(Function.class, () -> stage);
        arguments.put(double.class, () -> 1.0);
        arguments.put(Duration.class, () -> Duration.ofSeconds(5));
        arguments.put(ChangeEvent.Data.class, () -> ChangeEvent.Data.CACHE);
        arguments.put(FenceMode.class, () -> FenceMode.STRICT);
        arguments.put(LockOptions.class, LockOptions::defaults);
        arguments.put(Object[].class, () -> new Object[] {"one", "two"});
        arguments.put(KeyCodec.class, () -> KeyCodec.of(String.class));
        arguments.put(StartAt.class, StartAt::earliest);
        arguments.put(
                ScheduleOptions.class, () -> ScheduleOptions.cron("0 3 * * *").queue("scheduled"));
        arguments.put(ScheduleTiming.class, () -> new ScheduleTiming.Cron("0 3 * * *", "UTC"));
        arguments.put(Instant.class, () -> Instant.parse("2040-01-01T00:00:00Z"));
        arguments.put(ScheduleOptions.Misfire.class, () -> ScheduleOptions.Misfire.FIRE_NONE);
        arguments.put(ScheduleOptions.Overlap.class, () -> ScheduleOptions.Overlap.SKIP);
        arguments.put(TopicOptions.Overflow.class, () -> TopicOptions.Overflow.DROP_OLDEST);
        arguments.put(ConsumerListener.class, () -> ConsumerListener.NONE);
        arguments.put(L1Options.class, () -> null);
        arguments.put(Executor.class, () -> null);
        arguments.put(L1Store.class, () -> null);
        arguments.put(DocumentInfo.Kind.class, () -> DocumentInfo.Kind.EPHEMERAL);
        arguments.put(RetryOptions.class, RetryOptions::defaults);
        arguments.put(JobHandler.class, () -> (JobHandler) job -> "done");
        arguments.put(JobState.class, () -> JobState.WAITING);
        arguments.put(Optional.class, Optional::empty);
        arguments.put(Instant.class, () -> Instant.EPOCH);
        arguments.put(Throwable.class, () -> null);
        arguments.put(TransactionOptions.Mode.class, () -> TransactionOptions.Mode.PESSIMISTIC);
    }

    private void uses(CoordinatorClient client) {
        use(BuildOptions.class, how -> client.builds().getOrBuild(fresh(), String.class, context -> "built", how));
        use(OnceOptions.class, how -> client.builds().runOnce(fresh(), context -> {}, how));
        use(CallOptions.class, how -> {
            String name = fresh();
            client.rpc().register(name, request -> "done");
            assertThat(client.rpc().call(name, 1, String.class, how)).isEqualTo("done");
        });
        use(WorkerOptions.class, how -> {
            String name = fresh();
            try (RpcWorker worker = client.rpc().register(name, request -> "done", how)) {
                assertThat(client.rpc().call(worker.name(), 1, String.class)).isEqualTo("done");
            }
        });
        use(CacheSettings.class, how -> {
            Cache cache = client.namespace(fresh()).cache();
            cache.configure(how);
            cache.put("key", "value");
            cache.settings();
        });
        use(CallbackQueueOptions.class, how -> {
            CallbackQueue queue = Compat.of(client).callbackQueue(how);
            queue.once(fresh()).close();
            Waiting.get(queue.fanout(fresh(), String.class, context -> "done"));
        });
        use(ClientConfig.Builder.class, how -> {
            try (CoordinatorClient other = CoordinatorClient.connect(how.build())) {
                other.ping();
                other.cache().put(fresh(), 1);
                other.status();
            }
        });
        use(L1Options.class, how -> use(client.readThroughCache(readThrough().l1(how))));
        use(LockMethodOptions.class, how -> {
            String outcome = Compat.of(client)
                    .lockMethods()
                    .wrap((String text) -> text, fresh(), how)
                    .apply("x");
            assertThat(outcome).isEqualTo("x");
        });
        use(LockOptions.class, how -> {
            client.lock(fresh()).acquire(how).release();
            client.semaphore(fresh(), 1).acquire(1, how).release();
            client.multiLock(fresh(), fresh()).acquire(how).release();
        });
        use(
                RenewalOptions.class,
                how -> client.lock(fresh())
                        .acquire(LockOptions.defaults()
                                .ttl(Duration.ofSeconds(5))
                                .renewal(how))
                        .release());
        use(Next.Value.class, how -> client.cache().compareAndSet(fresh(), Expect.absent(), how));
        use(OpenOptions.class, how -> client.documents().open(fresh(), how));
        use(PutOptions.class, how -> {
            client.cache().put(fresh(), 1, how);
            client.cache().putAll(Map.of(fresh(), 1), how);
            client.builds().put(fresh(), 1, how);
            String slides = fresh();
            client.cache().put(slides, 1, how);
            client.cache().get(slides);
        });
        use(TransactionOptions.class, how -> client.documents().open(fresh()).transaction(how, document -> "done"));
        use(Cache.class, cache -> cache.put(fresh(), 1));
        use(Expect.class, expect -> client.cache().compareAndSet(fresh(), expect, Next.value(1)));
        use(Guard.class, guard -> client.cache().guardedBy(guard).put(fresh(), 1));
        use(WatchOptions.class, what -> client.watch(what, change -> {}).close());
        use(
                SubscribeOptions.class,
                how -> client.topics().subscribe(fresh(), message -> {}, how).close());
        use(ScheduleOptions.class, how -> client.schedules().set(fresh(), how));
        use(TopicOptions.class, how -> {
            DurableTopic topic = client.durableTopics().topic(fresh());
            topic.configure(how);
            topic.publish(1);
            topic.inspect();
        });
        use(GroupOptions.class, how -> {
            ConsumerGroup group = client.durableTopics().topic(fresh()).group("group");
            group.configure(how, StartAt.earliest());
            handleOne(client, group, ConsumeOptions.defaults());
        });
        use(
                ConsumeOptions.class,
                how -> handleOne(client, client.durableTopics().topic(fresh()).group("group"), how));
        use(StartAt.class, start -> {
            DurableTopic topic = client.durableTopics().topic(fresh());
            topic.publish(1);
            topic.read(start, 1);
            topic.group("group").configure(GroupOptions.defaults(), start);
        });
        usesOfJobs(client);
        use(DurableTopic.class, topic -> topic.publish(1));
        use(AsyncDurableTopic.class, topic -> Waiting.get(topic.publish(1)));
        use(TopicProducer.class, producer -> producer.publish(1));
        use(AsyncTopicProducer.class, producer -> Waiting.get(producer.publish(1)));
        use(Topics.class, topics -> topics.publish(fresh(), 1));
        use(AsyncTopics.class, topics -> Waiting.get(topics.publish(fresh(), 1)));
        use(AsyncCache.class, cache -> Waiting.get(cache.put(fresh(), 1)));
        use(Document.class, document -> document.info());
        uses.put(ReadThroughOptions.class, how -> use(client.readThroughCache(keysAreTexts(how))));
    }

    private void usesOfJobs(CoordinatorClient client) {
        use(JobQueue.class, queue -> queue.submit(1));
        use(AsyncJobQueue.class, queue -> Waiting.get(queue.submit(1)));
        use(JobWorker.class, JobWorker::close);
        use(JobFilter.class, filter -> client.jobs(fresh()).list(filter));
        use(QueueOptions.class, how -> {
            JobQueue queue = client.jobs(fresh());
            queue.configure(how);
            queue.submit(1);
            queue.inspect();
        });
        use(SubmitOptions.class, how -> {
            JobHandle job = doneAtOnce(client).submit(1, how);
            if (how.delay().isZero()) {
                job.await();
            }
        });
        use(RetryOptions.class, how -> {
            JobQueue queue = client.jobs(fresh());
            JobHandle job = queue.submit(1, SubmitOptions.defaults().withRetry(how));
            WorkOptions quiet = WorkOptions.defaults().withErrorListener(error -> {});
            try (JobWorker worker = queue.work(
                    any -> {
                        throw new IllegalStateException("from the test");
                    },
                    quiet)) {
                Waiting.await("an attempt of " + worker.queue())
                        .until(() -> job.inspect().orElseThrow().failure().isPresent()
                                || !job.inspect().orElseThrow().attempts().isEmpty());
            }
        });
        use(WorkOptions.class, how -> {
            JobQueue queue = client.jobs(fresh());
            try (JobWorker worker = queue.work(job -> "done", how)) {
                assertThat(client.jobs(worker.queue()).submit(1).await(String.class))
                        .isEqualTo("done");
            }
        });
    }

    /** Fails with the first attempt, so that the pause before the second one is used too. */
    private static void handleOne(CoordinatorClient client, ConsumerGroup group, ConsumeOptions how) {
        CountDownLatch handled = new CountDownLatch(1);
        try (GroupConsumer member = group.consume(
                delivery -> {
                    handled.countDown();
                    throw new IllegalStateException("from the test");
                },
                how)) {
            Waiting.get(member.started());
            client.durableTopics().topic(group.topic()).publish(1);
            Waiting.await("a delivery").until(() -> handled.getCount() == 0);
        }
    }

    @SuppressWarnings("unchecked") // all that are made here have such types
    private static ReadThroughOptions<String, String> keysAreTexts(Object options) {
        return (ReadThroughOptions<String, String>) options;
    }

    private <T> void use(Class<T> type, Consumer<T> use) {
        uses.put(type, made -> use.accept(type.cast(made)));
    }

    private static void use(ReadThroughCache<String, String> cache) {
        try (cache) {
            for (int i = 0; i < 3; i++) {
                cache.buildOrRetrieve("key", context -> "built", Duration.ofSeconds(5));
                cache.get("key");
            }
        }
    }

    /** Whether it is known on what to call the methods of a type. */
    boolean knows(Class<?> type) {
        return receivers.containsKey(type);
    }

    /**
     * Calls a method, waits for its outcome, and uses what it made.
     *
     * @param values by type of parameter, instead of the usual ones
     */
    void call(Executable method, Map<Class<?>, ?> values) {
        @Nullable
        Object[] given = Arrays.stream(method.getParameterTypes())
                .map(type -> values.containsKey(type) ? values.get(type) : argument(method, type))
                .toArray();
        Object made = invoke(method, given);
        if (made instanceof CompletionStage<?> stage) {
            Waiting.get(stage);
        } else if (made != null) {
            uses.entrySet().stream()
                    .filter(use -> use.getKey().isInstance(made))
                    .forEach(use -> use.getValue().accept(made));
        }
    }

    private @Nullable Object argument(Executable method, Class<?> type) {
        Supplier<@Nullable Object> argument = arguments.get(type);
        if (argument == null) {
            throw new AssertionError("say what to give " + method + " as " + type);
        }
        return argument.get();
    }

    private @Nullable Object invoke(Executable method, @Nullable Object[] given) {
        try {
            if (method instanceof Constructor<?> constructor) {
                return constructor.newInstance(given);
            }
            boolean isStatic = Modifier.isStatic(method.getModifiers());
            return ((Method) method).invoke(isStatic ? null : receiver(method), given);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(String.valueOf(e.getMessage()), e);
        }
    }

    private Object receiver(Executable method) {
        Supplier<Object> receiver = receivers.get(method.getDeclaringClass());
        if (receiver == null) {
            throw new AssertionError("say on what to call " + method);
        }
        return receiver.get();
    }
}
