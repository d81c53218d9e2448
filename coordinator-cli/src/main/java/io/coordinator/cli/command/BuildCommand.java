package io.coordinator.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coordinator.cli.console.CliException;
import io.coordinator.cli.console.Connector;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.DurationConverter;
import io.coordinator.cli.console.ExitCode;
import io.coordinator.cli.console.GlobalOptions;
import io.coordinator.client.BuildContext;
import io.coordinator.client.BuildOptions;
import io.coordinator.client.CoordinatorClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
            "The first one runs it; the others wait, and print the same. The output is kept until it is deleted, or for the"
                    + " time of --ttl. The command sees COORD_BUILD_KEY and COORD_BUILD_TOKEN (a fencing token). If it fails,"
                    + " its host exits with its code, those that wait with 1, and the next one to ask runs it again."
        })
public final class BuildCommand implements Callable<Integer> {
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
        try (CoordinatorClient client = new Connector(options).connect()) {
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

    private String run(BuildContext context) {
        Process process = start(context);
        var unused = context.cancelled().thenRun(process::destroy);
        try {
            byte[] output = process.getInputStream().readAllBytes();
            int exitCode = process.waitFor();
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
        } finally {
            process.destroy();
        }
    }

    private Process start(BuildContext context) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .putAll(Map.of(
                        "COORD_BUILD_KEY", key,
                        "COORD_BUILD_TOKEN", Long.toUnsignedString(context.token()),
                        "COORD_NAMESPACE", options.namespace(),
                        "COORD_ENDPOINTS", options.endpoints()));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.CANNOT_EXECUTE, "cannot run '" + command.get(0) + "': " + e.getMessage(), e);
        }
    }
}
