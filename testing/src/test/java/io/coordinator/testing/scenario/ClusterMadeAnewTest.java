package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.MemberInfo;
import io.coordinator.client.cluster.NewMember;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.server.backup.ForcedSingle;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster that begins again with one member, of a backup or of a survivor: others join it with empty directories, and
 * who still has data of before is kept out. etcd members that came back from the dead after a restore are what this is
 * about.
 */
@Feature({"S-36", "B-12", "B-16", "B-34", "G-8", "PM-FENCE-8"})
@CoordinatorCluster(
        processes = true,
        config = {"snapshot-dirty-rows=1000", "snapshot-spacing-millis=200"})
class ClusterMadeAnewTest {
    private static final int SOME = 1_500;

    @Test
    void aRestoredClusterGrowsAndGivesNoTokenTwice(ProcessCluster cluster, @TempDir Path backups) throws Exception {
        FencingTokens tokens = new FencingTokens("restored");
        CoordinatorClient before = cluster.client();
        tokens.take(before);
        before.cache().put("restored-value", "backed up");
        Load.write(before, "restored", SOME, i -> i);
        Path file = backups.resolve("a.snapshot");
        Backing.save(cluster, file);
        for (int i = 0; i < 3; i++) {
            tokens.take(before);
        }
        before.cache().put("restored-value", "lost");
        cluster.closeClients();
        cluster.nodes().parallelStream().forEach(cluster::kill);

        cluster.wipe("n1");
        Backing.restore(cluster, file, "n1");
        cluster.start("n1");
        cluster.awaitLeader();
        CoordinatorClient client = cluster.client();
        tokens.take(client);
        assertThat(client.cache().get("restored-value").orElseThrow().value().asText())
                .isEqualTo("backed up");
        grow(cluster, client, "n1", "n3", "n2");
        tokens.take(client);
        assertThat(client.cache().get("restored-" + (SOME - 1))).isPresent();
    }

    @Test
    void aForcedSurvivorGrowsAndGivesNoTokenTwice(ProcessCluster cluster) throws Exception {
        FencingTokens tokens = new FencingTokens("forced");
        CoordinatorClient before = cluster.client();
        tokens.take(before);
        Load.write(before, "forced", SOME, i -> i);
        tokens.take(before);
        cluster.awaitEqualDigests();
        cluster.closeClients();
        cluster.nodes().parallelStream().forEach(cluster::kill);

        try (ForcedSingle survivor = ForcedSingle.open(cluster.dataDirectory("n2"))) {
            survivor.run(Backing.member(cluster, "n2"), "test", "n1 and n3 burnt", 0, others -> {});
        }
        cluster.start("n2");
        cluster.awaitLeader();
        CoordinatorClient client = cluster.client();
        tokens.take(client);
        grow(cluster, client, "n2", "n1", "n3");
        tokens.take(client);
        assertThat(client.cache().get("forced-" + (SOME - 1))).isPresent();
    }

    /** From one member to three; one of the others comes with its old data first. */
    private static void grow(
            ProcessCluster cluster, CoordinatorClient client, String first, String foreign, String other) {
        cluster.start(foreign);
        Waiting.await("the end of " + foreign).until(() -> !cluster.alive().contains(foreign));
        assertThat(cluster.output(foreign)
                        .lines()
                        .filter(line -> line.startsWith("stopped: "))
                        .toList())
                .as("whoever finds it first says that the cluster was made anew or is a new one, and what to do")
                .last()
                .asString()
                .containsPattern("made (anew|a new cluster)")
                .contains("data directory");
        assertThat(cluster.dataDirectory(foreign).resolve("identity")).exists();
        assertThat(client.members().list().members())
                .extracting(MemberInfo::node)
                .containsExactly(first);

        for (String node : List.of(other, foreign)) {
            cluster.wipe(node);
            cluster.start(node);
            Waiting.await(node + " is a member")
                    .ignoreExceptionsMatching(CoordinatorException.class::isInstance)
                    .until(() -> isMember(client, node) || isAdded(cluster, client, node));
        }
        Waiting.await("three votes")
                .until(() -> client.members().list().members().stream()
                                .filter(MemberInfo::voter)
                                .count()
                        == 3);
        cluster.repair();
        Load.write(client, "grown-" + first, SOME, i -> i);
        cluster.awaitEqualDigests();

        // Those that came can go on without the one that they came to.
        cluster.kill(first);
        client.cache().put("grown-" + first, "without it");
        cluster.repair();
        cluster.awaitEqualDigests();
    }

    private static boolean isMember(CoordinatorClient client, String node) {
        return client.members().list().members().stream()
                .anyMatch(member -> member.node().equals(node));
    }

    private static boolean isAdded(ProcessCluster cluster, CoordinatorClient client, String node) {
        client.members()
                .by("test", "grows")
                .add(NewMember.named(node).at(cluster.clientAddress(node)).asVoter());
        return isMember(client, node);
    }
}
