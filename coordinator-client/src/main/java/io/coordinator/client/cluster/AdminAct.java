package io.coordinator.client.cluster;

/**
 * Something that an operator did to the cluster, or the cluster to itself.
 *
 * @param number counts all acts; from 1
 * @param index of its log entry
 * @param dateMillis when it was done, in milliseconds since 1970, by the clock of who led then
 * @param actor who asked; empty: the cluster itself
 * @param action what was done, such as {@code add}
 * @param subject to whom or what
 * @param reason why, as who asked has told; empty if nobody did
 */
public record AdminAct(
        long number, long index, long dateMillis, String actor, String action, String subject, String reason) {}
