package io.coordinator.client.schedule;

/**
 * The job of a firing.
 *
 * @param queue where it is
 * @param id the schedule's name, {@code @} and the nominal time, or if it was triggered a text of its own
 */
public record ScheduledJob(String queue, String id) {}
