package io.coordinator.cli.demo;

import io.coordinator.cli.command.ServeCommand;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** One server of a demo: as {@code coordinator serve}, but it ends with the demo, however that ends. */
public final class DemoNodeCommand {
    /** The hidden command's name. Its first argument is the demo's directory, the others are the server's. */
    public static final String NAME = "demo-node";

    private DemoNodeCommand() {}

    /** Runs the server. */
    public static void run(List<String> arguments, InputStream in) {
        ParentPipe.watch(in, new Orphan(DemoDirectory.of(Path.of(arguments.get(0)))));
        ServeCommand.run(arguments.subList(1, arguments.size()));
    }
}
