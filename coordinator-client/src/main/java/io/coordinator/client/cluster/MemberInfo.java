package io.coordinator.client.cluster;

/**
 * A member of the cluster, as its log has it.
 *
 * @param node its id
 * @param incarnation counts the disks of the cluster's members; a node that came later, or came back with another disk,
 *     has a higher one than those before it. From 1
 * @param disk the id of its data directory
 * @param peerAddress where other members reach it, as {@code host:port}
 * @param clientAddress where clients reach it, as {@code host:port}
 * @param voter whether it has a vote; without one it has all data and answers nobody
 * @param spare whether it takes the place of a voter that is gone, without being told to
 * @param promote whether it gets a vote as soon as it has caught up
 * @param replaces the member whose vote becomes its own then; empty: nobody's
 * @param sinceMillis when it became a member, in milliseconds since 1970, by the clock of who led then
 */
public record MemberInfo(
        String node,
        int incarnation,
        String disk,
        String peerAddress,
        String clientAddress,
        boolean voter,
        boolean spare,
        boolean promote,
        String replaces,
        long sinceMillis) {}
