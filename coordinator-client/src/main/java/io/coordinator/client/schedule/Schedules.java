package io.coordinator.client.schedule;

import io.coordinator.client.error.ConflictException;
import io.coordinator.client.error.KeyNotFoundException;
import io.coordinator.client.error.ValidationException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Schedules (B-41): each nominal time becomes one job, whose id is {@code <schedule>@<time>}, whatever happens to
 * leaders and their clocks. Each has a <a href="../package-summary.html#names">name</a>.
 */
public interface Schedules {
    /** The namespace of the schedules and their queues. */
    String namespace();

    /**
     * Makes a schedule, or gives one other options. What it has fired stays fired; with the same timing it goes on
     * where it is, with another one it begins now. Whether one that is there is paused stays as it is.
     *
     * @throws ValidationException if the options make no sense; the message names which and what is allowed
     */
    ScheduleOutcome set(String name, ScheduleOptions options);

    /**
     * Makes a schedule that is not there, or is there with these options.
     *
     * @throws ConflictException if it has others
     * @throws ValidationException as {@link #set}
     */
    ScheduleOutcome create(String name, ScheduleOptions options);

    /** The schedule of that name, if there is one. */
    Optional<ScheduleStatus> get(String name);

    /** The first schedules, in the order of their names. */
    default List<ScheduleStatus> list() {
        return list("", "", 100);
    }

    /**
     * Schedules of this namespace, in the order of their names.
     *
     * @param prefix of their names; empty for all
     * @param after the name behind which the list begins; empty for the beginning
     * @param limit at most so many, from 1; never more than 100
     */
    List<ScheduleStatus> list(String prefix, String after, int limit);

    /**
     * Deletes a schedule. Its jobs stay.
     *
     * @return whether there was one
     */
    boolean delete(String name);

    /**
     * Has a schedule fire no more until it is resumed.
     *
     * @return whether there is one
     */
    boolean pause(String name);

    /**
     * Has a paused schedule fire again. Times that have passed meanwhile are not made up for.
     *
     * @return whether there is one
     */
    boolean resume(String name);

    /**
     * Fires a schedule now, beside its times, also while it is paused or an earlier job runs.
     *
     * @throws KeyNotFoundException if there is no such schedule
     */
    ScheduledJob trigger(String name);

    /**
     * When a schedule with these options would fire from now on. Computed here; asks the cluster nothing.
     *
     * @param count at most so many times, from 1 to 10,000
     * @throws ValidationException as {@link #set}
     */
    List<Instant> preview(ScheduleOptions options, int count);

    /**
     * When a schedule that is there fires from now on, or would if it were not paused. By this process's clock and time
     * zones.
     *
     * @param count at most so many times, from 1 to 10,000
     * @throws KeyNotFoundException if there is no such schedule
     */
    List<Instant> preview(String name, int count);
}
