package io.coordinator.state;

import static io.coordinator.protocol.JobState.CANCELED;
import static io.coordinator.protocol.JobState.DEAD;
import static io.coordinator.protocol.JobState.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CancelAwait;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobEnd;
import io.coordinator.protocol.JobFailure;
import io.coordinator.protocol.JobReply;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.protocol.ReadSteps;
import io.coordinator.protocol.StepResult;
import io.coordinator.protocol.TransactionCommand;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is told of the end of a job, what its attempts record, and what a transaction can hold. */
@Feature("B-26")
class JobAwaitsTest extends JobScript {
    private static ByteString done() {
        return Actor.json("\"done\"");
    }

    // ---- awaits ----

    @Test
    void allWhoAwaitAJobAreToldItsResultOnce() {
        join("w", 1);
        Outcome submitted = submit("a", newJob("x").setAwait(true));
        long seq = await("b", "x").gives(JobReply.OutcomeCase.AWAITED).seq();
        assertThat(count("jobAwaits")).isEqualTo(2);
        succeed("w", givenOne("w", "x"));
        ended("a", submitted.seq(), "x", SUCCEEDED, done());
        ended("b", seq, "x", SUCCEEDED, done());
        assertThat(count("jobAwaits")).isZero();
        rerun("a", "x", false);
        succeed("w", givenOne("w", "x"));
        assertThat(ends("a")).isEmpty();
    }

    @Test
    void aJobThatIsFinishedIsToldAtOnce() {
        configure("a", retrying(1, 1));
        join("w", 2);
        submit("a", "x", "y");
        List<JobAssigned> jobs = given("w");
        succeed("w", jobs.get(0));
        complete("w", failure(jobs.get(1), "no"));
        assertThat(await("b", "x").reply().getJob().getAwaited().getEnd())
                .isEqualTo(JobEnd.newBuilder()
                        .setId("x")
                        .setState(SUCCEEDED)
                        .setResult(done())
                        .build());
        JobEnd dead = await("b", "y").reply().getJob().getAwaited().getEnd();
        assertThat(dead.getState()).isEqualTo(DEAD);
        assertThat(dead.getFailure().getMessage()).isEqualTo("no");
        Outcome again = submit("b", newJob("x").setAwait(true));
        ended("b", again.seq(), "x", SUCCEEDED, done());
        await("b", "none").refused(ErrorCode.EKEYNOTFOUND, "\"none\"");
        assertThat(count("jobAwaits")).isZero();
    }

    @Test
    void theEndOfADeadOrCancelledJobIsToldToo() throws Exception {
        configure("a", retrying(1, 1));
        join("w", 1);
        submit("a", newJob("x").setAwait(true));
        complete("w", failure(givenOne("w", "x"), "no"));
        List<Event> events = session("a").heard();
        assertThat(events).hasSize(1);
        assertThat(events.get(0).getJob().getFinished().getState()).isEqualTo(DEAD);
        assertThat(JobFailure.parseFrom(events.get(0).getValue()).getMessage()).isEqualTo("no");
        Outcome submitted = submit("a", newJob("y").setAwait(true).setDelayMillis(1));
        cancel("b", "y");
        ended("a", submitted.seq(), "y", CANCELED, ByteString.EMPTY);
    }

    @Test
    void aRetryIsNoEnd() {
        join("w", 1);
        submit("a", newJob("x").setAwait(true));
        fail("w", givenOne("w", "x"));
        assertThat(ends("a")).isEmpty();
        at(10_000).tick();
        succeed("w", givenOne("w", "x"));
        assertThat(ends("a")).hasSize(1);
    }

    @Test
    void anAwaitCanBeWithdrawnAndEndsWithItsSession() {
        Outcome submitted = submit("a", newJob("x").setAwait(true), newJob("y").setAwait(true));
        await("b", "x");
        assertThat(count("jobAwaits")).isEqualTo(3);
        Outcome cancelled =
                job("a", b -> b.setCancelAwait(CancelAwait.newBuilder().setRequestSeq(submitted.seq())));
        assertThat(cancelled.reply().getJob().getAwaitCancelled().getWasWaiting())
                .isTrue();
        cancelled = job("a", b -> b.setCancelAwait(CancelAwait.newBuilder().setRequestSeq(submitted.seq())));
        assertThat(cancelled.reply().getJob().getAwaitCancelled().getWasWaiting())
                .isFalse();
        assertThat(count("jobAwaits")).isEqualTo(1);
        expire("b");
        assertThat(count("jobAwaits")).isZero();
        join("w", 2);
        given("w").forEach(job -> succeed("w", job));
        assertThat(ends("a")).isEmpty();
    }

    @Test
    void aLargeResultIsKeptOnceForAllWhoAwaitIt() {
        String large = "\"" + "x".repeat(100_000) + "\"";
        join("w", 1);
        submit("a", "x");
        for (int i = 0; i < 20; i++) {
            await("s" + i, "x");
        }
        long before = core().stateBytes();
        complete("w", result(givenOne("w", "x"), large));
        assertThat(core().stateBytes() - before).isLessThan(300_000);
        for (int i = 0; i < 20; i++) {
            assertThat(session("s" + i).heard().get(0).getValue()).isEqualTo(Actor.json(large));
        }
    }

