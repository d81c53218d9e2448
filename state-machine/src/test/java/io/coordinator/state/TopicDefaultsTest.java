package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.GroupSettings;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SetTopicDefaults;
import io.coordinator.protocol.Settlement;
import io.coordinator.protocol.TopicDefaults;
import io.coordinator.protocol.TopicReply;
import io.coordinator.protocol.TopicSettings;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** What the cluster's configuration says of durable topics. */
@Feature({"PM-N-7", "G-12"})
class TopicDefaultsTest extends TopicScript {
    private void defaults(TopicDefaults.Builder defaults) {
        apply(own(SessionCommand.newBuilder()
                .setSetTopicDefaults(SetTopicDefaults.newBuilder().setDefaults(defaults))));
    }

    @Test
    void topicsWhoseSettingsSayNothingKeepWhatTheDefaultsSay() {
        assertThat(core().topicDefaults()).isEqualTo(TopicDefaults.getDefaultInstance());
        publish("a", "t", "1", "2", "3");
        configure("a", "own", TopicSettings.newBuilder().setMessagesMax(5));
        publish("a", "own", "1", "2", "3");
        assertThat(inspectTopic("t").getSettings())
                .isEqualTo(TopicSettings.newBuilder()
                        .setMessagesMax(10_000)
                        .setBytesMax(64 << 20)
                        .setDedupMillis(600_000)
                        .build());
        var defaults =
                TopicDefaults.newBuilder().setMessagesMax(2).setBytesMax(1_000).setDedupMillis(7);
        defaults(defaults);
        assertThat(core().topicDefaults()).isEqualTo(defaults.build());
        assertThat(inspectTopic("t").getSettings())
                .isEqualTo(TopicSettings.newBuilder()
                        .setMessagesMax(2)
                        .setBytesMax(1_000)
                        .setDedupMillis(7)
                        .build());
        publish("a", "t", "4");
        assertThat(values(read("t", 0))).containsExactly("3", "4");
        publish("a", "own", "4");
        assertThat(values(read("own", 0))).containsExactly("1", "2", "3", "4");
        publish("a", "t", '"' + "x".repeat(1_000) + '"').refused(ErrorCode.ETOOLARGE);
    }

    @Test
    @Feature("PM-N-3")
    void producersAreRememberedForSoLongAndUpToSoMany() {
        at(1_000);
        defaults(TopicDefaults.newBuilder().setProducersMax(1).setDedupMillis(500));
        produce("a", "t", "p", 1, "1");
        produce("a", "t", "q", 1, "1").refused(ErrorCode.ENOSPACE, "durable-topic-producers-max");
        assertThat(offsets(produce("a", "t", "p", 1, "1"))).containsExactly(0L);
        at(1_501).tick();
        produce("a", "t", "q", 1, "2").gives(TopicReply.OutcomeCase.PUBLISHED);
        assertThat(values(read("t", 0))).containsExactly("1", "2");
    }

    @Test
    void soManyTopicsAreMade() {
        at(1_000);
        defaults(TopicDefaults.newBuilder().setTopicsMax(2));
        configure("a", "t", TopicSettings.newBuilder()).gives(TopicReply.OutcomeCase.CONFIGURED);
        publish("a", "u", "1");
        publish("a", "v", "1").refused(ErrorCode.ENOSPACE, "durable-topics-max");
        configure("a", "v", TopicSettings.newBuilder()).refused(ErrorCode.ENOSPACE);
        group("a", "v", "g", GroupSettings.newBuilder()).refused(ErrorCode.ENOSPACE);
        group("a", "v", "g", from(0), false).refused(ErrorCode.ENOSPACE);
        assertThat(count("durableTopics")).isEqualTo(2);

        // A dead letter waits until there is room for the topic that it goes to.
        join("w", "u", "g", 1);
        publish("a", "u", "2");
        settle("w", "u", "g", delivered("w", "2").get(0), Settlement.Kind.BURY);
        assertThat(summary("u", "g").getWaiting()).isEqualTo(1);
        deleteTopic("a", "t");
        at(2_000).tick();
        assertThat(values(read("u.g.dead", 0))).containsExactly("2");
    }

    @Test
    void aSessionCannotSetThem() {
        session("a")
                .force(Command.newBuilder()
                        .setSession(SessionCommand.newBuilder()
                                .setSetTopicDefaults(SetTopicDefaults.newBuilder()
                                        .setDefaults(TopicDefaults.newBuilder().setTopicsMax(1)))))
                .refused(ErrorCode.EINVAL);
        assertThat(core().topicDefaults().getTopicsMax()).isZero();
    }
}
