package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.ClusterMembers;
import io.coordinator.client.cluster.MemberInfo;
import io.coordinator.client.cluster.NewMember;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Role;
import io.coordinator.testing.ProcessCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random changes of the members of a cluster of four processes, each begun under a fault that is mended before the
 * next, while clients use it. At least three have a vote between two steps.
 */
public final class MembershipWalk {
    private static final Logger log = LoggerFactory.getLogger(MembershipWalk.class);
    private static final Duration STEP_MAX = Duration.ofSeconds(90);
    private static final Duration CALL_MAX = Duration.ofSeconds(3);
    private static final int VOTERS_MIN = 3;
    private static final int USERS = 3;

    private final ProcessCluster cluster;
    private final long seed;
    private final Random random;
    private final CoordinatorClient admin;
    private final Map<Long, Set<String>> leaders = new TreeMap<>();
    private final Map<String, Integer> done = new TreeMap<>();

    /** @param cluster has just begun, with all its nodes */
    public MembershipWalk(ProcessCluster cluster, long seed) {
        this.cluster = cluster;
        this.seed = seed;
        this.random = new Random(seed);
        this.admin = cluster.client(settings -> settings.requestTimeout(CALL_MAX));
    }

    /** Takes so many steps, and checks what clients saw and that all states are equal then. */
    public void go(int steps) throws Exception {
        until(
                "the members to be in the log",
                () -> Parts.attempt(members()::list)
                        .filter(listing ->
                                listing.members().size() == cluster.nodes().size())
                        .isPresent());
        ExecutorService threads = Executors.newFixedThreadPool(USERS);
        try (Traffic traffic = new Traffic("walk-" + Math.abs(seed % 1_000_000), seed, Duration.ofMillis(5))) {
            long endNanos = System.nanoTime() + Duration.ofDays(1).toNanos();
            List<CompletableFuture<Void>> users = new ArrayList<>();
            for (int i = 0; i < USERS; i++) {
                CoordinatorClient client = cluster.client(settings -> settings.requestTimeout(CALL_MAX));
                String name = "c" + i;
                Random own = new Random(random.nextLong());
                users.add(CompletableFuture.runAsync(
                        () -> {
                            while (!threads.isShutdown() && !traffic.checks().hasViolations()) {
                                traffic.run(client, name, own, Math.min(endNanos, System.nanoTime() + 100_000_000));
                            }
                        },
                        threads));
            }
            for (int step = 0; step < steps && !traffic.checks().hasViolations(); step++) {
                step();
                sample();
            }
            outsiders().forEach(this::add);
            threads.shutdown();
            for (CompletableFuture<Void> user : users) {
                user.get(STEP_MAX.toSeconds(), TimeUnit.SECONDS);
            }
            traffic.finish(admin);
            cluster.awaitEqualDigests();
            traffic.check();
        } finally {
            threads.shutdownNow();
        }
    }

    /** Who said of itself that it led, by term. */
    public Map<Long, Set<String>> leadersOfOneTerm() {
        return leaders;
    }

    private ClusterMembers members() {
        return admin.members().by("the walk", "-Dseed=" + seed);
    }

    private Map<String, MemberInfo> rows() {
        return admin.members().list().members().stream().collect(Collectors.toMap(MemberInfo::node, row -> row));
    }

    private List<String> outsiders() {
        Map<String, MemberInfo> rows = known();
        return cluster.nodes().stream().filter(node -> !rows.containsKey(node)).toList();
    }

    private Map<String, MemberInfo> known() {
        return Awaitility.await("the members")
                .atMost(STEP_MAX)
                .until(() -> Parts.attempt(this::rows), Optional::isPresent)
                .orElseThrow();
    }

    private void step() throws InterruptedException {
        Map<String, MemberInfo> rows = known();
        List<String> voters = rows.values().stream()
                .filter(MemberInfo::voter)
                .map(MemberInfo::node)
                .sorted()
                .toList();
        List<String> learners =
                rows.keySet().stream().filter(node -> !voters.contains(node)).toList();
        List<String> outside = outsiders();
        String victim = random.nextBoolean() ? cluster.awaitLeader() : any(voters);
        if (!outside.isEmpty()) {
            if (random.nextBoolean()) {
                String in = outside.get(0);
                under(victim, "add", () -> members().add(NewMember.named(in)), () -> rows().containsKey(in));
            } else {
                replace(victim, any(voters), outside.get(0));
            }
        } else if (!learners.isEmpty()) {
            String learner = learners.get(0);
            if (random.nextBoolean()) {
                under(
                        victim,
                        "promote",
                        () -> members().promote(learner),
                        () -> row(learner).voter());
            } else {
                replace(victim, any(voters), learner);
            }
        } else if (voters.size() > VOTERS_MIN && random.nextInt(3) > 0) {
            String out = any(voters);
            under(victim, "remove", () -> members().remove(out), () -> !rows().containsKey(out));
            clear(out);
        } else if (random.nextBoolean()) {
            String moved = any(voters);
            under(
                    victim,
                    "move",
                    () -> members().move(moved, cluster.clientAddress(moved)),
                    () -> rows().containsKey(moved));
        } else {
            loseDisk(any(voters));
        }
    }

