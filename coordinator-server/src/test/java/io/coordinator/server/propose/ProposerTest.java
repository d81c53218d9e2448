package io.coordinator.server.propose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.Reply;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.support.FakeLog;
import io.coordinator.server.support.FakeTime;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProposerTest {
    private final FakeLog log = new FakeLog();
    private final FakeTime time = new FakeTime();
    private final Replica replica = new Replica(new Coordinator(Limits.DEFAULT), Runnable::run);
    private final Proposer proposer =
            new Proposer(log, replica, new ProposerSettings(2, 4_096, 100, 1_000, 1 << 20), time, () -> 0, bug -> {});

    @AfterEach
    void close() {
        proposer.close();
    }

    @Test
    void entriesAreStampedByTheClusterClock() {
        proposer.open();
        time.advance(Duration.ofMillis(42));
        proposer.offer(new Recorded(1, 10));

        assertThat(batch().entry().getClusterTimeMillis()).isEqualTo(42);
    }

    @Test
    @Feature("G-3")
    void aNewLeaderGoesOnFromTheTimeOfTheOneBefore() {
        replica.apply(1, Entry.newBuilder().setClusterTimeMillis(5_000).build());
        proposer.open();
        time.advance(Duration.ofMillis(42));
        proposer.offer(new Recorded(1, 10));

        assertThat(batch().entry().getClusterTimeMillis()).isEqualTo(5_042);
    }

    @Test
    @Feature("G-5")
    void thoseWhoShareAnEntryGetTheirOwnReplies() {
        proposer.open();
        proposer.offer(new Recorded(1, 10));
        Batch first = batch();
        proposer.offer(new Recorded(1, 10));
        batch();
        Recorded three = new Recorded(3, 10);
        Recorded two = new Recorded(2, 10, 11);
        proposer.offer(three);
        proposer.offer(two);
        proposer.applied(first, replies(first));

        Batch shared = batch();
        assertThat(shared.commands()).isEqualTo(5);
        proposer.applied(shared, replies(shared));
        assertThat(three.answered).containsExactly(1, 2, 3);
        assertThat(two.answered).containsExactly(11, 12);
    }

    @Test
    void whatIsOfferedBeforeTheOpeningFailsAtOnce() {
        Recorded early = new Recorded(1, 10);
        proposer.offer(early);

        assertThat(early.failures.get()).isEqualTo(1);
        assertThat(log.waiting()).isZero();
    }

    @Test
    void largeProposalsAreSplitAndAnsweredByPosition() {
        Recorded large = new Recorded(250, 10);
        proposer.open();
        proposer.offer(large);

        for (int sum = 0; sum < 250; ) {
            Batch next = batch();
            assertThat(next.commands()).isBetween(1, 100);
            sum += next.commands();
            proposer.applied(next, replies(next));
        }
        assertThat(large.answered)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 250).boxed().toList());
    }

    @Test
    void anEntryIsBoundedInBytesButTakesOneCommandHoweverLarge() {
        Recorded proposal = new Recorded(3, 3_000);
        proposer.open();
        proposer.offer(proposal);
        proposer.offer(new Recorded(1, 10_000));

        List<Integer> sizes = new ArrayList<>();
        for (int sum = 0; sum < 4; sum += sizes.get(sizes.size() - 1)) {
            Batch next = batch();
            sizes.add(next.commands());
            proposer.applied(next, replies(next));
        }
        assertThat(sizes).containsOnly(1);
    }

    @Test
    void theWindowHoldsEntriesBack() {
        proposer.open();
        proposer.offer(new Recorded(1, 10));
        Batch first = batch();
        proposer.offer(new Recorded(1, 10));
        batch();
        proposer.offer(new Recorded(1, 10));
        proposer.offer(new Recorded(1, 10));
        assertThat(proposer.queuedCommands()).isEqualTo(2);

        proposer.applied(first, replies(first));
        assertThat(batch().commands()).isEqualTo(2);
    }

    @Test
    @Feature("C-09")
    void aProofPassesAFullWindowWithoutTheCommandsThatWait() {
        proposer.open();
        proposer.offer(new Recorded(1, 10));
        batch();
        proposer.offer(new Recorded(1, 10));
        batch();
        proposer.offer(new Recorded(1, 10));
        proposer.requestEntry();
        assertThat(log.waiting()).as("not at once").isZero();

        time.advance(Duration.ofMillis(100));
        proposer.requestEntry();
        assertThat(batch().commands()).isZero();
        assertThat(proposer.queuedCommands()).isEqualTo(1);
    }

    @Test
    @Feature("C-13")
    void proofsThatAreSlowToCommitDoNotHoldUpCommands() {
        proposer.open();
        for (int i = 0; i < 5; i++) {
            time.advance(Duration.ofMillis(100));
            proposer.requestEntry();
            assertThat(batch().commands()).isZero();
        }
        proposer.offer(new Recorded(1, 10));
        assertThat(batch().commands()).isEqualTo(1);
    }

    @Test
    void aRequestedEntryIsSubmittedAfterTheRequestAndCanBeEmpty() {
        proposer.open();
        long before = proposer.submitted();
        proposer.requestEntry();

        Batch empty = batch();
        assertThat(empty.commands()).isZero();
        assertThat(empty.ordinal()).isGreaterThan(before);
    }

    @Test
    void theLossOfLeadershipFailsWhatIsQueuedAndInFlightOnce() {
        Recorded flying = new Recorded(1, 10);
        Recorded queued = new Recorded(150, 10);
        proposer.open();
        proposer.offer(flying);
        Batch batch = batch();
        proposer.offer(queued);
        batch();
        proposer.close("deposed");
        proposer.applied(batch, replies(batch));

        assertThat(flying.failures.get()).isEqualTo(1);
        assertThat(flying.answered).isEmpty();
        await().until(() -> queued.failures.get() >= 1);
        assertThat(proposer.entriesInFlight()).isZero();
        await().until(() -> proposer.queuedCommands() == 0);
    }

    @Test
    void afterTheLastWordNothingIsProposedUntilTheHandOverFailed() {
        proposer.open();
        CompletableFuture<Void> released = proposer.releaseLease();
        Batch lastWord = batch();
        assertThat(lastWord.entry().getLeaseReleased()).isTrue();
        proposer.offer(new Recorded(1, 10));
        proposer.applied(lastWord, List.of());
        assertThat(released).isCompleted();
        assertThat(log.waiting()).isZero();

        proposer.resume();
        assertThat(batch().commands()).isEqualTo(1);
    }

    @Test
    void aFullQueueIsReported() {
        proposer.open();
        proposer.offer(new Recorded(1, 10));
        batch();
        proposer.offer(new Recorded(1, 10));
        batch();
        proposer.offer(new Recorded(1_000, 10));

        assertThat(proposer.isOverloaded()).isTrue();
        assertThat(proposer.isFlooded()).isFalse();
        proposer.offer(new Recorded(1_000, 10));
        assertThat(proposer.isFlooded()).as("twice as much").isTrue();
    }

    private Batch batch() {
        return (Batch) log.next();
    }

    private static List<Reply> replies(Batch batch) {
        return batch.entry().getCommandsList().stream()
                .map(command -> Reply.newBuilder().setSeq(command.getSeq()).build())
                .toList();
    }

    private static final class Recorded implements Proposal {
        private final List<Command> commands;
        private final List<Integer> answered = new ArrayList<>();
        private final AtomicInteger failures = new AtomicInteger();

        Recorded(int count, int valueBytes) {
            this(count, valueBytes, 1);
        }

        Recorded(int count, int valueBytes, int firstSeq) {
            ByteString value = ByteString.copyFrom(new byte[valueBytes]);
            commands = IntStream.range(firstSeq, firstSeq + count)
                    .mapToObj(seq -> Command.newBuilder()
                            .setSeq(seq)
                            .setCache(CacheCommand.newBuilder()
                                    .setPut(PutValue.newBuilder().setValue(value)))
                            .build())
                    .toList();
        }

        @Override
        public List<Command> commands() {
            return commands;
        }

        @Override
        public void applied(int from, List<Reply> replies) {
            assertThat(from).isEqualTo(answered.size());
            replies.forEach(reply -> answered.add((int) reply.getSeq()));
        }

        @Override
        public void failed() {
            failures.incrementAndGet();
        }
    }
}
