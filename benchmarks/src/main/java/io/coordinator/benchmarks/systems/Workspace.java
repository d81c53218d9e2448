package io.coordinator.benchmarks.systems;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A directory of our own and every process started in it. Closing it, also at the end of the JVM by whatever signal
 * short of a kill, leaves neither behind.
 */
public final class Workspace implements AutoCloseable {
    private final Path root;
    private final Set<Process> processes = new LinkedHashSet<>();
    private final Thread atExit = new Thread(this::cleanUp, "workspace-clean-up");
    private boolean closed;

    private Workspace(Path root) {
        this.root = root;
    }

    /** Makes a directory in {@code parent}, which decides what disk the servers write to. */
    public static Workspace in(Path parent) throws IOException {
        Files.createDirectories(parent);
        Workspace workspace =
                new Workspace(Files.createTempDirectory(parent.toAbsolutePath().normalize(), "compare-"));
        Runtime.getRuntime().addShutdownHook(workspace.atExit);
        return workspace;
    }

    /** The kind of file system underneath; on {@code tmpfs} an fsync costs nothing and proves nothing. */
    public String fileSystem() throws IOException {
        return Files.getFileStore(root).type();
    }

    synchronized Path newDirectory(String name) throws IOException {
        refuseIfClosed();
        return Files.createTempDirectory(root, name + "-");
    }

    /** Lets other users reach what is in one of our directories, if they know its name. */
    void letOthersThrough(Path directory) throws IOException {
        for (Path ours : List.of(root, directory)) {
            Files.setPosixFilePermissions(ours, PosixFilePermissions.fromString("rwx--x--x"));
        }
    }

    synchronized Process start(ProcessBuilder builder) throws IOException {
        refuseIfClosed();
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private void refuseIfClosed() {
        if (closed) {
            throw new IllegalStateException("the benchmark is being stopped");
        }
    }

    /** Kills these processes, waits for their end, and removes their directory. */
    synchronized void remove(List<Process> ended, Path directory) {
        kill(ended);
        ended.forEach(processes::remove);
        delete(directory);
    }

    @Override
    public void close() {
        cleanUp();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException shuttingDown) {
            // Then the hook runs by now, and finds nothing left to do.
            return;
        }
    }

    private synchronized void cleanUp() {
        closed = true;
        kill(processes);
        processes.clear();
        delete(root);
    }

    /** And what they have started. */
    private static void kill(Collection<Process> processes) {
        List<ProcessHandle> all = processes.stream()
                .flatMap(process -> Stream.concat(Stream.of(process.toHandle()), process.descendants()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + directory + "; remove it by hand", e);
        }
    }
}
