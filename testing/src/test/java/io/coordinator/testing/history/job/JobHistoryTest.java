package io.coordinator.testing.history.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.history.job.AskedJob.Cancel;
import io.coordinator.testing.history.job.HandlerLine.What;
import io.coordinator.testing.history.job.QueueChange.Kind;
import io.coordinator.testing.history.job.QueueEnd.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The check of job queues notices each thing that must not be. */
@Feature("B-26")
class JobHistoryTest {
    private static final String Q = "q";
    private static final String NEXT = "next";

    private QueueRules rules = QueueRules.of(Q);
    private final List<AskedJob> asked = new ArrayList<>();
    private final List<QueueChange> changes = new ArrayList<>();
    private final List<HandlerLine> lines = new ArrayList<>();
    private final List<JobEffect> effects = new ArrayList<>();
    private final Map<String, State> ends = new HashMap<>();
    private final Map<String, State> nextEnds = new HashMap<>();
    private final List<String> written = new ArrayList<>();
    private final List<String> nextWritten = new ArrayList<>();

    /** One job that is done, and its follow-up. */
    @BeforeEach
    void oneIsDone() {
        submitted("a", "k", 0);
        done("a", 1, 10);
    }

    private void submitted(String id, String key, int priority) {
        asked.add(new AskedJob(Q, id, asked.size(), key, priority, 0, 100, true, Cancel.NOT_ASKED));
        change(Kind.SUBMITTED, id, true, 0);
    }

    private void change(Kind kind, String id, boolean waits, int attempt) {
        changes.add(new QueueChange(Q, id, kind, waits, attempt));
    }

    private void line(What what, String id, int attempt, long token, String text) {
        lines.add(new HandlerLine(what, Q, id, token, attempt, 200, text));
    }

    private void begun(String id, int attempt, long token) {
        change(Kind.STARTED, id, false, attempt);
        line(What.BEGUN, id, attempt, token, "-");
    }

    private void completed(String id, int attempt, long token, String steps) {
        line(What.COMPLETING, id, attempt, token, "-");
        line(What.TAKEN, id, attempt, token, "-");
        change(Kind.COMPLETED, id, false, attempt);
        effects.add(new JobEffect(Q, id, token, attempt, "", steps));
        ends.put(id, State.SUCCEEDED);
        written.add(id);
        followUp(id, id + "-next-" + token);
    }

    private void followUp(String of, String id) {
        changes.add(new QueueChange(NEXT, id, Kind.SUBMITTED, true, 0));
        changes.add(new QueueChange(NEXT, id, Kind.STARTED, false, 1));
        changes.add(new QueueChange(NEXT, id, Kind.COMPLETED, false, 1));
        for (What what : List.of(What.BEGUN, What.COMPLETING)) {
            lines.add(new HandlerLine(what, NEXT, id, 5, 1, 300, "-"));
        }
        effects.add(new JobEffect(NEXT, id, 5, 1, Q + "/" + of, ""));
        nextEnds.put(id, State.SUCCEEDED);
        nextWritten.add(id);
    }

    private void done(String id, int attempt, long token) {
        begun(id, attempt, token);
        completed(id, attempt, token, "");
    }

    private List<String> problems() {
        return problems(0);
    }

    private List<String> problems(int miscounted) {
        List<QueueEnd> all = new ArrayList<>();
        all.add(end(Q, ends, miscounted, written));
        all.add(end(NEXT, nextEnds, 0, nextWritten));
        return new JobHistory(List.of(rules, QueueRules.of(NEXT)), asked, changes, lines, effects, all).problems();
    }

    private QueueEnd end(String queue, Map<String, State> jobs, int miscounted, List<String> ids) {
        long completed =
                effects.stream().filter(effect -> effect.queue().equals(queue)).count();
        return new QueueEnd(queue, jobs, completed, completed + miscounted, ids);
    }

    private void assertProblem(String problem) {
        assertThat(problems()).anySatisfy(told -> assertThat(told).contains(problem));
    }

    private void removeFromEffects(String queue) {
        effects.removeIf(effect -> effect.queue().equals(queue));
    }

    @Test
    void allIsWell() {
        assertThat(problems()).isEmpty();
    }

    // ---- what may be ----

    @Test
    void anAttemptThatIsLostHasASuccessorAndIsRefused() {
        submitted("b", "", 0);
        begun("b", 1, 20);
        change(Kind.LOST, "b", true, 1);
        begun("b", 2, 21);
        line(What.COMPLETING, "b", 1, 20, "-");
        line(What.REFUSED, "b", 1, 20, "cluster");
        completed("b", 2, 21, "");
        assertThat(problems()).isEmpty();
    }

