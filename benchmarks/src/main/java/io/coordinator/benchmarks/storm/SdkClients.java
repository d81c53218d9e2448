package io.coordinator.benchmarks.storm;

import io.coordinator.benchmarks.systems.CoordinatorServers;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.lock.LockHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Clients of the SDK, which share nothing but their process. */
final class SdkClients implements StormProcess.Clients {
    private final List<Member> members = new ArrayList<>();
    private final Set<Member> back = ConcurrentHashMap.newKeySet();

    private record Member(CoordinatorClient client, long session, LockHandle lock) {}

    static SdkClients connect(String endpoints, int process, int count) {
        SdkClients clients = new SdkClients();
        for (int i = 0; i < count; i++) {
            clients.add(endpoints, process + "-" + i);
        }
        return clients;
    }

    private void add(String endpoints, String name) {
        CoordinatorClient client = CoordinatorClient.connect(ClientConfig.builder()
                .cluster(CoordinatorServers.NAME)
                .endpoints(endpoints)
                .clientName(name)
                .requestTimeout(Duration.ofMinutes(3))
                .build());
        members.add(new Member(
                client, client.sessionId(), client.lock("own-" + name).acquire()));
        var unused = client.async().lock(Storm.WANTED).acquire();
    }

    @Override
    public void watch() {
        for (Member member : members) {
            member.client().addConnectionListener((from, to) -> {
                if (to == ConnectionState.RECONNECTED) {
                    back.add(member);
                }
            });
        }
    }

    @Override
    public int missing() {
        return members.size() - back.size();
    }

    @Override
    public int sessionsLost() {
        return (int) members.stream()
                .filter(member -> member.client().sessionId() != member.session())
                .count();
    }

    @Override
    public int locksLost() {
        return (int) members.stream().filter(member -> !member.lock().isHeld()).count();
    }

    @Override
    public void close() {
        members.forEach(member -> member.client().close());
    }
}
