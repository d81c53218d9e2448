package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.TreeNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.ClaimedJob;
import io.coordinator.client.builds.KeyCodec;
import io.coordinator.client.builds.L1Options;
import io.coordinator.client.builds.L1Store;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.AsyncDistributedLock;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.protocol.Command;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** User code of all kinds, behaving as badly as it can: it fails what it was for, and nothing else. */
@Feature("C-25")
class UserCodeTest extends ClientFixture {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Executors that users have. */
    enum Kind {
        DIRECT {
            @Override
            Executor make() {
                return Runnable::run;
            }
        },
        REJECTING {
            @Override
            Executor make() {
                return task -> {
                    throw new RejectedExecutionException("from the test");
                };
            }
        },
        BROKEN {
            @Override
            Executor make() {
                return task -> UserCodeTest.<RuntimeException>sneaky(new IOException("from the test"));
            }
        },
        SHUT_DOWN {
            @Override
            Executor make() {
                ExecutorService executor = Executors.newSingleThreadExecutor();
                executor.shutdown();
                return executor;
            }
        },
        TINY {
            @Override
            Executor make() {
                return new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1), task -> {
                    Thread thread = new Thread(task, "tiny");
                    thread.setDaemon(true);
                    return thread;
                });
            }
        };

        abstract Executor make();
    }

    // ---- executors ----

    @ParameterizedTest
    @EnumSource
    @Feature("C-30")
    void stagesEndWhateverTheCallbackExecutorDoes(Kind kind) {
        CoordinatorClient client = connect(config -> config.callbackExecutor(kind.make()));
        Set<String> threads = ConcurrentHashMap.newKeySet();
        List<CompletionStage<Boolean>> stages = new ArrayList<>();
        node.holdReplies(true);
        for (int i = 0; i < 20; i++) {
            stages.add(client.async()
                    .cache()
                    .put("k" + i, i)
                    .thenApply(revision -> threads.add(Thread.currentThread().getName())));
        }
        node.holdReplies(false);

        stages.forEach(ClientFixture::get);
        Subscription watch = client.watch(WatchOptions.cacheKey("k"), event -> {});
        assertThat(get(watch.started())).isNotNull();
        assertThat(threads).noneMatch(UserCodeTest::isTransport);
    }

    @ParameterizedTest
    @EnumSource
    @Feature("C-30")
    void buildsEndWhateverTheWorkExecutorDoes(Kind kind) {
        CoordinatorClient client = connect(config -> config.workExecutor(kind.make()));
        CountDownLatch all = new CountDownLatch(1);
        Set<String> threads = ConcurrentHashMap.newKeySet();
        List<CompletionStage<String>> stages = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            stages.add(client.async()
                    .builds()
                    .getOrBuildAsync(
                            "k" + i,
                            String.class,
                            context -> {
                                threads.add(Thread.currentThread().getName());
                                return awaited(all, "v");
                            },
                            LONG));
        }
        soon().until(() -> cluster.applied().stream()
                        .filter(command ->
                                command.hasBuild() && command.getBuild().hasReserve())
                        .count()
                == 5);
        all.countDown();

        for (CompletionStage<String> stage : stages) {
            assertThat(end(stage))
                    .satisfiesAnyOf(
                            end -> assertThat(end).isEqualTo("v"),
                            end -> assertThat(end).isInstanceOf(ThrottledException.class));
        }
        assertThat(threads).noneMatch(UserCodeTest::isTransport);
        for (int i = 0; i < 5; i++) {
            String key = "k" + i;
            soon().until(() -> client.builds().status(key).state() != BuildStatus.State.PENDING);
        }
    }

    @Test
    @Feature("C-30")
    void refusedFunctionGivesItsReservationUp() {
        CoordinatorClient refusing = connect(config -> config.workExecutor(Kind.REJECTING.make()));
        assertThat(end(refusing.async().builds().getOrBuildAsync("k", String.class, context -> "never", LONG)))
                .isInstanceOf(ThrottledException.class);
        soon().until(() -> refusing.builds().status("k").state() == BuildStatus.State.EMPTY);

        assertThat(connect().builds().getOrBuild("k", String.class, context -> "v", LONG))
                .isEqualTo("v");
    }

    @Test
    @Feature("C-30")
    void refusedWorkLeaksNoLock() {
        CoordinatorClient client = connect(config -> config.workExecutor(Kind.REJECTING.make()));
        assertThat(end(client.async()
                        .lock("L")
                        .withLock(context -> client.async().run(() -> "v"))))
                .isInstanceOf(ThrottledException.class);
        soon().until(() -> !cluster.isLocked("L"));

        assertThat(end(client.async().builds().shareAsync("f", String.class, context -> "v", LONG)))
                .isInstanceOf(ThrottledException.class);
    }

    @Test
    @Feature("C-30")
    void aFunctionRunsOnTheWorkExecutorAndItsDependentsDoNot() {
        CoordinatorClient client = connect();
        CompletableFuture<String> go = new CompletableFuture<>();
        CompletableFuture<String> worker = new CompletableFuture<>();
        CompletionStage<String> dependent = client.async()
                .run(() -> {
                    worker.complete(Thread.currentThread().getName());
                    return go.join();
                })
                .thenApply(value -> value + " on " + Thread.currentThread().getName());
        go.complete("v");
        assertThat(get(worker)).startsWith("coord-test-work-");
        assertThat(get(dependent)).startsWith("v on coord-test-callback-");
        assertThat(end(client.async().run(UserCodeTest::thrown))).isInstanceOf(IOException.class);
    }

    @Test
    @Feature("C-30")
    void aFunctionWhoseStageHasEndedDoesNotBegin() {
        List<Runnable> waiting = new CopyOnWriteArrayList<>();
        CoordinatorClient client = connect(config -> config.workExecutor(waiting::add));
        AtomicInteger runs = new AtomicInteger();
        CompletionStage<Integer> stage = client.async().run(runs::incrementAndGet);
        soon().until(() -> waiting.size() == 1);
        stage.toCompletableFuture().cancel(true);
        waiting.forEach(Runnable::run);
        assertThat(runs).hasValue(0);
    }

    @Test
    void tasksOfCallersRunWhereCallbacksDo() {
        CompletableFuture<String> thread = new CompletableFuture<>();
        connect()
                .callbackExecutor()
                .execute(() -> thread.complete(Thread.currentThread().getName()));
        assertThat(get(thread)).startsWith("coord-test-callback-");
        CoordinatorClient refusing = connect(config -> config.callbackExecutor(Kind.REJECTING.make()));
        CompletableFuture<Boolean> ran = new CompletableFuture<>();
        refusing.callbackExecutor().execute(() -> ran.complete(true));
        assertThat(get(ran)).isTrue();
    }

    // ---- many that wait ----

    @Test
    @Feature("C-32")
    void anyNumberOfListenersMayWaitForStages() {
        CoordinatorClient client = connect();
        int listeners = 200;
        CountDownLatch finished = new CountDownLatch(listeners);
        List<CompletableFuture<Long>> gates = new ArrayList<>();
        node.holdReplies(true);
        for (int i = 0; i < listeners; i++) {
            CompletionStage<Long> stage = client.async().cache().put("k" + i, i);
            gates.add(stage.thenApply(revision -> revision).toCompletableFuture());
        }
        for (CompletableFuture<Long> gate : gates) {
            Subscription unused = client.watch(WatchOptions.cacheKey("k"), new WatchListener() {
                @Override
                public void onChange(ChangeEvent event) {}

                @Override
                public void onStarted(long revision) {
                    gate.join();
                    finished.countDown();
                }
            });
        }
        soon().until(() -> node.frames().stream()
                        .mapToInt(frame -> frame.getStartWatchesCount())
                        .sum()
                == listeners);
        node.holdReplies(false);

        soon().until(() -> finished.getCount() == 0);
    }

    // ---- functions ----

    @Test
    void functionUnderALockThatThrowsOrGivesNoStageLeaksNothing() {
        CoordinatorClient client = connect();
        AsyncDistributedLock lock = client.async().lock("L");
        assertThat(end(lock.withLock(LockOptions.defaults(), context -> noStage())))
                .isInstanceOf(ValidationException.class);
        assertThat(end(lock.withLock(
                        LockOptions.defaults(), context -> UserCodeTest.<CompletionStage<Object>>thrown())))
                .isInstanceOf(IOException.class);
        soon().until(() -> !cluster.isLocked("L"));
    }

    @Test
    void anythingThrownByABuildFunctionIsItsCallers() {
        CoordinatorClient client = connect();
        AsyncBuilds builds = client.async().builds();
        assertThat(end(builds.getOrBuildAsync("a", String.class, context -> UserCodeTest.<String>thrown(), LONG)))
                .isInstanceOf(IOException.class);
        assertThat(end(builds.getOrBuildAsync("b", String.class, context -> deep(0), LONG)))
                .isInstanceOf(StackOverflowError.class);
        assertThat(end(builds.getOrBuildAsync(
                        "c",
                        String.class,
                        context -> {
                            throw new Unspeakable();
                        },
                        LONG)))
                // As it is, stages that are derived from it would never end.
                .isInstanceOfSatisfying(
                        CompletionException.class,
                        error -> assertThat(error.getCause() instanceof Unspeakable)
                                .isTrue());
        assertThat(client.builds().status("c").state()).isEqualTo(BuildStatus.State.EMPTY);
    }

    @Test
    void functionThatIsStillRunningAtTheCloseHoldsNobodyUp() {
        CoordinatorClient client = connect();
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch never = new CountDownLatch(1);
        CompletionStage<String> build = client.async()
                .builds()
                .getOrBuildAsync(
                        "k",
                        String.class,
                        context -> {
                            begun.countDown();
                            return awaited(never, "late");
                        },
                        LONG);
        CompletionStage<String> job = client.async().run(() -> {
            begun.countDown();
            return awaited(never, "late");
        });
        CompletionStage<Object> locked =
                client.async().lock("L").withLock(LockOptions.defaults(), context -> new CompletableFuture<>());
        soon().until(() -> begun.getCount() == 0 && cluster.isLocked("L"));

        client.close();

        assertThat(end(build)).isInstanceOf(ClosedException.class);
        assertThat(end(job)).isInstanceOf(ClosedException.class);
        assertThat(end(locked)).isInstanceOf(ClosedException.class);
        never.countDown();
    }

    @Test
    @Feature("C-30")
    void whatIsGrantedToAClosedClientIsNobodys() {
        CoordinatorClient client = connect();
        AtomicInteger runs = new AtomicInteger();
        node.holdReplies(true);
        CompletionStage<LockHandle> acquired = client.async().lock("M").acquire();
        CompletionStage<Object> locked = client.async().lock("L").withLock(context -> {
            runs.incrementAndGet();
            return new CompletableFuture<>();
        });
        CompletionStage<String> build = client.async()
                .builds()
                .getOrBuildAsync("k", String.class, context -> "v" + runs.incrementAndGet(), LONG);
        soon().until(() -> cluster.isLocked("L")
                && cluster.isLocked("M")
                && node.commands().stream().anyMatch(Command::hasBuild));

        CompletableFuture<Boolean> closed = inBackground(() -> {
            client.close();
            return true;
        });
        soon().until(() -> node.commands().stream()
                .anyMatch(command -> command.getSession().hasClose()));
        node.holdReplies(false);

        assertThat(end(closed)).isEqualTo(true);
        assertThat(end(acquired)).isInstanceOf(ClosedException.class);
        assertThat(end(locked)).isInstanceOf(ClosedException.class);
        assertThat(end(build)).isInstanceOf(ClosedException.class);
        assertThat(runs).hasValue(0);
    }

    // ---- codecs ----

    @Test
    void anythingThrownByADeserializerFailsItsCallAlone() {
        CoordinatorClient client = connect();
        client.builds().getOrBuild("k", String.class, context -> "v", LONG);
        CompletionStage<?> read = client.async().builds().get("k", Overflowing.class);
        assertThat(end(read))
                .isInstanceOfSatisfying(
                        ValidationException.class,
                        error -> assertThat(error).hasRootCauseInstanceOf(StackOverflowError.class));
        assertThatThrownBy(
                        () -> client.builds().getOrBuild("k", Overflowing.class, context -> new Overflowing("v"), LONG))
                .isInstanceOf(ValidationException.class);
        assertThat(client.builds().get("k", String.class)).isEqualTo("v");
    }

    @Test
    void anythingThrownByASerializerReachesTheCallerByTheStage() {
        CoordinatorClient client = connect();
        assertThat(end(client.async().cache().put("k", new Unwritable()))).isInstanceOf(ValidationException.class);
        assertThat(end(client.async()
                        .builds()
                        .getOrBuildAsync("k", Unwritable.class, context -> new Unwritable(), LONG)))
                .isInstanceOf(ValidationException.class);
        assertThat(client.builds().status("k").state()).isEqualTo(BuildStatus.State.EMPTY);
    }

    @Test
    void anythingThrownByAKeyCodecReachesTheCaller() {
        ReadThroughCache<String, String> cache = closing(connect()
                .readThroughCache(ReadThroughOptions.of(
                        "c", (KeyCodec<String>) key -> UserCodeTest.<String>thrown(), String.class)));
        assertThat(end(cache.buildOrRetrieveAsync("k", context -> "v", LONG)))
                .isInstanceOfSatisfying(
                        ValidationException.class, error -> assertThat(error).hasCauseInstanceOf(IOException.class));
        CompletableFuture<Throwable> heard = new CompletableFuture<>();
        cache.asyncBuildOrRetrieve("k", context -> "v", LONG, value -> {}, heard::complete);
        assertThat(get(heard)).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> cache.get("k")).isInstanceOf(ValidationException.class);
    }

    @Test
    void storeOfCopiesThatThrowsIsNotUsedAnyMore() {
        ReadThroughCache<String, String> cache = closing(connect()
                .readThroughCache(ReadThroughOptions.of("c", String.class, String.class)
                        .l1(L1Options.defaults().store(new BrokenStore()))));
        for (int i = 0; i < 3; i++) {
            assertThat(cache.buildOrRetrieve("k", context -> "v", LONG)).isEqualTo("v");
        }
    }

    @Test
    void valuesAreNeverReadOrWrittenOnTheTransportsThread() throws Exception {
        Spy mapper = new Spy();
        CoordinatorClient client = connect(config -> config.objectMapper(mapper));
        LockHandle handle = client.lock("L").acquire(LockOptions.defaults().contents("held"));
        client.builds().getOrBuild("k", String.class, context -> "v", LONG);
        client.builds().get("k", String.class);
        get(client.async().builds().get("k", String.class));
        get(client.async().builds().get("k", String.class, LONG));
        assertThat(client.lock("L").inspect().holder().orElseThrow().description())
                .isPresent();
        get(client.async().lock("L").inspect());
        handle.close();
        for (PublicApi.Call call : PublicApi.calls()) {
            PublicApi.Prepared prepared = call.on(client);
            if (!call.isEvent()) {
                try {
                    var unused = prepared.make().toCompletableFuture().get(10, TimeUnit.SECONDS);
                } catch (Throwable e) {
                    // What it ends with is another test's.
                }
            }
        }
        assertThat(mapper.threads)
                .anyMatch(thread -> thread.startsWith("coord-test-callback-"))
                .noneMatch(UserCodeTest::isTransport);
    }

    @Test
    void dependentsOfACompletedJobRunOnTheCallbackExecutor() {
        ClaimedJob job = get(connect().async().builds().claimAsync("j", Duration.ZERO))
                .job()
                .orElseThrow();
        node.holdReplies(true);
        CompletionStage<String> thread =
                job.complete(1).thenApply(done -> Thread.currentThread().getName());
        node.holdReplies(false);
        assertThat(get(thread)).startsWith("coord-test-callback-");
    }

    // ---- listeners ----

    @Test
    void connectionListenerThatThrowsAnythingStopsNobody() {
        CoordinatorClient client = connect();
        List<ConnectionState> heard = new CopyOnWriteArrayList<>();
        client.addConnectionListener((from, to) -> UserCodeTest.<RuntimeException>sneaky(new IOException("test")));
        client.addConnectionListener((from, to) -> UserCodeTest.<RuntimeException>sneaky(new StackOverflowError()));
        client.addConnectionListener((from, to) -> heard.add(to));
        node.dropStreams();
        soon().untilAsserted(() ->
                assertThat(heard).containsExactly(ConnectionState.SUSPENDED, ConnectionState.RECONNECTED));
    }

    @Test
    void subscriberThatThrowsHasCancelled() {
        CoordinatorClient client = connect();
        CountDownLatch called = new CountDownLatch(1);
        client.changes(WatchOptions.cacheKey("a")).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(1);
                called.countDown();
                UserCodeTest.<RuntimeException>sneaky(new IOException("test"));
            }

            @Override
            public void onNext(ChangeEvent event) {}

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onComplete() {}
        });
        soon().until(() -> called.getCount() == 0);
        get(client.watch(WatchOptions.cacheKey("b"), event -> {}).started());
        assertThat(node.frames().stream()
                        .mapToInt(frame -> frame.getStartWatchesCount())
                        .sum())
                .isEqualTo(1);
    }

    @Test
    void subscriberToAClosedClientIsTold() {
        CoordinatorClient client = connect();
        client.close();
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        client.changes(WatchOptions.cacheKey("a")).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {}

            @Override
            public void onNext(ChangeEvent event) {}

            @Override
            public void onError(Throwable error) {
                told.complete(error);
            }

            @Override
            public void onComplete() {}
        });
        assertThat(get(told)).isInstanceOf(ClosedException.class);
    }

    // ---- the address translator ----

    @Test
    void translatorThatThrowsIsAskedAgainAndNeverOnTheTransportsThread() {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch good = new CountDownLatch(3);
        UnaryOperator<String> translator = endpoint -> {
            threads.add(Thread.currentThread().getName());
            long left = good.getCount();
            good.countDown();
            return left == 3 ? UserCodeTest.<String>thrown() : left == 2 ? "no address" : endpoint;
        };
        CoordinatorClient client = connect(config -> config.addressTranslator(translator));
        assertThat(client.cache().put("k", 1)).isPositive();
        assertThat(client.status())
                .singleElement()
                .satisfies(status -> assertThat(status.reachable()).isTrue());
        assertThat(threads).noneMatch(UserCodeTest::isTransport);
    }

    // ---- bad code ----

    private static boolean isTransport(String thread) {
        return thread.contains("-io-");
    }

    private static Object end(CompletionStage<?> stage) {
        try {
            return stage.toCompletableFuture()
                    .handle((value, error) -> error == null ? value : error)
                    .get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("it never ended", e);
        }
    }

    private static <T> T awaited(CountDownLatch latch, T value) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return value;
    }

    @SuppressWarnings("NullAway") // what users do
    private static CompletionStage<Object> noStage() {
        return null;
    }

    @SuppressWarnings("TypeParameterUnusedInFormals")
    private static <T> T thrown() {
        UserCodeTest.<RuntimeException>sneaky(new IOException("from the test"));
        throw new AssertionError("unreachable");
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the compiler is to be fooled, as users' are
    private static <X extends Throwable> void sneaky(Throwable error) throws X {
        throw (X) error;
    }

    @SuppressWarnings("InfiniteRecursion")
    private static String deep(int depth) {
        return deep(depth + 1) + depth;
    }

    /** Not even its message can be had. */
    private static final class Unspeakable extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no words");
        }
    }

    /** A value that cannot be read. */
    public static final class Overflowing {
        @JsonCreator
        public Overflowing(String text) {
            throw new StackOverflowError();
        }
    }

    /** A value that cannot be written. */
    public static final class Unwritable {
        public String getText() {
            throw new AssertionError("not to be had");
        }
    }

    private static final class BrokenStore implements L1Store {
        @Override
        public Object get(String key) {
            throw new AssertionError("from the store");
        }

        @Override
        public void put(String key, Object copy) {
            throw new AssertionError("from the store");
        }

        @Override
        public void remove(String key) {
            throw new AssertionError("from the store");
        }

        @Override
        public void clear() {
            throw new AssertionError("from the store");
        }
    }

    /** Remembers where it was used. */
    private static final class Spy extends JsonMapper {
        private final transient Set<String> threads;

        Spy() {
            this(ConcurrentHashMap.newKeySet());
        }

        private Spy(Set<String> threads) {
            super(new SpiedText(threads));
            this.threads = threads;
        }

        @Override
        public <T> T treeToValue(TreeNode tree, Class<T> type) throws JsonProcessingException {
            threads.add(Thread.currentThread().getName());
            return super.treeToValue(tree, type);
        }
    }

    /** Whatever reads or writes text begins here, also readers that were made of the mapper. */
    private static final class SpiedText extends JsonFactory {
        private final transient Set<String> threads;

        SpiedText(Set<String> threads) {
            this.threads = threads;
        }

        @Override
        public JsonParser createParser(byte[] content) throws IOException {
            threads.add(Thread.currentThread().getName());
            return super.createParser(content);
        }

        @Override
        public JsonGenerator createGenerator(OutputStream out, JsonEncoding encoding) throws IOException {
            threads.add(Thread.currentThread().getName());
            return super.createGenerator(out, encoding);
        }
    }
}
