package io.coordinator.cli.console;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ErrorCode;
import java.io.UncheckedIOException;

/** What users are told of an exception, and the exit code that scripts get. */
public final class Failures {
    private Failures() {}

    /** The failure as the user is to see it; an exception that nothing here knows of keeps its class name. */
    public static CliException explain(Throwable failure) {
        if (failure instanceof CliException told) {
            return told;
        }
        if (failure instanceof CoordinatorException refused) {
            return new CliException(exitCode(refused.code()), message(refused), refused);
        }
        if (failure instanceof UncheckedIOException io && io.getCause() != null) {
            return new CliException(
                    ExitCode.ERROR, io.getMessage() + ": " + io.getCause().getMessage(), failure);
        }
        return new CliException(ExitCode.ERROR, failure + " (run again with --verbose to see where)", failure);
    }

    private static String message(CoordinatorException refused) {
        String unknown =
                refused.outcomeUnknown() ? "; it may or may not have been applied: read before you repeat it" : "";
        return refused.getMessage() + unknown;
    }

    /** The number for each kind of failure; see {@link ExitCode}. */
    static int exitCode(ErrorCode code) {
        return switch (code) {
            case EDISCONNECTED, ENOLEADER -> ExitCode.NO_QUORUM;
            case ETIMEOUT, ELOCKTIMEOUT, ELOCKHELD, EBUILDTIMEOUT, EBUILDPENDING -> ExitCode.TIMEOUT;
            case EAUTH, EACCES -> ExitCode.AUTH;
            case EINVAL -> ExitCode.USAGE;
            case EKEYNOTFOUND, ECONFLICT, EBATCH -> ExitCode.NOT_FOUND;
            default -> ExitCode.ERROR;
        };
    }
}
