package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.CompleteJob;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobEvent;
import io.coordinator.protocol.JobRevoked;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.RetryPolicy;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.Seeds;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;

/**
 * One queue, random submitters and workers that come and go, and beside it what each of them has heard: of every job at
 * most one completion is accepted, none is lost, no limit is exceeded, and the jobs of a key run in order.
 */
@Feature("B-26")
class JobsAgainstModelTest extends JobScript {
    private static final int STEPS = 300;
    private static final int ATTEMPTS = 4;
    private static final int CONCURRENCY = 5;

    private final Random random = Seeds.random("JobsAgainstModelTest");
    private final List<String> open = new ArrayList<>();
    /** In the order of submission. */
    private final Map<Integer, Known> jobs = new TreeMap<>();
    /** By token: what workers were given and may complete. */
    private final Map<Long, Given> given = new TreeMap<>();

    private final Map<String, Map<Long, Integer>> members = new HashMap<>();
    private final int keyMost = 1 + random.nextInt(2);
    private long nowMillis = 1_000;
    private int sessions;

    private static final class Known {
        final int number;
        final String key;
        final boolean delayed;
        int counted;
        int completions;
        boolean started;
        boolean cancelled;
        boolean dead;

        Known(int number, String key, boolean delayed) {
            this.number = number;
            this.key = key;
            this.delayed = delayed;
        }

        boolean isOver() {
            return completions > 0 || cancelled || dead;
        }

        String id() {
            return "job" + number;
        }

        @Override
        public String toString() {
            return id() + " of key " + key + (isOver() ? ", over" : "") + (delayed ? ", delayed" : "");
        }
    }

    private record Given(String worker, Known job, long deadline) {}

    @RepeatedTest(6)
    void doesWhatTheModelDoes() {
        // Thin or thick: the outcome is the same, since all that is left is done before the next command.
        cutSlices(random.nextBoolean() ? 1 : Budget.SLICE_STEPS);
        configure(
                "boss",
                QueueSettings.newBuilder()
                        .setConcurrencyMax(CONCURRENCY)
                        .setKeyConcurrencyMax(keyMost)
                        .setRetry(RetryPolicy.newBuilder()
                                .setAttemptsMax(ATTEMPTS)
                                .setBackoffMillis(30)));
        for (int i = 0; i < STEPS; i++) {
            pass(random.nextInt(40));
            step();
            drain();
            hear();
            compare();
        }
        finish();
        for (Known job : jobs.values()) {
            assertThat(job.isOver()).as("job %s of key %s", job.number, job.key).isTrue();
            assertThat(state(job.id()))
                    .isEqualTo(
                            job.completions > 0
                                    ? JobState.SUCCEEDED
                                    : job.cancelled ? JobState.CANCELED : JobState.DEAD);
        }
        there(0, 0, 0, (int) jobs.values().stream().filter(job -> job.dead).count(), (int)
                jobs.values().stream().filter(job -> !job.dead).count());
    }

    /** Somebody completes all that is left. */
    private void finish() {
        open.add("last");
        members.computeIfAbsent("last", any -> new HashMap<>()).put(join("last", 20), 20);
        drain();
        hear();
        for (int i = 0; i < 10_000 && jobs.values().stream().anyMatch(job -> !job.isOver()); i++) {
            pass(50);
            for (Map.Entry<Long, Given> one : new TreeMap<>(given).entrySet()) {
                answer(one.getKey(), one.getValue(), 9);
                drain();
                hear();
            }
        }
    }

    private void pass(int millis) {
        nowMillis += millis;
        at(nowMillis).tick();
        drain();
        hear();
    }

    private void step() {
        if (open.size() < 4 || random.nextInt(25) == 0) {
            open.add("s" + sessions++);
        }
        String who = open.get(random.nextInt(open.size()));
        switch (random.nextInt(20)) {
            case 0 -> end(who);
            case 1, 2 -> {
                int concurrency = 1 + random.nextInt(3);
                members.computeIfAbsent(who, any -> new HashMap<>()).put(join(who, concurrency), concurrency);
            }
            case 3 -> leaveOne(who);
            case 4 -> cancelOne(who);
            case 5, 6, 7, 8, 9, 10, 11 -> answerOne();
            default -> submitOne(who);
        }
    }

