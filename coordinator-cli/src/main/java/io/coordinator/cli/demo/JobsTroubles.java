package io.coordinator.cli.demo;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.job.QueueStatus;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What goes wrong in the act of the jobs, one thing after the other. */
final class JobsTroubles {
    /** After so many completions each. */
    private static final int PAUSE_AT = 20;

    private static final int KILL_FIRST_AT = 50;
    private static final int KILL_LEADER_AT = 80;
    private static final int KILL_SECOND_AT = 110;

    private final CoordinatorClient client;
    private final Failover failover;
    private final DemoWorkers workers;
    private final ChildJvm jvm;
    private final Narrator narrator;
    private final JobsTally tally;
    private final DemoEvents events;

    JobsTroubles(
            CoordinatorClient client,
            Failover failover,
            DemoWorkers workers,
            ChildJvm jvm,
            Narrator narrator,
            JobsTally tally,
            DemoEvents events) {
        this.client = client;
        this.failover = failover;
        this.workers = workers;
        this.jvm = jvm;
        this.narrator = narrator;
        this.tally = tally;
        this.events = events;
    }

    /** What goes wrong when so many jobs are completed. */
    void after(int completed) throws DemoFailure {
        if (completed >= PAUSE_AT && !tally.isPaused()) {
            pause(JobsAct.worker(JobsAct.WORKERS));
        } else if (completed >= KILL_FIRST_AT && tally.workersKilled() == 0) {
            kill(JobsAct.worker(1));
        } else if (completed >= KILL_LEADER_AT && !tally.isLeaderKilled()) {
            failover.leader().ifPresent(this::kill);
        } else if (completed >= KILL_SECOND_AT && tally.workersKilled() == 1) {
            kill(JobsAct.worker(2));
        }
    }

    private void kill(String worker) {
        tally.workerKilled(worker);
        narrator.tell("kill -9 " + worker);
        workers.kill(worker);
    }

    private void kill(NodeStatus leader) {
        tally.leaderKilled(leader.node());
        narrator.tell("kill -9 " + leader.node() + ", the leader");
        failover.kill(leader);
    }

    private void pause(String worker) throws DemoFailure {
        tally.paused();
        narrator.tell("kill -STOP " + worker + ", for longer than its lease");
        long began = System.nanoTime();
        try {
            PausedProcess paused = jvm.pause(workers.process(worker));
            Background.start("pause", () -> resume(worker, paused, began));
        } catch (IOException e) {
            throw new DemoFailure(worker + " was not paused: " + e.getMessage());
        }
    }

    /** Lets it go on when the cluster does not count on it any more. */
    private void resume(String worker, PausedProcess paused, long began) {
        Background.until(
                () -> members().stream().noneMatch(member -> member.clientName().equals(worker)));
        paused.resume();
        events.add(new DemoEvent.WorkerResumed(worker, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began)));
    }

    private List<QueueStatus.Member> members() {
        return client.jobs(DemoJobWorkerCommand.QUEUE)
                .inspect()
                .map(QueueStatus::workers)
                .orElse(List.of());
    }
}
