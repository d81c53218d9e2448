package io.coordinator.cli.process;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** How a program that serves comes to its end: the first signal asks it to, the second one not to wait any more. */
public final class EndSignals implements AutoCloseable {
    private static final Map<String, Integer> SIGNALS = Map.of("HUP", 1, "INT", 2, "TERM", 15);
    private static final int SIGNALLED = 128;

    private final CompletableFuture<Integer> end = new CompletableFuture<>();
    private final CompletableFuture<Integer> endNow = new CompletableFuture<>();
    private final SignalTraps traps = new SignalTraps(List.copyOf(SIGNALS.keySet()), this::onSignal);

    private void onSignal(String signal) {
        if (!end.complete(0)) {
            endNow.complete(SIGNALLED + SIGNALS.getOrDefault(signal, 0));
        }
    }

    /** Asks for the end, as a signal does. */
    public void end(int exitCode) {
        end.complete(exitCode);
    }

    /** Waits until it is asked to end, and returns the exit code. */
    public int await() {
        return end.join();
    }

    /**
     * Waits for what is left to do, unless it is told not to.
     *
     * @return the exit code: 128 + n if it was signal n that told so
     */
    public int finish(CompletableFuture<?> rest) {
        CompletableFuture.anyOf(rest, endNow).join();
        return endNow.getNow(end.join());
    }

    @Override
    public void close() {
        traps.close();
    }
}
