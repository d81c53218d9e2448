package io.coordinator.client.cluster;

/**
 * What one kind of data takes in one namespace.
 *
 * @param data the kind: {@code CACHE}, {@code DOCUMENT}, {@code LOCK}, {@code BUILD}, {@code SEMAPHORE} or
 *     {@code SESSION}
 * @param namespace empty for what belongs to none
 * @param bytes of heap on each node, as estimated
 * @param rows stored
 */
public record NamespaceUsage(String data, String namespace, long bytes, long rows) {}
