package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.cache.Cache;
import io.coordinator.client.cluster.ConnectionListener;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.error.AuthenticationException;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.MismatchException;
import io.coordinator.client.error.NoLeaderException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.fake.FakeNode;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.option.ReadConsistency;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Hello;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SessionTest extends ClientFixture {
    @Test
    @Feature({"PM-CONN-1", "PM-CONN-8"})
    void hintLeadsToTheLeader() {
        FakeNode follower = closing(new FakeNode(cluster, "n2"));
        follower.refuse(ErrorCode.ENOTLEADER, node.endpoint());
        CoordinatorClient client = connect(config -> config.endpoints(follower.endpoint()));
        client.cache().put("k", 1);
        assertThat(follower.hellos()).hasSize(1);
        assertThat(node.hellos()).hasSize(1);
    }

    @Test
    void deadEndpointsAreTriedAndSkipped() throws IOException {
        AtomicInteger tries = new AtomicInteger();
        try (ServerSocket dead = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Boolean> hangingUp = inBackground(() -> hangUp(dead, tries));
            // Each client begins with any of them.
            for (int i = 0; i < 100 && tries.get() == 0; i++) {
                connect(config -> config.endpoints("127.0.0.1:" + dead.getLocalPort() + ", " + node.endpoint()))
                        .cache()
                        .put("k", 1);
            }
            assertThat(tries).hasPositiveValue();
            assertThat(hangingUp).isNotCompletedExceptionally();
        }
    }

    private static boolean hangUp(ServerSocket dead, AtomicInteger tries) {
        try {
            while (true) {
                dead.accept().close();
                tries.incrementAndGet();
            }
        } catch (IOException e) {
            return true; // The test is over.
        }
    }

    @Test
    @Feature("C-52")
    void aSessionOfAnOlderStateIsNotResumed() {
        node.leads(3, 100);
        CoordinatorClient client = connect();
        LockHandle handle = client.lock("L").acquire();
        long session = client.sessionId();

        node.leads(2, 1_000);
        node.dropStreams();

        assertThat(get(handle.lost())).isEqualTo(LossReason.SESSION_LOST);
        soon().until(() -> client.sessionId() != 0 && client.sessionId() != session);
        client.cache().put("k", 1);
    }

    @Test
    @Feature("PM-EVT-1")
    void sessionMovesToTheNewLeader() {
        FakeNode second = closing(new FakeNode(cluster, "n2"));
        second.refuse(ErrorCode.ENOTLEADER, node.endpoint());
        node.tellEndpoints(List.of(node.endpoint(), second.endpoint()));
        CoordinatorClient client = connect();
        List<String> leaders = new CopyOnWriteArrayList<>();
        client.addConnectionListener(new ConnectionListener() {
            @Override
            public void stateChanged(ConnectionState from, ConnectionState to) {}

            @Override
            public void leaderChanged(String leader, long term) {
                leaders.add(leader);
            }
        });
        LockHandle handle = client.lock("L").acquire();
        long session = client.sessionId();
        second.serve();
        node.refuse(ErrorCode.ENOTLEADER, second.endpoint());
        node.goodbye(ErrorCode.ENOTLEADER, second.endpoint());
        client.cache().put("k", 1);
        assertThat(client.sessionId()).isEqualTo(session);
        assertThat(second.hellos())
                .singleElement()
                .extracting(Hello::getSessionId)
                .isEqualTo(session);
        assertThat(handle.isHeld()).isTrue();
        soon().untilAsserted(() -> assertThat(leaders).containsExactly("n2"));
    }

    @Test
    void lostWelcomeLeadsToTheSameSession() {
        node.silent(true);
        CompletableFuture<CoordinatorClient> connecting =
                inBackground(() -> connect(config -> config.connectTimeout(Duration.ofMillis(50))));
        soon().until(() -> node.hellos().size() >= 2);
        node.silent(false);
        get(connecting);
        assertThat(node.hellos())
                .extracting(Hello::getResumeToken)
                .containsOnly(node.hellos().get(0).getResumeToken());
    }

    @Test
    @Feature("C-14")
    void aNodeThatTookTheConnectionGetsTwiceTheTime() {
        node.silent(true);
        CompletableFuture<CoordinatorClient> connecting =
                inBackground(() -> connect(config -> config.connectTimeout(Duration.ofMillis(500))));
        soon().until(() -> node.hellos().size() == 1);
        Duration moreThanTheTimeout = Duration.ofMillis(700);
        soon().during(moreThanTheTimeout).until(() -> node.hellos().size() == 1);
        node.silent(false);
        get(connecting);
    }

    @Test
    @Feature("PM-EVT-1")
    void statesAreToldInOrderOnAThreadOfTheirOwn() {
        CoordinatorClient client = connect();
        List<String> seen = new CopyOnWriteArrayList<>();
        List<String> threads = new CopyOnWriteArrayList<>();
        client.addConnectionListener((from, to) -> {
            seen.add(from + ">" + to);
            threads.add(Thread.currentThread().getName());
        });
        node.dropStreams();
        soon().until(() -> client.state() == ConnectionState.RECONNECTED);
        client.close();
        soon().untilAsserted(() ->
                assertThat(seen).containsExactly("CONNECTED>SUSPENDED", "SUSPENDED>RECONNECTED", "RECONNECTED>CLOSED"));
        assertThat(threads).allMatch(name -> name.startsWith("coord-test-listener-"));
    }

    @Test
    void blockedListenerHoldsUpNobody() {
        CoordinatorClient client = connect();
        CompletableFuture<Boolean> blocker = new CompletableFuture<>();
        client.addConnectionListener((from, to) -> blocker.join());
        node.dropStreams();
        client.cache().put("k", 1);
        blocker.complete(true);
    }

    @Test
    @Feature({"S-79", "PM-CONN-9", "G-4"})
    void lostSessionIsReplacedForLaterCalls() {
        CoordinatorClient client = connect();
        List<String> events = new CopyOnWriteArrayList<>();
        client.addConnectionListener(new ConnectionListener() {
            @Override
            public void stateChanged(ConnectionState from, ConnectionState to) {
                events.add(to.name());
            }

            @Override
            public void sessionReplaced(long oldSessionId, long newSessionId) {
                events.add(oldSessionId + ">" + newSessionId);
            }
        });
        LockHandle handle = client.lock("L").acquire();
        cluster.takeLock("other");
        CompletionStage<LockHandle> waiting = client.async().lock("other").acquire();
        soon().until(() -> cluster.waiters("other") == 1);
        node.holdReplies(true);
        CompletionStage<Long> inFlight = client.async().cache().put("k", 1);
        soon().until(() -> cluster.applied().size() == 3);
        long old = client.sessionId();
        cluster.expire(old);
        node.dropStreams();
        node.holdReplies(false);
        assertThat(get(handle.lost())).isEqualTo(LossReason.SESSION_LOST);
        assertThatThrownBy(() -> get(waiting)).isInstanceOf(SessionExpiredException.class);
        assertThatThrownBy(() -> get(inFlight))
                .isInstanceOfSatisfying(
                        SessionExpiredException.class,
                        e -> assertThat(e.outcomeUnknown()).isTrue());
        assertThat(client.cache().put("k", 2)).isPositive();
        assertThat(client.sessionId()).isNotEqualTo(old);
        soon().untilAsserted(() ->
                assertThat(events).containsExactly("SUSPENDED", "LOST", "RECONNECTED", old + ">" + client.sessionId()));
    }

    @Test
    void withoutReplacementALostSessionIsTheEnd() {
        CoordinatorClient client = connect(config -> config.replaceSession(false));
        cluster.expire(client.sessionId());
        node.dropStreams();
        soon().until(() -> client.state() == ConnectionState.LOST);
        assertThatThrownBy(() -> client.cache().put("k", 1)).isInstanceOf(SessionExpiredException.class);
        assertThatThrownBy(() -> client.cache().get("k")).isInstanceOf(SessionExpiredException.class);
    }

    @Test
    void sessionThatEndsUnderAnOpenStreamIsReplaced() {
        CoordinatorClient client = connect();
        long old = client.sessionId();
        cluster.expire(old);
        node.goodbye(ErrorCode.ESESSION, "");
        soon().until(() -> client.sessionId() != old);
        assertThat(client.cache().put("k", 1)).isPositive();
        assertThat(client.sessionId()).isNotEqualTo(old);
    }

    @Test
    @Feature("C-14")
    void aNodeThatHasHeardTheClientIsNotAskedAgain() {
        node.keepsWaiting(5_000);
        CompletableFuture<CoordinatorClient> connecting =
                inBackground(() -> connect(config -> config.connectTimeout(Duration.ofMillis(50))));
        soon().until(() -> !node.hellos().isEmpty());
        Duration tenTimeouts = Duration.ofMillis(500);
        soon().during(tenTimeouts).until(() -> node.hellos().size() == 1);
        node.admit();
        get(connecting);
        assertThat(node.hellos()).hasSize(1);
    }

    @Test
    @Feature("C-14")
    void aNodeThatBreaksItsWordIsAskedAgainOverTheSameConnection() {
        node.keepsWaiting(100);
        CompletableFuture<CoordinatorClient> connecting =
                inBackground(() -> connect(config -> config.connectTimeout(Duration.ofMillis(50))));
        soon().until(() -> node.hellos().size() >= 3);
        node.admit();
        get(connecting);
        assertThat(node.connections()).isEqualTo(1);
    }

    @Test
    @Feature("C-13")
    void aNodeThatHearsButProvesNothingIsKeptForHalfALeaseAndLeftInTime() {
        cluster.lease(4_000);
        CoordinatorClient client = connect(config -> config.keepAliveInterval(Duration.ofMillis(100)));
        List<ConnectionState> states = new CopyOnWriteArrayList<>();
        client.addConnectionListener((from, to) -> states.add(to));
        node.hearsKeepAlives(true);
        node.answersKeepAlives(false);
        Duration longerThanSilence = Duration.ofSeconds(1);
        soon().during(longerThanSilence).until(() -> node.hellos().size() == 1);
        soon().until(() -> node.hellos().size() > 1);
        node.answersKeepAlives(true);
        soon().until(() -> client.state() == ConnectionState.RECONNECTED);
        assertThat(states).doesNotContain(ConnectionState.LOST);
    }

    /** As 2 s are to a lease of 10 s: the holder of a lock that calls nothing, and one that does. */
    @Test
    @Feature("C-13")
    void commitsThatTakeAFifthOfTheLeaseCostNobodyTheSession() {
        cluster.lease(6_000);
        CoordinatorClient idle = connect(config -> config.sessionLease(Duration.ofSeconds(6)));
        CoordinatorClient busy = connect(config -> config.sessionLease(Duration.ofSeconds(6)));
        List<LockHandle> held =
                List.of(idle.lock("idle").acquire(), busy.lock("busy").acquire());
        List<ConnectionState> states = new CopyOnWriteArrayList<>();
        List.of(idle, busy).forEach(client -> client.addConnectionListener((from, to) -> states.add(to)));
        node.commitsTake(1_200);

        Duration twoLeases = Duration.ofSeconds(12);
        long start = System.nanoTime();
        for (int i = 0; System.nanoTime() - start < twoLeases.toNanos(); i++) {
            busy.cache().put("k", i);
        }

        assertThat(states).as("neither suspended nor lost").isEmpty();
        assertThat(held).allMatch(LockHandle::isHeld);
        assertThat(node.hellos()).hasSize(2);
        node.commitsTake(0);
    }

    @Test
    @Feature("C-08")
    void slowReaderResumesItsSessionOnTheSameNode() {
        CoordinatorClient client = connect();
        LockHandle handle = client.lock("L").acquire();
        long session = client.sessionId();
        node.goodbye(ErrorCode.ESLOWCONSUMER, node.endpoint());
        soon().until(() -> node.hellos().size() == 2);
        assertThat(client.cache().put("k", 1)).isPositive();
        assertThat(client.sessionId()).isEqualTo(session);
        assertThat(handle.isHeld()).isTrue();
    }

    @Test
    void silentNodeIsLeft() {
        CoordinatorClient client = connect(config -> config.keepAliveInterval(Duration.ofMillis(100)));
        node.answersKeepAlives(false);
        soon().until(() ->
                client.state() == ConnectionState.SUSPENDED || node.hellos().size() > 1);
        node.answersKeepAlives(true);
        assertThat(client.ping()).isPositive();
    }

    @Test
    @Feature({"S-80", "PM-AUTH-3"})
    void refusedCredentialsStopTheClient() {
        CoordinatorClient client = connect();
        node.refuse(ErrorCode.EAUTH, "");
        node.dropStreams();
        assertThatThrownBy(() -> client.cache().put("k", 1)).isInstanceOf(AuthenticationException.class);
        int hellos = node.hellos().size();
        assertThatThrownBy(() -> client.cache().put("k", 1)).isInstanceOf(AuthenticationException.class);
        assertThat(node.hellos()).hasSize(hellos);
        assertThat(client.state()).isEqualTo(ConnectionState.CLOSED);
    }

    @Test
    @Feature("C-11")
    void refusedCallsWithoutASessionTellWhy() {
        CoordinatorClient client = connect();
        node.refuseCalls(Error.newBuilder()
                .setCode(ErrorCode.EAUTH)
                .setMessage("wrong or missing auth token")
                .build());
        assertThatThrownBy(client::transferLeadership)
                .isInstanceOf(AuthenticationException.class)
                .hasMessageContaining("auth token");
        Cache stale = client.cache().withConsistency(ReadConsistency.STALE);
        assertThatThrownBy(() -> stale.get("k")).isInstanceOf(AuthenticationException.class);
        node.refuseCalls(Error.newBuilder()
                .setCode(ErrorCode.EBUSY)
                .setRetryAfterMillis(100)
                .build());
        assertThatThrownBy(client::transferLeadership)
                .isInstanceOfSatisfying(
                        ThrottledException.class,
                        busy -> assertThat(busy.retryAfter()).isEqualTo(Duration.ofMillis(100)));
    }

    @Test
    @Feature("DJ-MGR-4")
    void connectTellsWhyItFails() {
        node.refuse(ErrorCode.EMISMATCH, "");
        assertThatThrownBy(this::connect).isInstanceOf(MismatchException.class);
        node.refuse(ErrorCode.ETOOLARGE, "");
        assertThatThrownBy(this::connect)
                .as("C-07: a name that is too long")
                .isInstanceOf(PayloadTooLargeException.class);
        node.refuse(ErrorCode.ENOTLEADER, "");
        assertThatThrownBy(() -> connect(config -> config.requestTimeout(Duration.ofMillis(100))))
                .isInstanceOf(NoLeaderException.class);
        node.close();
        assertThatThrownBy(() -> connect(config -> config.requestTimeout(Duration.ofMillis(100))))
                .isInstanceOf(DisconnectedException.class)
                .hasMessageContaining(node.endpoint());
    }

    @Test
    @Feature("PM-CONN-16")
    void closeEndsTheSessionAndAllThreads() {
        CoordinatorClient client = connect(config -> config.clientName("closing"));
        LockHandle handle = client.lock("L").acquire();
        long session = client.sessionId();
        cluster.takeLock("other");
        CompletionStage<LockHandle> waiting = client.async().lock("other").acquire();
        soon().until(() -> cluster.waiters("other") == 1);
        client.close();
        client.close();
        assertThat(cluster.knows(session)).isFalse();
        assertThat(handle.isHeld()).isFalse();
        assertThat(get(handle.lost())).isEqualTo(LossReason.CLIENT_CLOSED);
        assertThatThrownBy(() -> get(waiting)).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> client.cache().put("k", 1)).isInstanceOf(ClosedException.class);
        soon().untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("coord-closing-io")));
    }

    @Test
    void closeWithoutAClusterDoesNotHang() {
        CoordinatorClient client = connect();
        node.close();
        long start = System.nanoTime();
        client.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void everyThreadIsANamedDaemon() {
        CoordinatorClient client = connect(config -> config.clientName("named"));
        get(client.async().cache().put("k", 1));
        node.dropStreams();
        client.cache().put("k", 2);
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("coord-named-")))
                .isNotEmpty()
                .allMatch(Thread::isDaemon);
    }

    @Test
    @Feature("PM-CONN-15")
    void questionsToNodesNeedNoSession() {
        FakeNode dead = new FakeNode(cluster, "n0");
        String address = dead.endpoint();
        dead.close();
        CoordinatorClient client = connect(config -> config.endpoints(node.endpoint() + "," + address));
        assertThat(client.status())
                .hasSize(2)
                .satisfiesExactlyInAnyOrder(
                        status -> assertThat(status.node()).isEqualTo("n1"),
                        status -> assertThat(status.reachable()).isFalse());

        assertThat(client.transferLeadership("n2")).isEqualTo("n2");
        assertThat(client.ping()).isPositive();
    }

    @Test
    void staleReadsNeedNoLeader() {
        CoordinatorClient client = connect();
        client.cache().put("k", 1);
        node.refuse(ErrorCode.ENOTLEADER, "");
        node.dropStreams();
        assertThat(client.cache().withConsistency(ReadConsistency.STALE).get("k"))
                .isPresent();
    }
}
