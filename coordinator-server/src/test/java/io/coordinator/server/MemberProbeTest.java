package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.Query;
import io.coordinator.server.config.Keys;
import io.coordinator.server.net.MemberProbe;
import io.coordinator.server.net.MemberProof;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members hear of each other however many calls and connections clients have. */
@Feature("C-08")
class MemberProbeTest {
    private static final String TOKEN = TestNodes.randomToken();

    @Test
    void itIsAnsweredThoughClientsHaveAsManyCallsAsTheyMay(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)
                        .with(config -> config.set(Keys.CALLS_MAX, 4).set(Keys.PEER_TOKEN, Optional.of(TOKEN)))
                        .startAll();
                RawClient client = new RawClient(nodes.leaderAddress())) {
            String address = nodes.leaderAddress();
            ClientCall<Query, Answer> unasked =
                    client.channel().newCall(CoordinatorServiceGrpc.getReadMethod(), CallOptions.DEFAULT);
            unasked.start(new ClientCall.Listener<>() {}, new Metadata());
            await().until(() -> isBusy(client));

            for (int i = 0; i < 3; i++) {
                assertThat(ask(address, Optional.of(TOKEN))).isPositive();
            }
            for (String stranger : new String[] {"", TestNodes.randomToken()}) {
                assertThatThrownBy(() -> ask(address, Optional.of(stranger).filter(token -> !token.isEmpty())))
                        .isInstanceOf(ExecutionException.class)
                        .hasMessageContaining("RESOURCE_EXHAUSTED");
            }
            unasked.cancel("it has served its purpose", null);
        }
    }

    @Test
    void itIsAnsweredThoughClientsHaveAsManyConnectionsAsTheyMay(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)
                        .with(config -> config.set(Keys.CONNECTIONS_PER_ADDRESS_MAX, 1)
                                .set(Keys.PEER_TOKEN, Optional.of(TOKEN)))
                        .startAll();
                RawClient client = RawClient.open(nodes.leaderAddress())) {
            assertThat(client.status().getServing()).isTrue();
            assertThat(ask(nodes.leaderAddress(), Optional.of(TOKEN))).isPositive();
            assertThatThrownBy(() -> ask(nodes.leaderAddress(), Optional.empty()))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("RESOURCE_EXHAUSTED");
        }
    }

    private static boolean isBusy(RawClient client) {
        try {
            CoordinatorServiceGrpc.newBlockingStub(client.channel())
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .nodeStatus(NodeStatusRequest.getDefaultInstance());
            return false;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED;
        }
    }

    private static long ask(String address, Optional<String> peerToken) throws Exception {
        return new MemberProbe(Optional.empty(), MemberProof.of(peerToken))
                .status(address)
                .get(10, TimeUnit.SECONDS)
                .getHeapMaxBytes();
    }
}
