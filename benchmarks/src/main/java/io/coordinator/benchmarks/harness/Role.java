package io.coordinator.benchmarks.harness;

import java.util.List;

/**
 * What a workload needs of a system's driver, and how it goes.
 *
 * @param usualInFlight how many requests are in flight if nobody says otherwise
 * @param shortestValue the shortest value that it can work with
 */
record Role<D extends Driver>(Class<D> driver, List<Integer> usualInFlight, int shortestValue, Start<D> start) {
    private static final List<Integer> USUAL = List.of(1, 64, 512);
    /** JSON strings with their quotes. */
    private static final int SHORTEST_VALUE = 2;

    /** Starts a workload, of which so many requests are in flight. */
    @FunctionalInterface
    interface Start<D> {
        Load start(D driver, Dataset data, int inFlight, Samples samples) throws Exception;
    }

    /** What the slot with this number repeats. */
    @FunctionalInterface
    interface Slots<D> {
        SlotAction slot(D driver, Dataset data, int slot);
    }

    static Role<KeyDriver> keys(Slots<KeyDriver> slots) {
        return loop(KeyDriver.class, slots);
    }

    static Role<DocumentDriver> documents(Slots<DocumentDriver> slots) {
        return loop(DocumentDriver.class, slots);
    }

    private static <D extends Driver> Role<D> loop(Class<D> driver, Slots<D> slots) {
        return new Role<>(
                driver,
                USUAL,
                SHORTEST_VALUE,
                (client, data, inFlight, samples) ->
                        ClosedLoop.start(inFlight, slot -> slots.slot(client, data, slot), samples));
    }

    static <D extends Driver> Role<D> messages(Class<D> driver, List<Integer> usualInFlight, Start<D> start) {
        return new Role<>(driver, usualInFlight, Numbered.SHORTEST, start);
    }

    static Role<FanOutDriver> fanOut(int subscribers) {
        return messages(
                FanOutDriver.class,
                List.of(1, 64),
                (driver, data, inFlight, samples) -> FanOutLoad.start(driver, data, subscribers, inFlight, samples));
    }

    Load start(Driver client, Dataset data, int inFlight, Samples samples) throws Exception {
        return start.start(driver.cast(client), data, inFlight, samples);
    }
}
