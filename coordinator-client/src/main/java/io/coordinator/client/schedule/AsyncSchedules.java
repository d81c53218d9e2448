package io.coordinator.client.schedule;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** {@link Schedules} with stages instead of blocking calls. */
public interface AsyncSchedules {
    /** See {@link Schedules#namespace}. */
    String namespace();

    /** See {@link Schedules#set}. */
    CompletionStage<ScheduleOutcome> set(String name, ScheduleOptions options);

    /** See {@link Schedules#create}. */
    CompletionStage<ScheduleOutcome> create(String name, ScheduleOptions options);

    /** See {@link Schedules#get}. */
    CompletionStage<Optional<ScheduleStatus>> get(String name);

    /** See {@link Schedules#list()}. */
    default CompletionStage<List<ScheduleStatus>> list() {
        return list("", "", 100);
    }

    /** See {@link Schedules#list(String, String, int)}. */
    CompletionStage<List<ScheduleStatus>> list(String prefix, String after, int limit);

    /** See {@link Schedules#delete}. */
    CompletionStage<Boolean> delete(String name);

    /** See {@link Schedules#pause}. */
    CompletionStage<Boolean> pause(String name);

    /** See {@link Schedules#resume}. */
    CompletionStage<Boolean> resume(String name);

    /** See {@link Schedules#trigger}. */
    CompletionStage<ScheduledJob> trigger(String name);

    /** See {@link Schedules#preview(ScheduleOptions, int)}. */
    CompletionStage<List<Instant>> preview(ScheduleOptions options, int count);

    /** See {@link Schedules#preview(String, int)}. */
    CompletionStage<List<Instant>> preview(String name, int count);
}
