package io.coordinator.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands that wait for their replies, by number. */
@Feature("G-5")
class CommandLogTest {
    private final CommandLog log = new CommandLog();
    private final List<CommandCall> calls = new ArrayList<>();

    /** Appends so many; the call with number n is {@code calls.get(n - 1)}. */
    private void append(int count) {
        for (int i = 0; i < count; i++) {
            CommandCall call = SilentCommand.acknowledge();
            calls.add(call);
            assertThat(log.append(call)).isEqualTo(calls.size());
        }
    }

    private void holds(long first, long next) {
        assertThat(log.first()).isEqualTo(first);
        assertThat(log.next()).isEqualTo(next);
        assertThat(log.span()).isEqualTo(next - first);
        assertThat(log.ackedSeq()).isEqualTo(first - 1);
        assertThat(log.isEmpty()).isEqualTo(first == next);
        assertThat(log.get(first - 1)).isNull();
        assertThat(log.get(next)).isNull();
    }

    @Test
    void numbersGoUpByOne() {
        holds(1, 1);
        append(3);
        holds(1, 4);
        for (int seq = 1; seq <= 3; seq++) {
            assertThat(log.get(seq)).isSameAs(calls.get(seq - 1));
        }
    }

    @Test
    void whatHasItsReplyIsAcknowledgedAsFarAsAllBeforeItHaveTheirs() {
        append(5);
        assertThat(log.remove(2)).isSameAs(calls.get(1));
        holds(1, 6);
        assertThat(log.get(2)).isNull();
        assertThat(log.remove(1)).isSameAs(calls.get(0));
        holds(3, 6);
        log.remove(5);
        log.remove(4);
        holds(3, 6);
        log.remove(3);
        holds(6, 6);
    }

    @Test
    void aReplyCountsOnce() {
        append(2);
        assertThat(log.remove(1)).isNotNull();
        assertThat(log.remove(1)).isNull();
        assertThat(log.remove(0)).isNull();
        assertThat(log.remove(3)).isNull();
        holds(2, 3);
    }

    /** Rings double: whatever the place of the first. */
    @Test
    void anyNumberCanBeOnTheirWay() {
        for (int answered : new int[] {0, 1, 40, 64}) {
            append(answered);
            for (int i = 0; i < answered; i++) {
                log.remove(log.first());
            }
            append(300);
            for (long seq = log.first(); seq < log.next(); seq++) {
                assertThat(log.get(seq)).isSameAs(calls.get((int) seq - 1));
            }
            while (!log.isEmpty()) {
                assertThat(log.remove(log.first())).isNotNull();
            }
        }
    }
}
