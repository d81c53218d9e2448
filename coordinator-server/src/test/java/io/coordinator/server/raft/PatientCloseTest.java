package io.coordinator.server.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PatientCloseTest {
    private final Semaphore nudges = new Semaphore(0);
    private final PatientClose close = new PatientClose("n1-impl-thread", Duration.ofMillis(300), nudges::release);

    @Test
    void aCloseThatEndsIsNotDisturbed() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        close.close(() -> closed.set(true));
        assertThat(closed).isTrue();
    }

    @Test
    void whatWaitsInItIsNudged() throws IOException {
        close.close(nudges::acquireUninterruptibly);
    }

    @Test
    void aCloseThatFailsSaysSo() {
        assertThatThrownBy(() -> close.close(() -> {
                    throw new IOException("the disk is gone");
                }))
                .hasStackTraceContaining("the disk is gone");
    }

    @Test
    void aThreadThatWaitsForEverInItIsInterruptedAndNoOther() throws IOException {
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean otherInterrupted = new AtomicBoolean();
        Thread other = new Thread(() -> await(never, otherInterrupted), "n2-impl-thread1");
        other.start();
        AtomicBoolean interrupted = new AtomicBoolean();
        close.close(() -> {
            Thread own = new Thread(() -> await(never, interrupted), "n1-impl-thread1");
            own.start();
            join(own);
        });
        assertThat(interrupted).isTrue();
        assertThat(otherInterrupted).isFalse();
        never.countDown();
    }

    @Test
    void aCloseThatEndsInNoWayIsGivenUp() {
        CountDownLatch never = new CountDownLatch(1);
        assertThatThrownBy(() -> close.close(() -> await(never, new AtomicBoolean())))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("did not close within PT0.6S");
        never.countDown();
    }

    private static void await(CountDownLatch latch, AtomicBoolean interrupted) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            interrupted.set(true);
        }
    }

    private static void join(Thread thread) throws IOException {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
