package io.coordinator.testing.workload;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a process that does jobs is told when it starts.
 *
 * @param lease of its session
 * @param seed of what its handlers do
 * @param lines the file for what they do
 * @param links where to connect instead of a node's address
 * @param more what only some programs are told
 */
record HostArguments(
        String name,
        String endpoints,
        Duration lease,
        long seed,
        Path lines,
        Map<String, String> links,
        List<String> more) {
    private static final int FIXED = 6;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    List<String> list() {
        List<String> pairs = new ArrayList<>();
        links.forEach((address, other) -> pairs.add(address + "=" + other));
        List<String> all = new ArrayList<>(List.of(
                name,
                endpoints,
                Long.toString(lease.toMillis()),
                Long.toString(seed),
                lines.toString(),
                String.join(",", pairs)));
        all.addAll(more);
        return all;
    }

    static HostArguments of(String[] arguments) {
        Map<String, String> links = new HashMap<>();
        for (String link : arguments[5].split(",", -1)) {
            if (!link.isEmpty()) {
                int equals = link.indexOf('=');
                links.put(link.substring(0, equals), link.substring(equals + 1));
            }
        }
        return new HostArguments(
                arguments[0],
                arguments[1],
                Duration.ofMillis(Long.parseLong(arguments[2])),
                Long.parseLong(arguments[3]),
                Path.of(arguments[4]),
                links,
                List.of(arguments).subList(FIXED, arguments.length));
    }

    CoordinatorClient connect() {
        return CoordinatorClient.connect(ClientConfig.builder()
                .clientName(name)
                .endpoints(endpoints)
                .sessionLease(lease)
                .requestTimeout(PATIENCE)
                .connectionBackoff(Duration.ofMillis(20), Duration.ofMillis(200))
                .addressTranslator(address -> links.getOrDefault(address, address))
                .build());
    }
}
