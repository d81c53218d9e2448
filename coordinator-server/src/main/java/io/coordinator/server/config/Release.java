package io.coordinator.server.config;

/** What is installed, for people: what a node does is decided by the core version. */
public final class Release {
    public static final String VERSION = "0.1.0";

    private Release() {}
}
