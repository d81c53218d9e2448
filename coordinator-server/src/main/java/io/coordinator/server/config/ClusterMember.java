package io.coordinator.server.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One voting node of the cluster, as the others and the clients reach it.
 *
 * @param node its id, never given to another disk
 * @param peer where the other nodes reach it
 * @param client where clients reach it
 */
public record ClusterMember(String node, HostPort peer, HostPort client) {
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

    /**
     * Parses {@code n1=peerhost:port/clienthost:port,n2=…}.
     *
     * @throws IllegalArgumentException if the list is malformed or repeats a node or an address
     */
    public static List<ClusterMember> parseList(String text) {
        List<ClusterMember> members = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            if (!item.isBlank()) {
                members.add(parse(item.trim()));
            }
        }
        requireDistinct(members);
        return List.copyOf(members);
    }

    private static ClusterMember parse(String item) {
        int equals = item.indexOf('=');
        int slash = item.indexOf('/', equals);
        if (equals <= 0 || slash < 0) {
            throw new IllegalArgumentException("expected node=peerhost:port/clienthost:port, found '" + item + "'");
        }
        return new ClusterMember(
                requireNode(item.substring(0, equals)),
                HostPort.parse(item.substring(equals + 1, slash)),
                HostPort.parse(item.substring(slash + 1)));
    }

    /**
     * Returns a valid node id.
     *
     * @throws IllegalArgumentException if the text cannot be a node id
     */
    static String requireNode(String text) {
        if (!NODE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a node id is 1 to 63 letters, digits, dots, dashes and underscores, found '" + text + "'");
        }
        return text;
    }

    private static void requireDistinct(List<ClusterMember> members) {
        Set<String> seen = new HashSet<>();
        for (ClusterMember member : members) {
            requireNew(seen, member.node());
            requireNew(
                    seen,
                    member.peer().port() == 0
                            ? member.node() + "/peer"
                            : member.peer().toString());
            requireNew(
                    seen,
                    member.client().port() == 0
                            ? member.node() + "/client"
                            : member.client().toString());
        }
    }

    private static void requireNew(Set<String> seen, String value) {
        if (!seen.add(value)) {
            throw new IllegalArgumentException("'" + value + "' appears twice");
        }
    }

    @Override
    public String toString() {
        return node + "=" + peer + "/" + client;
    }
}
