package io.coordinator.cli.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Json;
import io.coordinator.cli.process.Child;
import io.coordinator.client.error.ErrorCode;
import io.coordinator.client.rpc.RpcFailure;
import io.coordinator.client.rpc.RpcHandler;
import io.coordinator.client.rpc.RpcRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Serves each call by a run of a command. A handler's thread may be interrupted at any time; nothing here heeds that,
 * because a call that is given up ends its command, and so itself.
 */
final class CallCommand implements RpcHandler, AutoCloseable {
    /** From TERM to KILL: shorter than the time after which a worker gets another call in the place of this one. */
    private static final Duration GRACE = Duration.ofSeconds(4);
    /** What has left the command's session, as daemons do, may keep its output open. */
    private static final long OUTPUT_PATIENCE_SECONDS = 2;
    /** More than any cluster takes as a result. */
    private static final int OUTPUT_MAX = 16 << 20;

    private final List<String> command;
    private final Map<String, String> environment;
    private final PrintStream err;
    private final Consumer<String> onCannotRun;
    private final Set<Child> running = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "call");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * A handler.
     *
     * @param environment variables for every run
     * @param err gets what the command writes as errors
     * @param onCannotRun hears, in words, that the command is not there or cannot be executed
     */
    CallCommand(List<String> command, Map<String, String> environment, PrintStream err, Consumer<String> onCannotRun) {
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.err = err;
        this.onCannotRun = onCannotRun;
    }

    /** Where calls are to be handled: as many at a time as come. */
    Executor threads() {
        return threads;
    }

    @Override
    public @Nullable Object handle(RpcRequest request) {
        try (Child child = start(request)) {
            running.add(child);
            try {
                return run(request, child);
            } finally {
                running.remove(child);
            }
        }
    }

    private @Nullable JsonNode run(RpcRequest request, Child child) {
        request.onCancel(() -> threads.execute(() -> end(child)));
        CompletableFuture<Void> ended = child.onExit().thenRunAsync(() -> end(child), threads);
        ErrorTail errors = new ErrorTail(child.errors(), err);
        CompletableFuture<String> tail = CompletableFuture.supplyAsync(errors::read, threads);
        CompletableFuture<byte[]> output = CompletableFuture.supplyAsync(() -> read(child), threads);
        threads.execute(() -> write(request, child));
        ended.join();
        int exitCode = exitCode(child);
        Optional<byte[]> written = within(output);
        if (written.isPresent() && written.get().length > OUTPUT_MAX) {
            throw new RpcFailure(
                    ErrorCode.ETOOLARGE.name(), "'" + command.get(0) + "' wrote more than " + OUTPUT_MAX + " bytes");
        }
        if (exitCode != 0) {
            String told = within(tail).orElse("").stripTrailing();
            throw failure("ended with exit code " + exitCode
                    + (told.isEmpty() ? ", and wrote nothing to standard error" : ": " + told));
        }
        return result(written.orElseThrow(
                () -> failure("has ended, but something that it has started still has its output open")));
    }

    // ---- the command ----

    private Child start(RpcRequest request) {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
        builder.environment().putAll(environment);
        builder.environment()
                .putAll(Map.of(
                        "COORD_RPC_NAME", request.name(),
                        "COORD_RPC_CALLER", request.callerName(),
                        "COORD_RPC_ATTEMPT", Integer.toString(request.attempt()),
                        "COORD_RPC_TIMEOUT_MILLIS",
                                Long.toString(request.remaining().toMillis())));
        try {
            // Never a part of the terminal's job: a signal from there is for the worker, which lets calls end.
            return Child.start(builder, false);
        } catch (IOException e) {
            String message = "cannot run '" + command.get(0) + "': " + e.getMessage();
            onCannotRun.accept(message);
            throw new RpcFailure(ErrorCode.EHANDLER.name(), message, e);
        }
    }

    private static void end(Child child) {
        try {
            child.end(GRACE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of a command that has ended. */
    private static int exitCode(Child child) {
        boolean interrupted = Thread.interrupted();
        try {
            return child.await();
        } catch (InterruptedException e) {
            interrupted = true;
            return -1;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    // ---- its input and output ----

    private static void write(RpcRequest request, Child child) {
        try (OutputStream input = child.input()) {
            input.write((Json.line(request.arguments()) + '\n').getBytes(UTF_8));
        } catch (IOException e) {
            // It has not read all of it, as is its right.
            return;
        }
    }

    private static byte[] read(Child child) {
        try {
            byte[] output = child.output().readNBytes(OUTPUT_MAX + 1);
            if (output.length > OUTPUT_MAX) {
                end(child);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /** What was read of a command that has ended; empty if that has no end. */
    private <T> Optional<T> within(CompletableFuture<T> reading) {
        CompletableFuture<Optional<T>> read = reading.thenApply(Optional::of);
        try {
            return read.completeOnTimeout(Optional.empty(), OUTPUT_PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
        } catch (CompletionException e) {
            throw failure("has output that cannot be read: " + e.getCause());
        }
    }

    private RpcFailure failure(String what) {
        return new RpcFailure(ErrorCode.EHANDLER.name(), "'" + command.get(0) + "' " + what);
    }

    /** Ends what runs. */
    @Override
    public void close() {
        CompletableFuture.allOf(running.stream()
                        .map(child -> CompletableFuture.runAsync(() -> end(child), threads))
                        .toArray(CompletableFuture[]::new))
                .join();
    }
}
