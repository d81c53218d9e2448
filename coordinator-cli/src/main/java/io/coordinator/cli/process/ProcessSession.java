package io.coordinator.cli.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All processes of the session that a command leads: also those whose parents have died, and those that it has put into
 * groups of their own. Only a process that begins a session itself, as daemons do, leaves it; that one is meant to
 * stay.
 *
 * <p>Needs Linux' {@code /proc} and the program {@code setsid}, which util-linux and busybox have.
 */
final class ProcessSession implements Family {
    private static final Path PROC = Path.of("/proc");
    /** In /proc/PID/stat, behind the name, which is in parentheses and may hold anything. */
    private static final int STATE = 0;

    private static final int SESSION = 3;

    private final ProcessHandle leader;

    /** @param leader started as {@link #begin} says */
    ProcessSession(ProcessHandle leader) {
        this.leader = leader;
    }

    /** Has a command begin a session of its own; false, and nothing is changed, if this system cannot. */
    static boolean begin(ProcessBuilder command) {
        String path = command.environment().getOrDefault("PATH", "");
        Optional<String> setsid = find("setsid", path);
        // If there is no such program the JVM says so better than setsid does.
        if (setsid.isEmpty()
                || !Files.isReadable(PROC.resolve("self/stat"))
                || find(command.command().get(0), path).isEmpty()) {
            return false;
        }
        List<String> wrapped = new ArrayList<>(List.of(setsid.get()));
        wrapped.addAll(command.command());
        command.command(wrapped);
        return true;
    }

    /** The file of a program that can be executed. */
    static Optional<String> find(String program, String path) {
        Stream<String> candidates = program.contains("/")
                ? Stream.of(program)
                : Stream.of(path.split(File.pathSeparator, -1)).map(folder -> folder + "/" + program);
        return candidates.filter(file -> isProgram(Path.of(file))).findFirst();
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    /** The leader itself counts also before it has begun its session. */
    @Override
    public List<ProcessHandle> living() {
        String session = Long.toString(leader.pid());
        try (Stream<Path> all = Files.list(PROC)) {
            return all.map(directory -> directory.getFileName().toString())
                    .filter(ProcessSession::isNumber)
                    .filter(pid -> isLiving(pid, session))
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)).stream())
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return Stream.of(leader).filter(ProcessHandle::isAlive).toList();
        }
    }

    private static boolean isNumber(String name) {
        return name.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isLiving(String pid, String session) {
        try {
            String stat = Files.readString(PROC.resolve(pid).resolve("stat"), ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
            return fields.length > SESSION
                    && (fields[SESSION].equals(session) || pid.equals(session))
                    && !fields[STATE].equals("Z")
                    && !fields[STATE].equals("X");
        } catch (IOException e) {
            // It has ended meanwhile.
            return false;
        }
    }

    @Override
    public void close() {
        // Nothing is kept.
    }
}