    private void submitOne(String who) {
        boolean delayed = random.nextInt(4) == 0;
        Known job = new Known(jobs.size(), random.nextInt(3) == 0 ? "" : "key" + random.nextInt(2), delayed);
        jobs.put(job.number, job);
        NewJob.Builder asked = newJob(job.id()).setKey(job.key).setDelayMillis(delayed ? 1 + random.nextInt(100) : 0);
        // Priorities would only hide in which order they come.
        asked.setAttemptMillis(random.nextInt(3) == 0 ? 1 + random.nextInt(200) : 0);
        submit(who, asked);
        assertThat(submit(who, asked).reply().getJob().getSubmitted().getJobs(0).getCreated())
                .isFalse();
    }

    private void end(String who) {
        hear();
        expire(who);
        drain();
        open.remove(who);
        members.remove(who);
        for (Map.Entry<Long, Given> one : new TreeMap<>(given).entrySet()) {
            if (one.getValue().worker.equals(who)) {
                given.remove(one.getKey());
                over(one.getValue().job);
            }
        }
    }

    /** An attempt that counts has ended without a result. */
    private void over(Known job) {
        JobState state = state(job.id());
        job.cancelled |= state == JobState.CANCELED;
        job.dead |= state == JobState.DEAD;
        assertThat(job.dead)
                .as("%s after %s attempts: %s", job, job.counted, inspect(job.id()))
                .isEqualTo(job.counted == ATTEMPTS && !job.cancelled);
    }

    private void leaveOne(String who) {
        Map<Long, Integer> mine = members.getOrDefault(who, Map.of());
        if (mine.isEmpty()) {
            return;
        }
        long member = mine.keySet().iterator().next();
        boolean drain = random.nextBoolean();
        hear();
        Map<Long, Given> before = new TreeMap<>(given);
        boolean was = leave(who, member, drain);
        assertThat(was || drain).isTrue();
        mine.remove(member);
        drain();
        if (!drain) {
            // Whatever of this session is no longer as it was has been handed back.
            before.forEach((token, one) -> {
                if (one.worker.equals(who) && !isLeased(one.job, token)) {
                    given.remove(token);
                    one.job.counted--;
                    one.job.cancelled |= state(one.job.id()) == JobState.CANCELED;
                }
            });
        }
    }

    private boolean isLeased(Known job, long token) {
        // Refused with the token that counts, if it is another one.
        Outcome probe = complete(
                "boss", CompleteJob.newBuilder().setId(job.id()).setToken(token).setResult(Actor.json("1")));
        return probe.reply().getError().getMessage().contains("another session's");
    }

    private void cancelOne(String who) {
        if (!jobs.isEmpty()) {
            Known job = Objects.requireNonNull(jobs.get(random.nextInt(jobs.size())));
            JobState state =
                    cancel(who, job.id()).reply().getJob().getCancelled().getState();
            assertThat(state == JobState.SUCCEEDED).isEqualTo(job.completions > 0);
            job.cancelled |= state == JobState.WAITING || state == JobState.DELAYED;
        }
    }

    private void answerOne() {
        List<Long> tokens = List.copyOf(given.keySet());
        if (!tokens.isEmpty()) {
            long token = tokens.get(random.nextInt(tokens.size()));
            answer(token, Objects.requireNonNull(given.get(token)), random.nextInt(10));
        }
    }

