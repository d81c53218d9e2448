package io.coordinator.testing.scenario;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.AsyncCache;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

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

    /** Whether a node still has the first entry of its log. It may run meanwhile, and move its files. */
    static boolean hasBeginOfLog(Path data) throws IOException {
        AtomicBoolean found = new AtomicBoolean();
        Files.walkFileTree(data, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = file.getFileName().toString();
                if (name.startsWith("log_0-") || name.equals("log_inprogress_0")) {
                    found.set(true);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException why) throws IOException {
                return goOnUnlessItIsGone(why);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException why) throws IOException {
                return why == null ? FileVisitResult.CONTINUE : goOnUnlessItIsGone(why);
            }
        });
        return found.get();
    }

    private static FileVisitResult goOnUnlessItIsGone(IOException why) throws IOException {
        if (why instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw why;
    }
}
