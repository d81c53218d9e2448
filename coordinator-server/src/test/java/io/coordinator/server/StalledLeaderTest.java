package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.server.config.Keys;
import io.coordinator.server.config.ReadMode;
import io.coordinator.server.read.LeaseRule;
import io.coordinator.server.read.LogLease;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader whose applying thread stands still for longer than the leases of its sessions. */
class StalledLeaderTest {
    private static final int LEASE_MILLIS = 2_000;

    @Test
    @Feature("C-09")
    void nobodyLosesASessionWhileApplyStandsStill(@TempDir Path directory) throws Exception {
        Stall stall = new Stall();
        TestNodes single =
                new TestNodes(directory, 1).with(config -> config.set(Keys.SESSION_LEASE_MILLIS, LEASE_MILLIS));
        try (CoordinatorServer node = CoordinatorServer.builder(single.config("n1"))
                .leaseRule(stall::rule)
                .start()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> node.status().getServing());
            Hello hello = RawClient.freshHello().build();
            try (RawClient alive = RawClient.open(node.clientAddress());
                    RawClient unheard = new RawClient(node.clientAddress())) {
                unheard.hello(hello);
                long session =
                        unheard.await(ServerFrame::hasWelcome).getWelcome().getSessionId();

                stall.begin();
                Keeper keeper = new Keeper(alive);
                keeper.awaitAnswersFor(Duration.ofMillis(2 * LEASE_MILLIS));
                stall.end();

                assertThat(alive.call(alive.put("alive", "1")).hasError()).isFalse();
                try (RawClient back = new RawClient(node.clientAddress())) {
                    back.hello(hello.toBuilder().setSessionId(session).build());
                    assertThat(back.await(ServerFrame::hasWelcome).getWelcome().getResumed())
                            .as("it was silent, but the leader could not have judged that")
                            .isTrue();
                }
                keeper.close();
            } finally {
                stall.end();
            }
        }
    }

    @Test
    @Feature({"C-09", "C-14"})
    void whoResumesWhileApplyStandsStillIsToldToWaitAndIsLetInThen(@TempDir Path directory) throws Exception {
        Stall stall = new Stall();
        TestNodes single = new TestNodes(directory, 1).with(config -> config.set(Keys.READS, ReadMode.QUORUM));
        try (CoordinatorServer node = CoordinatorServer.builder(single.config("n1"))
                .leaseRule(stall::rule)
                .start()) {
            await().atMost(Duration.ofSeconds(30)).until(() -> node.status().getServing());
            try (RawClient client = RawClient.open(node.clientAddress())) {
                stall.begin();
                client.send(ClientFrame.newBuilder()
                        .addCommands(client.put("stalls", "1"))
                        .build());
                try (RawClient next = new RawClient(node.clientAddress())) {
                    next.hello(RawClient.freshHello().build());
                    assertThat(next.await(ServerFrame::hasHeard).getHeard().getWaitMillis())
                            .isPositive();
                    stall.end();
                    assertThat(next.await(ServerFrame::hasWelcome).getWelcome().getSessionId())
                            .isPositive();
                }
            } finally {
                stall.end();
            }
        }
    }

    /** Sends keep-alives until closed, and counts on answers to them. */
    private static final class Keeper implements AutoCloseable {
        private final RawClient client;
        private final AtomicLong sent = new AtomicLong();
        private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

        Keeper(RawClient client) {
            this.client = client;
            var unused = clock.scheduleAtFixedRate(
                    () -> client.keepAlive(sent.incrementAndGet()), 0, LEASE_MILLIS / 10, TimeUnit.MILLISECONDS);
        }

        /** Every answer is to something sent after the time began, so that its lease is a new one. */
        void awaitAnswersFor(Duration time) {
            long end = System.nanoTime() + time.toNanos();
            while (System.nanoTime() - end < 0) {
                long wanted = sent.get() + 1;
                client.await(frame -> frame.getKeepAlive().getId() >= wanted);
            }
        }

        @Override
        public void close() {
            clock.shutdownNow();
        }
    }

    /** Holds up the applying thread where it tells the lease of a proof. */
    private static final class Stall {
        private volatile CountDownLatch over = new CountDownLatch(0);

        void begin() {
            over = new CountDownLatch(1);
        }

        void end() {
            over.countDown();
        }

        LeaseRule rule(Duration lease, LongSupplier nanoTime) {
            LogLease real = new LogLease(lease, nanoTime);
            return new LeaseRule() {
                @Override
                public boolean holds() {
                    return real.holds();
                }

                @Override
                public void proven(long submittedNanos) {
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    real.proven(submittedNanos);
                }

                @Override
                public void suspend() {
                    real.suspend();
                }

                @Override
                public void resume() {
                    real.resume();
                }
            };
        }
    }
}
