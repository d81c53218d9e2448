package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.schedule.ScheduleStatus;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.TestCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Schedules on three nodes whose wall clocks jump by an hour, or are an hour apart. */
@CoordinatorCluster
@Feature({"B-41", "EL-USE-2"})
class FiringClocksTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration NEARLY = Duration.ofMinutes(59);
    /** In which a schedule of every second would have fired. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    private static void awaitBehind(FiredJobs fired, String schedule, Instant date) {
        Waiting.await(schedule + " to fire behind " + date)
                .until(() -> fired.last(schedule).isAfter(date));
    }

    /** Expects that nothing fires for a while; what was under way when the clock changed may still come. */
    private static ScheduleStatus quiet(FiredJobs fired, String schedule) {
        Waiting.pass(QUIET.dividedBy(3));
        ScheduleStatus before = fired.status(schedule);
        Waiting.pass(QUIET);
        assertThat(fired.status(schedule)).isEqualTo(before);
        return before;
    }

    private static void handOver(TestCluster cluster, String to) {
        Waiting.await(to + " to lead").until(() -> {
            String leader = cluster.awaitLeader();
            return leader.equals(to) || isHandedOver(cluster, leader, to);
        });
    }

    /** A busy machine may not do it in time. */
    private static boolean isHandedOver(TestCluster cluster, String from, String to) {
        try {
            cluster.server(from).transferLeadership(Optional.of(to), Duration.ofSeconds(10));
            return cluster.awaitLeader().equals(to);
        } catch (IllegalStateException e) {
            System.out.println("no hand-over: " + e.getMessage());
            return false;
        }
    }

    @Test
    void aLeaderWhoseClockJumpsAheadAndBackFiresNothingTwice(TestCluster cluster) {
        try (FiredJobs fired = FiredJobs.of(cluster, "ahead")) {
            fired.begin("ahead");
            String leader = cluster.awaitLeader();
            Instant jumped = Instant.now();
            cluster.clock(leader).jump(HOUR);
            awaitBehind(fired, "ahead", jumped.plus(NEARLY));
            fired.awaitMore("ahead", 2);
            assertThat(fired.status("ahead").misfired())
                    .as("of an hour, a thousand")
                    .isBetween(990L, 1_000L);

            cluster.clock(leader).jump(HOUR.negated());
            Instant last = quiet(fired, "ahead").lastTime().orElseThrow();
            assertThat(last).isAfter(jumped.plus(NEARLY));

            // It goes on when the clock has passed.
            cluster.clock(leader).set(last.minusSeconds(1));
            awaitBehind(fired, "ahead", last.plusSeconds(2));
            assertThat(fired.times("ahead")).contains(last.plusSeconds(1), last.plusSeconds(2));
            fired.endedOnceEach("ahead");
        }
    }

    @Test
    void aLeaderWhoseClockJumpsBackFiresNothingUntilItHasPassed(TestCluster cluster) {
        try (FiredJobs fired = FiredJobs.of(cluster, "back")) {
            fired.begin("back");
            String leader = cluster.awaitLeader();
            cluster.clock(leader).jump(HOUR.negated());
            Instant last = quiet(fired, "back").lastTime().orElseThrow();

            cluster.clock(leader).set(last.minusSeconds(1));
            awaitBehind(fired, "back", last.plusSeconds(2));
            assertThat(fired.times("back")).contains(last.plusSeconds(1), last.plusSeconds(2));
            fired.endedWithMissesCounted("back");
        }
    }

    @Test
    void theNextLeadersClockMayBeAnHourBehind(TestCluster cluster) {
        try (FiredJobs fired = FiredJobs.of(cluster, "behind")) {
            fired.begin("behind");
            String leader = cluster.awaitLeader();
            Instant begun = Instant.now();
            cluster.clock(leader).jump(HOUR);
            awaitBehind(fired, "behind", begun.plus(NEARLY));

            String next = cluster.followers().get(0);
            handOver(cluster, next);
            Instant last = quiet(fired, "behind").lastTime().orElseThrow();

            // Back to the one that is ahead: it goes on where it was, and what was missed meanwhile is.
            handOver(cluster, leader);
            awaitBehind(fired, "behind", last.plusSeconds(2));
            fired.endedOnceEach("behind");
        }
    }

    @Test
    void theNextLeadersClockMayBeAnHourAhead(TestCluster cluster) {
        try (FiredJobs fired = FiredJobs.of(cluster, "early")) {
            fired.begin("early");
            String leader = cluster.awaitLeader();
            String next = cluster.followers().get(0);
            cluster.clock(next).jump(HOUR);
            Instant begun = Instant.now();
            handOver(cluster, next);
            awaitBehind(fired, "early", begun.plus(NEARLY));
            List<Instant> early = fired.times("early");
            handOver(cluster, leader);
            quiet(fired, "early");
            assertThat(fired.times("early")).containsAll(early);
            fired.endedOnceEach("early");
        }
    }

    /** The one that is cut off still believes that it leads, for a while, and its clock is an hour ahead. */
    @Test
    void whoIsCutOffFiresNothingByItsClock(TestCluster cluster) {
        try (FiredJobs fired = FiredJobs.of(cluster, "cut")) {
            fired.begin("cut");
            for (int i = 0; i < 3; i++) {
                String leader = cluster.awaitLeader();
                cluster.peers().isolate(leader);
                cluster.clock(leader).jump(HOUR);
                cluster.awaitLeaderOtherThan(leader);
                fired.awaitMore("cut", 3);
                cluster.clock(leader).correct();
                cluster.peers().heal();
                fired.awaitMore("cut", 1);
            }
            assertThat(fired.last("cut")).isBefore(Instant.now().plusSeconds(5));
            fired.endedWithMissesCounted("cut");
        }
    }
}