    @Test
    void anAttemptThatIsHandedBackIsNotCounted() {
        submitted("b", "", 0);
        begun("b", 1, 20);
        change(Kind.RELEASED, "b", true, 0);
        done("b", 1, 21);
        assertThat(problems()).isEmpty();
    }

    @Test
    void whatAWatchMissedIsNotHeldAgainstTheQueue() {
        rules = QueueRules.of(Q).limited(1, 1);
        submitted("b", "k", 0);
        begun("b", 1, 20);
        changes.add(QueueChange.gap(Q));
        submitted("c", "k", 0);
        done("c", 1, 21);
        completed("b", 2, 22, "");
        line(What.BEGUN, "b", 2, 22, "-");
        assertThat(problems()).isEmpty();
    }

    @Test
    void aMortalJobMayDieAndACancelledOneBeOver() {
        rules = QueueRules.of(Q).mortal();
        submitted("b", "", 0);
        begun("b", 1, 20);
        change(Kind.DIED, "b", false, 1);
        ends.put("b", State.DEAD);
        asked.add(new AskedJob(Q, "c", 9, "", 0, 0, 100, true, Cancel.ASKED));
        change(Kind.SUBMITTED, "c", true, 0);
        change(Kind.WITHDRAWN, "c", false, 0);
        ends.put("c", State.CANCELED);
        assertThat(problems()).isEmpty();
    }

    // ---- completions that are not fenced ----

    @Test
    void aCompletionByAnOldTokenIsNoticed() {
        submitted("b", "", 0);
        begun("b", 1, 20);
        change(Kind.LOST, "b", true, 1);
        begun("b", 2, 21);
        completed("b", 1, 20, "");
        assertProblem("completed by an attempt that was given up (1)");
        assertProblem("another attempt ended than the one that ran (1)");
    }

    @Test
    void aLostJobThatIsGivenOutWhileTheOldLeaseIsAcceptedIsNoticed() {
        submitted("b", "", 0);
        begun("b", 1, 20);
        begun("b", 2, 21);
        assertProblem("given out while an attempt had it (1)");
        completed("b", 1, 20, "");
        completed("b", 2, 21, "");
        assertProblem("completed twice (1)");
        assertProblem("something after its end (1)");
        assertProblem("followed up twice (1)");
        assertProblem("written twice into its document (1): q/b");
    }

    @Test
    void aCompletionThatWasRefusedOrFailedAndCountsIsNoticed() {
        line(What.REFUSED, "a", 1, 10, "cluster");
        line(What.THROWN, "a", 1, 10, "-");
        assertProblem("refused, and there (1)");
        assertProblem("completed by an attempt that failed (1)");
    }

    @Test
    void aCompletionThatWasTakenAndDoesNotCountIsNoticed() {
        submitted("b", "", 0);
        begun("b", 1, 20);
        line(What.COMPLETING, "b", 1, 20, "-");
        line(What.TAKEN, "b", 1, 20, "-");
        change(Kind.LOST, "b", true, 1);
        done("b", 2, 21);
        assertProblem("taken, and not there (1)");
    }

    @Test
    void aCompletionByNobodyIsNoticed() {
        lines.clear();
        assertProblem("completed by nobody (2)");
        line(What.BEGUN, "a", 2, 11, "-");
        assertProblem("begun and never given out (1)");
        assertProblem("completed by an attempt that never began (1)");
    }

    @Test
    void tokensThatDoNotGrowAreNoticed() {
        submitted("b", "", 0);
        begun("b", 1, 20);
        change(Kind.FAILED, "b", false, 1);
        done("b", 2, 20);
        assertProblem("tokens do not grow (1)");
    }

    // ---- order and limits ----

    @Test
    void aKeyOutOfOrderIsNoticed() {
        rules = QueueRules.of(Q).ordered();
        submitted("b", "k", 0);
        submitted("c", "k", 0);
        begun("b", 1, 20);
        change(Kind.FAILED, "b", false, 1);
        done("c", 1, 21);
        assertProblem("given out before an earlier one of its key was over (1)");
        done("b", 2, 22);
        assertProblem("completed out of the order of its key (1)");
    }

    @Test
    void twoOfAKeyAtATimeAreNoticed() {
        submitted("b", "k", 0);
        submitted("c", "k", 0);
        begun("b", 1, 20);
        begun("c", 1, 21);
        assertProblem("more of a key at a time than the queue allows (1)");
    }

    @Test
    void submissionsOutOfOrderAreNoticed() {
        rules = QueueRules.of(Q).ordered();
        asked.add(new AskedJob(Q, "late", 9, "k", 0, 0, 100, true, Cancel.NOT_ASKED));
        change(Kind.SUBMITTED, "late", true, 0);
        asked.add(new AskedJob(Q, "early", 8, "k", 0, 0, 100, true, Cancel.NOT_ASKED));
        change(Kind.SUBMITTED, "early", true, 0);
        assertProblem("submitted out of order (1)");
    }

