package io.coordinator.state.topic;

import io.coordinator.state.kernel.Name;

/** Which group it is: its topic, its name there, and the number by which its deliveries and members know it. */
record GroupPlace(Name topic, long topicId, String group, long groupId) {

    /** In front of the rows of the topic. */
    String owner() {
        return TopicKeys.owner(topic.namespace(), topicId);
    }

    /** Of the group's row. */
    String key() {
        return TopicKeys.named(owner(), group);
    }

    /** In front of the rows of its deliveries, and what its members are in. */
    String pool() {
        return TopicKeys.owner(topic.namespace(), groupId);
    }

    /** For messages to people. */
    @Override
    public String toString() {
        return "\"" + group + "\" of topic " + topic;
    }
}
