package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.error.MismatchException;
import io.coordinator.client.error.PayloadTooLargeException;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.Welcome;
import io.coordinator.server.CoordinatorServer;
import io.coordinator.server.StartupException;
import io.coordinator.server.config.ConfigException;
import io.coordinator.server.config.ServerConfig;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.ports.FreePorts;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What should never be sent or started: a clear error, and nothing else is disturbed. */
@CoordinatorCluster(nodes = 1)
class BadInputTest {

    /** Field 900 of a Command, of which this version knows nothing: a body from the future. */
    private static final byte[] UNKNOWN_BODY = {(byte) 0xa2, 0x38, 0x02, 0x0a, 0x00};

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final Random random = new Random(Long.getLong("seed", 7));

    @Test
    @Feature({"S-23", "G-15", "PM-CACHE-14"})
    void aValueThatIsTooLargeIsRefusedAndTheOldOneKept(CoordinatorClient client) {
        client.cache().put("large", "small");
        long session = client.sessionId();
        String large = "x".repeat((1 << 20) + 1);
        assertThatThrownBy(() -> client.cache().put("large", large)).isInstanceOf(PayloadTooLargeException.class);
        assertThatThrownBy(() -> client.cache().put("large", large.repeat(4)))
                .isInstanceOf(PayloadTooLargeException.class);
        assertThat(client.cache().get("large").orElseThrow().value().textValue())
                .isEqualTo("small");
        assertThat(client.sessionId()).isEqualTo(session);
    }

    @Test
    @Feature({"G-15", "G-14"})
    void aValueThatIsTooLargeIsAlsoRefusedByTheServerItself(Cluster cluster) {
        try (RawSession raw = connect(cluster)) {
            Welcome welcome = raw.welcome();
            byte[] large = new byte[(int) welcome.getMaxValueBytes() + 1];
            Arrays.fill(large, (byte) '1');
            Reply refused = raw.ask(command(welcome, 1)
                    .setCache(cache("large-raw").setPut(PutValue.newBuilder().setValue(ByteString.copyFrom(large))))
                    .build());
            assertThat(refused.getError().getCode()).isEqualTo(io.coordinator.protocol.ErrorCode.ETOOLARGE);
            assertStillServed(raw, welcome, 2);
        }
    }

    @Test
    @Feature("G-15")
    void aFrameThatIsTooLargeEndsItsStreamOnly(Cluster cluster, CoordinatorClient bystander) {
        try (RawSession raw = connect(cluster)) {
            Welcome welcome = raw.welcome();
            byte[] huge = new byte[(int) welcome.getMaxRequestBytes() * 6];
            raw.send(ClientFrame.newBuilder()
                    .addCommands(command(welcome, 1)
                            .setCache(cache("huge").setPut(PutValue.newBuilder().setValue(ByteString.copyFrom(huge)))))
                    .build());
            assertThat(raw.end().isOk()).isFalse();
        }
        bystander.ping();
    }

    @Test
    @Feature({"G-14", "PM-CONN-3"})
    void anUnknownCommandIsRefusedAndTheNextIsServed(Cluster cluster) throws IOException {
        try (RawSession raw = connect(cluster)) {
            Welcome welcome = raw.welcome();
            Command unknown = Command.parseFrom(
                    command(welcome, 1).build().toByteString().concat(ByteString.copyFrom(UNKNOWN_BODY)));
            assertThat(raw.ask(unknown).getError().getCode()).isEqualTo(io.coordinator.protocol.ErrorCode.EUNKNOWN);
            Command empty = command(welcome, 2).setCache(cache("unknown")).build();
            assertThat(raw.ask(empty).getError().getCode()).isEqualTo(io.coordinator.protocol.ErrorCode.EUNKNOWN);
            assertStillServed(raw, welcome, 3);
        }
    }

