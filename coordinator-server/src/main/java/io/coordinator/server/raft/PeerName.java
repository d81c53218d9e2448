package io.coordinator.server.raft;

import org.apache.ratis.protocol.RaftPeerId;

/**
 * What Raft calls a node: its name, and from its second disk on the number of that. So a node votes anew with a new
 * disk, and the votes of the lost one stay those of somebody else.
 */
public final class PeerName {
    /** No part of a node's name. */
    private static final char SEPARATOR = '~';

    private PeerName() {}

    /** The name of a node with so many disks. */
    public static String of(String node, int incarnation) {
        return incarnation <= 1 ? node : node + SEPARATOR + incarnation;
    }

    /** The node of that name. */
    public static String node(String peer) {
        int separator = peer.indexOf(SEPARATOR);
        return separator < 0 ? peer : peer.substring(0, separator);
    }

    static String node(RaftPeerId peer) {
        return node(peer.toString());
    }
}
