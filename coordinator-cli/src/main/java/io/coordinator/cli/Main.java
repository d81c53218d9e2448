package io.coordinator.cli;

import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.DataStream;
import io.coordinator.cli.console.ExitCode;
import java.util.logging.Level;
import java.util.logging.LogManager;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The {@code coordinator} process. */
public final class Main {
    private static final String LOGGING = "logback.configurationFile";

    private Main() {}

    public static void main(String[] arguments) {
        logAs(arguments.length > 0 && CommandTree.isServer(arguments[0]) ? "logback-serve.xml" : "logback.xml");
        DataStream data = DataStream.ofProcess();
        Console console = Console.ofProcess(data);
        System.exit(outcome(new CommandTree(console).execute(arguments), data, console));
    }

    /** Nothing is done whose data was lost, on a full disk for example. */
    private static int outcome(int exitCode, DataStream data, Console console) {
        if (exitCode != ExitCode.OK || data.failure().isEmpty()) {
            return exitCode;
        }
        console.err()
                .println("coordinator: not all of the output could be written: "
                        + data.failure().get().getMessage());
        return ExitCode.ERROR;
    }

    /** Must come before the first logger: a server's log is its output, a client command's would be in the way. */
    private static void logAs(String configuration) {
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, configuration);
        }
        LogManager.getLogManager().getLogger("").setLevel(Level.WARNING);
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }
}
