package io.coordinator.client.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.fake.HandLoop;
import io.coordinator.client.fake.HandTransport;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.session.ConnectionStates;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.session.SessionSettings;
import io.coordinator.client.internal.session.StaleReads;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.KeepAliveReply;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockGrant;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.LockQueued;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.Welcome;
import io.coordinator.testing.feature.Feature;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * Whoever holds something believes it lost before the cluster gives it to another: the cluster counts from when it hears
 * the client, so the client counts from when it spoke, however late the answer comes. The test is the cluster, the
 * network and the clock.
 */
@Feature({"G-13", "S-33"})
class HolderBeliefTest {
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration TTL = Duration.ofSeconds(5);
    private static final Duration LATE = Duration.ofSeconds(2);
    private static final Duration TICK = Duration.ofMillis(1);
    /** Of what a holder gives away to be first: a twentieth of the lease, and a little of a ttl. */
    private static final Duration MARGIN = LEASE.dividedBy(20);

    private static final long CLUSTER_MILLIS_AT_START = 1_000;

    private final HandLoop loop = new HandLoop();
    private final HandTransport transport = new HandTransport(loop);
    private final SessionSettings settings = new SessionSettings(
            List.of("n1:4701"),
            "",
            "holder",
            "",
            LEASE,
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofMillis(50),
            Duration.ofSeconds(2),
            false,
            true,
            10_000,
            64 << 20);
    private final SessionChannel channel =
            new SessionChannel(settings, loop, transport, new ConnectionStates(Runnable::run));
    private final Acquirer acquirer = new Acquirer(
            new Calls(
                    channel,
                    new StaleReads(channel, transport),
                    new JsonCodec(new ObjectMapper()),
                    Promises.direct(),
                    Duration.ofMinutes(1),
                    ReadConsistency.LINEARIZABLE,
                    null),
            new UserSide(Promises.direct(), Runnable::run, Runnable::run, noData()));
    private final long startNanos = loop.nanoTime();
    private long granted;

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
        Hold.Entry held = acquire(Duration.ZERO);
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
        Promise<Optional<Hold.Entry>> asked = ask(Duration.ZERO);
        HandTransport.Sent command = transport.last().last(frame -> frame.getCommandsCount() > 0);
        loop.pass(LATE);
        Hold.Entry held = grant(asked, command, Duration.ZERO);

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
        Hold.Entry held = acquire(Duration.ZERO);
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
        Promise<Optional<Hold.Entry>> asked = ask(Duration.ZERO);
        HandTransport.Sent command = transport.last().last(frame -> frame.getCommandsCount() > 0);
        loop.stop(LEASE);
        Hold.Entry held = grant(asked, command, Duration.ZERO);

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
        Promise<Optional<Hold.Entry>> asked = ask(TTL);
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
        Promise<Optional<Hold.Entry>> asked = ask(Duration.ZERO);
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
    @RepeatedTest(100)
    void theHolderNeverBelievesLongerThanTheClusterWaits() {
        long seed = Long.getLong("seed", ThreadLocalRandom.current().nextLong());
        Random random = new Random(seed);
        greet();
        welcome();
        Hold.Entry held = acquire(Duration.ZERO);
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

    // ---- the cluster ----

    private void greet() {
        var unused = channel.start();
        loop.run();
    }

    private void welcome() {
        welcome(clusterMillis());
    }

    private void welcome(long clusterMillis) {
        transport
                .last()
                .deliver(ServerFrame.newBuilder()
                        .setWelcome(Welcome.newBuilder()
                                .setVersion(1)
                                .setSessionId(1)
                                .setLeaseMillis(LEASE.toMillis())
                                .setClusterTimeMillis(clusterMillis)
                                .setNode("n1")
                                .setTerm(1)));
    }

    private void confirm(HandTransport.Sent keepAlive) {
        confirm(keepAlive, clusterMillis());
    }

    private void confirm(HandTransport.Sent keepAlive, long clusterMillis) {
        transport
                .last()
                .deliver(ServerFrame.newBuilder()
                        .setKeepAlive(KeepAliveReply.newBuilder()
                                .setId(keepAlive.frame().getKeepAlive().getId())
                                .setClusterTimeMillis(clusterMillis)));
    }

    private Hold.Entry acquire(Duration ttl) {
        Promise<Optional<Hold.Entry>> asked = ask(ttl);
        return grant(asked, transport.last().last(frame -> frame.getCommandsCount() > 0), ttl);
    }

    private Promise<Optional<Hold.Entry>> ask(Duration ttl) {
        LockTarget target = new LockTarget("default", List.of("L"));
        AcquireLock.Builder acquire = AcquireLock.newBuilder().setTtlMillis(ttl.toMillis());
        return acquirer.tryAcquire(
                target,
                new Terms(ttl.toMillis(), 0, null),
                () -> Command.newBuilder()
                        .setLock(LockCommand.newBuilder()
                                .setNamespace("default")
                                .addNames("L")
                                .setAcquire(acquire)),
                entry -> entry);
    }

    private Hold.Entry grant(Promise<Optional<Hold.Entry>> asked, HandTransport.Sent command, Duration ttl) {
        granted++;
        LockGrant.Builder grant = LockGrant.newBuilder().setToken(granted).setEntered(1);
        if (!ttl.isZero()) {
            grant.setDeadlineMillis(clusterMillis() + ttl.toMillis());
        }
        transport
                .last()
                .deliver(ServerFrame.newBuilder()
                        .addReplies(Reply.newBuilder()
                                .setSeq(command.frame().getCommands(0).getSeq())
                                .setLock(LockReply.newBuilder().setGranted(grant))));
        return asked.join().orElseThrow();
    }

    // ---- time ----

    private long clusterMillis() {
        return CLUSTER_MILLIS_AT_START + passed().toMillis();
    }

    private Duration passed() {
        return Duration.ofNanos(loop.nanoTime() - startNanos);
    }

    private Duration since(HandTransport.Sent sent) {
        return Duration.ofNanos(sent.sentNanos() - startNanos);
    }

    private void passUntil(Duration sinceStart) {
        loop.pass(sinceStart.minus(passed()));
    }

    private void assertEndsInTime(Hold.Entry held, Duration end) {
        // Something is given away for what a way back may take, and for the margin.
        passUntil(end.minus(LATE).minus(Duration.ofMillis(100)));
        assertThat(held.isHeld()).isTrue();
        passUntil(end.minusMillis(50));
        assertLost(held, LossReason.TTL_ELAPSED);
    }

    private static void assertLost(Hold.Entry held, LossReason reason) {
        assertThat(held.isHeld()).isFalse();
        assertThat(held.isLost()).isTrue();
        assertThat(held.lost().toCompletableFuture()).isCompletedWithValue(reason);
    }

    private static FencedData noData() {
        return (FencedData) Proxy.newProxyInstance(
                HolderBeliefTest.class.getClassLoader(), new Class<?>[] {FencedData.class}, (proxy, method, all) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
