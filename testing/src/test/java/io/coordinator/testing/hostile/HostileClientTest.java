package io.coordinator.testing.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each behaviour, in small, does what its name says, and the cluster serves others all the while. */
@CoordinatorCluster
@Feature("G-15")
class HostileClientTest {
    private static final Duration TIME = Duration.ofSeconds(60);

    /** Each with something that it must have seen or done. */
    static Stream<Object[]> behaviours() {
        return Stream.of(
                new Object[] {Behaviours.obedient(100), "obedient: reply OK"},
                new Object[] {Behaviours.wild(30), "wild: runs"},
                new Object[] {Behaviours.slow(5), "slow: frame"},
                new Object[] {Behaviours.deaf(300), "deaf: all asked"},
                new Object[] {Behaviours.overEager(300), "over-eager: reply OK"},
                new Object[] {Behaviours.reconnecting(10), "reconnecting: "},
                new Object[] {Behaviours.forgottenSessions(5), "forgotten-sessions: opened"},
                new Object[] {Behaviours.wrongTokens(5), "wrong-tokens: goodbye ESESSION"},
                new Object[] {Behaviours.wrongSeqs(), "wrong-seqs: goodbye EINVAL"},
                new Object[] {Behaviours.sessionsOfOthers(20), "sessions-of-others: runs"},
                new Object[] {Behaviours.watches(100), "watches: runs"},
                new Object[] {Behaviours.unary(50), "unary: read "},
                new Object[] {RawSockets.garbage(20), "garbage: written"},
                new Object[] {RawSockets.silent(20), "silent: connected"},
                new Object[] {RawSockets.halfOpen(20), "half-open: connected"},
                new Object[] {RawSockets.idle(20), "idle: connected"});
    }

    @ParameterizedTest
    @MethodSource("behaviours")
    void aBehaviourGetsThroughAndDisturbsNobody(
            Behaviour behaviour, String seen, Cluster cluster, CoordinatorClient bystander)
            throws InterruptedException {
        HostileClient hostile = client(cluster).behaviour(behaviour).start(TIME);
        try (hostile) {
            awaitSeen(hostile, seen);
        }
        assertThat(hostile.await()).isNotNull();
        String key = "beside-" + behaviour;
        assertThat(bystander.cache().increment(key, 1)).isEqualTo(1);
    }

    @Test
    void behavioursInTurnAllGetTheirTurn(Cluster cluster) {
        Behaviour one = Behaviour.of("one", arena -> arena.count("one ran"));
        Behaviour other = Behaviour.of("other", arena -> arena.count("other ran"));
        try (HostileClient hostile =
                client(cluster).inTurn("both", List.of(one, other)).start(TIME)) {
            awaitSeen(hostile, "both: one ran");
            awaitSeen(hostile, "both: other ran");
        }
    }

    @Test
    void smallAmplifiersAreAnswered(Cluster cluster) {
        Amplifiers small = new Amplifiers(0.001);
        try (HostileClient hostile = client(cluster)
                .behaviour(small.documents().conditions())
                .behaviour(small.failingSwaps())
                .behaviour(small.documents().longMemberNames())
                .behaviour(small.documents().removeItems())
                .behaviour(small.documents().increments())
                .behaviour(small.waiters())
                .behaviour(small.clearedKeys())
                .behaviour(small.ephemeralSession())
                .start(TIME)) {
            awaitSeen(hostile, "conditions: TRANSACTION");
            awaitSeen(hostile, "failing-swaps: TRANSACTION");
            awaitSeen(hostile, "remove-items: DOCUMENT");
            awaitSeen(hostile, "waiters: BUILD");
            awaitSeen(hostile, "cleared-keys: CACHE");
            awaitSeen(hostile, "ephemeral-session: reply OK");
        }
    }

    @Test
    void aDefectOfABehaviourIsNoSilence(Cluster cluster) {
        Behaviour broken = Behaviour.of("broken", arena -> {
            throw new IllegalStateException("broken by itself");
        });
        try (HostileClient hostile = client(cluster).behaviour(broken).start(TIME)) {
            assertThatThrownBy(hostile::await)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("seed");
        }
    }

    @Test
    void onlyThisMachineIsAttacked() {
        assertThatThrownBy(() -> HostileClient.builder(List.of("192.0.2.1:7400")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void awaitSeen(HostileClient hostile, String what) {
        Awaitility.await(what)
                .atMost(TIME)
                .untilAsserted(() -> assertThat(hostile.tally().startingWith(what))
                        .as("%s in %s", what, hostile.tally())
                        .isPositive());
    }

    private static HostileClient.Builder client(Cluster cluster) {
        return HostileClient.builder(
                cluster.nodes().stream().map(cluster::clientAddress).toList());
    }
}
