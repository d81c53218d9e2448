package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.error.BuildTimeoutException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ExecutionTimeoutException;
import io.coordinator.client.error.LockAcquisitionException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.QueueNoResponseException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.TransactionException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.lang.reflect.Executable;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every public method, option and record of the SDK that takes a {@link Duration}, found by reflection, with extreme ones. What is made
 * of an option is used. A method that this test does not know how to call fails it.
 */
@CoordinatorCluster(nodes = 1)
class TimesOfTheApiTest {
    private static final Duration FOREVER = ChronoUnit.FOREVER.getDuration();
    private static final List<Duration> HUGE = List.of(
            FOREVER, Duration.ofMillis(Long.MAX_VALUE), Duration.ofNanos(Long.MAX_VALUE), Duration.ofDays(110_000));
    private static final List<Duration> NONE = List.of(
            Duration.ZERO, Duration.ofNanos(-1), Duration.ofMillis(Long.MIN_VALUE), Duration.ofSeconds(Long.MIN_VALUE));
    private static final Duration ONE_NANO = Duration.ofNanos(1);

    /** What says that time is over, which it cannot be when it is huge. */
    private static final List<Class<?>> TIME_IS_OVER = List.of(
            RequestTimeoutException.class,
            LockTimeoutException.class,
            LockAcquisitionException.class,
            BuildTimeoutException.class,
            ExecutionTimeoutException.class,
            QueueNoResponseException.class,
            TransactionException.class);

    @SuppressWarnings("NullAway.Init")
    private ApiDriver api;

    @BeforeEach
    void driver(Cluster cluster, CoordinatorClient client) {
        api = new ApiDriver(cluster, client);
    }

    // ---- the test ----

    @Test
    @Feature({"C-21", "C-22", "C-23", "U-04"})
    void anExtremeTimeIsAValueOrATypedException() {
        List<Executable> methods = ApiMethods.all(
                method -> Arrays.asList(method.getParameterTypes()).contains(Duration.class));
        List<String> wrong = new ArrayList<>();
        for (Executable method : methods) {
            for (Duration time : HUGE) {
                drive(method, time, wrong);
            }
            for (Duration time : NONE) {
                drive(method, time, wrong);
            }
            drive(method, ONE_NANO, wrong);
        }
        System.out.println("drove " + methods.size() + " methods that take a time");
        assertThat(wrong).isEmpty();
        assertThat(methods).hasSizeGreaterThan(60);
    }

    /** In the background, so that a call that hangs is found. */
    private void drive(Executable method, Duration time, List<String> wrong) {
        CompletableFuture<Void> call =
                CompletableFuture.runAsync(() -> api.call(method, Map.of(Duration.class, time)), Waiting::inThread);
        String what = method + " with " + time + ": ";
        try {
            call.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            boolean typed = cause instanceof CoordinatorException;
            if (!typed || (HUGE.contains(time) && TIME_IS_OVER.stream().anyMatch(over -> over.isInstance(cause)))) {
                wrong.add(what + cause);
            }
        } catch (TimeoutException e) {
            wrong.add(what + "hangs");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    // ---- what it means ----

    @Test
    @Feature({"C-21", "A-43"})
    void aHugeTtlLastsUntilTheRelease(CoordinatorClient a, CoordinatorClient b) {
        for (Duration ttl : HUGE) {
            String name = api.fresh();
            LockHandle held = a.lock(name).acquire(LockOptions.defaults().ttl(ttl));
            assertThat(held.isHeld()).as("%s", ttl).isTrue();
            assertThat(held.remaining().orElseThrow()).isGreaterThan(Duration.ofDays(36_500));
            assertThat(b.lock(name).tryAcquire(Duration.ofMillis(50))).isEmpty();
            held.extend(ttl);
            assertThat(held.isHeld()).isTrue();
            assertThat(held.release()).isTrue();
            b.lock(name).tryAcquire().orElseThrow().release();
        }
    }

    @Test
    @Feature({"C-23", "U-04"})
    void aHugeTtlKeepsTheKeyAndAReadOfItAsksForNoTouch(CoordinatorClient client) {
        for (Duration ttl : HUGE) {
            String key = api.fresh();
            client.cache().put(key, "kept", PutOptions.sliding(ttl));
            long revision = client.cache().get(key).orElseThrow().revision();
            assertThat(client.cache().get(key).orElseThrow().revision()).isEqualTo(revision);
            assertThat(client.cache().get(key).orElseThrow().expiresAtMillis()).isPresent();
        }
    }

    @Test
    @Feature("A-24")
    void aTtlThatSlidesDoesSoInATransactionToo(CoordinatorClient client) {
        PutOptions slides = PutOptions.sliding(Duration.ofHours(1));
        String alone = api.fresh();
        String together = api.fresh();
        client.cache().put(alone, 1, slides);
        client.transaction().then(writes -> writes.put(together, 1, slides)).commit();
        // What slides is stamped a tenth later.
        assertThat(client.cache().get(together).orElseThrow().expiresAtMillis().orElseThrow())
                .isGreaterThanOrEqualTo(client.cache()
                        .get(alone)
                        .orElseThrow()
                        .expiresAtMillis()
                        .orElseThrow());
    }

    @Test
    @Feature("U-04")
    void aTtlOfNoneIsRefusedAndOneOfANanosecondIsAMillisecond(CoordinatorClient client) {
        for (Duration none : NONE) {
            assertThat(refusal(() -> PutOptions.ttl(none))).isInstanceOf(ValidationException.class);
            assertThat(refusal(() -> client.cache().increment(api.fresh(), 1, none)))
                    .isInstanceOf(ValidationException.class);
            assertThat(refusal(() -> client.lock(api.fresh()).acquire().extend(none)))
                    .isInstanceOf(ValidationException.class);
        }
        String key = api.fresh();
        client.cache().put(key, 1, PutOptions.ttl(ONE_NANO));
        Waiting.await("the end of the key").until(() -> !client.cache().has(key));
    }

    private static @Nullable Throwable refusal(Runnable call) {
        try {
            call.run();
            return null;
        } catch (RuntimeException e) {
            return e;
        }
    }
}