    private void answer(long token, Given one, int how) {
        given.remove(token);
        JobAssigned job =
                JobAssigned.newBuilder().setId(one.job.id()).setToken(token).build();
        CompleteJob.Builder answer = switch (how) {
            case 0, 1 -> failure(job, "why");
            case 2 -> handBack(job);
            default -> result(job, "1");
        };
        Outcome outcome = complete(one.worker, answer);
        assertThat(outcome.reply().hasError()).as("%s", outcome.reply()).isFalse();
        if (how > 2) {
            one.job.completions++;
        } else {
            one.job.counted -= how == 2 ? 1 : 0;
            JobState state = outcome.reply().getJob().getCompleted().getState();
            one.job.cancelled |= state == JobState.CANCELED;
            one.job.dead |= state == JobState.DEAD;
        }
        assertThat(one.job.completions).isLessThanOrEqualTo(1);
        complete(one.worker, answer).refused(ErrorCode.EFENCED).changes();
    }

    /** What has ended first: it may have made way for what was given to somebody else. */
    private void hear() {
        Map<String, List<Event>> heard = new TreeMap<>();
        for (String who : List.copyOf(open)) {
            heard.put(who, session(who).heard());
            List<Event> pending = core().pendingEvents(session(who).id());
            if (!pending.isEmpty()) {
                session(who).acksEvents(pending.get(pending.size() - 1).getNumber());
            }
        }
        for (boolean ends : List.of(true, false)) {
            heard.forEach((who, events) -> events.stream()
                    .filter(event -> event.getJob().hasRevoked() == ends)
                    .forEach(event -> hear(who, event.getJob())));
        }
    }

    private void hear(String who, JobEvent event) {
        switch (event.getOutcomeCase()) {
            case ASSIGNED -> hearJob(who, event.getAssigned());
            case REVOKED -> {
                JobRevoked revoked = event.getRevoked();
                Given one = given.get(revoked.getToken());
                if (one != null && revoked.getReason() == JobRevoked.Reason.TIMED_OUT) {
                    assertThat(one.deadline).isBetween(1L, nowMillis);
                    given.remove(revoked.getToken());
                    over(one.job);
                }
            }
            case ENDED, FINISHED, OUTCOME_NOT_SET -> throw new AssertionError(event);
        }
    }

    private void hearJob(String who, JobAssigned assigned) {
        Known job =
                Objects.requireNonNull(jobs.get(Integer.valueOf(assigned.getId().substring("job".length()))));
        assertThat(job.isOver()).isFalse();
        job.counted++;
        job.started = true;
        given.put(assigned.getToken(), new Given(who, job, assigned.getDeadlineMillis()));
        if (keyMost == 1 && !job.key.isEmpty() && !job.delayed) {
            // Those of its key that were submitted before are over, but for the ones that were delayed.
            assertThat(jobs.values())
                    .allMatch(other -> other.number >= job.number
                            || !other.key.equals(job.key)
                            || other.isOver()
                            || (other.delayed && !other.started));
        }
    }

    private void compare() {
        List<String> running = list(JobState.RUNNING);
        assertThat(running).hasSizeLessThanOrEqualTo(CONCURRENCY).doesNotHaveDuplicates();
        assertThat(given.values().stream().map(one -> one.job.id())).containsExactlyInAnyOrderElementsOf(running);
        for (int key = 0; key < 2; key++) {
            String name = "key" + key;
            assertThat(given.values().stream()
                            .filter(one -> one.job.key.equals(name))
                            .count())
                    .isLessThanOrEqualTo(keyMost);
        }
        long unfinished = jobs.values().stream().filter(job -> !job.isOver()).count();
        assertThat(queue().getDelayed() + queue().getWaiting() + queue().getRunning())
                .as("%s", jobs.values())
                .isEqualTo(unfinished);
        int room = members.values().stream()
                .flatMap(mine -> mine.values().stream())
                .mapToInt(Integer::intValue)
                .sum();
        boolean anyPlain = jobs.values().stream()
                .anyMatch(job -> job.key.isEmpty() && list(JobState.WAITING).contains(job.id()));
        // Nobody waits who could run.
        assertThat(running.size() == CONCURRENCY || given.size() >= room || !anyPlain)
                .isTrue();
    }
}
