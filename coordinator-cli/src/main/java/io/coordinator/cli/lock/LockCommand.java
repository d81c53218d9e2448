package io.coordinator.cli.lock;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.lock.DistributedReadWriteLock;
import io.coordinator.client.lock.Grant;
import io.coordinator.client.lock.LockInspection;
import io.coordinator.client.lock.LockOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator lock NAME -- COMMAND}. */
@Command(
        name = "lock",
        customSynopsis = "coordinator lock NAME [OPTIONS] -- COMMAND [ARGUMENT…]",
        description = {
            "Run a command while holding a lock, and exit with its code.",
            "The command sees COORD_LOCK_NAME, COORD_LOCK_TOKEN (the fencing token), COORD_NAMESPACE and"
                    + " COORD_ENDPOINTS. If the lock is lost, the command is told to end (TERM, then KILL after the grace)"
                    + " and the exit code is 75. If the lock is not acquired in time, the command does not run and the"
                    + " exit code is 4.",
            "What the command has started ends with it, before the lock is released. A daemon that shall go on has to"
                    + " begin a session of its own (setsid)."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator lock nightly-job -- ./run-nightly.sh",
            "  coordinator lock nightly-job --wait 0 -- ./run-nightly.sh",
            "  coordinator lock -n 3 backup -- ./backup.sh",
            "  coordinator lock users --and orders -- ./migrate.sh"
        })
public final class LockCommand implements Callable<Integer> {
    private final Console console;
    private final GlobalOptions options;

    @Mixin
    private HoldOptions how = new HoldOptions();

    @Parameters(index = "0", paramLabel = "NAME", description = "The lock.")
    private String name = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "What to run, and its arguments.")
    private List<String> command = List.of();

    @Option(
            names = "--and",
            paramLabel = "NAME",
            description = "Another lock, all or none of them at once; may be repeated.")
    private List<String> others = List.of();

    @Option(names = "--shared", description = "Hold it together with others who share it: a reader's lock.")
    private boolean shared;

    @Option(
            names = "-n",
            paramLabel = "HOLDERS",
            description =
                    "So many may hold it at the same time: a semaphore of that name, whose number the first one sets.")
    private @Nullable Integer holders;

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description =
                    "The grant ends after this time unless it is extended, which is done every third of it. Default: it"
                            + " lasts as long as the session")
    private @Nullable Duration ttl;

    public LockCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() throws InterruptedException {
        checkKind();
        Guarding guarding = new Guarding("lock", console, options, how);
        try (CoordinatorClient client = guarding.connect();
                Grant grant = await(client).orElseThrow(() -> guarding.notAcquired(what()))) {
            return guarding.run(new Held(what(), variables(grant), grant.lost()), command);
        }
    }

    private void checkKind() {
        int kinds = (shared ? 1 : 0) + (holders == null ? 0 : 1) + (others.isEmpty() ? 0 : 1);
        if (kinds > 1) {
            throw new CliException(ExitCode.USAGE, "--and, --shared and -n exclude each other; give one of them");
        }
    }

    private Optional<? extends Grant> await(CoordinatorClient client) {
        try (WaitNotice notice = new WaitNotice(console, "lock", what(), () -> line(client))) {
            return acquire(client);
        }
    }

    /** Of several names, that of the first one that another holds. */
    private Optional<Line> line(CoordinatorClient client) {
        long session = client.sessionId();
        if (holders != null) {
            return Line.of(client.semaphore(name).inspect(), session);
        }
        List<LockInspection> locks =
                names().stream().map(each -> client.lock(each).inspect()).toList();
        return locks.stream()
                .filter(lock -> !lock.holders().isEmpty())
                .findFirst()
                .or(() -> locks.stream().findFirst())
                .flatMap(lock -> Line.of(lock, session));
    }

    private Optional<? extends Grant> acquire(CoordinatorClient client) {
        LockOptions limits = how.lockOptions().contents(Guarding.contents(command));
        LockOptions all = ttl == null ? limits : limits.ttl(ttl);
        if (holders != null) {
            return client.semaphore(name, holders).tryAcquire(1, all);
        }
        if (!others.isEmpty()) {
            return client.multiLock(names()).tryAcquire(all);
        }
        DistributedReadWriteLock lock = client.readWriteLock(name);
        return (shared ? lock.readLock() : lock.writeLock()).tryAcquire(all);
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of(name));
        names.addAll(others);
        return names;
    }

    private String what() {
        return "'" + String.join("', '", names()) + "'";
    }

    private Map<String, String> variables(Grant grant) {
        return Map.of(
                "COORD_LOCK_NAME", String.join(",", names()),
                "COORD_LOCK_TOKEN", Long.toUnsignedString(grant.token()));
    }
}
