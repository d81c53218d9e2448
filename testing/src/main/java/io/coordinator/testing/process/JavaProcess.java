package io.coordinator.testing.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own with this JVM's class path. Its standard output and error go to a file.
 *
 * <p>It does not outlive its parent: the parent's shutdown hook kills it, and should the parent die without one, the
 * child finds its standard input closed and ends (see {@link Supervised}).
 */
public final class JavaProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();
    private static final ClassArchive ARCHIVE = ClassArchive.ofThisJvm();

    static {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "kill-child-processes"));
    }

    private final String name;
    private final Process process;
    private final Path log;

    private JavaProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    /** Starts {@code mainClass}; its output is appended to {@code log}. */
    public static JavaProcess start(String name, Path log, Launch launch, Class<?> mainClass, List<String> arguments) {
        List<String> command = new ArrayList<>();
        launch.wrapper().forEach(part -> command.add(part.replace(Launch.NAME, name)));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ARCHIVE.prepare();
        ClassArchive.Use classes = ARCHIVE.use(launch.classPath());
        command.addAll(classes.flags());
        command.addAll(launch.jvmFlags());
        command.addAll(List.of("-cp", classes.classPath(), Supervised.class.getName()));
        command.add(mainClass.getName());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        launch.environment()
                .forEach((variable, value) -> builder.environment().put(variable, value.replace(Launch.NAME, name)));
        try {
            Process process = builder.start();
            RUNNING.add(process);
            return new JavaProcess(name, process, log);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it as {@code kill -9} does, paused or not, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Asks it to end, as {@code kill} does, and waits until it has. */
    public int terminate() {
        // Process.destroy() would close the child's standard input as well, and it would end at once (see Supervised).
        process.toHandle().destroy();
        return awaitExit();
    }

    /** Waits for its end, which something else must bring about. */
    public int awaitExit() {
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(name + " (process " + pid() + ") has not ended in " + PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + name + " ends", e);
        }
        RUNNING.remove(process);
        return process.exitValue();
    }

    /** Stops it where it stands, as {@code kill -STOP} does; returns when it has stopped. */
    public void pause() {
        Signals.stop(pid());
    }

    /** Lets a paused process go on. */
    public void resume() {
        Signals.resume(pid());
    }

    public Path log() {
        return log;
    }

    /** The last lines of its output. */
    public String tail(int lines) {
        try {
            List<String> all = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + log, e);
        }
    }

    /** Kills it if it is still there. */
    @Override
    public void close() {
        kill();
    }

    @Override
    public String toString() {
        return name + " (process " + pid() + (isAlive() ? ")" : ", ended)");
    }
}
