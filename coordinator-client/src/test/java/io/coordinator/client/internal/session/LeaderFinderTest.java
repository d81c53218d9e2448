package io.coordinator.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@Feature("PM-CONN-8")
class LeaderFinderTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Duration SUSPECT_TIMEOUT = Duration.ofMillis(500);

    private final Patience patience = new Patience();
    private final LeaderFinder finder = finder("a:1", "b:1", "c:1");
    private long now;
    private int start;
    private Predicate<String> known = endpoint -> true;

    private LeaderFinder finder(String... endpoints) {
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), () -> 1.0);
        return new LeaderFinder(
                List.of(endpoints),
                backoff,
                TIMEOUT,
                patience,
                below -> start % below,
                endpoint -> known.test(endpoint));
    }

    @Test
    void oneRoundTriesEachOnceWithoutPauses() {
        assertThat(next()).isEqualTo(atOnce("a:1"));
        finder.unreachable("a:1");
        assertThat(next()).isEqualTo(atOnce("b:1"));
        finder.unreachable("b:1");
        assertThat(next()).isEqualTo(atOnce("c:1"));
    }

    @Test
    @Feature("C-31")
    void whereTheNameServiceIsSilentTheAddressesAreTried() {
        known = endpoint -> !endpoint.equals("a:1");
        assertThat(List.of(next().endpoint(), next().endpoint())).containsExactly("b:1", "c:1");
        finder.notLeader("c:1", "a:1");
        assertThat(next().endpoint()).as("the next round, not the name").isEqualTo("b:1");

        known = endpoint -> true;
        assertThat(next().endpoint()).as("the hint, now that it is known").isEqualTo("a:1");
    }

    @Test
    @Feature("C-31")
    void namesAreTriedIfThereIsNothingElse() {
        known = endpoint -> false;
        assertThat(List.of(next().endpoint(), next().endpoint(), next().endpoint()))
                .containsExactly("a:1", "b:1", "c:1");
        finder.notLeader("c:1", "d:1");
        assertThat(next().endpoint()).isEqualTo("d:1");
    }

    @Test
    void pausesBetweenRoundsDoubleUpToTheCap() {
        assertThat(pauses(9)).containsExactly(0L, 100L, 200L, 400L, 800L, 1600L, 3200L, 5000L, 5000L);
    }

    @Test
    @Feature("C-14")
    void notAllClientsStartAtOneNode() {
        finder.attached("b:1", List.of());
        finder.lost("b:1", false, "", now);
        start = 1;
        assertThat(List.of(next().endpoint(), next().endpoint(), next().endpoint()))
                .isEqualTo(List.of("c:1", "a:1", "b:1"));
    }

    @Test
    @Feature("C-14")
    void pausesGrowEvenDuringAnElectionWhileNodesAreSilent() {
        finder.attached("a:1", List.of());
        finder.lost("a:1", false, "", now);
        List<Long> pauses = new ArrayList<>();
        for (int round = 0; round < 6; round++) {
            LeaderFinder.Attempt first = next();
            finder.silent(first.endpoint());
            finder.silent(next().endpoint());
            finder.silent(next().endpoint());
            pauses.add(TimeUnit.NANOSECONDS.toMillis(first.delayNanos()));
        }
        assertThat(pauses).containsExactly(0L, 100L, 200L, 400L, 800L, 1600L);
    }

    @Test
    void pausesStayShortWhileAnElectionIsLikely() {
        finder.attached("a:1", List.of());
        finder.lost("a:1", false, "", now);

        assertThat(pauses(6)).containsExactly(0L, 100L, 200L, 200L, 200L, 200L);

        now += LeaderFinder.ELECTION_NANOS;
        assertThat(pauses(1)).containsExactly(3200L);
    }

    @Test
    void hintIsFollowedAtOnce() {
        next();
        finder.notLeader("a:1", "d:1");

        assertThat(next()).isEqualTo(atOnce("d:1"));
    }

    @Test
    void hintToANodeTriedInThisRoundWaitsForTheNext() {
        next();
        finder.notLeader("a:1", "b:1");
        assertThat(next().endpoint()).isEqualTo("b:1");
        finder.notLeader("b:1", "a:1");
        assertThat(next()).isEqualTo(atOnce("c:1"));
        finder.notLeader("c:1", "a:1");

        assertThat(next()).isEqualTo(new LeaderFinder.Attempt("a:1", TimeUnit.MILLISECONDS.toNanos(100), TIMEOUT));
    }

    @Test
    void lostLeaderIsTriedLastAndBriefly() {
        start = 1;
        finder.attached("b:1", List.of("a:1", "b:1", "c:1"));
        finder.lost("b:1", true, "", now);

        assertThat(next().endpoint()).isEqualTo("c:1");
        finder.unreachable("c:1");
        assertThat(next().endpoint()).isEqualTo("a:1");
        finder.unreachable("a:1");
        assertThat(next()).isEqualTo(new LeaderFinder.Attempt("b:1", 0, SUSPECT_TIMEOUT));
    }

    @Test
    @Feature("C-14")
    void aSuspectGetsTwiceAsMuchTimeEachTimeUpToThatOfOthers() {
        LeaderFinder single = finder("a:1");
        single.attached("a:1", List.of("a:1"));
        single.lost("a:1", true, "", now);
        List<Long> timeouts = new ArrayList<>();
        for (int attempt = 0; attempt < 5; attempt++) {
            timeouts.add(single.next(now).timeout().toMillis());
            single.silent("a:1");
        }
        assertThat(timeouts).containsExactly(500L, 1_000L, 2_000L, 3_000L, 3_000L);

        single.heard("a:1");
        assertThat(single.next(now).timeout()).as("it is well").isEqualTo(TIMEOUT);
    }

    @Test
    @Feature("C-13")
    void aSuspectGetsTheTimeThatAnswersWereSeenToTake() {
        patience.answered(TimeUnit.MILLISECONDS.toNanos(400));
        finder.attached("b:1", List.of());
        finder.lost("b:1", true, "b:1", now);
        assertThat(next().timeout()).isEqualTo(Duration.ofMillis(2 * (400 + 4 * 200)));
    }

    @Test
    @Feature("C-14")
    void whoLosesANodeWithoutAWordWaitsARandomMomentFirst() {
        start = 1;
        finder.attached("b:1", List.of());
        finder.lost("b:1", true, "", now);
        assertThat(next().delayNanos()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
        finder.unreachable("c:1");
        assertThat(next().delayNanos()).isZero();

        finder.attached("c:1", List.of());
        finder.spread(Duration.ofSeconds(2));
        finder.lost("c:1", true, "", now);
        assertThat(next().delayNanos()).as("one of many").isEqualTo(TimeUnit.SECONDS.toNanos(2));

        finder.attached("a:1", List.of());
        finder.spread(Duration.ofMillis(Integer.MAX_VALUE));
        finder.lost("a:1", true, "", now);
        assertThat(next().delayNanos()).as("at most a timeout").isEqualTo(TIMEOUT.toNanos());

        finder.attached("b:1", List.of());
        finder.spread(Duration.ofMillis(Integer.MIN_VALUE));
        finder.lost("b:1", true, "", now);
        assertThat(next().delayNanos()).as("at least as ever").isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
    }

    @Test
    void lostLeaderIsNotWaitedForWhileOthersElect() {
        start = 1;
        finder.attached("b:1", List.of());
        finder.lost("b:1", true, "", now);
        for (int round = 0; round < 3; round++) {
            assertThat(next().endpoint()).isEqualTo("c:1");
            finder.notLeader("c:1", "");
            assertThat(next().endpoint()).isEqualTo("a:1");
            finder.notLeader("a:1", "");
        }

        now += LeaderFinder.ELECTION_NANOS;
        assertThat(next().endpoint()).isEqualTo("b:1");
    }

    @Test
    void staleHintToTheLostLeaderCostsLittle() {
        start = 1;
        finder.attached("b:1", List.of());
        finder.lost("b:1", true, "", now);
        next();
        finder.notLeader("c:1", "b:1");

        assertThat(next()).isEqualTo(new LeaderFinder.Attempt("b:1", 0, SUSPECT_TIMEOUT));
    }

    @Test
    void goodbyeWithTheSuccessorLeadsThereFirst() {
        finder.attached("a:1", List.of("a:1", "d:1"));
        finder.lost("a:1", false, "d:1", now);

        assertThat(next()).isEqualTo(atOnce("d:1"));
        assertThat(finder.endpoints()).containsExactly("a:1", "b:1", "c:1", "d:1");
    }

    @Test
    void onlyEndpointIsTriedHoweverSuspect() {
        LeaderFinder single = finder("a:1");
        single.attached("a:1", List.of("a:1"));
        single.lost("a:1", true, "", now);

        assertThat(single.next(now).endpoint()).isEqualTo("a:1");
        single.silent("a:1");
        assertThat(single.next(now).endpoint()).isEqualTo("a:1");
    }

    /** The pauses before the first attempts of so many rounds, in milliseconds. */
    private List<Long> pauses(int rounds) {
        return IntStream.range(0, rounds)
                .mapToObj(round -> {
                    LeaderFinder.Attempt first = next();
                    finder.unreachable(first.endpoint());
                    for (int i = 1; i < 3; i++) {
                        finder.unreachable(next().endpoint());
                    }
                    return TimeUnit.NANOSECONDS.toMillis(first.delayNanos());
                })
                .toList();
    }

    private LeaderFinder.Attempt next() {
        return finder.next(now);
    }

    private static LeaderFinder.Attempt atOnce(String endpoint) {
        return new LeaderFinder.Attempt(endpoint, 0, TIMEOUT);
    }
}
