package io.coordinator.cli.console;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How much of a list is printed. */
public final class ListOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    private @Nullable Long limit;

    /** Empty: no limit was given. */
    OptionalLong max() {
        return limit == null ? OptionalLong.empty() : OptionalLong.of(limit);
    }

    @Option(
            names = "--limit",
            paramLabel = "COUNT",
            description = "At most so many. Default: " + ListPrinter.TABLE_ROWS_MAX + " in a table, all as JSON")
    void setLimit(long value) {
        if (value < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1, but is " + value);
        }
        limit = value;
    }
}
