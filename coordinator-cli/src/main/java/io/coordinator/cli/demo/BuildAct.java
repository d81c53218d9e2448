package io.coordinator.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/**
 * The first act: five workers that want the same thing at the same moment, one that builds it, and a leader that is
 * killed meanwhile. Handles one event at a time, on the thread that plays it.
 */
final class BuildAct {
    static final int WORKERS = 5;
    private static final Duration BUILD = Duration.ofSeconds(4);
    private static final int KILL_AT_PERCENT = 30;

    private final DemoDirectory directory;
    private final ChildJvm jvm;
    private final Narrator narrator;
    private final DemoEvents events = new DemoEvents();
    private final DemoTally tally = new DemoTally(WORKERS);

    BuildAct(DemoDirectory directory, ChildJvm jvm, Narrator narrator) {
        this.directory = directory;
        this.jvm = jvm;
        this.narrator = narrator;
    }

    /**
     * Plays it, and returns what was counted.
     *
     * @throws DemoFailure if it does not come to its end
     */
    DemoResult play(DemoNodes nodes) throws IOException, InterruptedException, DemoFailure {
        nodes.onEnd((node, exitCode) -> events.add(new DemoEvent.ProcessEnded(node, exitCode)));
        DemoWorkers workers = start(nodes);
        try (CoordinatorClient client = DemoClient.connect("demo", nodes.endpoints(), DemoEvents.PATIENCE);
                Subscription watch = client.watch(WatchOptions.buildKey(DemoWorkerCommand.BUILD_KEY), new Watcher())) {
            watch.started().toCompletableFuture().join();
            Failover failover = new Failover(client, nodes, events::add);
            handleUntil(tally::allReady, failover);
            narrator.tell(leaderLine(failover) + "; all " + WORKERS + " workers are connected");
            narrator.tell("all " + WORKERS + " workers ask for '" + DemoWorkerCommand.BUILD_KEY + "' now");
            workers.release();
            handleUntil(tally::complete, failover);
        }
        return tally.result(Demo.NODES, directory.executions().count());
    }

    private DemoWorkers start(DemoNodes nodes) throws IOException {
        DemoWorkers workers = new DemoWorkers(jvm, events::add);
        for (int i = 1; i <= WORKERS; i++) {
            String name = "worker-" + i;
            workers.start(
                    name,
                    DemoProcess.commandLine(
                            DemoWorkerCommand.NAME, name, nodes, directory, "--build-millis=" + BUILD.toMillis()));
        }
        return workers;
    }

    private static String leaderLine(Failover failover) {
        return failover.leader()
                .map(leader -> leader.node() + " leads in term " + leader.term())
                .orElse("the leader is changing");
    }

    private void handleUntil(BooleanSupplier done, Failover failover) throws InterruptedException, DemoFailure {
        events.handleUntil(done, event -> handle(event, failover), tally::missing);
    }

    private void handle(DemoEvent event, Failover failover) throws DemoFailure {
        if (event instanceof DemoEvent.WorkerSaid said) {
            heard(said.worker(), said.report());
        } else if (event instanceof DemoEvent.BuildChanged changed) {
            changed(changed.change(), failover);
        } else if (event instanceof DemoEvent.LeaderElected elected) {
            narrator.tell(elected.line());
        } else if (event instanceof DemoEvent.WriteAcknowledged acknowledged) {
            tally.failedOver(acknowledged.millisSinceKill());
            narrator.tell(acknowledged.line());
        } else if (event instanceof DemoEvent.ProcessEnded ended) {
            ended(ended);
        } else {
            throw event.failure();
        }
    }

    private void heard(String worker, WorkerReport report) throws DemoFailure {
        switch (report.kind()) {
            case READY -> tally.ready(worker);
            case BUILDING -> narrator.tell(worker + " builds (token " + report.detail() + "), the others wait");
            case COMMITTED -> tally.committed(worker);
            case RESULT -> {
                tally.result(worker, report.detail());
                narrator.tell(worker + " has the result");
            }
            default -> throw new DemoFailure(worker + " gave up: " + report.detail());
        }
    }

    private void changed(ChangeEvent change, Failover failover) {
        if (change.kind() == ChangeEvent.Kind.PROGRESS) {
            change.value().ifPresent(progress -> progressed(progress, failover));
        } else if (change.kind() == ChangeEvent.Kind.COMPLETED) {
            tally.committed(change.revision());
            narrator.tell("a result is committed at revision " + change.revision());
        } else {
            narrator.tell("the build: " + change.kind().name().toLowerCase(Locale.ROOT));
        }
    }

    private void progressed(JsonNode progress, Failover failover) {
        int percent = progress.path("percent").asInt();
        String builder = progress.path("worker").asText();
        narrator.tick(builder + ": " + Narrator.bar(percent) + " " + percent + " %");
        if (percent >= KILL_AT_PERCENT && !tally.isLeaderKilled()) {
            failover.leader().ifPresent(leader -> kill(leader, builder, percent, failover));
        }
    }

    private void kill(NodeStatus leader, String builder, int percent, Failover failover) {
        tally.leaderKilled(leader.node());
        narrator.tell("kill -9 " + leader.node() + ", the leader, while " + builder + " is at " + percent + " %");
        failover.kill(leader);
    }

    private void ended(DemoEvent.ProcessEnded ended) throws DemoFailure {
        if (!tally.mayEnd(ended.process())) {
            throw new DemoFailure(ended.process() + " ended with exit code " + ended.exitCode());
        }
    }

    private final class Watcher implements WatchListener {
        @Override
        public void onChange(ChangeEvent event) {
            events.add(new DemoEvent.BuildChanged(event));
        }

        @Override
        public void onCompacted(long oldestRevision) {
            events.add(new DemoEvent.WatchEnded("changes were missed"));
        }

        @Override
        public void onError(CoordinatorException error) {
            events.add(new DemoEvent.WatchEnded(String.valueOf(error.getMessage())));
        }
    }
}
