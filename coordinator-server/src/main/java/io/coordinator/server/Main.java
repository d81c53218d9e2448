package io.coordinator.server;

import io.coordinator.server.config.ConfigException;
import io.coordinator.server.config.ServerConfig;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one node until it is told to stop. Exit codes: 0 stopped, 1 failed, 2 bad configuration. */
public final class Main {
    private static final Logger LOG = LoggerFactory.getLogger(Main.class);
    private static final int FAILED = 1;
    private static final int BAD_CONFIGURATION = 2;

    private Main() {}

    /**
     * Runs a node and ends the process when it has stopped.
     *
     * @param args {@code --config FILE} and {@code --key value} for every key of docs/configuration.md
     */
    public static void main(String[] args) {
        int status = run(List.of(args));
        if (status != 0) {
            // Not System.exit: what broke may hang in a shutdown hook, and the supervisor waits for the end.
            Runtime.getRuntime().halt(status);
        }
    }

    private static int run(List<String> args) {
        try {
            ServerConfig config = ServerConfig.load(args, System.getenv());
            CoordinatorServer server =
                    CoordinatorServer.builder(config).discoverListeners().start();
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "coordinator-shutdown"));
            LOG.info(
                    "node {} of cluster {}: clients at {}, peers at {}, http at {}",
                    config.node(),
                    config.cluster(),
                    server.clientAddress(),
                    server.peerAddress(),
                    server.httpAddress());
            server.terminated().join();
            return 0;
        } catch (ConfigException e) {
            System.err.println("configuration: " + e.getMessage());
            return BAD_CONFIGURATION;
        } catch (StartupException e) {
            report(e);
            return FAILED;
        } catch (CompletionException e) {
            System.err.println("stopped: " + e.getMessage());
            return FAILED;
        }
    }

    /** Where something went wrong in the program helps only who can change it. */
    private static void report(StartupException failure) {
        if (failure.isDefect() || LOG.isDebugEnabled()) {
            LOG.error("cannot start", failure);
        } else {
            LOG.error("cannot start: {}", failure.getMessage());
        }
        System.err.println("cannot start: " + failure.reason());
    }
}
