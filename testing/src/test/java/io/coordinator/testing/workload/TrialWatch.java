package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.job.JobChange;
import io.coordinator.client.job.JobListener;
import io.coordinator.client.job.JobState;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.watch.Subscription;
import io.coordinator.testing.history.job.QueueChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Hears all that happens to the jobs of one queue, and says where it missed something. Thread-safe. */
final class TrialWatch implements JobListener, AutoCloseable {
    private static final long START_SECONDS = 60;
    private static final String LAST = "last";

    private final CoordinatorClient client;
    private final String queue;
    private final Consumer<String> surprises;
    private final List<QueueChange> heard = new ArrayList<>();
    private @Nullable Subscription subscription;
    private boolean hasHeardLast;

    TrialWatch(CoordinatorClient client, String queue, Consumer<String> surprises) {
        this.client = client;
        this.queue = queue;
        this.surprises = surprises;
    }

    /** Hears every change from now on. */
    void start() throws Exception {
        subscribe().started().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    }

    private synchronized Subscription subscribe() {
        Subscription begun = client.jobs(queue).watch(this);
        subscription = begun;
        return begun;
    }

    synchronized List<QueueChange> heard() {
        return List.copyOf(heard);
    }

    /** Waits until it has heard all that has happened by now. Nobody may work for the queue any more. */
    void catchUp() {
        client.jobs(queue).submit(null, SubmitOptions.defaults().withId(LAST));
        Awaitility.await("the watch of " + queue + " has heard all")
                .atMost(Duration.ofSeconds(START_SECONDS))
                .until(this::hasHeardLast);
    }

    private synchronized boolean hasHeardLast() {
        return hasHeardLast;
    }

    @Override
    public synchronized void onChange(JobChange change) {
        if (change.id().equals(LAST)) {
            hasHeardLast = true;
            return;
        }
        heard.add(new QueueChange(
                queue,
                change.id(),
                QueueChange.Kind.valueOf(change.kind().name()),
                change.state() == JobState.WAITING,
                change.attempt()));
    }

    @Override
    public synchronized void onCompacted(long oldestRevision) {
        heard.add(QueueChange.gap(queue));
        var unused = subscribe();
    }

    @Override
    public void onError(CoordinatorException error) {
        surprises.accept("the watch of " + queue + " ended: " + error);
    }

    @Override
    public synchronized void close() {
        if (subscription != null) {
            subscription.close();
        }
    }
}
