package io.coordinator.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionClosed;
import io.coordinator.protocol.SessionReply;
import io.coordinator.server.support.FakeTime;
import io.coordinator.state.SessionView;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Silence is measured in time during which the leader could hear; never more than really passed. */
class SessionLeasesTest {
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final ByteString TOKEN = ByteString.copyFromUtf8("0123456789abcdef");
    private static final int ALL = 1_000;

    private final FakeTime time = new FakeTime();
    private final HearingClock clock = new HearingClock(time, LOOK.toNanos());
    private final AtomicLong heldUpNanos = new AtomicLong();
    private final SessionLeases leases = new SessionLeases(clock);

    SessionLeasesTest() {
        clock.watch(heldUpNanos::get);
    }

    @Test
    @Feature("PM-LOCK-4")
    void aSilentSessionIsOverdueOnceAfterItsLeaseAndNotBefore() {
        leases.restart(sessions(1));
        pass(LEASE);
        assertThat(leases.overdue(ALL)).isEmpty();

        pass(LOOK);
        assertThat(leases.overdue(ALL)).containsExactly(1L);
        assertThat(leases.overdue(ALL)).isEmpty();
    }

    @Test
    @Feature({"PM-LOCK-4", "C-04"})
    void aSessionWhoseEndWasRefusedIsAskedForAgain() {
        leases.restart(sessions(3));
        pass(LEASE.plus(LOOK));
        List<Long> overdue = leases.overdue(ALL);
        assertThat(overdue).hasSize(3);

        Reply done = Reply.newBuilder()
                .setSession(SessionReply.newBuilder()
                        .setClosed(SessionClosed.newBuilder().setExisted(true)))
                .build();
        Reply refused = Reply.newBuilder()
                .setError(Error.newBuilder().setCode(ErrorCode.EBUSY))
                .build();
        List<Long> reaped = new ArrayList<>();
        Expiry expiry = new Expiry(overdue, leases::again, reaped::addAll);
        expiry.applied(0, List.of(done));
        expiry.applied(1, List.of(done, refused));
        assertThat(reaped).containsExactlyElementsOf(overdue.subList(0, 2));
        assertThat(leases.overdue(ALL)).containsExactly(overdue.get(2));
    }

    @Test
    @Feature("PM-LOCK-4")
    void aSessionHeardBetweenLooksIsNotOverdueEarly() {
        leases.restart(sessions(1));
        time.advance(LOOK.plusMillis(9));
        leases.heard(1);
        time.advance(Duration.ofMillis(1));
        clock.look();
        pass(LEASE.minus(LOOK));
        assertThat(leases.overdue(ALL)).isEmpty();
        pass(LOOK);
        assertThat(leases.overdue(ALL)).containsExactly(1L);
    }

    @Test
    @Feature({"C-09", "C-13"})
    void timeDuringWhichTheLeaderWasHeldUpIsGivenBack() {
        leases.restart(sessions(1));
        heldUpNanos.set(TimeUnit.SECONDS.toNanos(1));
        pass(Duration.ofMinutes(1));
        assertThat(leases.overdue(ALL)).as("nobody is judged during a stall").isEmpty();

        heldUpNanos.set(0);
        pass(LEASE);
        assertThat(leases.overdue(ALL)).as("a full lease after the stall").isEmpty();
        pass(LOOK);
        assertThat(leases.overdue(ALL)).as("it ends all the same").containsExactly(1L);
    }

    /** Silent for long enough, but not judged before the stall: perhaps it was the leader that could not hear. */
    @Test
    @Feature({"C-09", "C-13"})
    void nobodyIsJudgedWhileTheLeaderIsHeldUp() {
        leases.restart(sessions(1));
        pass(LEASE.plus(LOOK));
        heldUpNanos.set(TimeUnit.SECONDS.toNanos(1));
        pass(LOOK);
        assertThat(leases.overdue(ALL)).isEmpty();
        leases.heard(1);
        heldUpNanos.set(0);
        pass(LEASE);
        assertThat(leases.overdue(ALL)).as("it was heard meanwhile").isEmpty();
    }

