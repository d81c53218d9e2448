package io.coordinator.server.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.server.support.FakeTime;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A keep-alive or a resume is answered by a proven leader only, and one proof serves all who wait. */
@Feature({"G-13", "C-14"})
class LeadershipProofsTest {
    private final FakeTime time = new FakeTime();
    private final LogLease lease = new LogLease(Duration.ofMillis(250), time);
    private final Entries entries = new Entries();
    private final LeadershipProofs proofs = new LeadershipProofs(lease, entries, true, Runnable::run);

    @Test
    void underTheLeaseAClaimIsProvenAtOnceAndCostsNoEntry() {
        begin();
        lease.proven(time.getAsLong());
        Probe claim = new Probe();
        assertThat(proofs.await(claim)).isTrue();
        assertThat(claim.outcome).isEqualTo("proven");
        assertThat(entries.requests).isZero();
    }

    @Test
    void whereNoLeaseIsAllowedEveryClaimWaitsForAnEntry() {
        LeadershipProofs strict = new LeadershipProofs(lease, entries, false, Runnable::run);
        strict.open();
        lease.resume();
        lease.proven(time.getAsLong());
        Probe claim = new Probe();
        assertThat(strict.await(claim)).isFalse();
        assertThat(claim.outcome).isEmpty();
    }

    @Test
    void oneEntrySubmittedAfterThemProvesForAllWhoWait() {
        begin();
        long before = ++entries.submitted;
        Probe first = new Probe();
        Probe second = new Probe();
        assertThat(proofs.await(first)).isFalse();
        assertThat(proofs.await(second)).isFalse();
        proofs.proven(before);
        assertThat(first.outcome).as("that entry is older").isEmpty();

        proofs.proven(++entries.submitted);
        assertThat(first.outcome).isEqualTo("proven");
        assertThat(second.outcome).isEqualTo("proven");
    }

    @Test
    void aDeposedLeaderProvesNothing() {
        begin();
        Probe waiting = new Probe();
        proofs.await(waiting);
        lease.suspend();
        proofs.close();
        assertThat(waiting.outcome).isEqualTo("refused");

        Probe late = new Probe();
        assertThat(proofs.await(late)).isTrue();
        assertThat(late.outcome).isEqualTo("refused");
        proofs.proven(++entries.submitted);
        assertThat(late.outcome).isEqualTo("refused");
    }

    private void begin() {
        lease.resume();
        proofs.open();
    }

    private static final class Probe implements LeadershipProofs.Claim {
        private String outcome = "";

        @Override
        public void proven() {
            outcome = "proven";
        }

        @Override
        public void refused() {
            outcome = "refused";
        }
    }

    private static final class Entries implements EntrySource {
        private long submitted;
        private int requests;

        @Override
        public long submitted() {
            return submitted;
        }

        @Override
        public void requestEntry() {
            requests++;
        }
    }
}
