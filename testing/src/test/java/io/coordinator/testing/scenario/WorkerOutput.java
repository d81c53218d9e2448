package io.coordinator.testing.scenario;

import io.coordinator.testing.process.JavaProcess;
import java.util.stream.Stream;

/** What a {@link io.coordinator.testing.process.Worker} has printed. */
final class WorkerOutput {
    private WorkerOutput() {}

    /** The lines that begin with a word. */
    static Stream<String> lines(JavaProcess worker, String word) {
        return worker.tail(Integer.MAX_VALUE).lines().filter(line -> line.startsWith(word + " "));
    }

    static long count(JavaProcess worker, String word) {
        return lines(worker, word).count();
    }
}
