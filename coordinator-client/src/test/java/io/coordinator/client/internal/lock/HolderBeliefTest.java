package io.coordinator.client.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.fake.HandTransport;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.lock.LossReason;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.LockQueued;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whoever holds something believes it lost before the cluster gives it to another: the cluster counts from when it hears
 * the client, so the client counts from when it spoke, however late the answer comes. The test is the cluster, the
 * network and the clock.
 */
@Feature({"G-13", "S-33"})
class HolderBeliefTest extends HandCluster {
    private static final Duration TTL = Duration.ofSeconds(5);
    private static final Duration LATE = Duration.ofSeconds(2);
    private static final Duration TICK = Duration.ofMillis(1);
    /** Of what a holder gives away to be first: a twentieth of the lease, and a little of a ttl. */
    private static final Duration MARGIN = LEASE.dividedBy(20);

    @Test
    void theLeaseCountsFromTheGreetingNotFromTheWelcome() {
        greet();
        loop.pass(LATE);
        welcome();

        passUntil(LEASE.minus(MARGIN).minus(TICK));
        assertThat(channel.session().isLive()).isTrue();
        passUntil(LEASE);
        assertThat(channel.session().isLive()).isFalse();
    }

    @Test
    void theLeaseCountsFromTheKeepAliveNotFromItsConfirmation() {
        greet();
        welcome();
        HoldEntry held = acquire(Duration.ZERO);
        loop.pass(Duration.ofSeconds(3));
        HandTransport.Sent keepAlive = transport.last().last(ClientFrame::hasKeepAlive);
        passUntil(since(keepAlive).plus(LATE));
        confirm(keepAlive);

        passUntil(since(keepAlive).plus(LEASE).minus(MARGIN).minus(TICK));
        assertThat(held.isHeld()).isTrue();
        passUntil(since(keepAlive).plus(LEASE));
        assertLost(held, LossReason.SESSION_LOST);
    }

    @Test
    void theLeaseCountsFromTheCommandNotFromItsReply() {
        greet();
        welcome();
        Promise<Optional<HoldEntry>> asked = ask(Duration.ZERO);
        HandTransport.Sent command = transport.last().last(frame -> frame.getCommandsCount() > 0);
        loop.pass(LATE);
        HoldEntry held = grant(asked, command, Duration.ZERO);

        passUntil(LEASE.minus(MARGIN).minus(TICK));
        assertThat(held.isHeld()).isTrue();
        passUntil(LEASE);
        assertLost(held, LossReason.SESSION_LOST);
    }

    @Test
    void aTtlEndsHereFirstHoweverLateTheWelcomeWas() {
        greet();
        long heardAt = clusterMillis();
        loop.pass(LATE);
        welcome(heardAt);
        assertEndsInTime(acquire(TTL), LATE.plus(TTL));
    }

    @Test
    void aTtlEndsHereFirstHoweverLateTheConfirmationWas() {
        greet();
        welcome();
        loop.pass(Duration.ofSeconds(2));
        HandTransport.Sent keepAlive = transport.last().last(ClientFrame::hasKeepAlive);
        long heardAt = clusterMillis();
        loop.pass(LATE);
        confirm(keepAlive, heardAt);
        assertEndsInTime(acquire(TTL), Duration.ofSeconds(2).plus(LATE).plus(TTL));
    }

    @Test
    void anAnswerFromBeforeAPauseRevivesNothing() {
        greet();
        welcome();
        HoldEntry held = acquire(Duration.ZERO);
        loop.pass(Duration.ofSeconds(2));
        confirm(transport.last().last(ClientFrame::hasKeepAlive));
        loop.pass(Duration.ofSeconds(2));
        HandTransport.Sent unanswered = transport.last().last(ClientFrame::hasKeepAlive);

        // Longer than what was confirmed lasts, and not as long as what is about to be.
        loop.stop(LEASE.minus(LATE));
        assertThat(held.isHeld()).isFalse();
        confirm(unanswered);
        assertThat(held.isHeld()).as("lost once is lost for good").isFalse();
        assertLost(held, LossReason.SESSION_LOST);
        assertThat(channel.session().isLive()).as("the session is well").isTrue();
    }

    @Test
    void aGrantFromBeforeAPauseIsNoneAndIsGivenBack() {
        greet();
        welcome();
        Promise<Optional<HoldEntry>> asked = ask(Duration.ZERO);
        HandTransport.Sent command = transport.last().last(frame -> frame.getCommandsCount() > 0);
        loop.stop(LEASE);
        HoldEntry held = grant(asked, command, Duration.ZERO);

        assertLost(held, LossReason.SESSION_LOST);
        assertThat(transport
                        .last()
                        .last(frame -> frame.getCommandsCount() > 0)
                        .frame()
                        .getCommandsList())
                .as("in the cluster it may live on")
                .anyMatch(each -> each.getLock().getRelease().getToken() == granted);
    }

