package io.coordinator.cli.demo;

import io.coordinator.cli.console.Console;
import io.coordinator.client.CoordinatorClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What each worker process of a demo is told, and how it reports. */
final class DemoProcess {
    @Option(names = "--name", required = true)
    private String name = "";

    @Option(names = "--nodes", required = true)
    private String nodes = "";

    @Option(names = "--directory", required = true)
    private Path directory = Path.of("");

    /** The command line of such a process. */
    static List<String> commandLine(
            String command, String name, DemoNodes nodes, DemoDirectory directory, String... more) {
        List<String> words = new ArrayList<>(
                List.of(command, "--name=" + name, "--nodes=" + nodes.endpoints(), "--directory=" + directory.path()));
        words.addAll(List.of(more));
        return words;
    }

    /** Its own name. */
    String name() {
        return name;
    }

    DemoDirectory directory() {
        return DemoDirectory.of(directory);
    }

    /** Connects to the demo's cluster. */
    CoordinatorClient connect() {
        return DemoClient.connect(name, nodes, DemoEvents.PATIENCE);
    }

    /** As {@link #connect()}, with another lease. */
    CoordinatorClient connect(Duration lease) {
        return DemoClient.connect(name, nodes, DemoEvents.PATIENCE, lease);
    }

    /** Ends with the demo, however that ends. */
    ParentPipe watchParent(Console console) {
        return ParentPipe.watch(console.in(), new Orphan(directory()));
    }

    static void say(Console console, WorkerReport.Kind kind, String detail) {
        console.out().println(new WorkerReport(kind, detail).line());
    }
}
