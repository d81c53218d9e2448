package io.coordinator.benchmarks.systems;

/** How subscribers and members of groups are spread over connections, alike for the systems that have both. */
final class Members {
    /** How many messages a member of a group may have before it has acknowledged them. */
    static final int PREFETCH = 32;

    private static final int MOST_CONNECTIONS = 100;

    private Members() {}

    /** Each has a connection of its own up to a hundred; more of them share these. */
    static int connections(int members) {
        return Math.min(members, MOST_CONNECTIONS);
    }
}
