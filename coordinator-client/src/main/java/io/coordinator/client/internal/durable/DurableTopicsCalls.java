package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.argument.Arguments;
import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.internal.work.ClientSide;
import io.coordinator.client.topic.AsyncDurableTopics;
import io.coordinator.client.topic.TopicSummary;
import io.coordinator.protocol.ListTopics;
import io.coordinator.protocol.TopicQuery;
import java.util.List;

/** The durable topics of a namespace, as messages. */
public final class DurableTopicsCalls implements AsyncDurableTopics {
    private final Calls calls;
    private final ClientSide side;
    private final String namespace;

    public DurableTopicsCalls(Calls calls, ClientSide side, String namespace) {
        this.calls = calls;
        this.side = side;
        this.namespace = Calls.checkName("namespace", namespace);
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public DurableTopicCalls topic(String name) {
        return new DurableTopicCalls(calls, side, TopicTarget.of(namespace, name));
    }

    @Override
    public Promise<List<TopicSummary>> list(String prefix, String after, int limit) {
        return calls.reading()
                .query(
                        TopicEnvelopes.TOPIC,
                        () -> {
                            Arguments.positive("limit", limit);
                            return TopicQuery.newBuilder()
                                    .setNamespace(namespace)
                                    .setList(ListTopics.newBuilder()
                                            .setPrefix(Text.prefix("prefix", prefix))
                                            .setAfterNamespace(after.isEmpty() ? "" : namespace)
                                            .setAfterTopic(Text.prefix("after", after))
                                            .setLimit(limit))
                                    .build();
                        },
                        answer -> answer.getTopic().getList().getTopicsList().stream()
                                .map(TopicViews::summary)
                                .toList());
    }
}
