package io.coordinator.client.topic;

import io.coordinator.client.error.ValidationException;
import java.util.List;

/**
 * Topics whose messages are kept in the replicated log (B-25). A message is published when it is committed. Each has an
 * offset, and every reader sees them in one order.
 */
public interface DurableTopics {
    /** The namespace of the topics. */
    String namespace();

    /**
     * The topic of that name; asks the cluster nothing.
     *
     * @param name a <a href="../package-summary.html#names">name</a>
     * @throws ValidationException if it is empty, or has NUL or half of a surrogate pair
     */
    DurableTopic topic(String name);

    /** The first topics, in the order of their names. */
    default List<TopicSummary> list() {
        return list("", "", 1_000);
    }

    /**
     * Topics of this namespace, in the order of their names.
     *
     * @param prefix of their names; empty for all
     * @param after the name behind which the list begins; empty for the beginning
     * @param limit at most so many, from 1
     */
    List<TopicSummary> list(String prefix, String after, int limit);
}
