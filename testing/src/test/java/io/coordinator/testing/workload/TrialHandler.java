package io.coordinator.testing.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.JobLeaseLostException;
import io.coordinator.client.job.JobContext;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.PermanentJobException;
import io.coordinator.client.transaction.Transaction;
import io.coordinator.testing.history.job.HandlerLine.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Does the jobs of one queue of a {@link JobTrial}, and writes down whatever it does before it does more. */
final class TrialHandler implements JobHandler {
    /** Where completions are published. */
    static final String EFFECTS = "effects";
    /** In a line: the cluster has refused a completion. */
    static final String BY_CLUSTER = "cluster";
    /** In a line: the client knew already that it would be. */
    static final String BY_CLIENT = "client";

    private static final String NOTHING = "-";
    private static final List<String> STEPS = List.of("reserve", "charge", "ship");

    private final CoordinatorClient client;
    private final TrialQueue queue;
    private final long seed;
    private final HandlerLog log;

    TrialHandler(CoordinatorClient client, TrialQueue queue, long seed, HandlerLog log) {
        this.client = client;
        this.queue = queue;
        this.seed = seed;
        this.log = log;
    }

    /** The counter that each completion of a queue increments. */
    static String counter(String queue) {
        return "completed/" + queue;
    }

    /** The document into which each completion writes its id, of jobs with one shelf. */
    static String document(String queue, String shelf) {
        return "written/" + queue + "/" + shelf;
    }

    @Override
    public @Nullable Object run(JobContext job) throws Exception {
        log.add(What.BEGUN, job, NOTHING);
        HandlerPlan plan = HandlerPlan.of(seed, queue, job.id(), job.attempt());
        List<String> steps = queue == TrialQueue.STEPPED ? steps(job) : List.of();
        if (plan.fate() == HandlerPlan.Fate.IS_LATE) {
            passWhatever(plan.millis());
        } else {
            TimeUnit.MILLISECONDS.sleep(plan.millis());
        }
        if (plan.fate() == HandlerPlan.Fate.THROWS) {
            log.add(What.THROWN, job, NOTHING);
            throw new IllegalStateException("from the plan");
        } else if (plan.fate() == HandlerPlan.Fate.GIVES_UP) {
            log.add(What.THROWN, job, NOTHING);
            throw new PermanentJobException("from the plan");
        }
        complete(job, steps);
        return null;
    }

    private List<String> steps(JobContext job) throws Exception {
        List<String> results = new ArrayList<>();
        for (String step : STEPS) {
            String result = job.step(step, String.class, key -> {
                log.add(What.STEP_RUNS, job, step + "=");
                return step + "=" + job.token();
            });
            log.add(What.STEP_IS, job, String.valueOf(result));
            results.add(String.valueOf(result));
        }
        return results;
    }

    private void complete(JobContext job, List<String> steps) {
        Transaction writes = writes(job, steps);
        log.add(What.COMPLETING, job, NOTHING);
        try {
            job.complete(job.token(), writes);
            log.add(What.TAKEN, job, NOTHING);
        } catch (JobLeaseLostException e) {
            boolean asked = e.getCause() instanceof FencedException || e.getCause() instanceof BatchException;
            log.add(
                    e.outcomeUnknown() ? What.UNKNOWN : What.REFUSED,
                    job,
                    e.outcomeUnknown() ? NOTHING : asked ? BY_CLUSTER : BY_CLIENT);
        } catch (CoordinatorException e) {
            log.add(What.UNKNOWN, job, NOTHING);
            throw e;
        }
    }

    private Transaction writes(JobContext job, List<String> steps) {
        JsonNode payload = job.payload();
        String shelf = payload.path("shelf").asText();
        Map<String, Object> message = new HashMap<>(Map.of(
                "queue", job.queue(),
                "id", job.id(),
                "token", job.token(),
                "attempt", job.attempt(),
                "of", payload.path("of").asText(),
                "steps", String.join(",", steps)));
        Transaction writes = client.transaction()
                .then(all -> all.increment(counter(job.queue()), 1)
                        .edit(document(job.queue(), shelf), edits -> edits.push(job.id()))
                        .publish(EFFECTS, message));
        if (queue != TrialQueue.FOLLOWING) {
            // Without an id: if it were submitted twice, there would be two.
            Map<String, String> next = Map.of("shelf", shelf, "of", job.queue() + "/" + job.id());
            writes.then(all -> all.submit(TrialQueue.FOLLOWING.queue(), next));
        }
        return writes;
    }

    /** As a handler does that hangs: whatever it is told. */
    static void passWhatever(int millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        boolean interrupted = false;
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.sleep(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.interrupted(); // Or it could not even try to complete its job.
        }
    }
}
