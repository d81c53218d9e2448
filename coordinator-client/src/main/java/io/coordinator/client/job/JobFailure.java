package io.coordinator.client.job;

/**
 * How an attempt has failed, as its worker told it: text only, since no exception of another process is ever
 * deserialized.
 *
 * @param code {@code EHANDLER} unless the handler chose another one; {@code LOST} if the session of the worker ended,
 *     {@code TIMED_OUT} if it took too long
 * @param message the handler's own, at most 16 KiB of it; empty if there is none
 * @param type what the worker's language calls it: the class name of the exception; may be empty
 * @param permanent whether it was told that another attempt would fail too
 */
public record JobFailure(String code, String message, String type, boolean permanent) {}
