package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.process.Launch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A wall clock that a test can set, for processes: a library loaded before the C library adds an offset from a file to the
 * time of day, and leaves the monotonic clock alone. It is compiled here, since no package of that kind is sure to be
 * installed.
 */
final class WallClock {
    private static final String SOURCE = """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <fcntl.h>
            #include <stdlib.h>
            #include <sys/mman.h>
            #include <sys/time.h>
            #include <time.h>

            static volatile long long *offset;

            __attribute__((constructor)) static void open_offset(void) {
                int file = open(getenv("WALL_CLOCK_OFFSET"), O_RDONLY);
                void *page = file < 0 ? MAP_FAILED : mmap(0, 8, PROT_READ, MAP_SHARED, file, 0);
                if (page != MAP_FAILED) offset = page;
            }

            static long long seconds(void) { return offset ? *offset : 0; }

            int clock_gettime(clockid_t clock, struct timespec *now) {
                static int (*real)(clockid_t, struct timespec *);
                if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
                int result = real(clock, now);
                if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += seconds();
                return result;
            }

            int gettimeofday(struct timeval *now, void *zone) {
                struct timespec precise;
                clock_gettime(CLOCK_REALTIME, &precise);
                now->tv_sec = precise.tv_sec;
                now->tv_usec = precise.tv_nsec / 1000;
                return 0;
            }

            time_t time(time_t *result) {
                struct timespec precise;
                clock_gettime(CLOCK_REALTIME, &precise);
                if (result) *result = precise.tv_sec;
                return precise.tv_sec;
            }
            """;

    private final Path library;
    private final Path offset;

    private WallClock(Path library, Path offset) {
        this.library = library;
        this.offset = offset;
    }

    /** True if this machine has a C compiler. */
    static boolean isAvailable() throws IOException, InterruptedException {
        Process found = new ProcessBuilder("sh", "-c", "command -v cc").start();
        return found.waitFor() == 0;
    }

    static WallClock compile(Path directory) throws IOException, InterruptedException {
        Path source = Files.writeString(directory.resolve("wall_clock.c"), SOURCE);
        Path library = directory.resolve("wall_clock.so");
        Process compiler = new ProcessBuilder(
                        "cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString(), "-ldl")
                .inheritIO()
                .start();
        assertThat(compiler.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(compiler.exitValue()).isZero();
        WallClock clock = new WallClock(library, directory.resolve("offset"));
        clock.jumpTo(Duration.ZERO);
        return clock;
    }

    /** How processes start that follow this clock. */
    Launch launch() {
        return Launch.DEFAULT.withEnvironment(
                Map.of("LD_PRELOAD", library.toString(), "WALL_CLOCK_OFFSET", offset.toString()));
    }

    /** Sets the clock of all its processes to the true time plus this. */
    void jumpTo(Duration fromTruth) throws IOException {
        // In place and never truncated: the processes have mapped this very file.
        Files.write(
                offset,
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.nativeOrder())
                        .putLong(fromTruth.toSeconds())
                        .array(),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
    }
}
