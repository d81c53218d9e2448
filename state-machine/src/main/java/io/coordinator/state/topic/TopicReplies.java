package io.coordinator.state.topic;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.TopicReply;

/** How commands about topics are answered. */
final class TopicReplies {
    private TopicReplies() {}

    static Reply.Builder reply(TopicReply.Builder topic) {
        return Reply.newBuilder().setTopic(topic);
    }

    static Reply.Builder refused(Error refusal) {
        return Reply.newBuilder().setError(refusal);
    }
}
