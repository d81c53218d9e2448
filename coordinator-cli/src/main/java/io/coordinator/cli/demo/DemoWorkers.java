package io.coordinator.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The worker processes. */
final class DemoWorkers {
    private final List<Process> processes = new ArrayList<>();

    /** Starts workers, and tells the listener, on threads of its own, what they report and when they end too soon. */
    static DemoWorkers start(
            int count,
            ChildJvm jvm,
            DemoDirectory directory,
            String nodes,
            Duration build,
            Consumer<DemoEvent> listener)
            throws IOException {
        DemoWorkers workers = new DemoWorkers();
        for (int i = 1; i <= count; i++) {
            String name = "worker-" + i;
            Process process = jvm.worker(
                    name,
                    List.of(
                            "demo-worker",
                            "--name=" + name,
                            "--nodes=" + nodes,
                            "--directory=" + directory.path(),
                            "--build-millis=" + build.toMillis()));
            workers.processes.add(process);
            Background.start(name + "-reports", () -> read(name, process, listener));
        }
        return workers;
    }

    /** Lets all go at the same moment. */
    void release() throws IOException {
        for (Process process : processes) {
            process.getOutputStream().write("go\n".getBytes(UTF_8));
            process.getOutputStream().flush();
        }
    }

    private static void read(String name, Process process, Consumer<DemoEvent> listener) {
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