    // ---- steps ----

    @Test
    void stepsStayForLaterAttempts() {
        configure("a", retrying(2, 1));
        join("w", 1);
        submit("a", "x");
        JobAssigned job = givenOne("w", "x");
        assertThat(step("w", job, "charge", "1")
                        .changes()
                        .reply()
                        .getJob()
                        .getStep()
                        .getEarlier())
                .isEmpty();
        assertThat(step("w", job, "charge", "2").reply().getJob().getStep().getEarlier())
                .isEqualTo(Actor.json("1"));
        fail("w", job);
        step("w", job, "mail", "3").refused(ErrorCode.EFENCED);
        at(1).tick();
        JobAssigned second = givenOne("w", "x");
        assertThat(second.getSteps()).isEqualTo(1);
        step("w", second, "mail", "4");
        assertThat(steps("x"))
                .containsExactly(
                        StepResult.newBuilder()
                                .setStep("charge")
                                .setResult(Actor.json("1"))
                                .setAttempt(1)
                                .build(),
                        StepResult.newBuilder()
                                .setStep("mail")
                                .setResult(Actor.json("4"))
                                .setAttempt(2)
                                .build());
        fail("w", second);
        redrive("a", 0);
        JobAssigned third = givenOne("w", "x");
        assertThat(third.getSteps()).isEqualTo(2);
        succeed("w", third);
        rerun("a", "x", true);
        succeed("w", givenOne("w", "x"));
        assertThat(steps("x")).hasSize(2);
        rerun("a", "x", false);
        assertThat(givenOne("w", "x").getSteps()).isZero();
        assertThat(count("jobSteps")).isZero();
    }

    private List<StepResult> steps(String id) {
        return ask(b -> b.setSteps(ReadSteps.newBuilder().setId(id))).getSteps().getStepsList();
    }

    @Test
    void stepsAreBoundedAndGoWithTheJob() {
        withoutShadow();
        join("w", 2);
        submit("a", "many", "large");
        List<JobAssigned> jobs = given("w");
        for (int i = 0; i < 1_000; i++) {
            step("w", jobs.get(0), "s" + i, "1").gives(JobReply.OutcomeCase.STEP);
        }
        step("w", jobs.get(0), "more", "1").refused(ErrorCode.ETOOLARGE, "1000 are the most");
        step("w", jobs.get(0), "s7", "2").gives(JobReply.OutcomeCase.STEP);
        String half = "\"" + "x".repeat(520_000) + "\"";
        step("w", jobs.get(1), "one", half);
        step("w", jobs.get(1), "two", half);
        step("w", jobs.get(1), "three", half).refused(ErrorCode.ETOOLARGE, "1048576");
        assertThat(count("jobSteps")).isEqualTo(1_002);
        assertThat(steps("many")).hasSize(100);
        jobs.forEach(job -> succeed("w", job));
        purge("a", PurgeQueue.newBuilder().setFinished(true));
        drain();
        assertThat(count("jobSteps")).isZero();
    }

    // ---- transactions ----

    private static TransactionCommand.Builder together(Command.Builder... commands) {
        TransactionCommand.Builder transaction = TransactionCommand.newBuilder();
        for (Command.Builder command : commands) {
            transaction.addThen(command);
        }
        return transaction;
    }

    @Test
    void aCompletionCarriesOtherChangesOrNothingIsDone() {
        join("w", 1);
        submit("a", "x");
        JobAssigned job = givenOne("w", "x");
        TransactionCommand.Builder all = together(
                session("w").putCommand("k", "1"),
                stepCommand(job, "s", "1"),
                completion(result(job, "2")),
                command(b -> submitting(b, newJob("next").setAwait(true))));
        Outcome done = session("w").transact(all);
        assertThat(done.reply().getTransaction().getRepliesCount()).isEqualTo(4);
        assertThat(state("x")).isEqualTo(SUCCEEDED);
        assertThat(givenOne("w", "next").getPayload()).isEqualTo(Actor.json("\"next\""));
        assertThat(count("cacheEntries")).isEqualTo(1);
    }

    @Test
    void aCompletionWithoutTheLeaseUndoesTheWholeTransaction() {
        join("w", 1);
        submit("a", newJob("x").setAwait(true));
        JobAssigned job = givenOne("w", "x");
        succeed("w", job);
        session("a").heard();
        TransactionCommand.Builder all = together(
                command(b -> submitting(b, newJob("next").setAwait(true))),
                session("w").putCommand("k", "1"),
                completion(result(job, "2")));
        Outcome refused =
                session("w").transact(all).refused(ErrorCode.EBATCH, "EFENCED").changes();
        assertThat(refused.reply().getError().getFailedEdit()).isEqualTo(2);
        assertThat(last().events()).isEmpty();
        assertThat(count("cacheEntries")).isZero();
        assertThat(count("jobs")).isEqualTo(1);
        given("w", new String[0]);
    }
}
