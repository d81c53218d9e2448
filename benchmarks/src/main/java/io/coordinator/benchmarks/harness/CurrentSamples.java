package io.coordinator.benchmarks.harness;

/** Where outcomes go at the moment; any thread may record. */
final class CurrentSamples {
    private volatile Samples samples;

    CurrentSamples(Samples first) {
        samples = first;
    }

    void replace(Samples next) {
        samples = next;
    }

    void success(long nanos) {
        samples.success(nanos);
    }

    void failure(Throwable cause) {
        samples.failure(cause);
    }
}
