package io.coordinator.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.KeepAlive;
import io.coordinator.server.read.EntrySource;
import io.coordinator.server.read.LeadershipProofs;
import io.coordinator.server.read.LeaseRule;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keep-alives of one stream cost little however many wait for proof, and none gets a proof older than itself. */
@Feature({"C-08", "G-13"})
class KeepAlivesTest {
    private static final int SENT = 10_000;
    private static final List<Long> FIRST =
            LongStream.rangeClosed(1, KeepAlives.WAITING_MAX).boxed().toList();

    private final Entries entries = new Entries();
    private final Lease lease = new Lease();
    private final LeadershipProofs proofs = new LeadershipProofs(lease, entries, true, Runnable::run);
    private final Answers answers = new Answers();
    private final KeepAlives keepAlives = new KeepAlives(proofs, answers);

    @BeforeEach
    void lead() {
        proofs.open();
    }

    @Test
    void ofManyThatWaitOnlyTheFirstAndTheLatestAreKept() {
        send(1, SENT);
        assertThat(entries.requests).as("claims that wait").isEqualTo(KeepAlives.WAITING_MAX);

        proofs.proven(++entries.submitted);
        assertThat(answers.ids).isEqualTo(FIRST);
        assertThat(entries.requests).as("the latest has its own").isEqualTo(KeepAlives.WAITING_MAX + 1);

        proofs.proven(++entries.submitted);
        assertThat(answers.ids).hasSize(FIRST.size() + 1).endsWith((long) SENT);
    }

    @Test
    void oneThatHadToWaitForAnotherDoesNotGetAProofOlderThanItself() {
        send(1, KeepAlives.WAITING_MAX);
        long before = ++entries.submitted;
        send(KeepAlives.WAITING_MAX + 1, SENT);
        proofs.proven(before);
        assertThat(answers.ids).as("that entry is older than the latest").isEqualTo(FIRST);
        proofs.proven(++entries.submitted);
        assertThat(answers.ids).hasSize(FIRST.size() + 1).endsWith((long) SENT);
    }

    @Test
    void thoseThatWereAnsweredLeaveRoomForOthers() {
        for (int round = 0; round < 3; round++) {
            send(round * KeepAlives.WAITING_MAX + 1, (round + 1) * KeepAlives.WAITING_MAX);
            proofs.proven(++entries.submitted);
        }
        assertThat(answers.ids).hasSize(3 * KeepAlives.WAITING_MAX).isSorted();
    }

    @Test
    void underTheLeaseEachIsAnsweredAtOnce() {
        lease.holds = true;
        send(1, SENT);
        assertThat(answers.ids).hasSize(SENT);
        assertThat(entries.requests).isZero();
    }

    @Test
    void theEndOfLeadershipIsToldToThoseThatWait() {
        send(1, SENT);
        proofs.close();
        assertThat(answers.lost).isEqualTo(KeepAlives.WAITING_MAX);
        assertThat(answers.ids).isEmpty();
    }

    private void send(int first, int last) {
        for (int id = first; id <= last; id++) {
            boolean told = keepAlives.confirm(KeepAlive.newBuilder().setId(id).build());
            assertThat(told).isEqualTo(lease.holds);
        }
    }

    private static final class Answers implements KeepAlives.Receiver {
        private final List<Long> ids = new ArrayList<>();
        private int lost;

        @Override
        public void confirmed(KeepAlive keepAlive) {
            ids.add(keepAlive.getId());
        }

        @Override
        public void leadershipLost() {
            lost++;
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

    private static final class Lease implements LeaseRule {
        private boolean holds;

        @Override
        public boolean holds() {
            return holds;
        }

        @Override
        public void proven(long submittedNanos) {}

        @Override
        public void suspend() {}

        @Override
        public void resume() {}
    }
}
