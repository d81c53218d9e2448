package io.coordinator.server.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.server.replica.ReadTurn;
import io.coordinator.server.replica.Replica;
import io.coordinator.server.support.FakeTime;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rule of shared reads: evaluated first, released only if the lease holds after that. */
@Feature("G-2")
class ReadGateTest {
    private static final Duration LEASE = Duration.ofMillis(250);

    private final FakeTime time = new FakeTime();
    private final Replica replica = new Replica(new Coordinator(Limits.DEFAULT), Runnable::run);
    private final Entries entries = new Entries();
    private final ReadGate gate = new ReadGate(replica, new LogLease(LEASE, time), entries, true);

    @Test
    void underTheLeaseAReadIsAnsweredAtOnce() {
        gate.open();
        prove(gate);
        Probe read = new Probe();
        gate.submit(read);

        assertThat(read.released).containsExactly(0L);
        assertThat(entries.requests).isZero();
    }

    @Test
    void withoutTheLeaseAReadWaitsForAnEntrySubmittedAfterItArrived() {
        gate.open();
        long inFlight = entries.submit();
        Probe read = new Probe();
        gate.submit(read);
        assertThat(entries.requests).isEqualTo(1);

        gate.proven(inFlight, time.getAsLong());
        assertThat(read.released)
                .as("that entry was submitted before the read arrived")
                .isEmpty();

        long later = entries.submit();
        replica.apply(7, Entry.getDefaultInstance());
        gate.proven(later, time.getAsLong());
        assertThat(read.released).as("evaluated again").containsExactly(7L);
    }

    @Test
    void oneEntryServesAllWaitingReads() {
        gate.open();
        Probe first = new Probe();
        Probe second = new Probe();
        gate.submit(first);
        gate.submitQuorum(second);
        prove(gate);

        assertThat(first.released).hasSize(1);
        assertThat(second.released).hasSize(1);
    }

    @Test
    @Feature("C-08")
    void anEntryThatProvesReadsEvaluatesNoneOfThem() {
        Queue<Runnable> helper = new ArrayDeque<>();
        Replica left = new Replica(new Coordinator(Limits.DEFAULT), helper::add);
        ReadGate quorum = new ReadGate(left, new LogLease(LEASE, time), entries, true);
        quorum.open();
        List<Probe> reads = Stream.generate(Probe::new).limit(512).toList();
        reads.forEach(quorum::submitQuorum);
        prove(quorum);
        assertThat(reads).allMatch(read -> read.released.isEmpty());

        while (!helper.isEmpty()) {
            helper.remove().run();
        }
        assertThat(reads).allMatch(read -> read.released.size() == 1);
    }

    @Test
    void aQuorumReadIgnoresTheLease() {
        gate.open();
        prove(gate);
        Probe read = new Probe();
        gate.submitQuorum(read);

        assertThat(read.released).isEmpty();
    }

    @Test
    void theLeaseCountsFromTheSubmissionNotFromTheCommit() {
        gate.open();
        long ordinal = entries.submit();
        long submitted = time.getAsLong();
        time.advance(LEASE.minusMillis(1));
        gate.proven(ordinal, submitted);
        assertThat(released(gate)).isTrue();

        time.advance(Duration.ofMillis(1));
        assertThat(released(gate)).isFalse();
    }

    @Test
    @Feature("S-35")
    void aLeaderPausedPastItsLeaseReleasesNothing() {
        assertThat(readAcrossAPause(new LogLease(LEASE, time))).isFalse();
    }

    @Test
    void theTestAboveNoticesABrokenRule() {
        assertThat(readAcrossAPause(new AlwaysTrusting())).isTrue();
    }

    /** The process stops between evaluation and check; meanwhile another node leads and writes. */
    private boolean readAcrossAPause(LeaseRule rule) {
        ReadGate paused = new ReadGate(replica, rule, entries, true);
        paused.open();
        prove(paused);
        Probe read = new Probe() {
            @Override
            public void evaluate(Coordinator core, ReadTurn turn) {
                super.evaluate(core, turn);
                time.advance(Duration.ofSeconds(10));
            }
        };
        paused.submit(read);
        return !read.released.isEmpty();
    }

    @Test
    void aNewLeadershipStartsWithoutALease() {
        gate.open();
        long ordinal = entries.submit();
        long submitted = time.getAsLong();
        gate.close();
        time.advance(Duration.ofMillis(1));
        gate.open();
        gate.proven(ordinal, submitted);

        assertThat(released(gate)).as("proof of an earlier leadership").isFalse();
    }

    @Test
    void duringAHandOverTheLeaseIsNotUsed() {
        gate.open();
        prove(gate);
        gate.suspendLease();
        assertThat(released(gate)).isFalse();
        prove(gate);
        assertThat(released(gate))
                .as("not even after the last word has been applied")
                .isFalse();

        gate.resumeLease();
        prove(gate);
        assertThat(released(gate)).isTrue();
    }

    @Test
    void theLossOfLeadershipRefusesReads() {
        gate.open();
        Probe waiting = new Probe();
        gate.submit(waiting);
        gate.close();
        Probe late = new Probe();
        gate.submit(late);

        assertThat(waiting.refusals).containsExactly(ErrorCode.ENOTLEADER);
        assertThat(late.refusals).containsExactly(ErrorCode.ENOTLEADER);
    }

    @Test
    void readsKeepTheLeaseAliveAndNothingElseDoes() {
        gate.open();
        prove(gate);
        gate.renewIfRead();
        assertThat(entries.requests).isZero();

        gate.submit(new Probe());
        gate.renewIfRead();
        assertThat(entries.requests).isEqualTo(1);
        gate.renewIfRead();
        assertThat(entries.requests).isEqualTo(1);
    }

    private void prove(ReadGate proven) {
        proven.proven(entries.submit(), time.getAsLong());
    }

    private static boolean released(ReadGate asked) {
        Probe read = new Probe();
        asked.submit(read);
        return !read.released.isEmpty();
    }

    /** Records the index at which it was evaluated last, when it is released. */
    private static class Probe implements GatedRead {
        private final List<Long> released = new ArrayList<>();
        private final List<ErrorCode> refusals = new ArrayList<>();
        private long evaluatedAt = -1;

        @Override
        public void evaluate(Coordinator core, ReadTurn turn) {
            evaluatedAt = core.index();
        }

        @Override
        public void release() {
            released.add(evaluatedAt);
        }

        @Override
        public void refuse(Error error) {
            refusals.add(error.getCode());
        }
    }

    private static final class Entries implements EntrySource {
        private long submitted;
        private int requests;

        long submit() {
            return ++submitted;
        }

        @Override
        public long submitted() {
            return submitted;
        }

        @Override
        public void requestEntry() {
            requests++;
        }
    }

    private static final class AlwaysTrusting implements LeaseRule {
        @Override
        public boolean holds() {
            return true;
        }

        @Override
        public void proven(long submittedNanos) {}

        @Override
        public void suspend() {}

        @Override
        public void resume() {}
    }
}
