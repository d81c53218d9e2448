package io.coordinator.cli.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The processes of one demo: they end when it does, whatever ends it. */
final class Children {
    private final List<Process> processes = new ArrayList<>();
    private boolean closed;

    /**
     * Starts one more.
     *
     * @throws IOException if the system refuses, or if the demo is ending
     */
    synchronized Process start(ProcessBuilder builder) throws IOException {
        if (closed) {
            throw new IOException("the demo is ending");
        }
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    /** Kills all, and returns when they are gone. No more can be started. */
    void killAll() {
        for (Process process : close()) {
            process.destroyForcibly();
        }
        for (Process process : close()) {
            process.onExit().join();
        }
    }

    private synchronized List<Process> close() {
        closed = true;
        return List.copyOf(processes);
    }
}
