package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.cache.Expect;
import io.coordinator.client.error.BatchException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.JobCancelledException;
import io.coordinator.client.error.JobFailedException;
import io.coordinator.client.error.JobLeaseLostException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.job.JobContext;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.job.JobHandler;
import io.coordinator.client.job.JobRetryException;
import io.coordinator.client.job.JobState;
import io.coordinator.client.job.JobStatus;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.PermanentJobException;
import io.coordinator.client.job.WorkOptions;
import io.coordinator.client.option.RetryOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteJob;
import io.coordinator.protocol.JobCommand;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a worker of jobs does with whatever its handler does, and what those who await hear. */
@Feature("B-26")
@SuppressWarnings({"NullAway", "VoidUsed"}) // what handlers give can be null, and is not here
class JobsTest extends ClientFixture {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final RetryOptions AT_ONCE =
            RetryOptions.defaults().withBackoff(Duration.ofMillis(1), Duration.ofMillis(1));

    private final List<Throwable> errors = new CopyOnWriteArrayList<>();

    /** A handler that runs until it is told to stop, or let go. */
    private static final class Held implements JobHandler {
        final List<JobContext> contexts = new CopyOnWriteArrayList<>();
        final AtomicInteger interrupts = new AtomicInteger();
        final CountDownLatch go = new CountDownLatch(1);

        @Override
        public Object run(JobContext context) throws InterruptedException {
            contexts.add(context);
            try {
                go.await();
            } catch (InterruptedException e) {
                interrupts.incrementAndGet();
                throw e;
            }
            return "done " + context.attempt();
        }

        JobContext begun() {
            soon().until(() -> !contexts.isEmpty());
            return contexts.get(0);
        }
    }

    private WorkOptions heard() {
        return WorkOptions.defaults().withErrorListener(errors::add);
    }

    private List<CompleteJob> completions() {
        return cluster.applied().stream()
                .filter(Command::hasJob)
                .map(Command::getJob)
                .filter(JobCommand::hasComplete)
                .map(JobCommand::getComplete)
                .toList();
    }

    private static SubmitOptions once() {
        return SubmitOptions.defaults().withRetry(RetryOptions.never());
    }

    // ---- results ----

    @Test
    void aResultComesBackToWhoeverAwaitsIt() {
        CoordinatorClient worker = connect(config -> config.clientName("worker"));
        List<JobContext> seen = new CopyOnWriteArrayList<>();
        worker.worker(
                "sums",
                job -> {
                    seen.add(job);
                    assertThat(Thread.currentThread().getName()).startsWith("coord-worker-work-");
                    List<Integer> terms = job.payload(new TypeReference<List<Integer>>() {});
                    return Map.of("sum", terms.stream().mapToInt(each -> each).sum());
                },
                2);
        CoordinatorClient submitter = connect(config -> config.clientName("submitter"));

        JobHandle job = submitter
                .jobs("sums")
                .submit(List.of(1, 2, 3), SubmitOptions.defaults().withKey("k"));

        assertThat(job.created()).isTrue();
        assertThat(job.await(MINUTE)).hasToString("{\"sum\":6}");
        assertThat(worker.jobs("sums").job(job.id()).await(JsonNode.class)).hasToString("{\"sum\":6}");
        JobContext context = seen.get(0);
        assertThat(context.id()).isEqualTo(job.id());
        assertThat(context.queue()).isEqualTo("sums");
        assertThat(context.namespace()).isEqualTo("default");
        assertThat(context.key()).isEqualTo("k");
        assertThat(context.submitter()).isEqualTo("submitter");
        assertThat(context.attempt()).isOne();
        assertThat(context.attemptsMax()).isEqualTo(5);
        assertThat(context.token()).isPositive();
        assertThat(context.remaining()).isEmpty();
        assertThat(context.isCancelled()).isFalse();
    }

    @Test
    void nothingIsAPayloadAndAResult() {
        CoordinatorClient client = connect();
        client.jobs("q").work(job -> {
            assertThat(job.payload().isNull()).isTrue();
            assertThat(job.payload(String.class)).isNull();
            return null;
        });
        JobHandle job = client.jobs("q").submit(null);
        assertThat(job.await(MINUTE).isNull()).isTrue();
        assertThat(job.await(Void.class, MINUTE)).isNull();
    }

