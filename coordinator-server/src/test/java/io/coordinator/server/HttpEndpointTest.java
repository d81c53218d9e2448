package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteJob;
import io.coordinator.protocol.ConfigureGroup;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.JoinQueue;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.RegisterWorker;
import io.coordinator.protocol.RpcCommand;
import io.coordinator.protocol.SubmitJobs;
import io.coordinator.protocol.TopicCommand;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpEndpointTest {
    private static final Pattern DOCUMENTED = Pattern.compile("^\\| `(coordinator_[a-z_]+)`", Pattern.MULTILINE);
    /** Histograms are documented by one name, and served by three. */
    private static final Pattern SERVED =
            Pattern.compile("^(coordinator_[a-z_]+?)(?:_bucket|_count|_sum)?[ {]", Pattern.MULTILINE);

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void probesFollowTheNodeAndMetricsAreDocumented(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 3)) {
            String alone = nodes.start("n1").httpAddress();
            assertThat(get(alone, "/live").statusCode()).isEqualTo(200);
            assertThat(get(alone, "/startup").statusCode()).isEqualTo(200);
            assertThat(get(alone, "/ready").statusCode()).isEqualTo(503);
            assertThat(get(alone, "/ready").body()).contains("the first sign of n2");

            nodes.start("n2");
            nodes.start("n3");
            await().until(() -> get(alone, "/ready").statusCode() == 200);
            makeAGroupAndWorkers(nodes);
            await().until(() -> get(alone, "/metrics").body().contains("coordinator_queue_workers{"));

            // The leader is the one who counts how long jobs take.
            String leader = nodes.node(nodes.leader()).httpAddress();
            assertThat(names(SERVED, get(leader, "/metrics").body()))
                    .isEqualTo(names(DOCUMENTED, Files.readString(Path.of("..", "docs", "metrics.md"))));
        }
    }

    /** What has figures of its own. */
    private static void makeAGroupAndWorkers(TestNodes nodes) {
        try (RawClient client = RawClient.open(nodes.leaderAddress())) {
            client.call(client.command()
                    .setTopic(TopicCommand.newBuilder()
                            .setNamespace("shop")
                            .setTopic("orders")
                            .setConfigureGroup(ConfigureGroup.newBuilder().setGroup("billing")))
                    .build());
            client.call(client.command()
                    .setRpc(RpcCommand.newBuilder()
                            .setNamespace("shop")
                            .setName("resize")
                            .setRegister(RegisterWorker.newBuilder().setConcurrency(3)))
                    .build());
            client.call(job(
                    client,
                    b -> b.setSubmit(SubmitJobs.newBuilder()
                            .addJobs(NewJob.newBuilder().setId("x").setPayload(ByteString.copyFromUtf8("1"))))));
            // The event can be in one frame with the reply.
            client.send(ClientFrame.newBuilder()
                    .addCommands(
                            job(client, b -> b.setJoin(JoinQueue.newBuilder().setConcurrency(1))))
                    .build());
            JobAssigned assigned = client.await(frame -> frame.getEventsCount() > 0)
                    .getEvents(0)
                    .getJob()
                    .getAssigned();
            client.call(job(
                    client,
                    b -> b.setComplete(CompleteJob.newBuilder()
                            .setId("x")
                            .setToken(assigned.getToken())
                            .setResult(ByteString.copyFromUtf8("1")))));
        }
    }

    private static Command job(RawClient client, UnaryOperator<JobCommand.Builder> operation) {
        return client.command()
                .setJob(operation.apply(
                        JobCommand.newBuilder().setNamespace("shop").setQueue("mail")))
                .build();
    }

    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private HttpResponse<String> get(String address, String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://" + address + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
