package io.coordinator.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Command;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What takes long to admit is admitted bit by bit. */
@Feature("C-08")
class AdmissionTurnsTest {
    private final FakeSink sink = new FakeSink();
    private final List<Long> examined = new ArrayList<>();
    private final Outgoing node = new Outgoing(1 << 20, 1 << 20, 1_000, Runnable::run);
    private final StreamAccount account = new StreamAccount(node);
    private final Probe serving = new Probe();
    private long nanos;
    private final AdmissionTurns turns = new AdmissionTurns(sink, account, () -> nanos);

    @Test
    void whatTakesNoLongerThanATurnIsExaminedAtOnce() {
        turns.begin(frame(1_000, 4_000), serving);
        assertThat(serving.done).isEqualTo(1);
        assertThat(examined).hasSize(1_000);
        assertThat(sink.later).isEmpty();
        assertThat(node.unanswered().bytes()).isZero();
    }

    @Test
    void theRestIsExaminedInLaterTurnsAndCountsUntilThen() {
        turns.begin(frame(11, TimeUnit.MILLISECONDS.toNanos(3)), serving);
        assertThat(examined).containsExactly(1L, 2L);
        assertThat(turns.isBusy()).isTrue();
        assertThat(node.unanswered().bytes()).isGreaterThanOrEqualTo(11 * Unanswered.PART_BYTES);

        sink.later.remove().run();
        assertThat(examined).containsExactly(1L, 2L, 3L, 4L);
        assertThat(serving.done).isZero();
        runAll();
        assertThat(examined).hasSize(11).isSorted();
        assertThat(serving.done).isEqualTo(1);
        assertThat(turns.isBusy()).isFalse();
        assertThat(node.unanswered().bytes()).isZero();
    }

    @Test
    void aTurnExaminesOneCommandHoweverLongThatTakes() {
        turns.begin(frame(3, TimeUnit.SECONDS.toNanos(1)), serving);
        assertThat(examined).hasSize(1);
        sink.later.remove().run();
        assertThat(examined).hasSize(2);
        sink.later.remove().run();
        assertThat(serving.done).isEqualTo(1);
        assertThat(sink.later).isEmpty();
    }

    @Test
    void whatAStreamThatHasEndedBroughtIsDropped() {
        turns.begin(frame(3, TimeUnit.SECONDS.toNanos(1)), serving);
        serving.ended = true;
        runAll();
        assertThat(examined).hasSize(1);
        assertThat(serving.done).isZero();
        assertThat(turns.isBusy()).isFalse();
        assertThat(node.unanswered().bytes()).isZero();
    }

    private void runAll() {
        while (!sink.later.isEmpty()) {
            sink.later.remove().run();
        }
    }

    /** @param cost what it takes to look at each of them */
    private Examination frame(long commands, long cost) {
        return new Examination(
                LongStream.rangeClosed(1, commands)
                        .mapToObj(seq -> Command.newBuilder().setSeq(seq).build())
                        .toList(),
                0,
                command -> {
                    examined.add(command.getSeq());
                    nanos += cost;
                    return Optional.empty();
                });
    }

    private static final class Probe implements AdmissionTurns.Serving {
        private boolean ended;
        private int done;

        @Override
        public boolean goesOn() {
            return !ended;
        }

        @Override
        public void examined() {
            done++;
        }
    }
}
