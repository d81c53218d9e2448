package io.coordinator.benchmarks.harness;

import java.util.concurrent.CompletionStage;

/** Who asks a worker; safe on any thread. */
public interface MessageCaller extends AutoCloseable {
    /** The worker's answer. */
    CompletionStage<byte[]> call(byte[] request);
}
