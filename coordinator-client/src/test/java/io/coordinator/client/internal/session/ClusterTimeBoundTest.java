package io.coordinator.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@Feature("G-13")
class ClusterTimeBoundTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    @Test
    void deadlinePassesHereNoLaterThanThere() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int run = 0; run < 1000; run++) {
            ClusterTimeBound clock = new ClusterTimeBound();
            long local = random.nextLong() >> 8; // nano time starts anywhere
            long cluster = random.nextInt(1 << 30) * MILLI;
            for (int sample = 0; sample < 20; sample++) {
                long way = random.nextInt(50) * MILLI + random.nextInt(1 << 20);
                long back = random.nextInt(50) * MILLI;
                long stands = random.nextInt(3) == 0 ? random.nextInt(100) * MILLI : 0; // without a leader
                clock.sample(local, (cluster + way) / MILLI);
                local += way + back + stands;
                cluster += way + back;
            }
            long deadlineMillis = cluster / MILLI + 1 + random.nextInt(10_000);
            long passesThere = local + deadlineMillis * MILLI - cluster;

            assertThat(clock.localNanos(deadlineMillis)).isLessThanOrEqualTo(passesThere);
        }
    }

    @Test
    void boundIsTightWhenAnswersAreFast() {
        ClusterTimeBound clock = new ClusterTimeBound();
        clock.sample(5 * MILLI, 1_000);

        assertThat(clock.localNanos(1_100)).isEqualTo((5 + 99) * MILLI);
    }

    @Test
    void bestOfTheRecentSamplesCounts() {
        ClusterTimeBound clock = new ClusterTimeBound();
        clock.sample(0, 1_000); // answered after 400 ms
        clock.sample(500 * MILLI, 1_101);

        assertThat(clock.localNanos(2_000)).isEqualTo((500 + 898) * MILLI);
    }

    @Test
    void whatWasSampledBeforeAMoveHoldsAfterIt() {
        ClusterTimeBound clock = new ClusterTimeBound();
        clock.sample(5 * MILLI, 1_000);
        clock.moved(3_600_000);
        assertThat(clock.localNanos(3_601_100)).isEqualTo((5 + 99) * MILLI);
        clock.sample(10 * MILLI, 3_601_006); // answered after 1 ms
        assertThat(clock.localNanos(3_601_100)).as("the bound stays tight").isEqualTo((5 + 99) * MILLI);
    }

    @Test
    void leaseEndsBeforeTheClusters() {
        Lease lease = new Lease();
        lease.grant(10_000 * MILLI, 1_000);
        assertThat(lease.untilNanos()).as("by a twentieth").isEqualTo(1_000 + 9_500 * MILLI);

        lease.renew(500 * MILLI);
        long renewed = lease.untilNanos();
        lease.renew(400 * MILLI);

        assertThat(renewed).isEqualTo((500 + 9_500) * MILLI);
        assertThat(lease.untilNanos()).isEqualTo(renewed);
        assertThat(lease.hasPassed(renewed - 1)).isFalse();
        assertThat(lease.hasPassed(renewed)).isTrue();
    }

    @Test
    void samplesAreForgottenBeforeTheRatesOfClocksAddUp() {
        ClusterTimeBound clock = new ClusterTimeBound();
        clock.sample(0, 500); // cluster time stood still before
        for (int i = 1; i < 8; i++) {
            clock.sample(0, 1_000);
        }
        assertThat(clock.localNanos(2_000)).as("the eighth is kept").isEqualTo(1_499 * MILLI);
        clock.sample(0, 1_000);
        assertThat(clock.localNanos(2_000)).as("the ninth is not").isEqualTo(999 * MILLI);
    }

    @Test
    void aDeadlineTooFarAheadForALongIsAsGoodAsNever() {
        ClusterTimeBound clock = new ClusterTimeBound();
        clock.sample(0, 0);
        assertThat(clock.localNanos(Long.MAX_VALUE)).isGreaterThan(TimeUnit.DAYS.toNanos(30_000));
    }
}
