package io.coordinator.testing.hostile;

import java.io.IOException;

/** One way to misbehave. A run takes seconds at most, and ends soon after {@link Arena#goesOn} says no. */
public interface Behaviour {

    /** What a report calls it. */
    String name();

    /**
     * Does it once.
     *
     * @throws IOException if the node closes or refuses a connection, which is one of the ways to answer
     */
    void run(Arena arena) throws IOException, InterruptedException;

    /** What a behaviour does. */
    @FunctionalInterface
    interface Steps {
        void run(Arena arena) throws IOException, InterruptedException;
    }

    /** A behaviour of this name. */
    static Behaviour of(String name, Steps steps) {
        return new Behaviour() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public void run(Arena arena) throws IOException, InterruptedException {
                steps.run(arena);
            }

            @Override
            public String toString() {
                return name;
            }
        };
    }
}
