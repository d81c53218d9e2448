package io.coordinator.server;

import io.coordinator.protocol.Member;
import io.coordinator.server.config.ClusterMember;
import io.coordinator.server.config.HostPort;
import io.coordinator.server.config.ServerConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where the members are; this node's own client port is known once it is bound. */
final class Addresses {
    private final ServerConfig config;
    private volatile @Nullable HostPort boundClient;

    Addresses(ServerConfig config) {
        this.config = config;
    }

    void bound(HostPort client) {
        boundClient = client;
    }

    /** The client address of a node; empty if it is no member. */
    String clientOf(String node) {
        return config.members().stream()
                .filter(member -> member.node().equals(node))
                .map(this::client)
                .findFirst()
                .orElse("");
    }

    List<String> clients() {
        return config.members().stream().map(this::client).toList();
    }

    /** The client addresses of all members but this one, by their ids. */
    Map<String, String> others() {
        Map<String, String> others = new TreeMap<>();
        config.members().stream()
                .filter(member -> !member.node().equals(config.node()))
                .forEach(member -> others.put(member.node(), client(member)));
        return others;
    }

    List<Member> members() {
        return config.members().stream()
                .map(member -> Member.newBuilder()
                        .setNode(member.node())
                        .setPeerAddress(member.peer().toString())
                        .setClientAddress(client(member))
                        .build())
                .toList();
    }

    private String client(ClusterMember member) {
        HostPort bound = boundClient;
        if (bound != null
                && member.node().equals(config.node())
                && member.client().port() == 0) {
            return member.client().withPort(bound.port()).toString();
        }
        return member.client().toString();
    }
}