    @Test
    void aStageStandsForItsResult() {
        CoordinatorClient client = connect();
        CompletableFuture<String> later = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        client.jobs("q").work(JobHandler.staged(job -> {
            begun.countDown();
            return later;
        }));
        JobHandle job = client.jobs("q").submit("x");
        soon().until(() -> begun.getCount() == 0);
        later.complete("later");
        assertThat(job.await(String.class, MINUTE)).isEqualTo("later");
    }

    @Test
    void aResultThatCannotBeReadOrWrittenIsToldToWhoeverMadeIt() {
        CoordinatorClient client = connect();
        client.jobs("q").work(job -> job.payload().asBoolean() ? new Unwritable() : "text", heard());
        JobHandle unreadable = client.jobs("q").submit(false);
        assertThatThrownBy(() -> unreadable.await(Integer.class, MINUTE)).isInstanceOf(ValidationException.class);

        JobHandle unwritable = client.jobs("q").submit(true, once());

        assertThatThrownBy(() -> unwritable.await(MINUTE))
                .isInstanceOfSatisfying(
                        JobFailedException.class, e -> assertThat(e.jobCode()).isEqualTo(ErrorCode.EINVAL.name()));
        soon().until(() -> errors.size() == 1);
    }

    /** A list that throws when it is written. */
    private static final class Unwritable extends AbstractList<String> {
        @Override
        public String get(int index) {
            throw new IllegalStateException("from the test");
        }

        @Override
        public int size() {
            return 1;
        }
    }

    // ---- failures ----

