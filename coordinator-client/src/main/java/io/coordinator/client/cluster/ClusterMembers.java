package io.coordinator.client.cluster;

import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.MismatchException;
import io.coordinator.client.error.NoLeaderException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ThrottledException;
import io.coordinator.client.error.UnsupportedCommandException;
import io.coordinator.client.error.ValidationException;

/**
 * Who is in the cluster, and changes of that. A change is done when the log has it: the leader then makes it true step
 * by step, and so does the next one if it is lost meanwhile. Watch {@link #list()} and the nodes' status for that.
 *
 * <p>Every change is refused with the reason if it would cost the cluster its majority or rests on a mistake. All
 * changes throw
 * <ul>
 *   <li>{@link ValidationException} if it is refused; the message says what to do first
 *   <li>{@link KeyNotFoundException} if there is no such member; the message lists those there are
 *   <li>{@link MismatchException} if the node is another one than it was taken for, of another cluster, or too old
 *   <li>{@link ThrottledException} if it is too early: a node has not caught up, or the cluster was not founded yet;
 *       try again later
 *   <li>{@link UnsupportedCommandException} if the leader's version does not know the change
 *   <li>{@link NoLeaderException} if there is no leader to ask, or it was lost meanwhile, which says whether the
 *       outcome is known; look at {@link #list()}, and try again
 *   <li>{@link RequestTimeoutException} if the answer did not come in time; it may or may not be done
 * </ul>
 */
public interface ClusterMembers {
    /**
     * The same, with who asks and why, which are kept with each change.
     *
     * @param actor at most 256 bytes; without this call the name of the client
     * @param reason at most 1,024 bytes; may be empty
     */
    ClusterMembers by(String actor, String reason);

    /**
     * The members as the log has them.
     *
     * @throws RequestTimeoutException if no leader answered in time
     */
    MemberListing list();

    /**
     * What was done to the cluster, the newest first; the latest 1,000 acts are kept.
     *
     * @param before only older ones than the act of that number; 0 for the first page
     * @param limit at most so many; at least 1; a page has about 1 MiB at most
     * @throws ValidationException if the limit is less than 1, or {@code before} is negative
     * @throws RequestTimeoutException if no leader answered in time
     */
    AdminActPage acts(long before, int limit);

    /** Lets a node in that runs with an empty data directory; first without a vote. */
    void add(NewMember member);

    /** Gives a vote to a member that has caught up. */
    void promote(String node);

    /** Takes a member out, alive or not. One that leads hands over first. */
    void remove(String node);

    /**
     * Hands the vote of one member, alive or not, to another as soon as that has caught up; the first leaves then.
     *
     * @param newNode a member without a vote, or a node to be added
     * @param clientAddress where clients reach the new one, as {@code host:port}; empty: where it has said itself
     */
    void replace(String oldNode, String newNode, String clientAddress);

    /**
     * Tells all where a member is by now. It runs there already, with its disk, and keeps what it is.
     *
     * @param clientAddress where clients reach it, as {@code host:port}; it says itself where its peers do
     */
    void move(String node, String clientAddress);
}
