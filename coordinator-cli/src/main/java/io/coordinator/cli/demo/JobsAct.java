package io.coordinator.cli.demo;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.NodeStatus;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.job.JobChange;
import io.coordinator.client.job.JobListener;
import io.coordinator.client.job.JobState;
import io.coordinator.client.watch.Subscription;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/**
 * The second act: jobs, each with an effect, while a worker stands still, two others and the leader are killed. Handles
 * one event at a time, on the thread that plays it.
 */
final class JobsAct {
    static final int SUBMITTERS = 5;
    static final int WORKERS = 4;
    static final int WORKERS_KILLED = 2;
    static final int JOBS = 200;
    private static final int OF_EACH = JOBS / SUBMITTERS;
    private static final Duration JOB = Duration.ofMillis(300);
    private static final int TICK = 10;

    private final DemoDirectory directory;
    private final ChildJvm jvm;
    private final Narrator narrator;
    private final DemoEvents events = new DemoEvents();
    private final JobsTally tally = new JobsTally(SUBMITTERS + WORKERS, JOBS);
    private final DemoWorkers workers;
    private final DemoWorkers submitters;
    private boolean leaving;

    JobsAct(DemoDirectory directory, ChildJvm jvm, Narrator narrator) {
        this.directory = directory;
        this.jvm = jvm;
        this.narrator = narrator;
        workers = new DemoWorkers(jvm, events::add);
        submitters = new DemoWorkers(jvm, events::add);
    }

    /**
     * Plays it on a cluster of which nodes may be dead, and returns what was counted.
     *
     * @throws DemoFailure if it does not come to its end
     */
    JobsResult play(DemoNodes nodes) throws IOException, InterruptedException, DemoFailure {
        List<String> restarted = nodes.restartDead();
        narrator.tell("second act: " + String.join(", ", restarted) + " starts again, with " + SUBMITTERS
                + " submitters and " + WORKERS + " workers");
        nodes.onEnd((node, exitCode) -> events.add(new DemoEvent.ProcessEnded(node, exitCode)));
        start(nodes);
        try (CoordinatorClient client = DemoClient.connect("demo", nodes.endpoints(), DemoEvents.PATIENCE);
                Subscription watch = client.jobs(DemoJobWorkerCommand.QUEUE).watch(new Watcher())) {
            watch.started().toCompletableFuture().join();
            JobEffects.prepare(client);
            Background.start("probe-nodes", () -> awaitAllServe(client));
            JobsTroubles troubles = new JobsTroubles(
                    client, new Failover(client, nodes, events::add), workers, jvm, narrator, tally, events);
            handleUntil(tally::canBegin, troubles);
            return play(client, troubles);
        }
    }

    private void start(DemoNodes nodes) throws IOException {
        for (int i = 1; i <= WORKERS; i++) {
            String name = worker(i);
            workers.start(
                    name,
                    DemoProcess.commandLine(
                            DemoJobWorkerCommand.NAME, name, nodes, directory, "--job-millis=" + JOB.toMillis()));
        }
        for (int i = 1; i <= SUBMITTERS; i++) {
            String name = submitter(i);
            submitters.start(
                    name,
                    DemoProcess.commandLine(DemoSubmitterCommand.NAME, name, nodes, directory, "--jobs=" + OF_EACH));
        }
    }

    private JobsResult play(CoordinatorClient client, JobsTroubles troubles)
            throws IOException, InterruptedException, DemoFailure {
        narrator.tell("each submitter submits " + OF_EACH + " jobs now; a job completes together with its effect: "
                + "one more in a counter, one line in a document");
        long began = System.nanoTime();
        submitters.release();
        handleUntil(tally::complete, troubles);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        leaving = true;
        workers.release();
        handleUntil(() -> tally.workersLeft() == WORKERS - WORKERS_KILLED, troubles);
        JobEffects.Found effects = JobEffects.find(client, jobs());
        return tally.result(effects, directory.jobRuns().repeated(), millis);
    }

    /** The ids of all jobs. */
    private static List<String> jobs() {
        return IntStream.rangeClosed(1, SUBMITTERS)
                .boxed()
                .flatMap(i -> DemoSubmitterCommand.jobs(submitter(i), OF_EACH).stream())
                .toList();
    }

    /** The name of a worker, from 1. */
    static String worker(int number) {
        return "job-worker-" + number;
    }

    private static String submitter(int number) {
        return "submitter-" + number;
    }

    private void awaitAllServe(CoordinatorClient client) {
        Background.until(
                () -> client.status().stream().filter(NodeStatus::ready).count() == Demo.NODES);
        events.add(new DemoEvent.AllServe());
    }

    private void handleUntil(BooleanSupplier done, JobsTroubles troubles) throws InterruptedException, DemoFailure {
        events.handleUntil(done, event -> handle(event, troubles), tally::missing);
    }

    private void handle(DemoEvent event, JobsTroubles troubles) throws DemoFailure {
        if (event instanceof DemoEvent.WorkerSaid said) {
            heard(said.worker(), said.report());
        } else if (event instanceof DemoEvent.JobChanged changed) {
            changed(changed.change(), troubles);
        } else if (event instanceof DemoEvent.AllServe) {
            tally.allServe();
        } else if (event instanceof DemoEvent.WorkerResumed resumed) {
            tally.resumed();
            narrator.tell(resumed.worker() + " goes on after " + resumed.millis()
                    + " ms; the cluster has given its jobs to others meanwhile");
        } else if (event instanceof DemoEvent.LeaderElected elected) {
            narrator.tell(elected.line());
        } else if (event instanceof DemoEvent.WriteAcknowledged acknowledged) {
            tally.failedOver();
            narrator.tell(acknowledged.line());
        } else if (event instanceof DemoEvent.ProcessEnded ended) {
            ended(ended);
        } else {
            throw event.failure();
        }
    }

    private void heard(String process, WorkerReport report) throws DemoFailure {
        switch (report.kind()) {
            case READY -> tally.ready(process);
            case REFUSED -> {
                tally.refused();
                narrator.tell(process + " is too late for " + report.detail() + ": its completion is refused");
            }
            case RESULT -> {
                tally.results(process, Integer.parseInt(report.detail()));
                narrator.tell(process + " has all its results");
            }
            default -> throw new DemoFailure(process + " gave up: " + report.detail());
        }
    }

    private void changed(JobChange change, JobsTroubles troubles) throws DemoFailure {
        if (change.state() == JobState.SUCCEEDED) {
            int completed = tally.completed(change.id());
            if (completed % TICK == 0) {
                narrator.tick("jobs: " + Narrator.bar(completed * 100 / JOBS) + " " + completed + " of " + JOBS);
            }
            troubles.after(completed);
        } else if (change.state() == JobState.DEAD) {
            throw new DemoFailure("the job " + change.id() + " is dead");
        }
    }

    private void ended(DemoEvent.ProcessEnded ended) throws DemoFailure {
        if (tally.mayEnd(ended.process())) {
            return;
        }
        if (!leaving || ended.exitCode() != 0 || !workers.has(ended.process())) {
            throw new DemoFailure(ended.process() + " ended with exit code " + ended.exitCode());
        }
        tally.left(ended.process());
    }

    private final class Watcher implements JobListener {
        @Override
        public void onChange(JobChange change) {
            events.add(new DemoEvent.JobChanged(change));
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
