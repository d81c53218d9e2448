package io.coordinator.client.internal.async;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final Dispatcher dispatcher = new Dispatcher(new Threads("test").named("callback"), (task, delay) -> {
        var unused = timer.schedule(task, delay, TimeUnit.NANOSECONDS);
    });

    @AfterEach
    void stop() {
        dispatcher.close();
        timer.shutdownNow();
    }

    @Test
    void everyTaskRunsOnce() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        int each = 20_000;
        CountDownLatch done = new CountDownLatch(4 * each);
        for (int i = 0; i < 4; i++) {
            new Thread(() -> {
                        for (int k = 0; k < each; k++) {
                            dispatcher.execute(() -> {
                                runs.incrementAndGet();
                                done.countDown();
                            });
                        }
                    })
                    .start();
        }

        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(runs).hasValue(4 * each);
    }

    @Test
    void tasksMayWaitForThoseQueuedBehindThem() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(10);
        for (int i = 0; i < 10; i++) {
            dispatcher.execute(() -> {
                all.countDown();
                awaitAll(all);
            });
        }
        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void exceptionDoesNotStopTheOthers() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(1);
        dispatcher.execute(() -> {
            throw new IllegalStateException("from a callback");
        });
        dispatcher.execute(second::countDown);

        assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void outcomesAreToldAfterTheClose() throws InterruptedException {
        dispatcher.close();
        CountDownLatch told = new CountDownLatch(1);
        dispatcher.execute(told::countDown);

        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void serialExecutorKeepsTheOrder() throws InterruptedException {
        SerialExecutor serial = new SerialExecutor(dispatcher);
        List<Integer> order = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(1000);
        for (int i = 0; i < 1000; i++) {
            int number = i;
            serial.execute(() -> {
                order.add(number);
                done.countDown();
            });
        }

        assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(order).isSorted().hasSize(1000);
    }

    private static void awaitAll(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
