package io.coordinator.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** The worker processes. */
final class DemoWorkers {
    private final ChildJvm jvm;
    private final Consumer<DemoEvent> listener;
    private final Map<String, Process> processes = new LinkedHashMap<>();

    /**
     * None yet.
     *
     * @param listener told, on threads of its own, what they report and when they end
     */
    DemoWorkers(ChildJvm jvm, Consumer<DemoEvent> listener) {
        this.jvm = jvm;
        this.listener = listener;
    }

    /** Starts one. */
    void start(String name, List<String> commandLine) throws IOException {
        Process process = jvm.worker(name, commandLine);
        processes.put(name, process);
        Background.start(name + "-reports", () -> read(name, process));
    }

    /** Whether a process is one of them. */
    boolean has(String name) {
        return processes.containsKey(name);
    }

    /** The process of a worker. */
    Process process(String name) {
        return Objects.requireNonNull(processes.get(name), name);
    }

    /** Kills one with SIGKILL; returns when it is gone. */
    void kill(String name) {
        Process process = process(name);
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Says the word to all that live, at the same moment. */
    void release() throws IOException {
        for (Process process : processes.values()) {
            if (process.isAlive()) {
                process.getOutputStream().write("go\n".getBytes(UTF_8));
                process.getOutputStream().flush();
            }
        }
    }

    private void read(String name, Process process) {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                WorkerReport.parse(line).ifPresent(report -> listener.accept(new DemoEvent.WorkerSaid(name, report)));
            }
        } catch (IOException e) {
            // The pipe broke because the process ended, which is told below.
        }
        listener.accept(new DemoEvent.ProcessEnded(name, process.onExit().join().exitValue()));
    }
}
