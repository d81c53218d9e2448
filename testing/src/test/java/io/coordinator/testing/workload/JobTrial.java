package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.topic.TopicOptions;
import io.coordinator.testing.ClientLinks;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.history.job.AskedJob;
import io.coordinator.testing.history.job.HandlerLine;
import io.coordinator.testing.history.job.JobHistory;
import io.coordinator.testing.history.job.QueueChange;
import io.coordinator.testing.history.job.QueueEnd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Jobs of many kinds, done by hosts that are killed, paused and cut off, in a cluster whose nodes are too.
 *
 * @param jobs how many are submitted; their completions submit about as many again
 * @param faultsFor for how long things are broken
 * @param seed of what is broken, and of what handlers do
 * @param directory for what the hosts write
 */
public record JobTrial(int jobs, Duration faultsFor, long seed, ClusterOptions options, Path directory) {
    private static final Duration END_MAX = Duration.ofMinutes(3);

    /**
     * What came of it.
     *
     * @param problems what cannot be; empty if all is well
     * @param asked how many jobs submitters asked for
     * @param completed how many were completed, those that completions submitted with them
     * @param begun how many attempts handlers began
     * @param refusedByCluster how many completions the cluster refused, since another attempt had the job by then
     * @param refusedByClient how many more a host did not even send, since it knew that
     * @param gaps how often a watch missed something
     * @param faults how often each was tried
     */
    public record Result(
            List<String> problems,
            int asked,
            int completed,
            long begun,
            long refusedByCluster,
            long refusedByClient,
            long gaps,
            String faults) {}

    /** Runs and checks. */
    public Result go() throws Exception {
        try (ProcessCluster cluster = ProcessCluster.start(options)) {
            ClientLinks links = cluster.clientLinks("hosts");
            TrialHosts.Program program = new TrialHosts.Program(TrialHost.class, seed, List.of());
            try (TrialHosts hosts = new TrialHosts(cluster, links, program, directory)) {
                return on(cluster, hosts, links);
            } catch (Exception | Error e) {
                e.addSuppressed(new AssertionError(cluster.output()));
                throw e;
            }
        }
    }

    private Result on(ProcessCluster cluster, TrialHosts hosts, ClientLinks hostLinks) throws Exception {
        Queue<String> surprises = new ConcurrentLinkedQueue<>();
        CoordinatorClient steady = cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(60)));
        prepare(steady);
        List<TrialWatch> watches = new ArrayList<>();
        for (TrialQueue queue : TrialQueue.values()) {
            TrialWatch watch = new TrialWatch(steady, queue.queue(), surprises::add);
            watch.start();
            watches.add(watch);
        }
        hosts.startAll();
        Stream.of(TrialQueue.values()).forEach(queue -> hosts.awaitWorkers(steady.jobs(queue.queue())));
        ClientLinks links = cluster.clientLinks("submitters");
        List<TrialSubmitter> submitters = submitters(cluster, links, surprises);
        Faults faults = new Faults(cluster, steady, links, Optional.empty(), new Random(seed));
        HostFaults hostFaults = new HostFaults(hosts, hostLinks, new Random(seed + 1));
        breakAll(submitters, faults, hostFaults);
        TrialEnd end = new TrialEnd(steady);
        end.await(endMax());
        hosts.finish();
        JobHistory history = history(submitters, watches, hosts, end);
        List<String> problems = new ArrayList<>(surprises);
        problems.addAll(history.problems());
        cluster.awaitEqualDigests();
        watches.forEach(TrialWatch::close);
        return result(history, problems, faults.counts() + " " + hostFaults.counts());
    }

    /** Whatever piled up while things were broken. */
    private Duration endMax() {
        return END_MAX.plus(faultsFor);
    }

    private void prepare(CoordinatorClient client) {
        client.durableTopics()
                .topic(TrialHandler.EFFECTS)
                .create(TopicOptions.defaults().keepMessages(10L * jobs));
        for (TrialQueue queue : TrialQueue.values()) {
            client.jobs(queue.queue()).configure(queue.options(jobs));
        }
    }

    private List<TrialSubmitter> submitters(ProcessCluster cluster, ClientLinks links, Queue<String> surprises) {
        List<TrialSubmitter> submitters = new ArrayList<>();
        for (TrialQueue queue : TrialQueue.values()) {
            if (queue != TrialQueue.FOLLOWING) {
                int number = submitters.size();
                CoordinatorClient client = number % 2 == 0 ? cluster.client(links, all -> all) : cluster.client();
                submitters.add(new TrialSubmitter(client, queue, new Random(seed + number), surprises::add));
            }
        }
        return submitters;
    }

    private void breakAll(List<TrialSubmitter> submitters, Faults faults, HostFaults hostFaults) throws Exception {
        long endNanos = System.nanoTime() + faultsFor.toNanos();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            int each = (jobs + submitters.size() - 1) / submitters.size();
            List<CompletableFuture<Void>> going = new ArrayList<>(submitters.stream()
                    .map(submitter -> CompletableFuture.runAsync(() -> submitter.run(each, endNanos), threads))
                    .toList());
            going.add(CompletableFuture.runAsync(() -> hostFaults.run(endNanos), threads));
            faults.run(endNanos, () -> going.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
            // What has failed comes first: the others may go on for long.
            going.sort(Comparator.comparing(one -> !one.isCompletedExceptionally()));
            for (CompletableFuture<Void> one : going) {
                one.get(endMax().toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static JobHistory history(
            List<TrialSubmitter> submitters, List<TrialWatch> watches, TrialHosts hosts, TrialEnd end) {
        List<AskedJob> asked =
                submitters.stream().flatMap(each -> each.asked().stream()).toList();
        List<QueueEnd> ends = end.queues();
        watches.forEach(TrialWatch::catchUp);
        List<QueueChange> changes =
                watches.stream().flatMap(each -> each.heard().stream()).toList();
        return new JobHistory(
                Stream.of(TrialQueue.values()).map(TrialQueue::rules).toList(),
                asked,
                changes,
                hosts.lines(),
                end.effects(),
                ends);
    }

    private static Result result(JobHistory history, List<String> problems, String faults) {
        long begun = history.lines().stream()
                .filter(line -> line.what() == HandlerLine.What.BEGUN)
                .count();
        return new Result(
                problems,
                history.asked().size(),
                history.effects().size(),
                begun,
                history.refused(TrialHandler.BY_CLUSTER),
                history.refused(TrialHandler.BY_CLIENT),
                history.gaps(),
                faults);
    }
}
