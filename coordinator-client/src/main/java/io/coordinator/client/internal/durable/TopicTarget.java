package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.session.Calls;
import io.coordinator.protocol.TopicCommand;
import io.coordinator.protocol.TopicQuery;

/** Which topic, and the beginnings of messages about it. */
record TopicTarget(String namespace, String name) {
    static TopicTarget of(String namespace, String name) {
        return new TopicTarget(namespace, Calls.checkName("topic", name));
    }

    TopicCommand.Builder command() {
        return TopicCommand.newBuilder().setNamespace(namespace).setTopic(name);
    }

    TopicQuery.Builder query() {
        return TopicQuery.newBuilder().setNamespace(namespace).setTopic(name);
    }

    @Override
    public String toString() {
        return "topic " + namespace + "/" + name;
    }
}
