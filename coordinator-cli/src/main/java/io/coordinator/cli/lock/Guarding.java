package io.coordinator.cli.lock;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs a command under something that can be lost, and says so if it was. */
final class Guarding {
    private final String name;
    private final Console console;
    private final GlobalOptions options;
    private final HoldOptions how;

    /** @param name of this program's command, for messages */
    Guarding(String name, Console console, GlobalOptions options, HoldOptions how) {
        this.name = name;
        this.console = console;
        this.options = options;
        this.how = how;
    }

    CoordinatorClient connect() {
        ClusterAccess access = new ClusterAccess(options);
        ClientConfig.Builder settings = access.settings();
        how.session().ifPresent(settings::sessionLease);
        return access.connect(settings.build());
    }

    /** What others read of the holder. */
    static Map<String, Object> contents(List<String> command) {
        long pid = ProcessHandle.current().pid();
        return command.isEmpty() ? Map.of("pid", pid) : Map.of("command", command.get(0), "pid", pid);
    }

    /** What the wait has come to. */
    CliException notAcquired(String what) {
        return new CliException(
                ExitCode.TIMEOUT,
                what + " is held by another and was not acquired within "
                        + how.maxWait().orElseThrow().toMillis() + " ms");
    }

    /** Runs the command, and returns its exit code or {@link ExitCode#LOCK_LOST}. */
    int run(Held held, List<String> command) throws InterruptedException {
        Map<String, String> variables = new TreeMap<>(held.variables());
        variables.put("COORD_NAMESPACE", options.namespace());
        variables.put("COORD_ENDPOINTS", options.endpoints());
        GuardedRun run = new GuardedRun(command, variables, how.grace(), console.isJobOfTerminal());
        int exitCode = run.whileHeld(held.lost());
        run.lossReason()
                .ifPresent(reason -> console.err()
                        .println("coordinator " + name + ": lost " + held.what() + " (" + reason + ") while '"
                                + command.get(0) + "' ran; the command was ended"));
        return exitCode;
    }
}
