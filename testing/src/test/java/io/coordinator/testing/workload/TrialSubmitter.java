package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.document.OpenOptions;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobQueue;
import io.coordinator.client.job.NewJobSpec;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.testing.history.job.AskedJob;
import io.coordinator.testing.history.job.AskedJob.Cancel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Submits the jobs of one queue, some at a time. What fails is submitted again under the same ids until the cluster
 * says that it is there; some of what is there is submitted once more, and some is cancelled.
 */
final class TrialSubmitter {
    private static final Logger log = LoggerFactory.getLogger(TrialSubmitter.class);
    private static final int BATCH = 20;
    /** Jobs that write into one document. */
    private static final int SHELF = 100;

    private static final int CANCELLED_PERCENT = 40;
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final CoordinatorClient client;
    private final TrialQueue kind;
    private final Random random;
    private final Consumer<String> surprises;
    private final JobQueue queue;
    private final List<AskedJob> asked = new ArrayList<>();

    TrialSubmitter(CoordinatorClient client, TrialQueue kind, Random random, Consumer<String> surprises) {
        this.client = client;
        this.kind = kind;
        this.random = random;
        this.surprises = surprises;
        queue = client.jobs(kind.queue()).withTimeout(TIMEOUT);
    }

    /** What it has asked for; when it has ended. */
    List<AskedJob> asked() {
        return List.copyOf(asked);
    }

    /** Spreads the jobs over the time until {@code endNanos}. */
    void run(int count, long endNanos) {
        long start = System.nanoTime();
        for (int done = 0; done < count; done += BATCH) {
            if (done % SHELF == 0) {
                openDocuments(shelf(done));
            }
            batch(done, Math.min(count, done + BATCH));
            if (random.nextBoolean()) {
                repeat(random.nextInt(asked.size()));
            }
            long due = start + (long) ((endNanos - start) * (double) (done + BATCH) / count);
            while (due - System.nanoTime() > 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
        }
    }

    private String shelf(int number) {
        return kind.queue() + "-" + number / SHELF;
    }

    private void openDocuments(String shelf) {
        for (TrialQueue writing : List.of(kind, TrialQueue.FOLLOWING)) {
            untilAnswered(() -> client.documents()
                    .open(
                            TrialHandler.document(writing.queue(), shelf),
                            OpenOptions.defaults().initialContent(List.of())));
        }
    }

    private void batch(int from, int to) {
        List<NewJobSpec> jobs = new ArrayList<>();
        for (int number = from; number < to; number++) {
            SubmitOptions options = kind.submission(random).withId(kind.queue() + "-" + number);
            jobs.add(new NewJobSpec(Map.of("shelf", shelf(number)), options));
        }
        long askedNanos = System.nanoTime();
        List<JobHandle> handles = untilAnswered(() -> queue.submitAll(jobs));
        for (int i = 0; i < jobs.size(); i++) {
            SubmitOptions options = jobs.get(i).options();
            Cancel cancel = Cancel.NOT_ASKED;
            if (kind == TrialQueue.CANCELLED && random.nextInt(100) < CANCELLED_PERCENT) {
                JobHandle handle = handles.get(i);
                cancel = Parts.attempt(handle::cancel).orElse(false) ? Cancel.TAKEN : Cancel.ASKED;
            }
            asked.add(new AskedJob(
                    kind.queue(),
                    options.id(),
                    from + i,
                    options.key(),
                    options.priority(),
                    options.delay().toNanos(),
                    askedNanos,
                    true,
                    cancel));
        }
    }

    private void repeat(int number) {
        SubmitOptions options = kind.submission(random).withId(asked.get(number).id());
        boolean created = Parts.attempt(() -> queue.submit(Map.of("shelf", shelf(number)), options))
                .map(JobHandle::created)
                .orElse(false);
        if (created) {
            surprises.accept("a repeated submission has made a job: " + options.id());
        }
    }

    private static <T> T untilAnswered(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (CoordinatorException e) {
                log.debug("once more", e);
            }
        }
    }
}
