package io.coordinator.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.ClientFixture;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.error.ExecutionTimeoutException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.FencedContext;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** User code that fails, never ends, or runs on threads that are interrupted: it fails what it was for, and nothing else. */
@Feature({"C-25", "C-30"})
class UserCodeTest extends ClientFixture {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final CallbackQueueOptions QUEUE = CallbackQueueOptions.defaults();

    // ---- executors ----

    @Test
    void workThatIsRefusedLeaksNoLock() {
        CoordinatorClient client = connect(config -> config.workExecutor(task -> {
            throw new RejectedExecutionException("from the test");
        }));
        CallbackQueue queue = Compat.of(client).callbackQueue(QUEUE);
        assertThat(failure(queue.serial("job").submit(() -> "v"))).isInstanceOf(ThrottledException.class);
        soon().until(() -> !cluster.isLocked("job"));

        LockMethodOptions limited = LockMethodOptions.defaults().maxExecution(LONG);
        Callable<String> wrapped = Compat.of(client).lockMethods().wrap(() -> "v", "method", limited);
        assertThatThrownBy(wrapped::call).isInstanceOf(ThrottledException.class);
        soon().until(() -> !cluster.isLocked("method"));

        assertThat(failure(queue.fanout("f", String.class, context -> "v"))).isInstanceOf(ThrottledException.class);
    }

    @Test
    void jobsThatStillRunAtTheCloseHoldNobodyUp() {
        CoordinatorClient client = connect();
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch never = new CountDownLatch(1);
        Callable<Boolean> endless = () -> {
            begun.countDown();
            return never.await(20, TimeUnit.SECONDS);
        };
        CompletionStage<Boolean> job =
                Compat.of(client).callbackQueue(QUEUE).serial("job").submit(endless);
        LockMethodOptions limited = LockMethodOptions.defaults().maxExecution(LONG);
        CompletableFuture<Boolean> wrapped = inBackground(() ->
                Compat.of(client).lockMethods().wrap(endless, "method", limited).call());
        soon().until(() -> begun.getCount() == 0);

        client.close();

        assertThat(failure(job)).isInstanceOf(ClosedException.class);
        assertThat(failure(wrapped)).isInstanceOf(ClosedException.class);
        never.countDown();
    }

    @Test
    void everyCallAfterTheCloseIsRefused() {
        CoordinatorClient client = connect();
        Compat compat = Compat.of(client);
        CallbackQueue queue = compat.callbackQueue(QUEUE);
        OnceLock once = queue.once("o");
        ExclusiveLock exclusive = compat.exclusiveLock(ExclusiveLockOptions.named("e"));
        assertThat(exclusive.acquire()).isTrue();
        JobCompleter completer = queue.push("owned", (error, args) -> {});
        client.close();
        LockMethods methods = compat.lockMethods();
        LockMethodOptions plain = LockMethodOptions.defaults();
        List<Callable<?>> calls = List.of(
                () -> queue.once("k"),
                () -> queue.multi("k", "l"),
                () -> queue.semaphore("k").acquire(),
                () -> queue.serial("k", () -> "v"),
                () -> get(queue.serial("k").submit(() -> "v")),
                () -> queue.push("k", (error, args) -> {}),
                () -> queue.tryPush("k", (error, args) -> {}, Duration.ZERO),
                () -> get(queue.fanout("k", String.class, context -> "v")),
                () -> get(completer.completed("late")),
                () -> methods.acquire("k"),
                () -> methods.tryAcquire("k"),
                () -> methods.withLock("k", context -> "v"),
                () -> methods.wrap(() -> "v", "k", plain).call(),
                () -> methods.wrap(() -> "v", "k", plain.maxExecution(LONG)).call(),
                () -> get(methods.wrapAsync(
                                (String text, FencedContext context) -> CompletableFuture.completedFuture(text),
                                "k",
                                plain)
                        .apply("v")),
                exclusive::acquire,
                exclusive::inspect);
        for (int i = 0; i < calls.size(); i++) {
            assertThatThrownBy(calls.get(i)::call).as("call %s", i).isInstanceOf(ClosedException.class);
        }
        once.close();
        exclusive.release();
        exclusive.close();
        assertThat(once.isHeld() || exclusive.isAcquired()).isFalse();
    }