    @Test
    void whatAHandlerThrowsIsTriedAgainAndThenDead() {
        CoordinatorClient client = connect();
        List<Integer> attempts = new CopyOnWriteArrayList<>();
        client.jobs("q")
                .work(
                        job -> {
                            attempts.add(job.attempt());
                            if (job.attempt() == 2) {
                                throw new AssertionError("an error too");
                            }
                            throw new IllegalStateException("no. " + job.attempt());
                        },
                        heard());

        JobHandle job = client.jobs("q").submit("x", SubmitOptions.defaults().withRetry(AT_ONCE.withAttemptsMax(3)));

        assertThatThrownBy(() -> job.await(MINUTE)).isInstanceOfSatisfying(JobFailedException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.EJOBFAILED);
            assertThat(e.jobCode()).isEqualTo("EHANDLER");
            assertThat(e.jobMessage()).isEqualTo("no. 3");
            assertThat(e.jobType()).isEqualTo(IllegalStateException.class.getName());
        });
        assertThat(attempts).containsExactly(1, 2, 3);
        JobStatus status = job.inspect().orElseThrow();
        assertThat(status.state()).isEqualTo(JobState.DEAD);
        assertThat(status.attempts()).hasSize(3);
        assertThat(status.failure().orElseThrow().message()).isEqualTo("no. 3");
        soon().until(() -> errors.size() == 3);
    }

    @Test
    void aHandlerSaysThatItIsInVainOrWhenToTryAgain() {
        CoordinatorClient client = connect();
        client.jobs("vain")
                .work(
                        job -> {
                            throw new PermanentJobException("EADDRESS", "no such address", null);
                        },
                        heard());
        client.jobs("later")
                .work(
                        job -> {
                            if (job.attempt() == 1) {
                                throw new JobRetryException(Duration.ofMillis(1), "busy");
                            }
                            return job.attempt();
                        },
                        heard());

        assertThatThrownBy(() -> client.jobs("vain").submit("x").await(MINUTE))
                .isInstanceOfSatisfying(JobFailedException.class, e -> {
                    assertThat(e.jobCode()).isEqualTo("EADDRESS");
                    assertThat(e.jobMessage()).isEqualTo("no such address");
                });
        JobHandle later = client.jobs("later")
                .submit(
                        "x",
                        SubmitOptions.defaults()
                                .withRetry(RetryOptions.defaults().withBackoff(MINUTE, MINUTE)));
        letTimePassUntilOver(later);
        assertThat(later.await(Integer.class, MINUTE)).isEqualTo(2);
        assertThat(errors).isEmpty();
        assertThatThrownBy(() -> new JobRetryException(Duration.ZERO, "m")).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> new PermanentJobException("", "m", null)).isInstanceOf(ValidationException.class);
    }

    @Test
    void anExecutorThatRefusesFailsTheAttemptInTheEnd() {
        CoordinatorClient client = connect();
        client.jobs("q").work(job -> "never", heard().withExecutor(task -> {
            throw new RejectedExecutionException("from the test");
        }));
        assertThatThrownBy(() -> client.jobs("q").submit("x", once()).await(MINUTE))
                .isInstanceOfSatisfying(
                        JobFailedException.class, e -> assertThat(e.jobCode()).isEqualTo(ErrorCode.EBUSY.name()));
        assertThat(errors).isNotEmpty();
    }

    // ---- to stop ----

    @Test
    void aCancelledHandlerIsInterruptedAndTheJobIsOverWhenItHasStopped() {
        CoordinatorClient client = connect();
        Held held = new Held();
        JobWorker worker = client.jobs("q").work(held, heard());
        JobHandle job = client.jobs("q").submit("x");
        JobContext context = held.begun();
        CountDownLatch told = new CountDownLatch(1);
        context.onCancel(told::countDown);

        assertThat(job.cancel()).isTrue();

        assertThatThrownBy(() -> job.await(MINUTE))
                .isInstanceOf(JobCancelledException.class)
                .extracting(e -> ((CoordinatorException) e).code())
                .isEqualTo(ErrorCode.EJOBCANCELLED);
        assertThat(held.interrupts).hasValue(1);
        soon().until(() -> told.getCount() == 0);
        assertThat(context.isCancelled()).isTrue();
        soon().until(() -> worker.running() == 0);
        assertThat(job.cancel()).isFalse();
        assertThat(errors).isEmpty();
    }

    @Test
    void aHandlerThatWasToStopMayCompleteTheJobItself() {
        CoordinatorClient client = connect();
        CountDownLatch begun = new CountDownLatch(1);
        client.jobs("q").work(job -> {
            begun.countDown();
            CountDownLatch never = new CountDownLatch(1);
            try {
                never.await();
            } catch (InterruptedException e) {
                job.complete("done all the same");
            }
            return "too late";
        });
        JobHandle job = client.jobs("q").submit("x");
        soon().until(() -> begun.getCount() == 0);
        job.cancel();
        assertThat(job.await(String.class, MINUTE)).isEqualTo("done all the same");
    }

    @Test
    void anAttemptThatTakesTooLongIsToldSoAndItsCompletionRefused() {
        CoordinatorClient client = connect();
        List<Throwable> refused = new CopyOnWriteArrayList<>();
        List<JobContext> begun = new CopyOnWriteArrayList<>();
        client.jobs("q")
                .work(
                        job -> {
                            begun.add(job);
                            if (job.attempt() > 1) {
                                return "second";
                            }
                            assertThat(job.remaining().orElseThrow()).isPositive();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                refused.add(refusal(() -> job.complete("first")));
                            }
                            assertThat(job.remaining()).contains(Duration.ZERO);
                            return "ignored";
                        },
                        heard().withConcurrency(2));
        JobHandle job = client.jobs("q")
                .submit("x", SubmitOptions.defaults().withRetry(AT_ONCE).withAttemptTimeout(Duration.ofSeconds(30)));
        soon().until(() -> begun.size() == 1);
        cluster.advance(Duration.ofSeconds(30));
        letTimePassUntilOver(job);
        assertThat(job.await(String.class, MINUTE)).isEqualTo("second");
        soon().until(() -> refused.size() == 1);
        assertThat(refused.get(0)).isInstanceOf(JobLeaseLostException.class);
    }

    private void letTimePassUntilOver(JobHandle job) {
        soon().until(() -> {
            cluster.advance(Duration.ofMillis(1));
            return job.inspect().orElseThrow().state().isOver();
        });
    }

    /** What a call is refused with. */
    private static Throwable refusal(Runnable call) {
        try {
            call.run();
        } catch (CoordinatorException e) {
            return e;
        }
        return new AssertionError("it was not refused");
    }

    // ---- completion ----

    @Test
    void aJobIsCompletedOnceWhateverTheHandlerReturns() {
        CoordinatorClient client = connect();
        List<Throwable> second = new CopyOnWriteArrayList<>();
        client.jobs("q")
                .work(
                        job -> {
                            job.complete(Map.of("first", true));
                            try {
                                job.complete("again");
                            } catch (ValidationException e) {
                                second.add(e);
                            }
                            throw new IllegalStateException("after the completion");
                        },
                        heard());
        JobHandle job = client.jobs("q").submit("x");
        assertThat(job.await(MINUTE)).hasToString("{\"first\":true}");
        soon().until(() -> second.size() == 1 && errors.size() == 1);
        assertThat(second.get(0)).hasMessageContaining("completed before");
        assertThat(completions()).hasSize(1);
    }

    @Test
    void aCompletionAndItsTransactionAreOne() {
        CoordinatorClient client = connect();
        client.cache().put("stock", 5);
        client.jobs("q").work(job -> {
            job.complete(
                    "sold",
                    client.transaction()
                            .whenCache("stock", Expect.value(5))
                            .then(writes -> writes.increment("stock", -1)
                                    .publish("sales", job.id())
                                    .submit(
                                            "ship",
                                            Map.of("order", job.id()),
                                            SubmitOptions.defaults().withId("s"))));
            return null;
        });
        JobHandle job = client.jobs("q").submit("x");
        assertThat(job.await(String.class, MINUTE)).isEqualTo("sold");
        assertThat(client.cache().get("stock").orElseThrow().as(Integer.class)).isEqualTo(4);
        assertThat(client.jobs("ship").job("s").inspect().orElseThrow().state()).isEqualTo(JobState.WAITING);
        assertThat(client.durableTopics().topic("sales").inspect()).isPresent();
    }

    @Test
    void aTransactionThatIsRefusedOrDoesNotHoldLeavesTheJobOpen() {
        CoordinatorClient client = connect();
        List<Throwable> refusals = new CopyOnWriteArrayList<>();
        client.jobs("q").work(job -> {
            try {
                job.complete("no", client.transaction().then(writes -> writes.edit("no such document", edits -> {})));
            } catch (BatchException e) {
                refusals.add(e);
            }
            boolean held = job.complete(
                            "no",
                            client.transaction()
                                    .whenCache("k", Expect.value("never"))
                                    .then(writes -> writes.put("then", 1))
                                    .otherwise(writes -> writes.put("otherwise", 1)))
                    .held();
            return held ? "held" : "not held";
        });
        JobHandle job = client.jobs("q").submit("x");
        assertThat(job.await(String.class, MINUTE)).isEqualTo("not held");
        assertThat(refusals)
                .singleElement()
                .isInstanceOfSatisfying(
                        BatchException.class, e -> assertThat(e.index()).isOne());
        assertThat(client.cache().get("then")).isEmpty();
        assertThat(client.cache().get("otherwise")).isPresent();
    }

    @Test
    void aTransactionOfAJobThatIsLostDoesNothing() {
        CoordinatorClient client = connect();
        Held held = new Held();
        client.jobs("q").work(held, heard());
        client.jobs("q").submit("x");
        JobContext context = held.begun();
        client.jobs("q").delete();
        soon().until(context::isCancelled);

        assertThatThrownBy(() -> context.complete("r", client.transaction().then(writes -> writes.put("k", 1))))
                .isInstanceOf(JobLeaseLostException.class);
        assertThatThrownBy(() -> context.complete("r")).isInstanceOf(JobLeaseLostException.class);
        assertThatThrownBy(() -> context.step("s", String.class, key -> "v")).isInstanceOf(JobLeaseLostException.class);
        assertThat(client.cache().get("k")).isEmpty();
        soon().until(() -> errors.stream().anyMatch(KeyNotFoundException.class::isInstance));
    }

    // ---- steps ----

    @Test
    void stepsThatAreRecordedAreNotDoneAgain() {
        CoordinatorClient client = connect();
        List<String> done = new CopyOnWriteArrayList<>();
        client.jobs("q")
                .work(
                        job -> {
                            int first = job.step("first", Integer.class, key -> {
                                done.add(key + " in " + job.attempt());
                                return 40;
                            });
                            if (job.attempt() == 1) {
                                throw new IllegalStateException("between the steps");
                            }
                            Void nothing = job.step("nothing", Void.class, key -> null);
                            assertThat(nothing).isNull();
                            int second = get(job.stepAsync("second", Integer.class, key -> {
                                done.add(key + " in " + job.attempt());
                                return CompletableFuture.completedFuture(2);
                            }));
                            assertThat(get(job.stepAsync("second", Integer.class, key -> new CompletableFuture<>())))
                                    .isEqualTo(2);
                            return first + second;
                        },
                        heard());
        JobHandle job = client.jobs("q")
                .submit("x", SubmitOptions.defaults().withId("j").withRetry(AT_ONCE));
        assertThat(job.await(Integer.class, MINUTE)).isEqualTo(42);
        assertThat(done).containsExactly("default/q/j/first in 1", "default/q/j/second in 2");
    }

    @Test
    void manyStepsAreReadInPages() {
        CoordinatorClient client = connect();
        AtomicInteger done = new AtomicInteger();
        client.jobs("q")
                .work(
                        job -> {
                            for (int i = 0; i < 300; i++) {
                                job.step("s" + i, String.class, key -> {
                                    done.incrementAndGet();
                                    return "r".repeat(3_000);
                                });
                            }
                            if (job.attempt() == 1) {
                                throw new IllegalStateException("at the end");
                            }
                            return done.get();
                        },
                        heard());
        JobHandle job = client.jobs("q").submit("x", SubmitOptions.defaults().withRetry(AT_ONCE));
        assertThat(job.await(Integer.class, MINUTE)).isEqualTo(300);
    }

    @Test
    void aStepThatFailsOrIsTooLargeIsNotRecorded() {
        CoordinatorClient client = connect();
        List<Throwable> thrown = new CopyOnWriteArrayList<>();
        client.jobs("q").work(job -> {
            try {
                job.step("a", String.class, key -> {
                    throw new java.io.IOException("from the test");
                });
            } catch (java.io.IOException e) {
                thrown.add(e);
            }
            try {
                job.step("b", String.class, key -> "x".repeat(1 << 20));
            } catch (PayloadTooLargeException e) {
                thrown.add(e);
            }
            try {
                job.step("", String.class, key -> "x");
            } catch (ValidationException e) {
                thrown.add(e);
            }
            return job.step("a", String.class, key -> "second time");
        });
        assertThat(client.jobs("q").submit("x").await(String.class, MINUTE)).isEqualTo("second time");
        assertThat(thrown).hasSize(3);
    }

    @Test
    void progressIsSeenByOthers() {
        CoordinatorClient client = connect();
        CountDownLatch go = new CountDownLatch(1);
        client.jobs("q").work(job -> {
            job.progress(Map.of("done", 0.5));
            go.await();
            return null;
        });
        JobHandle job = client.jobs("q").submit("x");
        soon().until(() -> job.inspect().orElseThrow().progress().isPresent());
        assertThat(job.inspect().orElseThrow().progress().orElseThrow()).hasToString("{\"done\":0.5}");
        go.countDown();
        job.await(MINUTE);
    }

    // ---- a worker's end ----

    @Test
    void aClosedWorkerFinishesWhatRunsAndHandsBackTheRest() {
        CoordinatorClient client = connect();
        Held held = new Held();
        JobWorker worker = client.jobs("q").work(held, heard());
        assertThat(worker.state()).isEqualTo(JobWorker.State.ACTIVE);
        JobHandle first = client.jobs("q").submit(1);
        JobHandle second = client.jobs("q").submit(2);
        held.begun();

        CompletableFuture<Void> drained = worker.drain().toCompletableFuture();
        soon().until(() -> worker.state() == JobWorker.State.DRAINING);
        assertThat(drained).isNotDone();
        held.go.countDown();

        get(drained);
        assertThat(worker.state()).isEqualTo(JobWorker.State.CLOSED);
        assertThat(worker.running()).isZero();
        assertThat(first.await(String.class, MINUTE)).isEqualTo("done 1");
        assertThat(second.inspect().orElseThrow().state()).isEqualTo(JobState.WAITING);
        client.jobs("q").work(job -> "other");
        assertThat(second.await(String.class, MINUTE)).isEqualTo("other");
        worker.close();
        assertThat(errors).isEmpty();
    }

    @Test
    void aWorkerThatIsClosedInAHurryGivesItsJobToAnotherOneUncounted() {
        CoordinatorClient client = connect();
        Held held = new Held();
        JobWorker worker = client.jobs("q").work(held, heard().withDrainTimeout(Duration.ZERO));
        JobHandle job = client.jobs("q").submit("x");
        JobContext context = held.begun();
        client.jobs("q").work(again -> "attempt " + again.attempt());

        worker.close();

        assertThat(job.await(String.class, MINUTE)).isEqualTo("attempt 1");
        assertThat(context.isCancelled()).isTrue();
        soon().until(() -> held.interrupts.get() == 1);
    }

    @Test
    void aLostSessionEndsAttemptsAndTheWorkerJoinsAgain() {
        CoordinatorClient client = connect();
        Held held = new Held();
        List<Object> refused = new CopyOnWriteArrayList<>();
        JobWorker worker = client.jobs("q")
                .work(
                        job -> {
                            if (job.attempt() > 1) {
                                return "attempt " + job.attempt();
                            }
                            try {
                                return held.run(job);
                            } catch (InterruptedException e) {
                                try {
                                    job.complete("from the past");
                                } catch (JobLeaseLostException lost) {
                                    refused.add(lost);
                                }
                                throw e;
                            }
                        },
                        heard());
        CoordinatorClient other = connect();
        JobHandle job = other.jobs("q").submit("x");
        held.begun();

        cluster.expire(client.sessionId());
        node.dropStreams();

        assertThat(job.await(String.class, MINUTE)).isEqualTo("attempt 2");
        soon().until(() -> refused.size() == 1);
        soon().until(() -> worker.state() == JobWorker.State.ACTIVE);
        assertThat(job.inspect().orElseThrow().attempts()).hasSize(2);
    }

    @Test
    void aClosedClientEndsItsWorkers() {
        CoordinatorClient client = connect();
        Held held = new Held();
        JobWorker worker = client.jobs("q").work(held, heard());
        client.jobs("q").submit("x");
        JobContext context = held.begun();
        client.close();
        soon().until(() -> worker.state() == JobWorker.State.CLOSED);
        assertThatThrownBy(() -> context.complete("r")).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> client.jobs("q").work(job -> null)).isInstanceOf(ClosedException.class);
        worker.close();
        get(worker.drain());
    }

    @Test
    void aHandlerMayCloseItsWorker() {
        CoordinatorClient client = connect();
        CompletableFuture<JobWorker> worker = new CompletableFuture<>();
        worker.complete(client.jobs("q")
                .work(
                        job -> {
                            var unused = get(worker).closeAsync();
                            return "closed";
                        },
                        heard()));
        assertThat(client.jobs("q").submit("x").await(String.class, MINUTE)).isEqualTo("closed");
        soon().until(() -> get(worker).state() == JobWorker.State.CLOSED);
    }

    // ---- to await ----

    @Test
    void anAwaitOutlivesItsSession() {
        CoordinatorClient client = connect();
        CoordinatorClient other = connect();
        JobHandle job = client.jobs("q").submit("x");
        CompletableFuture<JsonNode> awaited = inBackground(job::await);
        soon().until(() -> operations(JobCommand::hasAwait) == 1);

        cluster.expire(client.sessionId());
        node.dropStreams();
        soon().until(() -> operations(JobCommand::hasAwait) == 2);
        other.jobs("q").work(any -> "done");

        assertThat(get(awaited)).hasToString("\"done\"");
    }

    private long operations(java.util.function.Predicate<JobCommand> which) {
        return cluster.applied().stream()
                .filter(Command::hasJob)
                .map(Command::getJob)
                .filter(which)
                .count();
    }

    @Test
    void anAwaitEndsWithItsTimeAnInterruptOrItsClient() {
        CoordinatorClient client = connect();
        JobHandle job = client.jobs("q").submit("x");
        assertThatThrownBy(() -> job.await(Duration.ofMillis(20)))
                .isInstanceOfSatisfying(RequestTimeoutException.class, e -> {
                    assertThat(e.outcomeUnknown()).isFalse();
                    assertThat(e).hasMessageContaining("within 20 ms");
                });
        assertThatThrownBy(() -> job.await(Duration.ZERO)).isInstanceOf(ValidationException.class);
        soon().until(() -> operations(JobCommand::hasCancelAwait) == 1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(job::await).isInstanceOf(CoordinatorInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThatThrownBy(() -> client.jobs("q").job("none").await()).isInstanceOf(KeyNotFoundException.class);
        CompletableFuture<JsonNode> awaited = inBackground(job::await);
        soon().until(() -> operations(JobCommand::hasAwait) >= 3);
        client.close();
        assertThatThrownBy(() -> get(awaited)).isInstanceOf(ClosedException.class);
    }
}
