package io.coordinator.benchmarks.harness;

import java.util.concurrent.CompletionStage;

/** Where messages are published; safe on any thread. */
public interface MessageSink extends AutoCloseable {
    CompletionStage<?> publish(byte[] message);
}
