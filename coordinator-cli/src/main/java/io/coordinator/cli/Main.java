package io.coordinator.cli;

import io.coordinator.cli.console.Console;
import java.util.logging.Level;
import java.util.logging.LogManager;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The {@code coordinator} process. */
public final class Main {
    private static final String LOGGING = "logback.configurationFile";

    private Main() {}

    public static void main(String[] arguments) {
        logAs(arguments.length > 0 && CommandTree.isServer(arguments[0]) ? "logback-serve.xml" : "logback.xml");
        System.exit(new CommandTree(Console.ofProcess()).execute(arguments));
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
