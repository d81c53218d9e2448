package io.coordinator.client.internal.async;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatcherTest {
    private final Dispatcher dispatcher = new Dispatcher(new Threads("test").named("callback"));

    @AfterEach
    void stop() {
        dispatcher.close();
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
    void itIsIdleWhenAllHaveReturned() throws InterruptedException {
        assertThat(dispatcher.isIdle()).isTrue();
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch running = new CountDownLatch(1);
        dispatcher.execute(() -> {
            running.countDown();
            awaitAll(release);
        });
        assertThat(dispatcher.isIdle()).isFalse();
        assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(dispatcher.isIdle()).isFalse();
        release.countDown();
        Awaitility.await().until(dispatcher::isIdle);
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
    @Feature("C-32")
    void anyNumberOfTasksMayWaitForOneBehindThem() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(300);
        for (int i = 0; i < 300; i++) {
            dispatcher.execute(() -> {
                all.countDown();
                awaitAll(all);
            });
        }
        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Feature("C-32")
    void tasksMayWaitForThoseQueuedAfterTheClose() throws InterruptedException {
        CountDownLatch all = new CountDownLatch(20);
        for (int i = 0; i < 20; i++) {
            if (i == 10) {
                dispatcher.close();
            }
            dispatcher.execute(() -> {
                all.countDown();
                awaitAll(all);
            });
        }
        assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Feature("C-25")
    void nothingThrownStopsTheOthers() throws InterruptedException {
        CountDownLatch last = new CountDownLatch(1);
        for (int i = 0; i < 50; i++) {
            dispatcher.execute(() -> DispatcherTest.<RuntimeException>sneaky(new IOException("from a callback")));
            dispatcher.execute(() -> DispatcherTest.<RuntimeException>sneaky(new StackOverflowError()));
            dispatcher.execute(() -> DispatcherTest.<RuntimeException>sneaky(new Throwable("from a callback")));
        }
        dispatcher.execute(last::countDown);

        assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Feature("C-25")
    void serialExecutorGoesOnAfterAnythingThrown() throws InterruptedException {
        SerialExecutor serial = new SerialExecutor(dispatcher, "The test");
        CountDownLatch last = new CountDownLatch(1);
        serial.execute(() -> DispatcherTest.<RuntimeException>sneaky(new IOException("from a listener")));
        serial.execute(() -> DispatcherTest.<RuntimeException>sneaky(new Throwable("from a listener")));
        serial.execute(last::countDown);

        assertThat(last.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Feature("C-25")
    void interruptOfOneTaskIsNotSeenByTheNext() throws Exception {
        CompletableFuture<Boolean> seen = new CompletableFuture<>();
        dispatcher.execute(() -> {
            dispatcher.execute(() -> seen.complete(Thread.currentThread().isInterrupted()));
            Thread.currentThread().interrupt();
        });

        assertThat(seen.get(10, TimeUnit.SECONDS)).isFalse();
    }

    @Test
    @Feature("C-30")
    void whatAUsersExecutorRefusesRunsAllTheSame() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(3);
        for (Executor users : List.<Executor>of(
                Runnable::run,
                task -> {
                    throw new RejectedExecutionException("full");
                },
                task -> {
                    task.run();
                    throw new IllegalStateException("after it ran");
                })) {
            new UserExecutor(users, dispatcher).execute(ran::countDown);
        }

        assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    @Feature("C-30")
    void refusableTaskIsToldAndDoesNotRun() throws Exception {
        CompletableFuture<CoordinatorException> told = new CompletableFuture<>();
        Executor users = task -> {
            throw new RejectedExecutionException("full");
        };
        new UserExecutor(users, dispatcher)
                .execute(Refusable.of(() -> told.completeExceptionally(new AssertionError("ran")), told::complete));

        assertThat(told.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ThrottledException.class)
                .hasMessageContaining("full");
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // the compiler is to be fooled, as users' compilers are
    private static <X extends Throwable> void sneaky(Throwable error) throws X {
        throw (X) error;
    }

    @Test
    void serialExecutorKeepsTheOrder() throws InterruptedException {
        SerialExecutor serial = new SerialExecutor(dispatcher, "The test");
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