    private MemberInfo row(String node) {
        MemberInfo row = rows().get(node);
        if (row == null) {
            throw new AssertionError(node + " is no member any more, -Dseed=" + seed);
        }
        return row;
    }

    private void replace(String victim, String old, String with) throws InterruptedException {
        under(
                victim,
                "replace",
                () -> members().replace(old, with, ""),
                () -> !rows().containsKey(old) && row(with).voter());
        clear(old);
    }

    private void add(String node) {
        reach("add " + node, () -> members().add(NewMember.named(node).asVoter()), () -> rows().containsKey(node));
        until(node + " to vote", () -> Parts.attempt(() -> row(node).voter()).orElse(false));
    }

    /** Asks once while something is broken, and then until it is so. */
    private void under(String victim, String action, Runnable ask, BooleanSupplier goal) throws InterruptedException {
        int fault = random.nextInt(4);
        log.info(
                "{} with {} {}",
                action,
                victim,
                List.of("killed", "paused", "cut off", "left alone").get(fault));
        switch (fault) {
            case 0 -> cluster.kill(victim);
            case 1 -> cluster.pause(victim);
            case 2 -> cluster.peers().isolate(victim);
            default -> {}
        }
        boolean accepted = Parts.attempt(() -> accepted(ask)).orElse(false);
        TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
        switch (fault) {
            case 0 -> cluster.start(victim);
            case 1 -> cluster.resume(victim);
            case 2 -> cluster.peers().heal();
            default -> {}
        }
        reach(action, accepted ? () -> {} : ask, goal);
        done.merge(action, 1, Integer::sum);
    }

    private static boolean accepted(Runnable ask) {
        ask.run();
        return true;
    }

    /** Asks until it is taken, and waits until it is so. */
    private void reach(String what, Runnable ask, BooleanSupplier goal) {
        boolean[] accepted = {false};
        until(what, () -> {
            if (Parts.attempt(goal::getAsBoolean).orElse(false)) {
                return true;
            }
            accepted[0] = accepted[0] || Parts.attempt(() -> accepted(ask)).orElse(false);
            return false;
        });
    }

    /** A process that is no member any more ends by itself; then it comes back empty, and waits. */
    private void clear(String node) {
        until(node + " to end", () -> !cluster.alive().contains(node));
        cluster.wipe(node);
        cluster.start(node);
    }

    private void loseDisk(String node) {
        int before = row(node).incarnation();
        log.info("{} loses its disk", node);
        cluster.kill(node);
        cluster.wipe(node);
        cluster.start(node);
        until(
                node + " to rejoin",
                () -> Parts.attempt(() -> row(node))
                        .filter(row -> row.incarnation() > before && row.voter())
                        .isPresent());
        done.merge("lose disk", 1, Integer::sum);
    }

    private void until(String what, BooleanSupplier goal) {
        try {
            Awaitility.await(what + ", -Dseed=" + seed)
                    .atMost(STEP_MAX)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreExceptionsMatching(CoordinatorException.class::isInstance)
                    .until(() -> {
                        sample();
                        return goal.getAsBoolean();
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(e.getMessage() + "\n" + statuses(), e);
        }
    }

    private String statuses() {
        return cluster.nodes().stream()
                .map(node -> node + ": "
                        + cluster.status(node).map(NodeStatusReply::toString).orElse("silent"))
                .collect(Collectors.joining("\n"));
    }

    private void sample() {
        for (String node : cluster.alive()) {
            cluster.status(node)
                    .filter(status -> status.getRole() == Role.LEADER)
                    .ifPresent(this::led);
        }
    }

    private void led(NodeStatusReply status) {
        leaders.computeIfAbsent(status.getTerm(), term -> new TreeSet<>()).add(status.getNode());
    }

    private String any(List<String> nodes) {
        return nodes.get(random.nextInt(nodes.size()));
    }

    @Override
    public String toString() {
        return "done: " + done + "; terms with a leader: " + leaders.size();
    }
}
