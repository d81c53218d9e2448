package io.coordinator.cli.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A command together with everything that it starts: signals reach all of them, and {@link #end} leaves none of them
 * alive.
 *
 * <p>How far that goes depends on where it runs; see {@link ProcessSession} and {@link Descendants}.
 */
public final class Child implements AutoCloseable {
    private static final long POLL_MILLIS = 20;
    /** What the kernel has not ended so long after KILL waits for a device, and never runs code of its own again. */
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(5);

    private final Process process;
    private final Family family;

    private Child(Process process, Family family) {
        this.process = process;
        this.family = family;
    }

    /**
     * Starts a command in a session of its own, if this system can and it is not a job of a terminal: such a job must
     * stay in the terminal's group, or Ctrl-Z would stop this process alone, and its passwords could not be asked for.
     *
     * @param command is changed
     * @throws IOException if there is no such program or it cannot be executed
     */
    public static Child start(ProcessBuilder command, boolean onTerminal) throws IOException {
        if (!onTerminal && ProcessSession.begin(command)) {
            Process process = command.start();
            return new Child(process, new ProcessSession(process.toHandle()));
        }
        Process process = command.start();
        return new Child(process, new Descendants(process.toHandle()));
    }

    /**
     * Whether there is such a program, as far as can be told without starting it.
     *
     * @param path where to look for a name without a slash, as the variable PATH has it
     */
    public static boolean isThere(String program, String path) {
        return ProcessSession.find(program, path).isPresent();
    }

    /** Completes at the end of the command itself, by whatever cause. */
    public CompletableFuture<?> onExit() {
        return process.onExit();
    }

    /** Whether the command itself has not ended yet. */
    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for the end of the command itself, and returns the exit code: 128 + n if signal n ended it. */
    public int await() throws InterruptedException {
        return process.waitFor();
    }

    /** What the command reads, if it was not told to read elsewhere. */
    public OutputStream input() {
        return process.getOutputStream();
    }

    /** What the command writes, if it was not told to write elsewhere. */
    public InputStream output() {
        return process.getInputStream();
    }

    /** What the command writes as errors, if it was not told to write them elsewhere. */
    public InputStream errors() {
        return process.getErrorStream();
    }

    /** Passes a signal on to the command and to what it has started. */
    public void signal(String name) {
        List<ProcessHandle> all = family.living();
        if (name.equals("TERM")) {
            all.forEach(ProcessHandle::destroy);
        } else {
            kill(name, all);
        }
    }

    /** Java can send TERM and KILL; every shell can send the others, also where there is no program for it. */
    private static void kill(String name, List<ProcessHandle> all) {
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", "kill -s \"$@\"", "kill", name)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        all.forEach(process -> shell.command().add(Long.toString(process.pid())));
        try {
            shell.start();
        } catch (IOException e) {
            all.forEach(ProcessHandle::destroy);
        }
    }

    /**
     * TERM to all that live; after the grace, KILL to those that are left. Returns when none lives.
     *
     * @param grace not negative; zero kills at once
     */
    public void end(Duration grace) throws InterruptedException {
        Set<Long> told = new HashSet<>();
        long begun = System.nanoTime();
        while (terminate(told) && isWithin(grace, begun)) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        begun = System.nanoTime();
        while (kill() && isWithin(KILL_PATIENCE, begun)) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Each is told once, also one that was started meanwhile. */
    private boolean terminate(Set<Long> told) {
        List<ProcessHandle> living = family.living();
        living.stream().filter(process -> told.add(process.pid())).forEach(ProcessHandle::destroy);
        return !living.isEmpty();
    }

    private boolean kill() {
        List<ProcessHandle> living = family.living();
        living.forEach(ProcessHandle::destroyForcibly);
        return !living.isEmpty();
    }

    private static boolean isWithin(Duration limit, long sinceNanos) {
        return limit.compareTo(Duration.ofNanos(System.nanoTime() - sinceNanos)) > 0;
    }

    /** Kills whatever is left, without waiting. */
    @Override
    public void close() {
        kill();
        family.close();
    }
}
