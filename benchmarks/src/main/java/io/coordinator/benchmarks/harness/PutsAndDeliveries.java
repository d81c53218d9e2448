package io.coordinator.benchmarks.harness;

import java.time.Duration;

/**
 * Puts and deliveries at the same time, through one driver. What they take shows whether somebody else holds them up.
 */
public final class PutsAndDeliveries {
    private static final Duration PREPARE_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final Driver driver;
    private final Dataset values;
    private final Dataset messages;
    private final int subscribers;
    private final int inFlight;

    private PutsAndDeliveries(Driver driver, Dataset values, Dataset messages, int subscribers, int inFlight) {
        this.driver = driver;
        this.values = values;
        this.messages = messages;
        this.subscribers = subscribers;
        this.inFlight = inFlight;
    }

    /**
     * What one measurement found; the processor time of the servers is not told.
     *
     * @param puts of values
     * @param deliveries of messages, to each subscriber once
     */
    public record Found(Measurement puts, Measurement deliveries) {}

    /**
     * Fills the keys.
     *
     * @param driver of a system that has keys and fan-out
     * @param values what is put
     * @param messages what is published
     * @param subscribers who get each message
     * @param inFlight puts, and as many messages
     */
    public static PutsAndDeliveries of(Driver driver, Dataset values, Dataset messages, int subscribers, int inFlight)
            throws Exception {
        ((KeyDriver) driver).prepare(values.keys(), values.locks(), values.firstValue(), PREPARE_TIMEOUT);
        return new PutsAndDeliveries(driver, values, messages, subscribers, inFlight);
    }

    /** Runs for both times and measures in the second; nothing is under way when it returns. */
    public Found measure(Duration warmUp, Duration time) throws Exception {
        Samples puts = new Samples();
        Samples deliveries = new Samples();
        Samples others = new Samples();
        try (Load putting = Workload.PUT.start(driver, values, inFlight, others);
                Load delivering = FanOutLoad.start((FanOutDriver) driver, messages, subscribers, inFlight, others)) {
            putting.await(warmUp);
            long startedAt = System.nanoTime();
            putting.recordInto(puts);
            delivering.recordInto(deliveries);
            putting.await(time);
            putting.recordInto(others);
            delivering.recordInto(others);
            long nanos = System.nanoTime() - startedAt;
            long unanswered = putting.stop(DRAIN);
            long undelivered = delivering.stop(DRAIN);
            return new Found(
                    CellRun.measurement(puts, nanos, 0, unanswered),
                    CellRun.measurement(deliveries, nanos, 0, undelivered));
        }
    }
}
