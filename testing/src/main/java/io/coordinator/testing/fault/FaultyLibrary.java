package io.coordinator.testing.fault;

import io.coordinator.testing.process.Launch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The wall clock and the disk of processes, in a test's hand: a library loaded before the C library adds an offset to
 * the time of day (and leaves the monotonic clock alone), and delays or fails fsync and fdatasync, as a file for each
 * process says. It is compiled here, since no package of that kind is sure to be installed.
 */
public final class FaultyLibrary {
    private static final String SOURCE = """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <errno.h>
            #include <fcntl.h>
            #include <stdlib.h>
            #include <sys/mman.h>
            #include <sys/time.h>
            #include <time.h>
            #include <unistd.h>

            static volatile struct { long long clock_seconds; long long sync_micros; } *faults;

            __attribute__((constructor)) static void open_faults(void) {
                int file = open(getenv("FAULTS_FILE"), O_RDONLY);
                void *page = file < 0 ? MAP_FAILED : mmap(0, sizeof *faults, PROT_READ, MAP_SHARED, file, 0);
                if (page != MAP_FAILED) faults = page;
            }

            int clock_gettime(clockid_t clock, struct timespec *now) {
                static int (*real)(clockid_t, struct timespec *);
                if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
                int result = real(clock, now);
                if (faults && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
                    now->tv_sec += faults->clock_seconds;
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

            static int sync_with(const char *name, int file) {
                long long micros = faults ? faults->sync_micros : 0;
                if (micros < 0) {
                    errno = EIO;
                    return -1;
                }
                if (micros > 0) usleep(micros);
                int (*real)(int) = dlsym(RTLD_NEXT, name);
                return real(file);
            }

            int fsync(int file) { return sync_with("fsync", file); }

            int fdatasync(int file) { return sync_with("fdatasync", file); }
            """;

    private static final int CLOCK = 0;
    private static final int SYNC = Long.BYTES;
    private static final long FAIL = -1;

    private final Path library;
    private final Path directory;

    private FaultyLibrary(Path library, Path directory) {
        this.library = library;
        this.directory = directory;
    }

    /** True if this machine has a C compiler. */
    public static boolean isAvailable() throws IOException, InterruptedException {
        return new ProcessBuilder("sh", "-c", "command -v cc").start().waitFor() == 0;
    }

    /**
     * Compiles it.
     *
     * @param processes names of those that will be started with it
     */
    public static FaultyLibrary compile(Path directory, Iterable<String> processes)
            throws IOException, InterruptedException {
        Path source = Files.writeString(directory.resolve("faulty.c"), SOURCE);
        Path library = directory.resolve("faulty.so");
        Process compiler = new ProcessBuilder(
                        "cc", "-shared", "-fPIC", "-O1", "-o", library.toString(), source.toString(), "-ldl")
                .inheritIO()
                .start();
        if (!compiler.waitFor(60, TimeUnit.SECONDS) || compiler.exitValue() != 0) {
            compiler.destroyForcibly();
            throw new IllegalStateException("cc did not compile " + source);
        }
        FaultyLibrary faulty = new FaultyLibrary(library, directory);
        for (String process : processes) {
            faulty.write(process, CLOCK, 0);
            faulty.write(process, SYNC, 0);
        }
        return faulty;
    }

    /** How its processes start; each is known by its name. */
    public Launch launch() {
        return Launch.DEFAULT.withEnvironment(Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAULTS_FILE",
                directory.resolve(Launch.NAME).toString()));
    }

    /** Sets the wall clock of a process to the true time plus this. */
    public void setClock(String process, Duration fromTruth) throws IOException {
        write(process, CLOCK, fromTruth.toSeconds());
    }

    /** Lets everything that a process writes durably take this much longer. */
    public void slowDisk(String process, Duration more) throws IOException {
        write(process, SYNC, TimeUnit.NANOSECONDS.toMicros(more.toNanos()));
    }

    /**
     * Lets everything that a process wants to write durably fail, until {@link #slowDisk} says how long it takes again.
     */
    public void breakDisk(String process) throws IOException {
        write(process, SYNC, FAIL);
    }

    /** In place and never truncated: the processes have mapped these very files. */
    private void write(String process, int position, long value) throws IOException {
        try (FileChannel file =
                FileChannel.open(directory.resolve(process), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .putLong(value)
                    .flip();
            file.write(bytes, position);
        }
    }
}
