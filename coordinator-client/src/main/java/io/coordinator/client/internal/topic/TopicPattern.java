package io.coordinator.client.internal.topic;

import io.coordinator.client.internal.argument.Text;

/**
 * What a subscription matches, in a namespace.
 *
 * @param topic a topic, or what topics begin with
 */
record TopicPattern(String namespace, String topic, boolean prefix) {
    private static final String ANY = "*";

    /**
     * A pattern as users write it.
     *
     * @throws io.coordinator.client.error.ValidationException if it is no name
     */
    static TopicPattern of(String namespace, String pattern) {
        Text.name("pattern", pattern);
        boolean prefix = pattern.endsWith(ANY);
        return new TopicPattern(
                namespace, prefix ? pattern.substring(0, pattern.length() - ANY.length()) : pattern, prefix);
    }

    @Override
    public String toString() {
        return prefix ? topic + ANY : topic;
    }
}
