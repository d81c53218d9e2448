package io.coordinator.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.ClientFixture;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.error.ValidationException;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Arguments that are no names, times or values are refused in the client's words, and nothing is sent. */
@Feature({"C-40", "C-41", "C-22"})
class OptionsTest extends ClientFixture {
    private static final String HALF = "k\uD83D";

    @Test
    void whatIsNoNameIsRefused() {
        CoordinatorClient client = connect();
        Compat compat = Compat.of(client);
        CallbackQueue queue = compat.callbackQueue(CallbackQueueOptions.defaults());
        LockMethods methods = compat.lockMethods();
        int sent = node.commands().size();
        for (String bad : List.of("", "a\0", HALF)) {
            List<ThrowingCallable> calls = new ArrayList<>(List.of(
                    () -> CallbackQueueOptions.defaults().lockPrefix(bad),
                    () -> new CallbackQueueOptions(Duration.ofSeconds(1), 0, Duration.ZERO, bad),
                    () -> queue.once(bad),
                    () -> queue.semaphore(bad),
                    () -> queue.serial(bad),
                    () -> queue.serial(bad, () -> "v"),
                    () -> queue.push(bad, (error, args) -> {}),
                    () -> queue.tryPush(bad, (error, args) -> {}, Duration.ZERO),
                    () -> get(queue.fanout(bad, String.class, context -> "v")),
                    () -> methods.acquire(bad),
                    () -> methods.tryAcquire(bad),
                    () -> methods.release(bad, 1),
                    () -> methods.withLock(bad, context -> "v"),
                    () -> methods.wrap((String text) -> text, bad, LockMethodOptions.defaults()),
                    () -> methods.wrap(() -> "v", bad, LockMethodOptions.defaults()),
                    () -> methods.wrapAsync(OptionsTest::stage, bad, LockMethodOptions.defaults()),
                    () -> compat.dynamicJson(bad, OpenOptions.defaults()),
                    () -> compat.exclusiveLock(ExclusiveLockOptions.named(bad.equals("a\0") ? HALF : bad))));
            if (!bad.isEmpty()) {
                calls.add(() -> queue.multi("a", List.of(bad)));
            }
            for (int i = 0; i < calls.size(); i++) {
                assertThatThrownBy(calls.get(i))
                        .as("call %s with '%s'", i, bad)
                        .isInstanceOf(ValidationException.class);
            }
        }
        assertThatThrownBy(() ->
                        compat.exclusiveLock(ExclusiveLockOptions.named("a").keyPrefix(HALF)))
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining("surrogate");
        assertThat(node.commands()).hasSize(sent);
    }

    private static CompletionStage<String> stage(String argument, Object context) {
        return CompletableFuture.completedFuture(argument);
    }

    @Test
    void timesThatAreNoneAreRefused() {
        Duration none = Duration.ZERO;
        CallbackQueue queue = Compat.of(connect()).callbackQueue(CallbackQueueOptions.defaults());
        List<ThrowingCallable> calls = List.of(
                () -> CallbackQueueOptions.defaults().lockTimeout(none),
                () -> CallbackQueueOptions.defaults().retries(-1),
                () -> LockMethodOptions.lockTimeout(none),
                () -> LockMethodOptions.defaults().holdTtl(none),
                () -> LockMethodOptions.defaults().maxExecution(none),
                () -> queue.tryPush("j", (error, args) -> {}, Duration.ofNanos(-1)),
                () -> get(queue.fanout("j", String.class, context -> "v", none)),
                () -> Compat.of(connect()).lockMethods().acquire("l", none, none, 0),
                () -> Compat.of(connect()).lockMethods().acquire("l", Duration.ofSeconds(1), none, -1));
        for (int i = 0; i < calls.size(); i++) {
            assertThatThrownBy(calls.get(i)).as("call %s", i).isInstanceOf(ValidationException.class);
        }
    }

    @Test
    void timesCountInWholeMillisecondsUpTo146Years() {
        assertThat(Checks.millis(Duration.ofNanos(1))).isEqualTo(1);
        assertThat(Checks.millis(Duration.ofMillis(7))).isEqualTo(7);
        assertThat(Checks.millis(Duration.ofSeconds(Long.MIN_VALUE))).isZero();
        long most = Checks.millis(Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
        assertThat(Duration.ofMillis(most)).isBetween(Duration.ofDays(146 * 365), Duration.ofDays(147 * 365));
        assertThat(Checks.times(Duration.ofMillis(most), 2).toMillis()).isEqualTo(most);
        assertThat(Checks.times(Duration.ofMillis(3), 4)).isEqualTo(Duration.ofMillis(12));
        assertThat(Checks.times(Duration.ofMillis(most), 0)).isZero();
    }

    @Test
    @SuppressWarnings("NullAway")
    void whatIsNullIsRefusedAtOnce() {
        Compat compat = Compat.of(connect());
        CallbackQueue queue = compat.callbackQueue(CallbackQueueOptions.defaults());
        List<ThrowingCallable> calls = List.of(
                () -> Compat.of(null),
                () -> compat.exclusiveLock(ExclusiveLockOptions.named("n")).addListener(null),
                () -> queue.push("j", null),
                () -> queue.fanout("j", String.class, null));
        for (ThrowingCallable call : calls) {
            assertThatNullPointerException().isThrownBy(call).withMessageMatching("[a-zA-Z]+");
        }
    }

    @Test
    void queuesOfOneClientShareTheirJobs() {
        CoordinatorClient client = connect();
        Function<CoordinatorClient, CallbackQueue> queue =
                any -> Compat.of(any).callbackQueue(CallbackQueueOptions.defaults());
        PushResult first = queue.apply(client).tryPush("j", (error, args) -> {}, Duration.ZERO);
        int sent = node.commands().size();
        PushResult second = queue.apply(client).tryPush("j", (error, args) -> {}, Duration.ZERO);
        assertThat(second.isOwner()).isFalse();
        assertThat(node.commands()).hasSize(sent);
        get(first.completer().orElseThrow().completed("done", 7));
        assertThat(get(second.outcome())).hasToString("[\"done\", 7]");
    }
}
