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
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Many writes, and what they do to the log. */
final class Load {
    private static final int IN_FLIGHT = 2_000;
    private static final Pattern LOG_FILE = Pattern.compile("log_(?:inprogress_)?(\\d+)(?:-\\d+)?");

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
        return firstOfLog(data) == 0;
    }

    /** The index of the first entry that a node still has in its log. It may run meanwhile, and move its files. */
    static long firstOfLog(Path data) throws IOException {
        AtomicLong first = new AtomicLong(Long.MAX_VALUE);
        Files.walkFileTree(data, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                Matcher matcher = LOG_FILE.matcher(file.getFileName().toString());
                if (matcher.matches()) {
                    first.accumulateAndGet(Long.parseLong(matcher.group(1)), Math::min);
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
        return first.get();
    }

    private static FileVisitResult goOnUnlessItIsGone(IOException why) throws IOException {
        if (why instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw why;
    }
}
