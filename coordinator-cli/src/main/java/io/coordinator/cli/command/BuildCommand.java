package io.coordinator.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coordinator.cli.console.BoundedInput;
import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.ClusterAccess;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.cli.console.Help;
import io.coordinator.cli.process.Child;
import io.coordinator.cli.process.SignalTraps;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildContext;
import io.coordinator.client.builds.BuildOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code coordinator build KEY -- COMMAND}. */
@Command(
        name = "build",
        customSynopsis = "coordinator build KEY [OPTIONS] -- COMMAND [ARGUMENT…]",
        description = {
            "Print the output of a command that runs once for all hosts that ask for the same key.",
            "The first one runs it; the others wait, and print the same. The output is kept until it is deleted, or"
                    + " for the time of --ttl. The command sees COORD_BUILD_KEY and COORD_BUILD_TOKEN (a fencing token)."
                    + " If it fails, its host exits with its code, those that wait with 1, and the next one to ask runs it"
                    + " again. What it has started ends with it."
        },
        footerHeading = Help.EXAMPLES,
        footer = {
            "  coordinator build report/2026-11 -- ./report.sh",
            "  coordinator build report --ttl 1h --build-timeout 30m -- ./report.sh"
        })
public final class BuildCommand implements Callable<Integer> {
    private static final List<String> FORWARDED = List.of("INT", "TERM", "HUP");
    /** From TERM to KILL. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final Console console;
    private final GlobalOptions options;

    @Parameters(index = "0", paramLabel = "KEY", description = "What is built.")
    private String key = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "What to run, and its arguments.")
    private List<String> command = List.of();

    @Option(
            names = "--build-timeout",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long the command may take, and how long to wait for another host's. Default: 10m")
    private Duration buildTimeout = Duration.ofMinutes(10);

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long the output is kept. Default: until it is deleted")
    private @Nullable Duration ttl;

    public BuildCommand(Console console, GlobalOptions options) {
        this.console = console;
        this.options = options;
    }

    @Override
    public Integer call() {
        BuildOptions how = BuildOptions.timeout(buildTimeout);
        try (CoordinatorClient client = new ClusterAccess(options).connect()) {
            String output = client.builds()
                    .<String, RuntimeException>getOrBuild(
                            key, String.class, this::run, ttl == null ? how : how.ttl(ttl));
            console.out().print(output == null ? "" : output);
            console.out().flush();
            return ExitCode.OK;
        } catch (CommandFailed e) {
            console.err().println("coordinator build: " + e.getMessage());
            return e.exitCode;
        }
    }

    /** The command's own end. */
    private static final class CommandFailed extends RuntimeException {
        private final int exitCode;

        CommandFailed(String message, int exitCode) {
            super(message);
            this.exitCode = exitCode;
        }
    }

    /** The command and all that it has started end before anybody else can build the same key. */
    private String run(BuildContext context) {
        CompletableFuture<Child> started = new CompletableFuture<>();
        try (SignalTraps signals = new SignalTraps(FORWARDED, name -> forward(name, started.join()));
                Child child = start(context)) {
            started.complete(child);
            var unused = context.cancelled().thenRunAsync(() -> end(child));
            byte[] output = child.output().readNBytes(BoundedInput.MAX + 1);
            if (output.length > BoundedInput.MAX) {
                throw new CommandFailed(
                        "'" + command.get(0) + "' wrote more than " + BoundedInput.MAX
                                + " bytes, which no value may have; have it write less",
                        ExitCode.ERROR);
            }
            int exitCode = child.await();
            child.end(GRACE);
            if (exitCode != 0) {
                throw new CommandFailed("'" + command.get(0) + "' ended with exit code " + exitCode, exitCode);
            }
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(output)).toString();
        } catch (CharacterCodingException e) {
            throw new CommandFailed(
                    "the output of '" + command.get(0) + "' is not UTF-8; encode it, for example with base64",
                    ExitCode.ERROR);
        } catch (IOException e) {
            throw new CommandFailed(
                    "the output of '" + command.get(0) + "' cannot be read: " + e.getMessage(), ExitCode.ERROR);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("interrupted while '" + command.get(0) + "' ran", ExitCode.ERROR);
        }
    }

    /** What the command leaves behind would keep its output open. */
    private void forward(String signal, Child child) {
        if (!(console.isJobOfTerminal() && signal.equals("INT"))) {
            child.signal(signal);
        }
        var unused = child.onExit().thenRunAsync(() -> end(child));
    }

    private static void end(Child child) {
        try {
            child.end(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Child start(BuildContext context) {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .putAll(Map.of(
                        "COORD_BUILD_KEY", key,
                        "COORD_BUILD_TOKEN", Long.toUnsignedString(context.token()),
                        "COORD_NAMESPACE", options.namespace(),
                        "COORD_ENDPOINTS", options.endpoints()));
        try {
            return Child.start(builder, console.isJobOfTerminal());
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.CANNOT_EXECUTE, "cannot run '" + command.get(0) + "': " + e.getMessage(), e);
        }
    }
}
