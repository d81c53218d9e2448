package io.coordinator.cli.lock;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Connector;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.DistributedLock;
import io.coordinator.client.LockHandle;
import io.coordinator.client.LockOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator lock NAME -- COMMAND}. */
@Command(
        name = "lock",
        customSynopsis = "coordinator lock NAME [OPTIONS] -- COMMAND [ARGUMENT…]",
        description = {
            "Run a command while holding a lock, and exit with its code.",
            "The command sees COORD_LOCK_NAME, COORD_LOCK_TOKEN (the fencing token), COORD_NAMESPACE and COORD_ENDPOINTS."
                    + " If the lock is lost, the command is told to end (TERM, then KILL after the grace) and the exit code"
                    + " is 75. If the lock is not acquired in time, the command does not run and the exit code is 4."
        })
public final class LockCommand implements Callable<Integer> {
    private final Console console;
    private final GlobalOptions options;

    @Parameters(index = "0", paramLabel = "NAME", description = "The lock.")
    private String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "What to run, and its arguments.")
    private List<String> command = List.of();

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long to wait in line; 0 does not wait. Default: as long as it takes")
    private @Nullable Duration wait;

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "The grant ends after this time unless it is extended, which is done every third of it. Default: it"
                            + " lasts as long as the session")
    private @Nullable Duration ttl;

    @Option(
            names = "--session",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "The session's lease: after how long without contact the cluster gives the lock to the next."
                    + " Default: 10s")
    private @Nullable Duration session;

    @Option(
            names = "--grace",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long the command may take to end after TERM when the lock is lost. Default: 5s")
    private Duration grace = Duration.ofSeconds(5);

    public LockCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (CoordinatorClient client = new Connector(options).connect(settings());
                LockHandle grant = acquire(client.lock(name))) {
            GuardedRun run = new GuardedRun(command, environment(grant), grace, console.inIsTerminal());
            int exitCode = run.whileHeld(grant);
            if (exitCode == ExitCode.LOCK_LOST) {
                run.lossReason()
                        .ifPresent(reason -> console.err()
                                .println("coordinator lock: lost '" + name + "' (" + reason + ") while '"
                                        + command.get(0) + "' ran; the command was ended"));
            }
            return exitCode;
        }
    }

    private ClientConfig settings() {
        ClientConfig.Builder settings = new Connector(options).settings();
        Optional.ofNullable(session).ifPresent(settings::sessionLease);
        return settings.build();
    }

    private LockHandle acquire(DistributedLock lock) {
        LockOptions how = LockOptions.defaults()
                .contents(Map.of(
                        "command",
                        command.get(0),
                        "pid",
                        ProcessHandle.current().pid()));
        how = ttl == null ? how : how.ttl(ttl);
        Duration limit = wait;
        if (limit == null) {
            return lock.acquire(how.waitForever());
        }
        return lock.tryAcquire(how.wait(limit))
                .orElseThrow(() -> new CliException(
                        ExitCode.TIMEOUT,
                        "'" + name + "' is held by another and was not acquired within " + limit.toMillis() + " ms"));
    }

    private Map<String, String> environment(LockHandle grant) {
        Map<String, String> variables = new TreeMap<>();
        variables.put("COORD_LOCK_NAME", name);
        variables.put("COORD_LOCK_TOKEN", Long.toUnsignedString(grant.token()));
        variables.put("COORD_NAMESPACE", options.namespace());
        variables.put("COORD_ENDPOINTS", options.endpoints());
        return variables;
    }
}
