package io.coordinator.server.propose;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Reply;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What waits counts as much as it takes. */
@Feature("C-08")
class ProposalQueueTest {
    private static final int PART_BYTES = 1_000_000;

    private final ProposalQueue queue = new ProposalQueue();

    @Test
    void partsCountUntilTheWholeProposalWasTaken() {
        queue.add(new Heavy(10));
        assertThat(queue.bytes()).isGreaterThan(PART_BYTES).isLessThan(PART_BYTES + 1_000);
        queue.drainTo(Entry.newBuilder(), 1 << 20, 4);
        assertThat(queue.bytes()).as("six are left").isGreaterThan(PART_BYTES);
        queue.drainTo(Entry.newBuilder(), 1 << 20, 100);
        assertThat(queue.bytes()).isZero();
        assertThat(queue.commands()).isZero();
    }

    @Test
    void nothingCountsOfWhatHasFailed() {
        queue.add(new Heavy(10));
        queue.add(new Heavy(10));
        queue.drainTo(Entry.newBuilder(), 1 << 20, 4);
        queue.failAll();
        assertThat(queue.bytes()).isGreaterThan(PART_BYTES).isLessThan(2 * PART_BYTES);
        queue.failSplit();
        assertThat(queue.bytes()).isZero();
        assertThat(queue.commands()).isZero();
    }

    private record Heavy(int count) implements Proposal {
        @Override
        public List<Command> commands() {
            return LongStream.rangeClosed(1, count)
                    .mapToObj(seq -> Command.newBuilder().setSeq(seq).build())
                    .toList();
        }

        @Override
        public long partBytes() {
            return PART_BYTES;
        }

        @Override
        public void applied(int from, List<Reply> replies) {}

        @Override
        public void failed() {}
    }
}
