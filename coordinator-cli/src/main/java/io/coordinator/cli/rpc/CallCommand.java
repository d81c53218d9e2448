package io.coordinator.cli.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.process.CommandOutcome;
import io.coordinator.cli.process.CommandRun;
import io.coordinator.cli.process.CommandRuns;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.rpc.RpcFailure;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.RpcRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Serves each call by a run of a command. */
final class CallCommand implements RpcHandler, AutoCloseable {
    /** From TERM to KILL: shorter than the time after which a worker gets another call in the place of this one. */
    private static final Duration GRACE = Duration.ofSeconds(4);
    /** More than any cluster takes as a result. */
    private static final int OUTPUT_MAX = 16 << 20;

    private final CommandRuns runs;
    private final Consumer<String> onCannotRun;

    /**
     * A handler.
     *
     * @param environment variables for every run
     * @param err gets what the command writes as errors
     * @param onCannotRun hears, in words, that the command is not there or cannot be executed
     */
    CallCommand(List<String> command, Map<String, String> environment, PrintStream err, Consumer<String> onCannotRun) {
        runs = new CommandRuns(new CommandRuns.Settings(command, environment, GRACE, OUTPUT_MAX, true), err, "call");
        this.onCannotRun = onCannotRun;
    }

    /** Where calls are to be handled: as many at a time as come. */
    Executor threads() {
        return runs.threads();
    }

    @Override
    public @Nullable Object handle(RpcRequest request) {
        try (CommandRun run = start(request)) {
            request.onCancel(run::cancel);
            return result(run.await((Json.line(request.arguments()) + '\n').getBytes(UTF_8)));
        } catch (UncheckedIOException e) {
            throw failure("has output that cannot be read: " + e.getCause());
        }
    }

    private CommandRun start(RpcRequest request) {
        try {
            return runs.start(Map.of(
                    "COORD_RPC_NAME", request.name(),
                    "COORD_RPC_CALLER", request.callerName(),
                    "COORD_RPC_ATTEMPT", Integer.toString(request.attempt()),
                    "COORD_RPC_TIMEOUT_MILLIS",
                            Long.toString(request.remaining().toMillis())));
        } catch (IOException e) {
            String message = "cannot run '" + runs.program() + "': " + e.getMessage();
            onCannotRun.accept(message);
            throw new RpcFailure(ErrorCode.EHANDLER.name(), message, e);
        }
    }

    private @Nullable JsonNode result(CommandOutcome outcome) {
        if (!outcome.isWhole()) {
            throw new RpcFailure(
                    ErrorCode.ETOOLARGE.name(), "'" + runs.program() + "' wrote more than " + OUTPUT_MAX + " bytes");
        }
        if (outcome.exitCode() != 0) {
            String told = outcome.errors();
            throw failure("ended with exit code " + outcome.exitCode()
                    + (told.isEmpty() ? ", and wrote nothing to standard error" : ": " + told));
        }
        if (!outcome.hasEnded()) {
            throw failure("has ended, but something that it has started still has its output open");
        }
        return result(outcome.output());
    }

    private @Nullable JsonNode result(byte[] output) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(output)).toString();
            return text.isBlank() ? null : Json.mapper().readTree(text);
        } catch (CharacterCodingException e) {
            throw failure("wrote something that is not UTF-8");
        } catch (JsonProcessingException e) {
            throw failure("wrote something that is not JSON: " + e.getOriginalMessage());
        }
    }

    private RpcFailure failure(String what) {
        return new RpcFailure(ErrorCode.EHANDLER.name(), "'" + runs.program() + "' " + what);
    }

    /** Ends what runs. */
    @Override
    public void close() {
        runs.close();
    }
}
