package io.coordinator.testing.scenario;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.AsyncCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** Many writes, and what they do to the log. */
final class Load {
    private static final int IN_FLIGHT = 2_000;

    private Load() {}

    /** Writes {@code PREFIX-0}, {@code PREFIX-1}, … and waits for all answers. */
    static void write(CoordinatorClient client, String prefix, int count, IntFunction<Object> value) {
        AsyncCache cache = client.async().cache();
        List<CompletableFuture<Long>> window = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            window.add(cache.put(prefix + "-" + i, value.apply(i)).toCompletableFuture());
            if (window.size() == IN_FLIGHT) {
                window.forEach(Waiting::get);
                window.clear();
            }
        }
        window.forEach(Waiting::get);
    }

    /** Whether a node still has the first entry of its log. */
    static boolean hasBeginOfLog(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.map(file -> file.getFileName().toString())
                    .anyMatch(name -> name.startsWith("log_0-") || name.equals("log_inprogress_0"));
        }
    }
}
