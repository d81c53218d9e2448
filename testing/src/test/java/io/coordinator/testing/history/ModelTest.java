package io.coordinator.testing.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bugs that the models exist for, one history each. */
class ModelTest {
    private static final LockModel.Input ACQUIRE = new LockModel.Input.Acquire();

    @Test
    void twoHoldersAtOnceAreFound() {
        assertBad(new LockModel(), locks().op("a", 0, 1, ACQUIRE, granted(1)).op("b", 2, 3, ACQUIRE, granted(2)));
    }

    @Test
    void aGrantAfterReleaseIsFine() {
        assertGood(
                new LockModel(),
                locks().op("a", 0, 1, ACQUIRE, granted(1))
                        .op("b", 0, 9, ACQUIRE, granted(2))
                        .op("a", 5, 6, new LockModel.Input.Release(1), new LockModel.Output.Released(true)));
    }

    @Test
    void aTokenThatGoesBackIsFound() {
        assertBad(
                new LockModel(),
                locks().op("a", 0, 1, ACQUIRE, granted(5))
                        .op("a", 2, 3, new LockModel.Input.Release(5), new LockModel.Output.Released(true))
                        .op("b", 4, 5, ACQUIRE, granted(5)));
    }

    @Test
    void aGrantBeforeTheHolderLostItIsFound() {
        assertBad(
                new LockModel(),
                locks().op("a", 0, 1, ACQUIRE, granted(1))
                        .op("b", 2, 3, ACQUIRE, granted(2))
                        .unknown("a", 4, new LockModel.Input.Lose(1)));
        assertGood(
                new LockModel(),
                locks().op("a", 0, 1, ACQUIRE, granted(1))
                        .op("b", 2, 5, ACQUIRE, granted(2))
                        .unknown("a", 4, new LockModel.Input.Lose(1)));
    }

    @Test
    void anAcquireWithoutAnswerExplainsABusyLockAndNothingElse() {
        HistoryBuilder<LockModel.Input, LockModel.Output> busy =
                locks().op("b", 2, 3, ACQUIRE, new LockModel.Output.Busy());
        assertBad(new LockModel(), busy);
        assertGood(new LockModel(), busy.unknown("a", 0, ACQUIRE));
        assertGood(new LockModel(), busy.op("c", 4, 5, ACQUIRE, granted(9)));
    }

    @Test
    void aWriteUnderAStaleTokenIsFound() {
        HistoryBuilder<LockModel.Input, LockModel.Output> handedOver = locks().op("a", 0, 1, ACQUIRE, granted(1))
                .op("a", 2, 3, new LockModel.Input.Release(1), new LockModel.Output.Released(true))
                .op("b", 4, 5, ACQUIRE, granted(2));
        LockModel.Input late = new LockModel.Input.GuardedWrite(1, "late");
        assertGood(
                new LockModel(),
                new HistoryBuilder<LockModel.Input, LockModel.Output>()
                        .addAll(handedOver)
                        .op("a", 6, 7, late, new LockModel.Output.Fenced()));
        assertBad(new LockModel(), handedOver.op("a", 6, 7, late, new LockModel.Output.Written()));
    }

    @Test
    void anIncrementThatHappenedTwiceIsFound() {
        CounterModel.Add one = new CounterModel.Add(1);
        assertBad(
                new CounterModel(),
                new HistoryBuilder<CounterModel.Add, Long>()
                        .op("a", 0, 1, one, 1L)
                        .op("b", 2, 3, one, 3L));
        assertGood(
                new CounterModel(),
                new HistoryBuilder<CounterModel.Add, Long>()
                        .op("a", 0, 1, one, 1L)
                        .unknown("c", 0, one)
                        .op("b", 2, 3, one, 3L));
    }

    @Test
    void aRevisionThatGoesBackIsFound() {
        EntryModel.Input put = new EntryModel.Input.Put("x");
        assertBad(
                new EntryModel(),
                entries()
                        .op("a", 0, 1, put, new EntryModel.Output.Written(7))
                        .op("a", 2, 3, put, new EntryModel.Output.Written(7)));
        assertGood(
                new EntryModel(),
                entries()
                        .op("a", 0, 1, put, new EntryModel.Output.Written(7))
                        .op("a", 2, 3, put, new EntryModel.Output.Written(12)));
    }

    @Test
    void aRevisionThatChangesWithoutAWriteIsFound() {
        EntryModel.Input put = new EntryModel.Input.Put("x");
        EntryModel.Input get = new EntryModel.Input.Get();
        HistoryBuilder<EntryModel.Input, EntryModel.Output> written =
                entries().unknown("a", 0, put).op("b", 2, 3, get, got("x", 7, 1));
        assertGood(new EntryModel(), written);
        assertBad(new EntryModel(), written.op("b", 4, 5, get, got("x", 8, 1)));
    }

    @Test
    void compareAndSetByAnOldRevisionIsFound() {
        EntryModel.Input put = new EntryModel.Input.Put("x");
        EntryModel.Input cas = new EntryModel.Input.CompareAndSet(7, "y");
        HistoryBuilder<EntryModel.Input, EntryModel.Output> twice = entries()
                .op("a", 0, 1, put, new EntryModel.Output.Written(7))
                .op("a", 2, 3, put, new EntryModel.Output.Written(9));
        assertBad(new EntryModel(), twice.op("b", 4, 5, cas, new EntryModel.Output.Compared(true, entry("y", 10, 3))));
    }

    private static HistoryBuilder<LockModel.Input, LockModel.Output> locks() {
        return new HistoryBuilder<>();
    }

    private static HistoryBuilder<EntryModel.Input, EntryModel.Output> entries() {
        return new HistoryBuilder<>();
    }

    private static LockModel.Output granted(long token) {
        return new LockModel.Output.Granted(token);
    }

    private static EntryModel.Output got(String value, long revision, long version) {
        return new EntryModel.Output.Got(entry(value, revision, version));
    }

    private static Optional<EntryModel.Entry> entry(String value, long revision, long version) {
        return Optional.of(new EntryModel.Entry(value, revision, version));
    }

    private static <S, I, O> void assertGood(Model<S, I, O> model, HistoryBuilder<I, O> history) {
        List<Operation<I, O>> operations = history.operations();
        assertThat(LinearizabilityChecker.check(model, operations, Duration.ofSeconds(10)))
                .isEqualTo(new Verdict.Linearizable(operations.size()));
    }

    private static <S, I, O> void assertBad(Model<S, I, O> model, HistoryBuilder<I, O> history) {
        assertThat(LinearizabilityChecker.check(model, history.operations(), Duration.ofSeconds(10)))
                .isInstanceOf(Verdict.NotLinearizable.class);
    }
}
