package io.coordinator.testing.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bugs that the models of documents, semaphores, builds and groups of keys exist for. */
class SharedObjectModelsTest {
    private static final DocumentModel.Content EMPTY = new DocumentModel.Content(0, "", List.of());
    private static final DocumentModel.Input CREATE = new DocumentModel.Input.Create(EMPTY);
    private static final DocumentModel.Input STAMP = new DocumentModel.Input.ReadStamp();
    private static final BuildModel.Input GET_OR_BUILD = new BuildModel.Input.GetOrBuild();

    @Test
    void anIncrementOfADocumentThatIsAppliedTwiceIsFound() {
        HistoryBuilder<DocumentModel.Input, DocumentModel.Output> once =
                documents().op("a", 2, 3, new DocumentModel.Input.Add(1), new DocumentModel.Output.NewNumber(1));
        assertGood(new DocumentModel(), once);
        assertBad(
                new DocumentModel(),
                once.op(
                        "a",
                        4,
                        5,
                        new DocumentModel.Input.ReadCount(),
                        new DocumentModel.Output.Count(Optional.of(2L))));
    }

    @Test
    void aVersionThatSkipsAndARevisionThatStaysAreFound() {
        DocumentModel.Input batch = new DocumentModel.Input.Batch(1, "x");
        assertGood(
                new DocumentModel(),
                documents().op("a", 2, 3, batch, stamp(2, 9)).op("a", 4, 5, STAMP, stamp(2, 9)));
        assertBad(new DocumentModel(), documents().op("a", 2, 3, batch, stamp(3, 9)));
        assertBad(
                new DocumentModel(),
                documents().op("a", 1, 2, STAMP, stamp(1, 9)).op("a", 2, 3, batch, stamp(2, 9)));
    }

    @Test
    void aPatchWhoseTestDidNotHoldIsFound() {
        DocumentModel.Input patch = new DocumentModel.Input.Patch("other", "next", "item");
        assertGood(new DocumentModel(), documents().op("a", 2, 3, patch, new DocumentModel.Output.NotAsExpected()));
        assertBad(new DocumentModel(), documents().op("a", 2, 3, patch, stamp(2, 9)));
    }

    @Test
    void aReplacementByAnOldRevisionIsFound() {
        DocumentModel.Input replace = new DocumentModel.Input.CompareAndReplace(5, EMPTY.text("x"));
        assertGood(
                new DocumentModel(),
                documents().op("a", 2, 3, STAMP, stamp(1, 5)).op("a", 4, 5, replace, stamp(2, 8)));
        assertBad(
                new DocumentModel(),
                documents().op("a", 2, 3, STAMP, stamp(1, 7)).op("a", 4, 5, replace, stamp(2, 8)));
    }

    @Test
    void morePermitsThanThereAreAreFound() {
        HistoryBuilder<SemaphoreModel.Input, SemaphoreModel.Output> full =
                semaphores().op("a", 0, 1, acquire(1), permit(1)).op("b", 2, 3, acquire(1), permit(2));
        assertGood(new SemaphoreModel(2), full);
        assertBad(new SemaphoreModel(2), full.op("c", 4, 5, acquire(1), permit(3)));
    }

    @Test
    void aRefusalOfAPermitThatThereIsIsFoundUnlessSomebodyMayHaveIt() {
        HistoryBuilder<SemaphoreModel.Input, SemaphoreModel.Output> refused = semaphores()
                .op("a", 0, 1, acquire(1), permit(1))
                .op("b", 2, 3, acquire(1), new SemaphoreModel.Output.Busy());
        assertBad(new SemaphoreModel(2), refused);
        assertGood(new SemaphoreModel(2), refused.unknown("c", 0, acquire(1)));
    }

    @Test
    void twoBuildersAtOnceAreFound() {
        HistoryBuilder<BuildModel.Input, BuildModel.Output> two =
                builds().op("a", 0, 1, GET_OR_BUILD, reserved(1)).op("b", 2, 3, GET_OR_BUILD, reserved(2));
        assertBad(new BuildModel(), two);
        assertGood(new BuildModel(), two.unknown("a", 1, new BuildModel.Input.Lose(1)));
    }

