package io.coordinator.testing.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coordinator.server.jvm.JvmOptions;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The classes of the libraries on a class path as JVMs can map them into memory (class data sharing): a node starts
 * with three fifths of the work.
 *
 * <p>It is made once for a class path and a JDK, by processes in the background; until it is there, JVMs start without.
 * A JVM that finds that it does not fit starts without as well. What changes from build to build is not in it: folders,
 * and jars of snapshots.
 */
final class ClassArchive {
    private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);
    private static final String SEPARATOR = File.pathSeparator;
    private static final long PATIENCE_MINUTES = 5;

    private final String classPath;
    private final Path directory;
    private final List<String> rehearsal;
    private final AtomicBoolean begun = new AtomicBoolean();

    /**
     * The archive of a class path.
     *
     * @param classPath as in {@code java.class.path}
     * @param directory where archives are kept
     * @param rehearsal the main class that loads what the archive is to hold, and its arguments
     */
    ClassArchive(String classPath, Path directory, List<String> rehearsal) {
        this.classPath = classPath;
        this.directory = directory;
        this.rehearsal = List.copyOf(rehearsal);
    }

    /** That of this JVM's own class path, kept where the build keeps what it makes. */
    static ClassArchive ofThisJvm() {
        return new ClassArchive(
                System.getProperty("java.class.path"),
                Path.of("target", "class-archives").toAbsolutePath(),
                List.of(NodeRehearsal.class.getName()));
    }

    /** What the {@code java} command gets: flags, and a class path. */
    record Use(List<String> flags, String classPath) {}

    /** For a JVM that is started now; of classes that are to come first, everything stays as it was. */
    Use use(List<Path> first) {
        Path file = file();
        if (first.isEmpty() && Files.exists(file)) {
            return new Use(
                    List.of("-XX:SharedArchiveFile=" + file, "-Xshare:auto", "-Xlog:disable", "-Xlog:all=error"),
                    join(libraries(), others()));
        }
        return new Use(List.of(), join(first.stream().map(Path::toString).toList(), List.of(classPath)));
    }

    /** Makes it in the background, unless it is there, was tried by this JVM, or has no place. */
    void prepare() {
        if (Files.isDirectory(directory.resolveSibling("."))
                && !Files.exists(file())
                && begun.compareAndSet(false, true)) {
            Thread thread = new Thread(this::makeOrTell, "class-archive");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void makeOrTell() {
        try {
            make();
        } catch (IOException e) {
            LOG.info("JVMs start without an archive of their classes: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Makes it, unless another process does just now. */
    void make() throws IOException, InterruptedException {
        Files.createDirectories(directory);
        try (FileChannel channel = FileChannel.open(
                        directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null && !Files.exists(file())) {
                makeAlone(directory.resolve("making-" + UUID.randomUUID()));
            }
        }
    }

    private void makeAlone(Path scratch) throws IOException, InterruptedException {
        Path made = Path.of(scratch + ".jsa");
        Path list = Path.of(scratch + ".classes");
        try {
            List<String> rehearse = new ArrayList<>(List.of(
                    "-XX:DumpLoadedClassList=" + list, "-cp", join(libraries(), others()), Supervised.class.getName()));
            rehearse.addAll(rehearsal);
            run(rehearse);
            run(List.of(
                    "-Xshare:dump",
                    "-XX:SharedClassListFile=" + list,
                    "-XX:SharedArchiveFile=" + made,
                    "-cp",
                    join(libraries(), List.of())));
            Files.move(made, file(), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(list);
            Files.deleteIfExists(made);
        }
    }

    private void run(List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JvmOptions.ofEvery(Runtime.version().feature()));
        command.add("-XX:TieredStopAtLevel=1");
        command.addAll(arguments);
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("not done in " + PATIENCE_MINUTES + " minutes: " + command);
        }
        if (process.exitValue() != 0) {
            throw new IOException("see " + output);
        }
    }

    /** Another one for each JDK and class path. */
    private Path file() {
        StringBuilder key =
                new StringBuilder(System.getProperty("java.vm.version")).append(System.getProperty("java.home"));
        libraries().forEach(jar -> key.append(jar).append(new File(jar).lastModified()));
        return directory.resolve(UUID.nameUUIDFromBytes(key.toString().getBytes(UTF_8)) + ".jsa");
    }

    private List<String> libraries() {
        return entries().filter(ClassArchive::isLibrary).toList();
    }

    private List<String> others() {
        return entries().filter(entry -> !isLibrary(entry)).toList();
    }

    private Stream<String> entries() {
        return Stream.of(classPath.split(SEPARATOR, -1));
    }

    private static boolean isLibrary(String entry) {
        return entry.endsWith(".jar") && !entry.endsWith("-SNAPSHOT.jar");
    }

    private static String join(List<String> first, List<String> then) {
        return String.join(
                SEPARATOR, Stream.concat(first.stream(), then.stream()).toList());
    }
}
