package io.coordinator.cli.console;

import io.coordinator.server.config.Variables;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The options that every client command takes, before or after the command's name. A flag wins over the environment.
 */
public final class GlobalOptions {
    private static final String DEFAULT_ENDPOINTS = "127.0.0.1:7400";
    private static final String DEFAULT_NAMESPACE = "default";

    private final Map<String, String> environment;

    @Option(
            names = {"--endpoints", "-e"},
            paramLabel = "HOST:PORT,…",
            scope = ScopeType.INHERIT,
            description =
                    "Client addresses of the cluster's nodes; some are enough. Environment: COORD_ENDPOINTS. Default: "
                            + DEFAULT_ENDPOINTS)
    private @Nullable String endpoints;

    @Option(
            names = {"--namespace", "-N"},
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description =
                    "The namespace of keys and locks. Environment: COORD_NAMESPACE. Default: " + DEFAULT_NAMESPACE)
    private @Nullable String namespace;

    @Option(
            names = "--auth-token",
            paramLabel = "TOKEN",
            scope = ScopeType.INHERIT,
            description =
                    "The cluster's token; better given as COORD_AUTH_TOKEN, because other users can see arguments.")
    private @Nullable String authToken;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            scope = ScopeType.INHERIT,
            converter = DurationConverter.class,
            description = "How long to try, for example 500ms, 10s or 2m. Default: 10s")
    private Duration timeout = Duration.ofSeconds(10);

    @Option(
            names = {"--output", "-o"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            description = "How data is written: ${COMPLETION-CANDIDATES}. Default: table, and jsonl for watch and sub")
    private @Nullable OutputFormat output;

    @Option(names = "--verbose", scope = ScopeType.INHERIT, description = "Show stack traces of failures.")
    private boolean verbose;

    public GlobalOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    public String endpoints() {
        return orEnvironment(endpoints, "COORD_ENDPOINTS").orElse(DEFAULT_ENDPOINTS);
    }

    public String namespace() {
        return orEnvironment(namespace, "COORD_NAMESPACE").orElse(DEFAULT_NAMESPACE);
    }

    public Optional<String> authToken() {
        return orEnvironment(authToken, "COORD_AUTH_TOKEN");
    }

    public Duration timeout() {
        return timeout;
    }

    public OutputFormat output(OutputFormat unlessGiven) {
        return output == null ? unlessGiven : output;
    }

    public boolean verbose() {
        return verbose;
    }

    /**
     * What the environment sets.
     *
     * @return empty if it is not set, or to nothing
     * @throws CliException if a variable is set that was probably meant: a default would reach a cluster that nobody
     *     meant
     */
    public Optional<String> environment(String variable) {
        Optional<String> value = Optional.ofNullable(environment.get(variable)).filter(text -> !text.isEmpty());
        if (value.isEmpty()) {
            Variables.misspelt(variable, environment).ifPresent(wrong -> {
                throw new CliException(
                        ExitCode.USAGE, "unknown environment variable " + wrong + "; did you mean " + variable + "?");
            });
        }
        return value;
    }

    private Optional<String> orEnvironment(@Nullable String flag, String variable) {
        return Optional.ofNullable(flag).or(() -> environment(variable));
    }
}