    @Test
    @Feature({"C-09", "C-13"})
    void timeCountsOnceItIsKnownThatTheLeaderCouldHear() {
        leases.restart(sessions(1));
        pass(LEASE);
        time.advance(LOOK.minusMillis(1));
        assertThat(leases.overdue(ALL)).isEmpty();
    }

    @Test
    @Feature("PM-LOCK-4")
    void whoIsResumedWasHeard() {
        List<SessionView> sessions = sessions(2);
        leases.restart(sessions.subList(0, 1));
        pass(LEASE.minus(LOOK));
        sessions.forEach(leases::attached);
        assertThat(leases.size()).isEqualTo(2);
        pass(LEASE);
        assertThat(leases.overdue(ALL)).isEmpty();
        pass(LOOK);
        assertThat(leases.overdue(ALL)).containsExactlyInAnyOrder(1L, 2L);
    }

    @Test
    @Feature("PM-LOCK-4")
    void aSessionThatHasEndedIsJudgedNoMore() {
        leases.restart(sessions(2));
        leases.ended(1);
        leases.heard(1);
        pass(LEASE.plus(LOOK));
        assertThat(leases.overdue(ALL)).containsExactly(2L);
        assertThat(leases.size()).isEqualTo(1);
    }

    @Test
    @Feature("C-13")
    void aLeaderThatIsSlowButMovesStillEndsDeadSessions() {
        leases.restart(sessions(1));
        int looks = 0;
        while (leases.overdue(ALL).isEmpty()) {
            // A commit every two seconds: a quarter of a second of each counts, and the moment at which it is done.
            long sinceCommit = looks * LOOK.toNanos() % TimeUnit.SECONDS.toNanos(2);
            heldUpNanos.set(sinceCommit);
            pass(LOOK);
            looks++;
            assertThat(looks).isLessThan(1_000);
        }
        assertThat(LOOK.multipliedBy(looks)).isGreaterThan(LEASE.multipliedBy(4));
    }

    @Test
    @Feature("C-09")
    void aPauseOfTheProcessIsGivenBack() {
        leases.restart(sessions(1));
        time.advance(Duration.ofMinutes(1));
        clock.look();
        assertThat(leases.overdue(ALL)).isEmpty();
        pass(LEASE.minus(LOOK.multipliedBy(2)));
        assertThat(leases.overdue(ALL)).isEmpty();
        pass(LOOK);
        assertThat(leases.overdue(ALL)).containsExactly(1L);
    }

    @Test
    @Feature("C-14")
    void aHelloThatWaitsKeepsItsSessionAliveButOnlyWithItsToken() {
        leases.restart(sessions(2));
        pass(LEASE);
        leases.heard(1, TOKEN);
        leases.heard(2, ByteString.copyFromUtf8("fedcba9876543210"));
        leases.heard(3, TOKEN);
        pass(LOOK);
        assertThat(leases.overdue(ALL)).containsExactly(2L);
    }

    @Test
    @Feature("C-14")
    void manyAreNotEndedAtOnce() {
        leases.restart(sessions(25));
        pass(LEASE.plus(LOOK));
        assertThat(leases.overdue(10)).hasSize(10);
        assertThat(leases.overdue(10)).hasSize(10);
        assertThat(leases.overdue(10)).hasSize(5);
    }

    private void pass(Duration duration) {
        for (Duration left = duration; left.compareTo(Duration.ZERO) > 0; left = left.minus(LOOK)) {
            time.advance(LOOK);
            clock.look();
        }
    }

    private static List<SessionView> sessions(int count) {
        return LongStream.rangeClosed(1, count)
                .mapToObj(id -> new SessionView(id, TOKEN, LEASE.toMillis(), "client", 0, 0))
                .toList();
    }
}
