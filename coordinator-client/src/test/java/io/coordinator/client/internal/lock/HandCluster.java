package io.coordinator.client.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
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
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.Welcome;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A client whose cluster, network and clock are the test. */
abstract class HandCluster {
    static final Duration LEASE = Duration.ofSeconds(10);
    static final LockTarget LOCK = new LockTarget("default", List.of("L"));
    /** A keep-alive goes out more often than this. */
    private static final Duration BEAT = Duration.ofSeconds(2);

    private static final long CLUSTER_MILLIS_AT_START = 1_000;

    final HandLoop loop = new HandLoop();
    final HandTransport transport = new HandTransport(loop);
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
    final SessionChannel channel = new SessionChannel(settings, loop, transport, new ConnectionStates(Runnable::run));
    final Acquirer acquirer = new Acquirer(
            new Calls(
                    channel,
                    new StaleReads(channel, transport),
                    new JsonCodec(new ObjectMapper()),
                    Promises.direct(),
                    Duration.ofMinutes(1),
                    ReadConsistency.LINEARIZABLE,
                    null),
            new UserSide(Promises.direct(), Runnable::run, Runnable::run, noData()));
    final long startNanos = loop.nanoTime();
    /** The token of the last grant. */
    long granted;

    private long events;

    // ---- the cluster ----

    void greet() {
        var unused = channel.start();
        loop.run();
    }

    void welcome() {
        welcome(clusterMillis());
    }

    void welcome(long clusterMillis) {
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

    void confirm(HandTransport.Sent keepAlive) {
        confirm(keepAlive, clusterMillis());
    }

    void confirm(HandTransport.Sent keepAlive, long clusterMillis) {
        transport
                .last()
                .deliver(ServerFrame.newBuilder()
                        .setKeepAlive(KeepAliveReply.newBuilder()
                                .setId(keepAlive.frame().getKeepAlive().getId())
                                .setClusterTimeMillis(clusterMillis)));
    }

    HoldEntry acquire(Duration ttl) {
        Promise<Optional<HoldEntry>> asked = ask(ttl);
        return grant(asked, transport.last().last(frame -> frame.getCommandsCount() > 0), ttl);
    }

    Promise<Optional<HoldEntry>> ask(Duration ttl) {
        return ask(LOCK, new Terms(ttl.toMillis(), 0, null));
    }

    Promise<Optional<HoldEntry>> ask(LockTarget target, Terms terms) {
        AcquireLock.Builder acquire = AcquireLock.newBuilder().setTtlMillis(terms.ttlMillis());
        return acquirer.tryAcquire(
                target, terms, () -> Command.newBuilder().setLock(target.body().setAcquire(acquire)), entry -> entry);
    }

    HoldEntry grant(Promise<Optional<HoldEntry>> asked, HandTransport.Sent command, Duration ttl) {
        granted++;
        LockGrant.Builder grant = LockGrant.newBuilder().setToken(granted).setEntered(1);
        if (!ttl.isZero()) {
            grant.setDeadlineMillis(clusterMillis() + ttl.toMillis());
        }
        reply(command, LockReply.newBuilder().setGranted(grant));
        return asked.join().orElseThrow();
    }

    /** The last frame with commands. */
    HandTransport.Sent commands() {
        return transport.last().last(frame -> frame.getCommandsCount() > 0);
    }

    /** All lock commands so far, each once, in order. */
    List<LockCommand> sentAboutLocks() {
        Map<Long, LockCommand> bySeq = new TreeMap<>();
        transport
                .last()
                .sent()
                .forEach(sent -> sent.frame()
                        .getCommandsList()
                        .forEach(command -> bySeq.put(command.getSeq(), command.getLock())));
        return List.copyOf(bySeq.values());
    }

    void reply(HandTransport.Sent command, LockReply.Builder lock) {
        reply(command, Reply.newBuilder().setLock(lock));
    }

    void reply(HandTransport.Sent command, Reply.Builder reply) {
        transport
                .last()
                .deliver(ServerFrame.newBuilder()
                        .addReplies(reply.setSeq(command.frame().getCommands(0).getSeq())));
    }

    /** Tells of what the command of this number asked for. */
    void tell(long seq, LockEvent.Builder event) {
        transport
                .last()
                .deliver(ServerFrame.newBuilder()
                        .addEvents(Event.newBuilder()
                                .setNumber(++events)
                                .setRequestSeq(seq)
                                .setLock(event)));
    }

    // ---- time ----

    long clusterMillis() {
        return CLUSTER_MILLIS_AT_START + passed().toMillis();
    }

    Duration passed() {
        return Duration.ofNanos(loop.nanoTime() - startNanos);
    }

    Duration since(HandTransport.Sent sent) {
        return Duration.ofNanos(sent.sentNanos() - startNanos);
    }

    void passUntil(Duration sinceStart) {
        loop.pass(sinceStart.minus(passed()));
    }

    /** Lets time pass while the cluster hears the client and says so. */
    void passInTouch(Duration time) {
        Duration end = passed().plus(time);
        while (passed().plus(BEAT).compareTo(end) < 0) {
            loop.pass(BEAT);
            confirm(transport.last().last(ClientFrame::hasKeepAlive));
        }
        passUntil(end);
    }

    static void assertLost(HoldEntry held, LossReason reason) {
        assertThat(held.isHeld()).isFalse();
        assertThat(held.isLost()).isTrue();
        assertThat(held.lost().toCompletableFuture()).isCompletedWithValue(reason);
    }

    private static FencedData noData() {
        return (FencedData) Proxy.newProxyInstance(
                HandCluster.class.getClassLoader(), new Class<?>[] {FencedData.class}, (proxy, method, all) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
