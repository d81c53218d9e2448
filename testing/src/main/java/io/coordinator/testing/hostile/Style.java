package io.coordinator.testing.hostile;

/** How a generated message looks. */
public enum Style {
    /**
     * Parses, and is often one that the cluster obeys: one case of each oneof, short names that meet, small numbers.
     */
    PLAUSIBLE,
    /** Anything that bytes can be: extreme numbers, huge or broken strings, unknown fields and enums, cut short. */
    WILD
}