    // ---- functions ----

    @Test
    @Feature("DJ-LM-1")
    void aFunctionThatGivesStagesRunsUnderItsLock() {
        LockMethods methods = Compat.of(connect()).lockMethods();
        LockMethodOptions plain = LockMethodOptions.defaults();
        CompletionStage<Boolean> locked = methods.wrapAsync(
                        (String name, FencedContext context) ->
                                CompletableFuture.completedFuture(cluster.isLocked(name)),
                        "m",
                        plain)
                .apply("m");
        assertThat(get(locked)).isTrue();
        soon().until(() -> !cluster.isLocked("m"));
        CompletableFuture<String> never = new CompletableFuture<>();
        CompletionStage<String> limited = methods.wrapAsync(
                        (String name, FencedContext context) -> never, "m", plain.maxExecution(Duration.ofMillis(50)))
                .apply("m");
        assertThat(failure(limited)).isInstanceOf(ExecutionTimeoutException.class);
        assertThat(cluster.isLocked("m")).isFalse();
        assertThat(failure(methods.wrapAsync((String name, FencedContext context) -> noStage(), "m", plain)
                        .apply("v")))
                .isInstanceOf(ValidationException.class);
        soon().until(() -> !cluster.isLocked("m"));
        assertThat(failure(methods.wrapAsync(
                                (String name, FencedContext context) -> noStage(), "m", plain.maxExecution(LONG))
                        .apply("v")))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("returned null instead of a stage");
        soon().until(() -> !cluster.isLocked("m"));
    }

    @Test
    @Feature("A-12")
    void callsThatEndBeforeTheirLimitLeaveNoTimer() throws Exception {
        LockMethodOptions limited = LockMethodOptions.defaults().maxExecution(Duration.ofHours(1));
        Callable<String> wrapped = Compat.of(connect()).lockMethods().wrap(() -> "v", "m", limited);
        long before = timers();
        for (int i = 0; i < 10; i++) {
            assertThat(wrapped.call()).isEqualTo("v");
        }
        assertThat(timers() - before).isLessThan(10);
    }

    /** How many futures of this JVM wait for their time. */
    private static long timers() throws JMException {
        Object histogram = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        return histogram
                .toString()
                .lines()
                .filter(line -> line.contains("CompletableFuture$DelayedCompleter"))
                .mapToLong(line -> new Scanner(line.substring(line.indexOf(':') + 1)).nextLong())
                .sum();
    }

    @SuppressWarnings("NullAway") // what users do
    private static CompletionStage<String> noStage() {
        return null;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatAFunctionThrowsIsItsCallersAsItIs(boolean limited) {
        LockMethods methods = Compat.of(connect()).lockMethods();
        LockMethodOptions options =
                limited ? LockMethodOptions.defaults().maxExecution(LONG) : LockMethodOptions.defaults();
        for (Throwable thrown : List.of(new IOException("checked"), new StackOverflowError(), new NoWords())) {
            Callable<String> wrapped =
                    methods.wrap(() -> UserCodeTest.<String, RuntimeException>sneaky(thrown), "L", options);
            assertThat(thrownBy(wrapped) == thrown).isTrue();
            soon().until(() -> !cluster.isLocked("L"));
        }
    }

    @Test
    void whatAJobWasFailedWithIsToldEvenIfItHasNoWords() {
        CallbackQueue queue = Compat.of(connect()).callbackQueue(QUEUE);
        NoWords thrown = new NoWords();
        List<Throwable> heard = new CopyOnWriteArrayList<>();
        PushResult pushed = queue.tryPush(
                "p",
                (error, args) -> {
                    if (error != null) {
                        heard.add(error);
                    }
                    throw new NoWords();
                },
                LONG);
        get(pushed.completer().orElseThrow().failed(thrown));
        soon().until(() -> heard.size() == 1);
        assertThat(heard.get(0) == thrown).isTrue();
        assertThat(pushed.failure() == thrown).isTrue();
        assertThatThrownBy(() ->
                        queue.serial("s").run(() -> UserCodeTest.<String, Exception>sneaky(new IOException("io"))))
                .hasMessage("io");
    }

    @Test
    void whatCannotBeWrittenIsRefusedAndTheJobIsStillTheOwners() {
        CallbackQueue queue = Compat.of(connect()).callbackQueue(QUEUE);
        PushResult pushed = queue.tryPush("p", (error, args) -> {}, LONG);
        JobCompleter mine = pushed.completer().orElseThrow();
        assertThatThrownBy(() -> mine.completed(new Object())).isInstanceOf(ValidationException.class);
        get(mine.completed("v", null));
        assertThat(get(pushed.outcome())).hasToString("[\"v\", null]");
    }

    // ---- listeners ----

    @Test
    void listenersThatThrowHearWhatComesAfter() {
        CoordinatorClient client = connect(config -> config.callbackExecutor(Runnable::run));
        ExclusiveLock lock = closing(Compat.of(client).exclusiveLock(ExclusiveLockOptions.named("x")));
        List<String> events = new CopyOnWriteArrayList<>();
        lock.addListener(new ExclusiveLockListener() {
            @Override
            public void onAcquired(String key, long token) {
                events.add("acquired");
                throw new NoWords();
            }

            @Override
            public void onReleased(String key, ReleaseReason reason) {
                events.add("released");
                UserCodeTest.<Object, RuntimeException>sneaky(new StackOverflowError());
            }
        });
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            assertThat(lock.acquire()).isTrue();
            lock.release();
            expected.addAll(List.of("acquired", "released"));
        }
        soon().untilAsserted(() -> assertThat(events).isEqualTo(expected));
    }

