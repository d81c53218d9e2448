package io.coordinator.testing.fault;

/** Which way bytes go through a proxy, as seen from the side that opened the connection. */
public enum Direction {
    TO_SERVER,
    TO_CLIENT
}
