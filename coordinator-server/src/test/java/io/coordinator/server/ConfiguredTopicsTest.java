package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.InspectTopic;
import io.coordinator.protocol.NewMessage;
import io.coordinator.protocol.PublishMessages;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.TopicCommand;
import io.coordinator.protocol.TopicInspection;
import io.coordinator.protocol.TopicQuery;
import io.coordinator.server.config.Keys;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.testing.feature.Feature;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the configuration says of durable topics becomes part of the state. */
@Feature("PM-N-7")
class ConfiguredTopicsTest {
    private long queries = 1_000;

    @Test
    void theConfigurationOfTheLeaderHolds(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)) {
            nodes.start("n1");
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                client.call(publish(client, "t"));
                assertThat(inspect(client).getSettings().getMessagesMax()).isEqualTo(10_000);
            }
            nodes.kill("n1");
            nodes.with(config -> config.set(Keys.DURABLE_TOPIC_MESSAGES_MAX, 5)
                            .set(Keys.DURABLE_TOPIC_BYTES_MAX, 4_096)
                            .set(Keys.DURABLE_TOPIC_DEDUP_MILLIS, 70_000)
                            .set(Keys.DURABLE_TOPICS_MAX, 1))
                    .start("n1");
            try (RawClient client = RawClient.open(nodes.leaderAddress())) {
                await().until(() -> inspect(client).getSettings().getMessagesMax() == 5);
                assertThat(inspect(client).getSettings().getBytesMax()).isEqualTo(4_096);
                assertThat(inspect(client).getSettings().getDedupMillis()).isEqualTo(70_000);
                assertThat(client.call(publish(client, "u")).getError().getCode())
                        .isEqualTo(ErrorCode.ENOSPACE);
                assertThat(client.call(publish(client, "t")).hasError()).isFalse();
            }
        }
    }

    private static Command publish(RawClient client, String topic) {
        return client.command()
                .setTopic(TopicCommand.newBuilder()
                        .setNamespace("n")
                        .setTopic(topic)
                        .setPublish(PublishMessages.newBuilder()
                                .addMessages(NewMessage.newBuilder().setValue(ByteString.copyFromUtf8("1")))))
                .build();
    }

    private TopicInspection inspect(RawClient client) {
        Query query = Query.newBuilder()
                .setId(queries++)
                .setTopic(TopicQuery.newBuilder()
                        .setNamespace("n")
                        .setTopic("t")
                        .setInspect(InspectTopic.getDefaultInstance()))
                .build();
        return client.ask(query).getTopic().getInspection();
    }
}
