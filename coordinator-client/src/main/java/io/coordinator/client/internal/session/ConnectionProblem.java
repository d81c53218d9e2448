package io.coordinator.client.internal.session;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.NoLeaderException;
import java.util.List;
import java.util.function.Predicate;

/** What is known of why there is no connection, in words for callers. Lives on the loop. */
final class ConnectionProblem {
    private static final String NOT_LOOKED_UP = "their names were not looked up in time";

    private String last = NOT_LOOKED_UP;
    private boolean nodeAnswered;
    /** Where a node last said that the leader is; empty if none did since there was a connection. */
    private String leader = "";
    /** Why there was no connection to it; empty if there was one, or it was not tried. */
    private String ofLeader = "";

    /** Nodes are looked for anew. */
    void seeking() {
        nodeAnswered = false;
    }

    /** A node is tried. */
    void trying(String endpoint) {
        if (last.equals(NOT_LOOKED_UP)) {
            last = endpoint + ": no answer yet";
        }
    }

    /** Some node is there. */
    void nodeAnswered() {
        nodeAnswered = true;
    }

    /** A node says where the leader is. */
    void leaderIs(String address) {
        if (!address.equals(leader)) {
            leader = address;
            ofLeader = "";
        }
    }

    /** There was no connection to a node. */
    void unreachable(String endpoint, String why) {
        ofLeader = endpoint.equals(leader) ? why : ofLeader;
    }

    /** An attempt has failed, for whatever reason. */
    void failed(String endpoint, String why) {
        last = endpoint + ": " + why;
    }

    /** There is a connection. */
    void solved() {
        nodeAnswered = false;
        leader = "";
        ofLeader = "";
    }

    /**
     * The failure of what needed a connection.
     *
     * @param what failed
     * @param isKnown whether an endpoint is an address, or a name of which one is known
     */
    CoordinatorException of(String what, List<String> endpoints, Predicate<String> isKnown) {
        if (nodeAnswered && !leader.isEmpty() && !isKnown.test(leader)) {
            return leaderAway(what, "its name was not resolved");
        }
        if (nodeAnswered && !ofLeader.isEmpty()) {
            return leaderAway(what, ofLeader);
        }
        return nodeAnswered
                ? new NoLeaderException(
                        what + ": nodes answer, but none leads a quorum (" + last + "); check the cluster", false, null)
                : new DisconnectedException(
                        what + ": no node of " + endpoints + " could be reached (" + last
                                + "); check the endpoints and the network",
                        false,
                        null);
    }

    /** The cluster is well, but out of reach. */
    private CoordinatorException leaderAway(String what, String why) {
        return new NoLeaderException(
                what + ": nodes answer and say that " + leader + " leads, which cannot be reached from here: " + why
                        + "; name addresses that clients can reach in `members` of the nodes, or set an"
                        + " addressTranslator",
                false,
                null);
    }
}