    @Test
    void moreAtATimeThanTheQueueAllowsAreNoticedAfterAnAttemptWasGivenOutAgain() {
        rules = QueueRules.of(Q).limited(1, 1);
        submitted("b", "", 0);
        submitted("c", "", 0);
        begun("b", 1, 20);
        change(Kind.LOST, "b", true, 1);
        begun("b", 2, 21);
        begun("c", 1, 22);
        assertProblem("more at a time than the queue allows (1)");
    }

    @Test
    void aJobBeforeOneOfAHigherPriorityIsNoticed() {
        rules = QueueRules.of(Q).byPriority();
        submitted("b", "", 0);
        submitted("c", "", 1);
        begun("b", 1, 20);
        assertProblem("given out before one of its rank (1)");
    }

    @Test
    void aJobBeforeItsTimeIsNoticed() {
        asked.add(new AskedJob(Q, "b", 9, "", 0, 101, 100, true, Cancel.NOT_ASKED));
        change(Kind.SUBMITTED, "b", false, 0);
        done("b", 1, 20);
        assertProblem("begun before its time (1)");
    }

    // ---- submissions and ends ----

    @Test
    void aRepeatedSubmissionIsNoticed() {
        change(Kind.SUBMITTED, "a", true, 0);
        assertProblem("submitted twice (1)");
    }

    @Test
    void aLostJobIsNoticed() {
        submitted("b", "", 0);
        assertProblem("lost (1)");
        ends.put("b", State.UNFINISHED);
        assertProblem("not over in the end (1): q/b");
    }

    @Test
    void anEndWithoutReasonIsNoticed() {
        submitted("b", "", 0);
        ends.put("b", State.DEAD);
        assertProblem("dead without reason (1): q/b");
        ends.put("b", State.CANCELED);
        assertProblem("cancelled by nobody (1): q/b");
        ends.put("b", State.SUCCEEDED);
        assertProblem("succeeded without what its completion brings (1): q/b");
        ends.put("a", State.CANCELED);
        assertProblem("completed, and CANCELED (1): q/a");
    }

    @Test
    void whatIsGivenOutAfterItsEndIsNoticed() {
        begun("a", 2, 11);
        assertProblem("something after its end (1)");
    }

    @Test
    void attemptsThatAreNotCountedAreNoticed() {
        submitted("b", "", 0);
        begun("b", 2, 20);
        assertProblem("a wrong attempt (1)");
    }

    @Test
    void whatNobodySubmittedIsNoticed() {
        done("b", 1, 20);
        assertProblem("given out and never submitted (1)");
        assertProblem("completed and never submitted (1)");
    }

    // ---- what completions bring ----

    @Test
    void aCounterThatIsWrongIsNoticed() {
        assertThat(problems(1)).containsExactly("a counter that is wrong (1): q has 2, and there are 1 completions");
    }

    @Test
    void aDocumentWithoutItsEffectIsNoticed() {
        written.clear();
        assertProblem("not written into its document (1): [a]");
        written.add("b");
        assertProblem("written into its document and not completed (1): q/b");
    }

    @Test
    void aFollowUpThatIsMissingOrOfNobodyIsNoticed() {
        removeFromEffects(NEXT);
        assertProblem("never followed up (1)");
        followUp("b", "b-next");
        assertProblem("followed up and not completed (1)");
    }

    // ---- steps ----

    @Test
    void aRecordedStepThatRunsAgainIsNoticed() {
        submitted("b", "", 0);
        begun("b", 1, 20);
        line(What.STEP_RUNS, "b", 1, 20, "s=");
        line(What.STEP_IS, "b", 1, 20, "s=20");
        change(Kind.LOST, "b", true, 1);
        begun("b", 2, 21);
        completed("b", 2, 21, "s=20");
        assertThat(problems()).isEmpty();
        line(What.STEP_RUNS, "b", 2, 21, "s=");
        assertProblem("a recorded step ran again (1)");
        line(What.STEP_IS, "b", 2, 21, "s=21");
        assertProblem("two results of one step (1)");
    }

    @Test
    void aResultThatNoStepHasIsNoticed() {
        submitted("b", "", 0);
        begun("b", 1, 20);
        line(What.STEP_IS, "b", 1, 20, "s=20");
        completed("b", 1, 20, "s=7");
        assertProblem("completed with a result that no step has (1)");
    }

    // ---- lines ----

    @Test
    void aLineThatWasCutOffIsNotRead(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("lines");
        HandlerLine whole = new HandlerLine(What.STEP_IS, Q, "a", 7, 1, 8, "s=x y");
        Files.writeString(file, whole.line() + "\n" + whole.line().substring(0, 9));
        assertThat(HandlerLine.readAll(file)).containsExactly(whole);
    }
}