    @Test
    void aMalformedFrameEndsItsStreamWithAWord(Cluster cluster, CoordinatorClient bystander) {
        try (RawSession raw = connect(cluster)) {
            raw.welcome();
            raw.send(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff});
            assertThat(raw.goodbye().getCode()).isEqualTo(io.coordinator.protocol.ErrorCode.EINVAL);
        }
        try (RawSession raw = connect(cluster)) {
            raw.send(ClientFrame.newBuilder()
                    .addCommands(Command.getDefaultInstance())
                    .build());
            assertThat(raw.goodbye().getCode()).isEqualTo(io.coordinator.protocol.ErrorCode.EINVAL);
        }
        bystander.ping();
    }

    @Test
    void randomBytesDisturbNobody(Cluster cluster, CoordinatorClient bystander) throws IOException {
        for (int i = 0; i < 200; i++) {
            byte[] garbage = new byte[1 + random.nextInt(200)];
            random.nextBytes(garbage);
            try (RawSession raw = connect(cluster)) {
                raw.welcome();
                raw.send(garbage);
            }
        }
        for (String garbage :
                new String[] {"GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0", "\u0016\u0003\u0001"
                }) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(cluster));
                    OutputStream out = socket.getOutputStream()) {
                out.write(garbage.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(bystander.cache().increment("after-garbage", 1)).isEqualTo(1);
    }

    @Test
    @Feature({"PM-CONN-7", "G-14"})
    void aClientOfAnotherClusterIsRefused(Cluster cluster) {
        assertThatThrownBy(() -> cluster.client(settings -> settings.cluster("elsewhere")))
                .isInstanceOfSatisfying(
                        MismatchException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.EMISMATCH));
    }

    @Test
    @Feature("PM-PERS-10")
    void aDataDirectoryInUseIsRefused(Cluster cluster) {
        assertThatThrownBy(() -> start("test", "n1", cluster.dataDirectory("n1")))
                .isInstanceOfSatisfying(
                        StartupException.class,
                        refused ->
                                assertThat(refused.code()).isEqualTo(io.coordinator.protocol.ErrorCode.EPERSISTLOCKED));
    }

    @Test
    void aDataDirectoryOfAnotherClusterOrNodeIsRefused() throws StartupException {
        start("first", "n1", directory).close();
        for (String[] other : new String[][] {{"second", "n1"}, {"first", "n2"}}) {
            assertThatThrownBy(() -> start(other[0], other[1], directory))
                    .isInstanceOfSatisfying(
                            StartupException.class,
                            refused ->
                                    assertThat(refused.code()).isEqualTo(io.coordinator.protocol.ErrorCode.EMISMATCH));
        }
        start("first", "n1", directory).close();
    }

    @Test
    void aNodeDoesNotStartOnAFullDisk() throws IOException, InterruptedException {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "coordinator-test", disk.toString()), "may mount");
        try {
            assertThatThrownBy(() -> start("full", "n1", disk.resolve("data")))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("full");
        } finally {
            assertThat(run("umount", disk.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    }

    @Test
    void badConfigurationNamesItsKey() {
        assertThatThrownBy(() -> ServerConfig.builder().set("no-such-key", "1"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("no-such-key");
        assertThatThrownBy(() -> ServerConfig.builder().set("lease-millis", "soon"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("lease-millis");
    }

    private static CoordinatorServer start(String cluster, String node, Path data) throws StartupException {
        return CoordinatorServer.start(ServerConfig.builder()
                .set("cluster", cluster)
                .set("node", node)
                .set("members", node + "=" + FreePorts.address() + "/" + FreePorts.address())
                .set("data-dir", data.toString())
                .set("http-bind", FreePorts.address())
                .build());
    }

    private static RawSession connect(Cluster cluster) {
        return RawSession.connect(cluster.clientAddress("n1"));
    }

    private static int port(Cluster cluster) {
        String address = cluster.clientAddress("n1");
        return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    }

    private static Command.Builder command(Welcome welcome, long seq) {
        return Command.newBuilder().setSessionId(welcome.getSessionId()).setSeq(seq);
    }

    private static CacheCommand.Builder cache(String key) {
        return CacheCommand.newBuilder().setNamespace("default").setKey(key);
    }

    private static void assertStillServed(RawSession raw, Welcome welcome, long seq) {
        Reply reply = raw.ask(command(welcome, seq)
                .setCache(cache("served-" + welcome.getSessionId())
                        .setIncrement(Increment.newBuilder().setBy(1)))
                .build());
        assertThat(reply.getCache().getIncremented().getValue().toStringUtf8()).isEqualTo("1");
    }
}