    /** "Not granted" would say that somebody else holds it, who may not exist. */
    @Test
    void aGrantThatEndedBeforeItsNewsIsNoRefusal() {
        greet();
        welcome();
        Promise<Optional<HoldEntry>> asked = ask(TTL);
        long seq = transport
                .last()
                .last(frame -> frame.getCommandsCount() > 0)
                .frame()
                .getCommands(0)
                .getSeq();
        loop.pass(Duration.ofSeconds(1));
        transport
                .last()
                .deliver(ServerFrame.newBuilder()
                        .addEvents(Event.newBuilder()
                                .setNumber(1)
                                .setRequestSeq(seq)
                                .setLock(LockEvent.newBuilder()
                                        .addNames("L")
                                        .setLost(LockLost.newBuilder()
                                                .setToken(1)
                                                .setReason(LockLost.Reason.TTL_ELAPSED)))));
        assertThatThrownBy(asked::join)
                .hasCauseInstanceOf(RequestTimeoutException.class)
                .hasMessageContaining("nothing is held");
        assertThat(transport
                        .last()
                        .last(frame -> frame.getCommandsCount() > 0)
                        .frame()
                        .getCommandsList())
                .as("of a set of locks some may still be held")
                .anyMatch(each -> each.getLock().hasCancel());
    }

    /** Whoever was told that the session ends had no answer yet, and nobody tells him later of a place in line. */
    @Test
    void aPlaceInLineThatIsToldWhileTheClientClosesEndsWithTheClose() {
        greet();
        welcome();
        Promise<Optional<HoldEntry>> asked = ask(Duration.ZERO);
        HandTransport.Sent command = transport.last().last(frame -> frame.getCommandsCount() > 0);
        Promise<Boolean> closed = channel.close();
        loop.run();
        transport
                .last()
                .deliver(ServerFrame.newBuilder()
                        .addReplies(Reply.newBuilder()
                                .setSeq(command.frame().getCommands(0).getSeq())
                                .setLock(LockReply.newBuilder().setQueued(LockQueued.getDefaultInstance()))));
        loop.pass(LEASE);
        assertThat(closed.isDone()).isTrue();
        assertThat(asked.isDone()).as("not left waiting for ever").isTrue();
        assertThatThrownBy(asked::join).hasCauseInstanceOf(ClosedException.class);
    }

    /** Any delays, any pauses: never do the holder and the next one both believe that it is theirs. */
    @Tag("slow")
    @RepeatedTest(100)
    void theHolderNeverBelievesLongerThanTheClusterWaits() {
        long seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong());
        Random random = new Random(seed);
        greet();
        welcome();
        HoldEntry held = acquire(Duration.ZERO);
        long heardNanos = startNanos;
        boolean lost = false;
        for (int i = 0; i < 40 && transport.opened() == 1; i++) {
            HandTransport.Sent keepAlive = transport.last().last(ClientFrame::hasKeepAlive);
            boolean arrives = random.nextInt(4) > 0;
            // Heard at once, which leaves the holder least time, and confirmed some time later.
            heardNanos = arrives ? keepAlive.sentNanos() : heardNanos;
            letTimePass(random);
            lost |= !held.isHeld();
            if (arrives) {
                confirm(keepAlive);
            }
            boolean givenAway = loop.nanoTime() - heardNanos >= LEASE.toNanos();
            assertThat(held.isHeld() && (lost || givenAway)).as("seed %d", seed).isFalse();
        }
        loop.pass(LEASE);
        assertThat(held.isHeld()).as("seed %d", seed).isFalse();
    }

    private void letTimePass(Random random) {
        Duration time = Duration.ofMillis(random.nextInt(1_500));
        if (random.nextInt(5) == 0) {
            loop.stop(time.multipliedBy(random.nextInt(8)));
        } else {
            loop.pass(time);
        }
    }

    private void assertEndsInTime(HoldEntry held, Duration end) {
        // Something is given away for what a way back may take, and for the margin.
        passUntil(end.minus(LATE).minus(Duration.ofMillis(100)));
        assertThat(held.isHeld()).isTrue();
        passUntil(end.minusMillis(50));
        assertLost(held, LossReason.TTL_ELAPSED);
    }
}
