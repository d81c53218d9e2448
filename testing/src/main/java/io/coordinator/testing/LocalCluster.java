package io.coordinator.testing;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.protocol.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** What both kinds of cluster share: all but how a node runs. */
abstract sealed class LocalCluster implements Cluster permits TestCluster, ProcessCluster {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration SESSION_LEASE = Duration.ofSeconds(2);

    private final Layout layout;
    private final List<AutoCloseable> clients = new ArrayList<>();
    private final AtomicInteger clientNumber = new AtomicInteger();

    LocalCluster(ClusterOptions options) {
        this.layout = new Layout(options);
    }

    final Layout layout() {
        return layout;
    }

    /** Whether a node has been started and not ended. */
    abstract boolean isUp(String node);

    /** Kills what is left of the nodes. */
    abstract void closeNodes();

    @Override
    public final List<String> nodes() {
        return layout.nodes();
    }

    @Override
    public final List<String> alive() {
        return nodes().stream().filter(this::isUp).toList();
    }

    @Override
    public final String clientAddress(String node) {
        return layout.clientAddress(node);
    }

    @Override
    public final String endpoints() {
        return String.join(",", nodes().stream().map(this::clientAddress).toList());
    }

    @Override
    public final String httpAddress(String node) {
        return layout.httpAddress(node);
    }

    @Override
    public final Path dataDirectory(String node) {
        return layout.data(node);
    }

    @Override
    public final Optional<String> leader() {
        return statuses().leader();
    }

    @Override
    public final String awaitLeader() {
        return awaitLeaderOtherThan("");
    }

    @Override
    public final String awaitLeaderOtherThan(String old) {
        List<Statuses> seen = new ArrayList<>();
        waiting("a leader other than '" + old + "'").until(() -> {
            seen.add(0, statuses());
            return seen.get(0).leader().filter(node -> !node.equals(old)).isPresent();
        });
        return seen.get(0).leader().orElseThrow();
    }

    @Override
    public final List<String> followers() {
        String leader = awaitLeader();
        return alive().stream().filter(node -> !node.equals(leader)).toList();
    }

    @Override
    public final void awaitEqualDigests() {
        DigestComparison comparison = new DigestComparison(alive());
        waiting("equal states")
                .conditionEvaluationListener(condition -> {})
                .until(() -> comparison.isConfirmedBy(statuses()));
    }

    @Override
    public final void configure(String node, String key, String value) {
        layout.configure(node, key, value);
    }

    @Override
    public final void restart(String node) {
        if (isUp(node)) {
            kill(node);
        }
        start(node);
    }

    @Override
    public final void wipe(String node) {
        if (isUp(node)) {
            throw new IllegalStateException(node + " is up; kill it before its disk is lost");
        }
        layout.wipe(node);
    }

    @Override
    public final PeerNetwork peers() {
        return layout.network();
    }

    @Override
    public void repair() {
        peers().heal();
        for (String node : nodes()) {
            if (!isUp(node)) {
                start(node);
            }
        }
        awaitLeader();
        awaitVotes();
    }

    /**
     * A node that lost its disk votes again when it has caught up, and when it knows of that; until then no other may
     * be lost.
     */
    private void awaitVotes() {
        waiting("everybody to know that all members vote")
                .until(() -> alive().stream()
                        .allMatch(node ->
                                status(node).filter(LocalCluster::knowsAllVotes).isPresent()));
    }

    private static boolean knowsAllVotes(NodeStatusReply status) {
        return status.getMembersSettled()
                && status.getRole() != Role.LISTENER
                && status.getMembersList().stream().allMatch(Member::getVotes);
    }

    @Override
    public final CoordinatorClient client() {
        return client(settings -> settings);
    }

    @Override
    public final CoordinatorClient client(UnaryOperator<ClientConfig.Builder> settings) {
        CoordinatorClient client =
                CoordinatorClient.connect(settings.apply(clientDefaults()).build());
        clients.add(client);
        return client;
    }

    @Override
    public final CoordinatorClient client(ClientLinks links, UnaryOperator<ClientConfig.Builder> settings) {
        return client(defaults -> settings.apply(defaults.addressTranslator(links::translate)));
    }

    @Override
    public final ClientLinks clientLinks(String name) {
        ClientLinks links = new ClientLinks(name, layout.clientAddresses());
        clients.add(links);
        return links;
    }

    private ClientConfig.Builder clientDefaults() {
        return ClientConfig.builder()
                .endpoints(endpoints())
                .clientName("test-" + clientNumber.incrementAndGet())
                .sessionLease(SESSION_LEASE)
                .requestTimeout(PATIENCE)
                .connectionBackoff(Duration.ofMillis(20), Duration.ofMillis(200));
    }

    @Override
    public final void close() {
        try {
            peers().heal();
            closeClients();
        } finally {
            try {
                closeNodes();
            } finally {
                layout.close();
            }
        }
    }

    @Override
    public final void closeClients() {
        // Links first: a client that waits for an answer through a stalled link would wait for its whole timeout.
        for (AutoCloseable client : clients) {
            if (client instanceof ClientLinks links) {
                links.close();
            }
        }
        for (AutoCloseable client : clients) {
            if (client instanceof CoordinatorClient connected) {
                connected.close();
            }
        }
        clients.clear();
    }

    private Statuses statuses() {
        return new Statuses(
                alive().stream().flatMap(node -> status(node).stream()).toList());
    }

    private ConditionFactory waiting(String what) {
        return Awaitility.await(what).atMost(PATIENCE).pollInterval(POLL).pollDelay(Duration.ZERO);
    }
}
