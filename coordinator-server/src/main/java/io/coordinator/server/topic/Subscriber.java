package io.coordinator.server.topic;

/** One subscription of one stream. Used by the exchange's thread only. */
final class Subscriber {
    /** What one takes besides its name, with its places in maps. */
    private static final int OVERHEAD = 300;

    private final TopicStream stream;
    private final String namespace;
    private final String topic;
    private final boolean prefix;
    /** In the list of those with the same name. */
    private int position;

    Subscriber(TopicStream stream, String namespace, String topic, boolean prefix) {
        this.stream = stream;
        this.namespace = namespace;
        this.topic = topic;
        this.prefix = prefix;
    }

    TopicStream stream() {
        return stream;
    }

    String namespace() {
        return namespace;
    }

    /** The topic, or what it begins with. */
    String topic() {
        return topic;
    }

    boolean isPrefix() {
        return prefix;
    }

    int position() {
        return position;
    }

    void moveTo(int newPosition) {
        position = newPosition;
    }

    /** The heap that it takes, as estimated. */
    long cost() {
        return OVERHEAD + 2L * (namespace.length() + topic.length());
    }
}
