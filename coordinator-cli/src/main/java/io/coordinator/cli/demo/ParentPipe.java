package io.coordinator.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A demo process' standard input: a pipe from the demo. The demo says one word on it; the pipe's end says that the demo
 * is gone, however it went, and that its processes have nothing left to live for.
 */
final class ParentPipe {
    private final CompletableFuture<String> word = new CompletableFuture<>();

    private ParentPipe() {}

    /** Starts to read; runs the action once, on a thread of its own, when the parent is gone. */
    static ParentPipe watch(InputStream in, Runnable whenGone) {
        ParentPipe pipe = new ParentPipe();
        Background.start("parent-pipe", () -> pipe.read(in, whenGone));
        return pipe;
    }

    /** Waits for the word. */
    String await() {
        return word.join();
    }

    private void read(InputStream in, Runnable whenGone) {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String line = next(lines); line != null; line = next(lines)) {
            word.complete(line);
        }
        whenGone.run();
    }

    /** A pipe that cannot be read is a pipe without a parent. */
    private static @Nullable String next(BufferedReader lines) {
        try {
            return lines.readLine();
        } catch (IOException e) {
            return null;
        }
    }
}
