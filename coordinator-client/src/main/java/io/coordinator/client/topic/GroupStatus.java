package io.coordinator.client.topic;

import java.util.List;

/**
 * A consumer group as it is.
 *
 * @param summary its numbers
 * @param options how it delivers
 * @param members in the order in which they joined; at most 1,000
 */
public record GroupStatus(GroupSummary summary, GroupOptions options, List<Member> members) {
    /**
     * A member of the group.
     *
     * @param sessionId the session of its client
     * @param clientName how its client calls itself
     * @param capacity how many messages it takes at a time
     * @param leased how many it has
     * @param turnToken in an {@linkplain GroupOptions#exclusive exclusive} group the fencing token of the active
     *     member; 0 otherwise
     * @param leaving whether it gets nothing more
     */
    public record Member(
            long sessionId, String clientName, int capacity, int leased, long turnToken, boolean leaving) {}
}