    @Test
    void aLateCompletionThatIsTakenIsFound() {
        HistoryBuilder<BuildModel.Input, BuildModel.Output> late = builds().op("a", 0, 1, GET_OR_BUILD, reserved(1))
                .op("b", 2, 3, new BuildModel.Input.Delete(), new BuildModel.Output.Deleted(true));
        BuildModel.Input complete = new BuildModel.Input.Complete(1, "x");
        assertBad(
                new BuildModel(), builds().addAll(late).op("a", 4, 5, complete, new BuildModel.Output.Committed("x")));
        assertGood(new BuildModel(), builds().addAll(late).op("a", 4, 5, complete, new BuildModel.Output.Late()));
    }

    @Test
    void twoValuesOfOneBuildAreFound() {
        assertBad(
                new BuildModel(),
                builds().op("a", 0, 1, GET_OR_BUILD, reserved(1))
                        .op("a", 2, 3, new BuildModel.Input.Complete(1, "x"), new BuildModel.Output.Committed("x"))
                        .op("b", 4, 5, GET_OR_BUILD, new BuildModel.Output.Value("y")));
    }

    @Test
    void aPartOfATransactionIsFound() {
        GroupModel.Input both = new GroupModel.Input.Commit(
                Map.of(), List.of(new GroupModel.Write.Put("a", "x"), new GroupModel.Write.Put("b", "x")), List.of());
        GroupModel.Input read = new GroupModel.Input.Read(List.of("a", "b"));
        HistoryBuilder<GroupModel.Input, GroupModel.Output> written =
                groups().op("a", 0, 9, both, new GroupModel.Output.Committed(true));
        assertGood(
                new GroupModel(),
                groups().addAll(written).op("b", 2, 3, read, new GroupModel.Output.Values(Map.of("a", "x", "b", "x"))));
        assertBad(
                new GroupModel(),
                groups().addAll(written).op("b", 2, 3, read, new GroupModel.Output.Values(Map.of("a", "x"))));
    }

    @Test
    void whatARefusedTransactionLeavesBehindIsFound() {
        GroupModel.Input refused = new GroupModel.Input.Commit(
                Map.of(), List.of(new GroupModel.Write.Put("a", "x-1"), new GroupModel.Write.Add("a", 1)), List.of());
        HistoryBuilder<GroupModel.Input, GroupModel.Output> history =
                groups().op("a", 0, 1, refused, new GroupModel.Output.Refused());
        assertGood(new GroupModel(), history);
        GroupModel.Input read = new GroupModel.Input.Read(List.of("a"));
        assertBad(new GroupModel(), history.op("b", 2, 3, read, new GroupModel.Output.Values(Map.of("a", "x-1"))));
    }

    private static HistoryBuilder<DocumentModel.Input, DocumentModel.Output> documents() {
        return new HistoryBuilder<DocumentModel.Input, DocumentModel.Output>()
                .op("a", 0, 1, CREATE, new DocumentModel.Output.Created(true));
    }

    private static DocumentModel.Output stamp(long version, long revision) {
        return new DocumentModel.Output.Stamp(Optional.of(new DocumentModel.Stamped(version, revision)));
    }

    private static HistoryBuilder<SemaphoreModel.Input, SemaphoreModel.Output> semaphores() {
        return new HistoryBuilder<>();
    }

    private static SemaphoreModel.Input acquire(int permits) {
        return new SemaphoreModel.Input.Acquire(permits);
    }

    private static SemaphoreModel.Output permit(long token) {
        return new SemaphoreModel.Output.Granted(token);
    }

    private static HistoryBuilder<BuildModel.Input, BuildModel.Output> builds() {
        return new HistoryBuilder<>();
    }

    private static BuildModel.Output reserved(long token) {
        return new BuildModel.Output.Reserved(token);
    }

    private static HistoryBuilder<GroupModel.Input, GroupModel.Output> groups() {
        return new HistoryBuilder<>();
    }

    private static <S, I, O> void assertGood(Model<S, I, O> model, HistoryBuilder<I, O> history) {
        assertThat(check(model, history)).isInstanceOf(Verdict.Linearizable.class);
    }

    private static <S, I, O> void assertBad(Model<S, I, O> model, HistoryBuilder<I, O> history) {
        assertThat(check(model, history)).isInstanceOf(Verdict.NotLinearizable.class);
    }

    private static <S, I, O> Verdict check(Model<S, I, O> model, HistoryBuilder<I, O> history) {
        return LinearizabilityChecker.check(model, history.operations(), Duration.ofSeconds(10));
    }
}
