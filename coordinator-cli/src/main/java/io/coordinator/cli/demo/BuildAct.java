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
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The demo's story: three nodes, five workers that want the same thing at the same moment, one that builds it, and a
 * leader that is killed meanwhile. Handles one event at a time, on the thread that runs it.
 */
final class Demo {
    static final int NODES = 3;
    static final int WORKERS = 5;
    private static final Duration BUILD = Duration.ofSeconds(4);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int KILL_AT_PERCENT = 30;

    private final DemoDirectory directory;
    private final ChildJvm jvm;
    private final Narrator narrator;
    private final BlockingQueue<DemoEvent> events = new LinkedBlockingQueue<>();
    private final DemoTally tally = new DemoTally(WORKERS);
    private final long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();

    Demo(DemoDirectory directory, Children children, Narrator narrator) {
        this.directory = directory;
        this.jvm = new ChildJvm(children, directory);
        this.narrator = narrator;
    }

    /**
     * Tells the story, and returns what was counted.
     *
     * @throws DemoFailure if it does not come to its end
     */
    DemoResult run() throws IOException, InterruptedException, DemoFailure {
        narrator.tell("starting " + NODES + " nodes and " + WORKERS + " workers in " + directory.path());
        DemoNodes nodes = DemoNodes.start(NODES, jvm, directory);
        nodes.onEnd((node, exitCode) -> events.add(new DemoEvent.ProcessEnded(node, exitCode)));
        DemoWorkers workers = DemoWorkers.start(WORKERS, jvm, directory, nodes.endpoints(), BUILD, events::add);
        try (CoordinatorClient client = DemoClient.connect("demo", nodes.endpoints(), PATIENCE);
                Subscription watch = client.watch(WatchOptions.buildKey(DemoWorkerCommand.BUILD_KEY), new Watcher())) {
            watch.started().toCompletableFuture().join();
            Failover failover = new Failover(client, nodes, events::add);
            handleUntil(tally::allReady, failover);
            narrator.tell(leaderLine(failover) + "; all " + WORKERS + " workers are connected");
            narrator.tell("all " + WORKERS + " workers ask for '" + DemoWorkerCommand.BUILD_KEY + "' now");
            workers.release();
            handleUntil(tally::complete, failover);
        }
        return tally.result(NODES, directory.executions().count());
    }

    private static String leaderLine(Failover failover) {
        return failover.leader()
                .map(leader -> leader.node() + " leads in term " + leader.term())
                .orElse("the leader is changing");
    }

    private void handleUntil(BooleanSupplier done, Failover failover) throws InterruptedException, DemoFailure {
        while (!done.getAsBoolean()) {
            DemoEvent event = events.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (event == null) {
                throw new DemoFailure("not done after " + PATIENCE.toSeconds() + " s: " + tally.missing());
            }
            handle(event, failover);
        }
    }

    private void handle(DemoEvent event, Failover failover) throws DemoFailure {
        if (event instanceof DemoEvent.WorkerSaid said) {
            heard(said.worker(), said.report());
        } else if (event instanceof DemoEvent.BuildChanged changed) {
            changed(changed.change(), failover);
        } else if (event instanceof DemoEvent.LeaderElected elected) {
            narrator.tell(elected.node() + " leads in term " + elected.term() + ", " + elected.millisSinceKill()
                    + " ms after the kill");
        } else if (event instanceof DemoEvent.WriteAcknowledged acknowledged) {
            tally.failedOver(acknowledged.millisSinceKill());
            narrator.tell("a write is acknowledged, " + acknowledged.millisSinceKill() + " ms after the kill");
        } else if (event instanceof DemoEvent.ProcessEnded ended) {
            ended(ended);
        } else if (event instanceof DemoEvent.WriteFailed failed) {
            throw new DemoFailure(
                    "no write was acknowledged after the kill: " + failed.why().getMessage());
        } else if (event instanceof DemoEvent.WatchEnded watch) {
            throw new DemoFailure("the watch of the build ended: " + watch.why());
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
            case FAILED -> throw new DemoFailure(worker + " gave up: " + report.detail());
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
        narrator.tick(builder + ": " + bar(percent) + " " + percent + " %");
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

    private static String bar(int percent) {
        int full = percent / 5;
        return "[" + "#".repeat(full) + ".".repeat(20 - full) + "]";
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
