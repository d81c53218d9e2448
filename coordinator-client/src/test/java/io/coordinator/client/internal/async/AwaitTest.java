package io.coordinator.client.internal.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.error.CoordinatorInterruptedException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AwaitTest {
    @Test
    void interruptCancelsAndStaysSet() {
        Promise<String> promise = Promises.direct().make();
        AtomicBoolean cancelled = new AtomicBoolean();
        promise.onCancel(() -> cancelled.set(true));
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Await.result(promise)).isInstanceOf(CoordinatorInterruptedException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(cancelled).isTrue();
    }

    @Test
    void outcomeThatWasFirstIsReturnedInSpiteOfTheInterrupt() {
        Promise<String> promise = Promises.direct().make();
        promise.succeed("first");
        Thread.currentThread().interrupt();

        String outcome = Await.result(promise);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcome).isEqualTo("first");
    }

    @Test
    void checkedExceptionOfTheCallersFunctionPassesThrough() {
        Promise<String> promise = Promises.direct().make();
        promise.fail(new IOException("own"));

        assertThatThrownBy(() -> Await.<String, IOException>resultOrThrow(promise))
                .isInstanceOf(IOException.class)
                .hasMessage("own");
    }

    @Test
    void tasksRunOnTheWaitingThread() {
        Thread ran = Await.<Thread, RuntimeException>helping(tasks -> {
            Promise<Thread> promise = Promises.direct().make();
            tasks.execute(() -> tasks.execute(() -> promise.succeed(Thread.currentThread())));
            return promise;
        });

        assertThat(ran).isSameAs(Thread.currentThread());
    }

    @Test
    void unwantedValueIsDisposedOfExactlyWhenNobodyTakesIt() {
        AtomicInteger disposals = new AtomicInteger();
        Promise<String> taken = Promises.direct().make();
        taken.succeed("a", disposals::incrementAndGet);
        assertThat(disposals).hasValue(0);

        Promise<String> cancelled = Promises.direct().make();
        cancelled.cancel(true);
        cancelled.succeed("b", disposals::incrementAndGet);
        assertThat(disposals).hasValue(1);
    }

    @Test
    void cancelActionRunsAlsoIfTheCancelWasFirst() {
        Promise<String> promise = Promises.direct().make();
        promise.cancel(true);
        AtomicBoolean ran = new AtomicBoolean();

        promise.onCancel(() -> ran.set(true));

        assertThat(ran).isTrue();
    }
}
