package io.coordinator.client;

/**
 * A fence for commands: they apply only while the named lock is held with exactly this token, else they fail with
 * {@link FencedException} (G-8).
 *
 * @param namespace of the lock
 * @param lock its name
 * @param token of the grant
 */
public record Guard(String namespace, String lock, long token) {}
