package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.history.CounterModel;
import io.coordinator.testing.history.History;
import io.coordinator.testing.history.LinearizabilityChecker;
import io.coordinator.testing.history.LockModel;
import io.coordinator.testing.history.Model;
import io.coordinator.testing.history.RegisterModel;
import io.coordinator.testing.history.Verdict;
import io.coordinator.testing.process.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Builds that lack one rule are caught: what the other tests do not find is not there because they cannot see. */
class PositiveControlTest {
    private static final int ROUNDS_MAX = 20;
    private static final Duration BUDGET = Duration.ofSeconds(20);
    private static final String CORE = "state-machine/src/main/java/io/coordinator/state/";
    private static final String SERVER = "coordinator-server/src/main/java/io/coordinator/server/";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path output;

    @Test
    void aCoreThatAppliesRepeatedCommandsAgainIsCaught() throws IOException {
        Path broken = BrokenBuild.of(
                output,
                CORE + "Coordinator.java",
                "return remembered(session, seq);",
                "return execution.run(at, command, effects);");
        try (ProcessCluster cluster = start(broken, ClusterOptions.defaults())) {
            History<CounterModel.Add, Long> history = new History<>("lost replies");
            ClientLinks links = cluster.clientLinks("control");
            CoordinatorClient a = cluster.client(links, settings -> settings);
            CoordinatorClient b = cluster.client();
            // The other client may see the effect, and end the fault, before the reply was lost.
            for (int round = 0; round < ROUNDS_MAX && !isCaught(new CounterModel(), history); round++) {
                loseAReply(links, a, b, history, "k" + round);
            }
            assertCaught(new CounterModel(), history);
        }
    }

    private static void loseAReply(
            ClientLinks links,
            CoordinatorClient a,
            CoordinatorClient b,
            History<CounterModel.Add, Long> history,
            String key) {
        links.dropReplies();
        History<CounterModel.Add, Long>.Call lost = history.invoke("a", key, new CounterModel.Add(1));
        CompletableFuture<Void> returned =
                a.async().cache().increment(key, 1).thenAccept(lost::returned).toCompletableFuture();
        Waiting.await("the effect").until(() -> b.cache().get(key).isPresent());
        links.heal();
        Waiting.get(returned);
        History<CounterModel.Add, Long>.Call read = history.invoke("b", key, new CounterModel.Add(0));
        read.returned(b.cache().increment(key, 0));
    }

    @Test
    void aCoreThatGrantsATokenTwiceIsCaught() throws IOException {
        Path broken = BrokenBuild.of(
                output, CORE + "kernel/Counters.java", "token = Math.incrementExact(token);", "token = 1;");
        try (ProcessCluster cluster = start(broken, ClusterOptions.defaults().nodes(1))) {
            History<LockModel.Input, LockModel.Output> history = new History<>("two grants");
            CoordinatorClient client = cluster.client();
            for (int i = 0; i < 2; i++) {
                History<LockModel.Input, LockModel.Output>.Call acquire =
                        history.invoke("a", "k", new LockModel.Input.Acquire());
                LockHandle handle = client.lock("k").acquire();
                acquire.returned(new LockModel.Output.Granted(handle.token()));
                History<LockModel.Input, LockModel.Output>.Call release =
                        history.invoke("a", "k", new LockModel.Input.Release(handle.token()));
                release.returned(new LockModel.Output.Released(handle.release()));
            }
            assertCaught(new LockModel(), history);
        }
    }

    @Test
    @Tag("soak")
    void aLeaderThatTrustsItsLeaseForEverIsCaughtAfterAPause() throws IOException {
        Path broken = BrokenBuild.of(
                output,
                SERVER + "read/LogLease.java",
                "return granted && nanoTime.getAsLong() - until < 0;",
                "return granted;");
        try (ProcessCluster cluster = start(broken, slowToStepDown())) {
            LeadershipTraps traps = new LeadershipTraps(cluster, patient(cluster), "reads from a paused leader");
            for (int round = 0; round < ROUNDS_MAX && !isCaught(new RegisterModel(), traps.history()); round++) {
                traps.pausedLeader("k");
            }
            assertCaught(new RegisterModel(), traps.history());
        }
    }

    @Test
    void aNewLeaderThatDoesNotWaitForTheOldLeaseIsCaught() throws IOException {
        Path broken = BrokenBuild.of(
                output, SERVER + "LeadershipCycle.java", "this.waitNanos = wait.toNanos();", "this.waitNanos = 0;");
        try (ProcessCluster cluster = start(broken, longLease())) {
            LeadershipTraps traps = new LeadershipTraps(cluster, patient(cluster), "a lease longer than an election");
            for (int round = 0; round < ROUNDS_MAX && !isCaught(new RegisterModel(), traps.history()); round++) {
                traps.pausedLeader("k");
            }
            assertCaught(new RegisterModel(), traps.history());
        }
    }

    @Test
    @Tag("soak")
    void aNewLeaderWaitsForTheOldLeaseHoweverLongItIs() {
        try (ProcessCluster cluster = ProcessCluster.start(longLease())) {
            LeadershipTraps traps = new LeadershipTraps(cluster, patient(cluster), "a lease longer than an election");
            traps.pausedLeader("k");
            traps.history().assertLinearizable(new RegisterModel(), BUDGET);
        }
    }

    /** A resumed leader finds by itself that it was replaced, after the longest election timeout: not before it reads. */
    private static ClusterOptions slowToStepDown() {
        return ClusterOptions.defaults().config("election-timeout-max-millis", "8000");
    }

    /** So long that a leader that is resumed after the next election still has it. */
    private static ClusterOptions longLease() {
        return ClusterOptions.defaults().config("lease-millis", "15000");
    }

    private static CoordinatorClient patient(ProcessCluster cluster) {
        return cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(60)));
    }

    private static ProcessCluster start(Path broken, ClusterOptions options) {
        return ProcessCluster.start(options.launch(Launch.DEFAULT.withClasses(broken)));
    }

    private static <S, I, O> boolean isCaught(Model<S, I, O> model, History<I, O> history) {
        return LinearizabilityChecker.check(model, history.operations(), BUDGET) instanceof Verdict.NotLinearizable;
    }

    private static <S, I, O> void assertCaught(Model<S, I, O> model, History<I, O> history) {
        assertThat(isCaught(model, history))
                .as("the checker finds what is wrong in %s: %s", history, history.operations())
                .isTrue();
    }
}
