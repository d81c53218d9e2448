package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Consistency;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.CoordinatorServiceGrpc.CoordinatorServiceBlockingStub;
import io.coordinator.protocol.NodeStatusRequest;
import io.coordinator.protocol.Role;
import io.coordinator.protocol.TransferLeadershipReply;
import io.coordinator.protocol.TransferLeadershipRequest;
import io.coordinator.server.support.LogCapture;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that come as soon as the port is open, while the log is still read. */
class StartingNodeTest {

    @Test
    void whoComesBeforeTheLogIsOpenGetsAnAnswerAndNoStackTraceIsLogged(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1).startAll()) {
            String address = nodes.leaderAddress();
            try (RawClient client = RawClient.open(address)) {
                for (int i = 0; i < 200; i++) {
                    client.send(ClientFrame.newBuilder()
                            .addCommands(client.put("k", "\"" + "x".repeat(10_000) + "\""))
                            .build());
                }
                client.call(client.put("k", "1"));
            }
            nodes.kill("n1");
            try (Traces traces = new Traces();
                    Visits visits = new Visits(address)) {
                nodes.start("n1");
                nodes.leader();
                visits.end();
                assertThat(visits.early)
                        .as("answers from a log that is not open")
                        .isNotEmpty();
                assertThat(visits.failures).isEmpty();
                assertThat(traces.all()).isEmpty();
                assertThat(visits.transfer().getError().getMessage())
                        .contains("n1 is the only member")
                        .doesNotContain("under way");
            }
        }
    }

    /** Asks everything that can be asked, again and again. */
    private static final class Visits implements AutoCloseable {
        private final RawClient client;
        private final CoordinatorServiceBlockingStub stub;
        private final List<Role> early = new CopyOnWriteArrayList<>();
        private final Set<String> failures = ConcurrentHashMap.newKeySet();
        private final CompletableFuture<Void> visiting;
        private volatile boolean ended;

        Visits(String address) {
            client = new RawClient(address);
            stub = CoordinatorServiceGrpc.newBlockingStub(client.channel());
            visiting = CompletableFuture.runAsync(this::visit);
        }

        private void visit() {
            while (!ended) {
                client.channel().resetConnectBackoff();
                attempt(() -> {
                    Role role = soon().nodeStatus(NodeStatusRequest.getDefaultInstance())
                            .getRole();
                    if (role == Role.UNKNOWN_ROLE) {
                        early.add(role);
                    }
                    client.hello(RawClient.freshHello().build());
                    Answer answer = soon().read(client.get("k", Consistency.LINEARIZABLE, 0));
                    assertThat(answer.hasError() || answer.hasCache()).isTrue();
                    assertThat(transfer().hasError()).isTrue();
                });
            }
        }

        private void attempt(Runnable calls) {
            try {
                calls.run();
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                    failures.add(e.getStatus().toString());
                }
            } catch (RuntimeException | AssertionError e) {
                failures.add(e.toString());
            }
        }

        private CoordinatorServiceBlockingStub soon() {
            return stub.withDeadlineAfter(10, TimeUnit.SECONDS);
        }

        TransferLeadershipReply transfer() {
            return soon().transferLeadership(TransferLeadershipRequest.getDefaultInstance());
        }

        void end() throws Exception {
            ended = true;
            visiting.get(30, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            ended = true;
            client.close();
        }
    }

    /** Stack traces in this process' log, those of libraries that log otherwise included. */
    private static final class Traces implements AutoCloseable {
        private final LogCapture log = LogCapture.ofAll();
        private final List<String> others = new CopyOnWriteArrayList<>();
        private final Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getThrown() != null) {
                    others.add(entry.getLoggerName() + ": " + entry.getThrown());
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };

        Traces() {
            LogManager.getLogManager().getLogger("").addHandler(handler);
        }

        List<String> all() {
            List<String> all = new CopyOnWriteArrayList<>(others);
            log.events().stream()
                    .filter(event -> event.getThrowableProxy() != null)
                    .forEach(event -> all.add(event.getLoggerName() + ": " + event.getFormattedMessage()));
            return all;
        }

        @Override
        public void close() {
            LogManager.getLogManager().getLogger("").removeHandler(handler);
            log.close();
        }
    }
}
