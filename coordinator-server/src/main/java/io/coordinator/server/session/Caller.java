package io.coordinator.server.session;

/**
 * Who is at the other end of a stream, as the transport knows it.
 *
 * @param host its address without the port; empty if it has none
 * @param authenticated it has shown the cluster's token with the call
 */
public record Caller(String host, boolean authenticated) {}
