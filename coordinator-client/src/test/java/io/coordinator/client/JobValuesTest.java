package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.type.TypeReference;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.JobFailedException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.WorkOptions;
import io.coordinator.client.option.RetryOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What can be a payload, a result of a job or of a step, and what becomes of values that cannot. */
@Feature({"B-26", "U-02"})
@SuppressWarnings("NullAway") // what handlers give can be null, and is not here
class JobValuesTest extends ClientFixture {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final SubmitOptions ONCE = SubmitOptions.defaults().withRetry(RetryOptions.never());
    private static final TypeReference<List<Order>> ORDERS = new TypeReference<>() {};

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    private record Order(int id, Instant at, Duration patience, Optional<String> note) {}

    /** The mapper finds nothing in it that could be written. */
    private static final class Opaque {}

    private WorkOptions heard() {
        return WorkOptions.defaults().withErrorListener(errors::add);
    }

    @Test
    void timesOptionalsAndRecordsGoThroughPayloadStepProgressAndResult() {
        Order order =
                new Order(7, Instant.parse("2026-11-30T20:15:00.123456789Z"), Duration.ofMinutes(90), Optional.empty());
        Order noted = new Order(8, order.at(), order.patience(), Optional.of("fragile"));
        CoordinatorClient client = connect();
        client.jobs("q")
                .work(
                        job -> {
                            List<Order> orders = job.payload(ORDERS);
                            job.progress(orders.get(0));
                            return job.step("turn", ORDERS, key -> List.of(orders.get(1), orders.get(0)));
                        },
                        heard());

        JobHandle job = client.jobs("q").submit(List.of(order, noted));

        assertThat(job.await(ORDERS, MINUTE)).containsExactly(noted, order);
        assertThat(job.await(ORDERS)).containsExactly(noted, order);
        assertThat(get(client.async().jobs("q").job(job.id()).await(ORDERS))).containsExactly(noted, order);
        assertThat(get(client.async().jobs("q").job(job.id()).await(ORDERS, MINUTE)))
                .containsExactly(noted, order);
        assertThat(errors).isEmpty();
    }

    @Test
    void aStepOfATypeThatCannotBeWrittenIsRefusedBeforeItsFunctionRuns() {
        CoordinatorClient client = connect();
        AtomicInteger runs = new AtomicInteger();
        List<Throwable> refusals = new CopyOnWriteArrayList<>();
        client.jobs("q").work(job -> {
            refusals.add(caught(() -> job.step("a", Opaque.class, key -> {
                runs.incrementAndGet();
                return new Opaque();
            })));
            refusals.add(caught(() -> job.step("b", new TypeReference<List<Opaque>>() {}, key -> {
                runs.incrementAndGet();
                return List.of();
            })));
            refusals.add(caught(() -> get(job.stepAsync("c", Opaque.class, key -> {
                runs.incrementAndGet();
                return CompletableFuture.completedFuture(new Opaque());
            }))));
            return job.step("d", Void.class, key -> null);
        });
        assertThat(client.jobs("q").submit("x").await(MINUTE).isNull()).isTrue();
        assertThat(refusals)
                .hasSize(3)
                .allSatisfy(refusal -> assertThat(refusal)
                        .isInstanceOf(ValidationException.class)
                        .hasMessageContaining("cannot be written"));
        assertThat(runs).hasValue(0);
    }

    @Test
    void aStepThatCannotBeRecordedGivesItsResultBack() {
        CoordinatorClient client = connect();
        String large = "x".repeat(1 << 20);
        Opaque opaque = new Opaque();
        List<Throwable> refusals = new CopyOnWriteArrayList<>();
        client.jobs("q").work(job -> {
            refusals.add(caught(() -> job.step("a", String.class, key -> large)));
            refusals.add(caught(
                    () -> get(job.stepAsync("b", String.class, key -> CompletableFuture.completedFuture(large)))));
            refusals.add(caught(() -> job.step("c", Object.class, key -> opaque)));
            return null;
        });
        client.jobs("q").submit("x").await(MINUTE);
        assertThat(refusals.get(0)).isInstanceOf(PayloadTooLargeException.class);
        assertThat(refusals.get(2)).isInstanceOf(ValidationException.class);
        assertThat(refusals).extracting(JobValuesTest::carried).containsExactly(large, large, opaque);
    }

    @Test
    void aResultThatCannotBeStoredIsNotLost() {
        CoordinatorClient client = connect();
        Opaque opaque = new Opaque();
        String large = "x".repeat(2 << 20);
        List<Object> results = List.of(opaque, large);
        client.jobs("q").work(job -> results.get(job.payload().asInt()), heard());
        for (int i = 0; i < results.size(); i++) {
            JobHandle job = client.jobs("q").submit(i, ONCE);
            assertThatThrownBy(() -> job.await(MINUTE)).isInstanceOf(JobFailedException.class);
        }
        soon().until(() -> errors.size() == 2);
        assertThat(errors.get(0)).isInstanceOf(ValidationException.class);
        assertThat(errors.get(1)).isInstanceOf(PayloadTooLargeException.class);
        assertThat(errors).extracting(JobValuesTest::carried).containsExactly(opaque, large);
    }

    private static Throwable caught(ThrowingCallable call) {
        return catchThrowable(call);
    }

    private static Object carried(Throwable error) {
        return ((CoordinatorException) error).functionResult().orElseThrow();
    }
}
