package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.coordinator.client.builds.AsyncBuilds;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.JobClaim;
import io.coordinator.client.builds.KeyCodec;
import io.coordinator.client.builds.L1Options;
import io.coordinator.client.builds.L1Store;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.cache.OpaqueCache;
import io.coordinator.client.cache.ValueCodec;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.error.BuildFailedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.AsyncDistributedLock;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What user code throws may throw itself when it is asked for anything: that hides no outcome and stops nobody. */
@Feature("C-25")
class UnspeakableTest extends ClientFixture {
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Such exceptions, by what they do not tell. */
    static Stream<String> kinds() {
        return Stream.of("message", "text", "cause", "trace", "json", "error");
    }

    private static RuntimeException refusal() {
        return new IllegalStateException("no words");
    }

    /** Makes and throws one. */
    @SuppressWarnings("TypeParameterUnusedInFormals")
    private static <T> T thrown(String kind) {
        UnspeakableTest.<RuntimeException>sneaky(made(kind));
        throw new AssertionError("unreachable");
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the compiler is to be fooled, as users' are
    private static <X extends Throwable> void sneaky(Throwable error) throws X {
        throw (X) error;
    }

    private static Throwable made(String kind) {
        return switch (kind) {
            case "message" -> new NoMessage();
            case "text" -> new NoText();
            case "cause" -> new NoCause();
            case "trace" -> new NoTrace();
            case "json" -> new NoJson();
            default -> new NoError();
        };
    }

    private static final class NoMessage extends RuntimeException {
        @Override
        public String getMessage() {
            throw refusal();
        }
    }

    @SuppressWarnings("OverrideThrowableToString") // what users do
    private static final class NoText extends Exception {
        @Override
        public String toString() {
            throw new StackOverflowError();
        }
    }

    private static final class NoCause extends CompletionException {
        @Override
        public synchronized Throwable getCause() {
            throw refusal();
        }
    }

    private static final class NoTrace extends RuntimeException {
        @Override
        public String getMessage() {
            throw refusal();
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw refusal();
        }
    }

    private static final class NoJson extends JsonProcessingException {
        NoJson() {
            super("unspeakable");
        }

        @Override
        public String getMessage() {
            throw refusal();
        }

        @Override
        public String getOriginalMessage() {
            throw refusal();
        }
    }

    private static final class NoError extends Error {
        @Override
        public String getLocalizedMessage() {
            throw refusal();
        }
    }

    private static Class<?> type(String kind) {
        return made(kind).getClass();
    }

    /** A stage fails with it, and so do stages that are derived from it. */
    private static void assertFails(String kind, CompletionStage<?> stage) {
        CompletionStage<?> derived = stage.thenApply(value -> value).thenApply(value -> value);
        for (CompletionStage<?> each : List.of(stage, derived)) {
            Throwable error = get(each.<Throwable>handle((value, failure) -> failure));
            Throwable cause = type(kind).isInstance(error) ? error : ((CompletionException) error).getCause();
            assertThat(cause == null ? null : cause.getClass()).isEqualTo(type(kind));
        }
    }

    private static void assertThrows(String kind, ThrowingCallable call) {
        Throwable error = catchThrowable(call);
        assertThat(error == null ? null : error.getClass()).isEqualTo(type(kind));
    }

    /** Refused for what the user's code threw, with a message that can be had. */
    private static void assertRefused(Supplier<?> call) {
        assertThatThrownBy(call::get).isInstanceOf(ValidationException.class).hasMessageContaining("EINVAL");
    }

    // ---- outcomes ----

    @ParameterizedTest
    @MethodSource("kinds")
    void aBuildThatFailsWithItFailsForAll(String kind) {
        CoordinatorClient client = connect();
        CountDownLatch waited = new CountDownLatch(1);
        CompletionStage<String> building = client.async()
                .builds()
                .getOrBuildAsync(
                        "a",
                        String.class,
                        context -> {
                            soon().until(() -> waited.getCount() == 0);
                            return UnspeakableTest.<String>thrown(kind);
                        },
                        LONG);
        soon().until(() -> client.builds().status("a").state() == BuildStatus.State.PENDING);
        CompletionStage<String> waiting =
                connect().async().builds().getOrBuildAsync("a", String.class, context -> "other", LONG);
        soon().until(() -> cluster.applied().stream()
                        .filter(command -> command.getBuild().hasReserve())
                        .count()
                == 2);
        waited.countDown();

        assertFails(kind, building);
        assertThatThrownBy(() -> get(waiting)).isInstanceOf(BuildFailedException.class);
        assertThrows(
                kind,
                () -> client.builds()
                        .getOrBuild("b", String.class, context -> UnspeakableTest.<String>thrown(kind), LONG));
        assertThat(client.builds().getOrBuild("b", String.class, context -> "v", LONG))
                .isEqualTo("v");
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aFunctionUnderALockThatFailsWithItLetsTheLockGo(String kind) {
        CoordinatorClient client = connect();
        AsyncDistributedLock lock = client.async().lock("L");
        assertFails(kind, lock.withLock(context -> UnspeakableTest.<CompletionStage<Object>>thrown(kind)));
        assertFails(kind, lock.withLock(context -> CompletableFuture.<Object>failedFuture(made(kind))));
        assertThrows(kind, () -> client.lock("L").withLock(context -> UnspeakableTest.<String>thrown(kind)));
        soon().until(() -> !cluster.isLocked("L"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aJobThatFailsWithItFailsForItsCallers(String kind) {
        CoordinatorClient client = connect();
        AsyncBuilds builds = client.async().builds();
        assertFails(kind, builds.shareAsync("f", String.class, context -> UnspeakableTest.<String>thrown(kind), LONG));
        assertFails(kind, client.async().run(() -> UnspeakableTest.<Object>thrown(kind)));

        JobClaim claim = get(builds.claimAsync("p", LONG));
        get(claim.job().orElseThrow().fail(made(kind)));
        assertFails(kind, claim.outcome());
    }

    // ---- codecs and executors ----

    @ParameterizedTest
    @MethodSource("kinds")
    void aCodecThatThrowsItFailsItsCallWithAMessage(String kind) {
        CoordinatorClient client = connect();
        client.cache().put("k", kind);
        assertRefused(() -> client.cache().get("k").orElseThrow().as(Unreadable.class));
        assertRefused(() -> client.cache().put("k", new Unwritable(kind)));
        assertRefused(() -> get(client.async().cache().put("k", new Unwritable(kind))));
        OpaqueCache<String> opaque = client.cache().opaque(new BrokenCodec(kind));
        assertRefused(() -> opaque.put("k", "v"));
        ReadThroughCache<String, String> cache = closing(client.readThroughCache(ReadThroughOptions.of(
                "c", (KeyCodec<String>) key -> UnspeakableTest.<String>thrown(kind), String.class)));
        assertRefused(() -> cache.get("k"));
        assertRefused(() -> get(cache.buildOrRetrieveAsync("k", context -> "v", LONG)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anExecutorThatThrowsItEndsNoCall(String kind) {
        CoordinatorClient client =
                connect(config -> config.workExecutor(task -> UnspeakableTest.<RuntimeException>sneaky(made(kind)))
                        .callbackExecutor(task -> UnspeakableTest.<RuntimeException>sneaky(made(kind))));
        assertThat(get(client.async().cache().put("k", 1))).isPositive();
        CompletionStage<String> build =
                client.async().builds().getOrBuildAsync("b", String.class, context -> "v", LONG);
        assertThatThrownBy(() -> get(build)).isInstanceOf(ThrottledException.class);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aTranslatorThatThrowsItIsAskedAgain(String kind) {
        AtomicInteger asked = new AtomicInteger();
        CoordinatorClient client = connect(config -> config.addressTranslator(
                endpoint -> asked.getAndIncrement() < 2 ? UnspeakableTest.<String>thrown(kind) : endpoint));
        assertThat(client.cache().put("k", 1)).isPositive();
    }

    // ---- listeners ----

    @ParameterizedTest
    @MethodSource("kinds")
    void listenersThatThrowItHearWhatComesAfter(String kind) {
        CoordinatorClient client = connect(config -> config.callbackExecutor(Runnable::run));
        List<ConnectionState> states = new CopyOnWriteArrayList<>();
        client.addConnectionListener((from, to) -> UnspeakableTest.<Object>thrown(kind));
        client.addConnectionListener((from, to) -> states.add(to));
        List<String> events = new CopyOnWriteArrayList<>();
        Subscription watch = client.watch(WatchOptions.cacheKey("k"), new WatchListener() {
            @Override
            public void onStarted(long revision) {
                UnspeakableTest.<Object>thrown(kind);
            }

            @Override
            public void onChange(ChangeEvent event) {}

            @Override
            public void onError(CoordinatorException error) {
                events.add("ended");
                UnspeakableTest.<Object>thrown(kind);
            }
        });
        get(watch.started());
        node.dropStreams();
        soon().untilAsserted(() ->
                assertThat(states).containsExactly(ConnectionState.SUSPENDED, ConnectionState.RECONNECTED));
        client.close();
        soon().until(() -> events.contains("ended"));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void callbacksOfTheReadThroughCacheThatThrowItStopNothing(String kind) {
        ReadThroughCache<String, String> cache = closing(connect()
                .readThroughCache(ReadThroughOptions.of("c", String.class, String.class)
                        .l1(L1Options.defaults().store(new BrokenStore(kind)))));
        List<Throwable> errors = new CopyOnWriteArrayList<>();
        cache.asyncBuildOrRetrieve("k", context -> UnspeakableTest.<String>thrown(kind), LONG, value -> {}, error -> {
            errors.add(error);
            UnspeakableTest.<Object>thrown(kind);
        });
        soon().until(() -> errors.size() == 1);
        assertThat(errors.get(0).getClass()).isEqualTo(type(kind));
        assertThat(cache.buildOrRetrieve("k", context -> "v", LONG)).isEqualTo("v");
        assertThat(cache.buildOrRetrieve("k", context -> "v", LONG)).isEqualTo("v");
    }

    // ---- bad code ----

    /** A value that cannot be read; which exception says its text. */
    private static final class Unreadable {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        Unreadable(String kind) {
            UnspeakableTest.<Object>thrown(kind);
        }
    }

    /** A value that cannot be written. */
    public static final class Unwritable {
        private final String kind;

        Unwritable(String kind) {
            this.kind = kind;
        }

        public String getText() {
            return UnspeakableTest.<String>thrown(kind);
        }
    }

    private record BrokenCodec(String kind) implements ValueCodec<String> {
        @Override
        public byte[] encode(String value) {
            return UnspeakableTest.<byte[]>thrown(kind);
        }

        @Override
        public String decode(byte[] bytes) {
            return UnspeakableTest.<String>thrown(kind);
        }
    }

    private record BrokenStore(String kind) implements L1Store {
        @Override
        public Object get(String key) {
            return UnspeakableTest.<Object>thrown(kind);
        }

        @Override
        public void put(String key, Object copy) {
            UnspeakableTest.<Object>thrown(kind);
        }

        @Override
        public void remove(String key) {
            UnspeakableTest.<Object>thrown(kind);
        }

        @Override
        public void clear() {
            UnspeakableTest.<Object>thrown(kind);
        }
    }
}