    // ---- interrupts ----

    @Test
    @Feature("C-24")
    void anInterruptDoesNotKeepFromReleasing() throws Exception {
        CoordinatorClient client = connect();
        OnceLock once = Compat.of(client).callbackQueue(QUEUE).once("O");
        interrupted(once::release);
        assertThat(cluster.isLocked("O")).isFalse();
        ExclusiveLock exclusive = Compat.of(client).exclusiveLock(ExclusiveLockOptions.named("E"));
        assertThat(exclusive.acquire()).isTrue();
        interrupted(exclusive::release);
        assertThat(cluster.isLocked(exclusive.key())).isFalse();
        assertThat(exclusive.acquire()).isTrue();
        interrupted(exclusive::close);
        assertThat(cluster.isLocked(exclusive.key())).isFalse();
        Callable<String> work = () -> {
            Thread.currentThread().interrupt();
            return "done";
        };
        assertThat(Compat.of(client)
                        .lockMethods()
                        .wrap(work, "L", LockMethodOptions.defaults())
                        .call())
                .isEqualTo("done");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Compat.of(client).callbackQueue(QUEUE).serial("L", work)).isEqualTo("done");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(cluster.isLocked("L")).isFalse();
    }

    @Test
    @Feature("C-24")
    void aPusherThatIsInterruptedHasRegisteredItsCallback() {
        CallbackQueue queue = Compat.of(connect()).callbackQueue(QUEUE);
        CompletableFuture<List<?>> heard = new CompletableFuture<>();
        JobCompleter owner = queue.push("j", (error, args) -> {});
        Thread.currentThread().interrupt();
        try {
            queue.tryPush("j", (error, args) -> heard.complete(args), Duration.ZERO);
        } catch (CoordinatorInterruptedException e) {
            assertThat(e).hasMessageContaining("interrupted");
        }
        assertThat(Thread.interrupted()).isTrue();
        get(owner.completed("v"));
        assertThat(get(heard)).hasToString("[\"v\"]");
    }

    private static void interrupted(Runnable call) {
        Thread.currentThread().interrupt();
        call.run();
        assertThat(Thread.interrupted()).as("the flag").isTrue();
    }

    private static @Nullable Throwable thrownBy(Callable<?> call) {
        try {
            call.call();
            return null;
        } catch (Throwable e) { // also what the compiler thinks cannot come
            return e;
        }
    }

    private static Throwable failure(CompletionStage<?> stage) {
        return get(stage.handle((value, error) -> error == null ? new AssertionError("it gave " + value) : error)
                .thenApply(Stages::cause));
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the compiler is to be fooled, as users' are
    private static <T, X extends Throwable> T sneaky(Throwable error) throws X {
        throw (X) error;
    }

    /** Not even its message can be had. */
    private static final class NoWords extends RuntimeException {
        @Override
        public String getMessage() {
            throw new IllegalStateException("no words");
        }
    }
}
