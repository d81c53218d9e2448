package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.error.JobLeaseLostException;
import io.coordinator.client.job.JobContext;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.InMemoryCluster;
import io.coordinator.testing.InMemoryClusterExtension;
import io.coordinator.testing.TestCluster;
import io.coordinator.testing.WallClock;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The examples of docs/testing.md. */
@Feature("A-02")
class TestingTest {
    // spotless:off
    // snippet: code-under-test
    /** Baskets that are forgotten an hour after their last change. */
    static final class Baskets {
        private final CoordinatorClient client;

        Baskets(CoordinatorClient client) {
            this.client = client;
        }

        void put(String user, List<String> goods) {
            client.cache().put("basket/" + user, goods, PutOptions.ttl(Duration.ofHours(1)));
        }

        List<?> of(String user) {
            Optional<Entry> basket = client.cache().get("basket/" + user);
            return basket.<List<?>>map(entry -> entry.as(List.class)).orElse(List.of());
        }
    }
    // end

    // snippet: unit-test
    @ExtendWith(InMemoryClusterExtension.class)
    static class BasketsTest {
        @Test
        void aBasketIsSeenOnEveryHostAndForgottenAfterAnHour(
                InMemoryCluster cluster, CoordinatorClient oneHost, CoordinatorClient otherHost) {
            new Baskets(oneHost).put("ann", List.of("tea", "milk"));
            Baskets elsewhere = new Baskets(otherHost);
            assertThat(elsewhere.of("ann").size()).isEqualTo(2);

            cluster.advance(Duration.ofMinutes(59));
            assertThat(elsewhere.of("ann").size()).isEqualTo(2);
            cluster.advance(Duration.ofMinutes(1));
            assertThat(elsewhere.of("ann").isEmpty()).isTrue();
        }
    }
    // end
    // spotless:on

    @Nested
    class TheBaskets extends BasketsTest {}

    @Test
    void sessions() {
        // spotless:off
        // snippet: sessions
        try (InMemoryCluster cluster = InMemoryCluster.start()) {
            CoordinatorClient client = cluster.connect(settings -> settings.namespace("jobs"));
            CoordinatorClient standby = cluster.connect(settings -> settings.namespace("jobs"));
            List<LossReason> heard = new CopyOnWriteArrayList<>();
            LockHandle lock = client.lock("nightly").acquire();
            lock.lost().thenAccept(heard::add);

            // A broken connection ends nothing.
            cluster.disconnect(client);
            assertThat(standby.lock("nightly").tryAcquire()).isEmpty();
            cluster.reconnect(client);
            assertThat(lock.isHeld()).isTrue();

            // The end of the session does, and the holder is told.
            cluster.expireSession(client);
            assertThat(heard).containsExactly(LossReason.SESSION_LOST);
            assertThat(standby.lock("nightly").tryAcquire()).isPresent();
        }
        // end
        // spotless:on
    }

    @Test
    void jobsThatRunTwice() throws InterruptedException {
        // spotless:off
        // snippet: jobs
        try (InMemoryCluster cluster = InMemoryCluster.start()) {
            CoordinatorClient slow = cluster.connect(settings -> settings);
            CoordinatorClient next = cluster.connect(settings -> settings);
            BlockingQueue<JobContext> begun = new LinkedBlockingQueue<>();
            slow.jobs("sales").work(JobHandler.staged(job -> {
                begun.add(job);
                return new CompletableFuture<String>(); // it hangs
            }));
            JobHandle sale = next.jobs("sales").submit("book");
            JobContext late = begun.take();

            next.jobs("sales").work(job -> {
                job.complete("sold", next.transaction().then(writes -> writes.increment("sold", 1)));
                return null;
            });

            // Its session ends, as it does when a host is paused for too long; the other host does the job.
            cluster.expireSession(slow);
            assertThat(sale.await(String.class)).isEqualTo("sold");

            // The first one is too late: its completion is refused, and what would have gone with it.
            assertThatThrownBy(() ->
                            late.complete("sold", slow.transaction().then(writes -> writes.increment("sold", 1))))
                    .isInstanceOf(JobLeaseLostException.class);
            assertThat(next.cache().get("sold").orElseThrow().as(Integer.class)).isEqualTo(1);
        }
        // end
        // spotless:on
    }

    // spotless:off
    // snippet: cluster-test
    @CoordinatorCluster(nodes = 3)
    static class FailoverTest {
        @Test
        void whatWasWrittenOutlivesItsLeader(Cluster cluster, CoordinatorClient client) {
            client.cache().put("order", "paid");
            cluster.kill(cluster.awaitLeader());
            assertThat(client.cache().get("order").isPresent()).isTrue();
        }
    }
    // end
    // spotless:on

    @Nested
    class TheFailover extends FailoverTest {}

    // spotless:off
    // snippet: wall-clock-test
    @CoordinatorCluster(nodes = 1)
    static class NightlyTest {
        @Test
        void theReportIsOneJobAlsoInTheNightThatHasNoHalfPastTwo(TestCluster cluster, CoordinatorClient client)
                throws InterruptedException {
            BlockingQueue<String> done = new LinkedBlockingQueue<>();
            client.worker("reports", job -> done.add(job.id()), 1);
            WallClock clock = cluster.clock(cluster.awaitLeader());
            clock.set(Instant.parse("2037-03-29T00:00:00Z"));
            ScheduleOptions nightly = ScheduleOptions.cron("30 2 * * *", "Europe/Berlin").queue("reports");
            client.schedules().set("nightly", nightly);
            clock.set(Instant.parse("2037-03-29T00:59:59Z"));
            assertThat(done.poll(10, TimeUnit.SECONDS)).isEqualTo("nightly@2037-03-29T01:00:00Z");
        }
    }
    // end
    // spotless:on

    @Nested
    class TheNight extends NightlyTest {}
}
