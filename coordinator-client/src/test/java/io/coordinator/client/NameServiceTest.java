package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.NoLeaderException;
import io.coordinator.client.error.UnavailableException;
import io.coordinator.client.fake.FakeNode;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.testing.feature.Feature;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nodes that are known by host names, and a name service that hangs for as long as a test lasts. */
@Feature("C-31")
class NameServiceTest extends ClientFixture {
    private static final String LOOPBACK = "127.0.0.1";

    private final FakeNode second = closing(new FakeNode(cluster, "n2"));
    private final Map<String, String> hosts = new ConcurrentHashMap<>();
    private final Set<String> found = ConcurrentHashMap.newKeySet();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean hangs;

    private InetAddress[] resolve(String host) throws UnknownHostException {
        if (hangs || host.equals("hangs")) {
            await();
        }
        String address = hosts.get(host);
        if (address == null) {
            throw new UnknownHostException(host);
        }
        found.add(host);
        return new InetAddress[] {InetAddress.getByName(address)};
    }

    private void await() throws UnknownHostException {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new UnknownHostException("the test has ended");
    }

    @AfterEach
    void endLookups() {
        ended.countDown();
    }

    private static String named(String host, FakeNode node) {
        return host + node.endpoint().substring(LOOPBACK.length());
    }

    private CoordinatorClient connect(List<String> endpoints, UnaryOperator<ClientConfig.Builder> settings) {
        ClientConfig.Builder config = ClientConfig.builder()
                .endpoints(endpoints)
                .requestTimeout(Duration.ofSeconds(10))
                .connectionBackoff(Duration.ofMillis(5), Duration.ofMillis(50));
        return closing(ClientRuntime.connect(settings.apply(config).build(), this::resolve));
    }

    private CoordinatorClient connect(String... endpoints) {
        return connect(List.of(endpoints), config -> config);
    }

    @Test
    void namesThatWereConfiguredAreKnownWhenTheLeaderDies() {
        hosts.putAll(Map.of("a", LOOPBACK, "b", LOOPBACK));
        second.refuse(ErrorCode.ENOTLEADER, named("a", node));

        leaderDies(connect(named("a", node), named("b", second)), second);
    }

    @Test
    void namesThatWereLearnedAreKnownWhenTheLeaderDies() {
        hosts.putAll(Map.of("a", LOOPBACK, "b", LOOPBACK));
        node.tellEndpoints(List.of(named("a", node), named("b", second)));
        CoordinatorClient client = connect(named("a", node));

        leaderDies(client, second);
    }

    @Test
    void anAddressIsTriedWhereOtherNodesAreKnownByNameOnly() {
        hosts.put("a", LOOPBACK);
        node.tellEndpoints(List.of(named("hangs", node), second.endpoint()));

        leaderDies(connect(named("a", node)), second);
    }

    /** The survivor knows the new leader by a name that the client has never heard. */
    @Test
    void aHintThatCannotBeLookedUpKeepsNobodyFromTheAddresses() {
        hosts.putAll(Map.of("a", LOOPBACK, "b", LOOPBACK));
        second.refuse(ErrorCode.ENOTLEADER, named("a", node));
        CoordinatorClient client = connect(named("a", node), named("b", second));
        hangs = true;
        second.refuse(ErrorCode.ENOLEADER, named("never-heard-of", node));
        node.close();
        soon().until(() -> second.hellos().size() > 3);
        second.serve();

        assertThat(client.cache().put("k", 1)).isPositive();
    }

    @Test
    @Feature("U-14")
    void aLeaderThatCannotBeReachedFromHereIsNamedWithWhatToDo() {
        String inside = named("inside-only", second);
        node.refuse(ErrorCode.ENOTLEADER, inside);
        assertThatThrownBy(() -> connectBriefly(node.endpoint()))
                .isInstanceOf(NoLeaderException.class)
                .hasMessageContaining(
                        "say that " + inside + " leads, which cannot be reached from here: its name was not")
                .hasMessageContaining("`members`");
        node.refuse(ErrorCode.ENOTLEADER, LOOPBACK + ":1");
        assertThatThrownBy(() -> connectBriefly(node.endpoint()))
                .isInstanceOf(NoLeaderException.class)
                .hasMessageContaining(LOOPBACK + ":1 leads, which cannot be reached from here: nothing listens there");
    }

    @Test
    @Feature("U-14")
    void aNameThatDoesNotResolveIsSaid() {
        assertThatThrownBy(() -> connectBriefly("nobody:7400"))
                .isInstanceOf(DisconnectedException.class)
                .hasMessageContaining("nobody:7400")
                .hasMessageContaining("the name nobody cannot be resolved");
    }

    private void connectBriefly(String endpoint) {
        connect(List.of(endpoint), config -> config.requestTimeout(Duration.ofSeconds(2)));
    }

    private void leaderDies(CoordinatorClient client, FakeNode survivor) {
        client.cache().put("k", 1);
        soon().until(() -> found.containsAll(hosts.keySet()));
        LockHandle held = client.lock("L").acquire();
        List<ConnectionState> states = new CopyOnWriteArrayList<>();
        client.addConnectionListener((from, to) -> states.add(to));
        hangs = true;
        long start = System.nanoTime();

        survivor.serve();
        node.close();

        soon().until(() -> client.state() == ConnectionState.RECONNECTED);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(states).doesNotContain(ConnectionState.LOST);
        assertThat(held.isHeld()).isTrue();
    }

    @Test
    void aNameThatHangsDoesNotKeepAClientFromTheOtherNodes() {
        hosts.put("a", LOOPBACK);
        long start = System.nanoTime();

        connect(named("hangs", second), named("a", node)).cache().put("k", 1);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void aNameThatMovedIsFollowed() {
        FakeNode elsewhere = closing(new FakeNode(cluster, "n3"));
        hosts.put("a", "127.0.0.2"); // where nobody listens
        UnaryOperator<ClientConfig.Builder> brief = config -> config.requestTimeout(Duration.ofMillis(200));
        assertThatThrownBy(() -> connect(List.of(named("a", elsewhere)), brief))
                .isInstanceOf(UnavailableException.class);

        hosts.put("a", LOOPBACK);
        CoordinatorClient client = connect(named("a", elsewhere));
        assertThat(client.cache().put("k", 1)).isPositive();
        hosts.put("a", "127.0.0.2");
        elsewhere.dropStreams();
        hosts.put("a", LOOPBACK);
        assertThat(client.cache().put("k", 2)).isPositive();
    }

    @Test
    void aNameThatNobodyKnowsIsNamedInTheFailure() {
        UnaryOperator<ClientConfig.Builder> brief = config -> config.requestTimeout(Duration.ofMillis(300));
        assertThatThrownBy(() -> connect(List.of("no-such-host:9700"), brief))
                .isInstanceOf(DisconnectedException.class)
                .hasMessageContaining("no-such-host");
    }
}
