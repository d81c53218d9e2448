package io.coordinator.client.internal.schedule;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.schedule.ScheduleOutcome;
import io.coordinator.client.schedule.ScheduleStatus;
import io.coordinator.client.schedule.ScheduledJob;
import io.coordinator.client.schedule.Schedules;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The schedules of a namespace for callers that wait. */
public record BlockingSchedules(ScheduleCalls calls) implements Schedules {
    @Override
    public String namespace() {
        return calls.namespace();
    }

    @Override
    public ScheduleOutcome set(String name, ScheduleOptions options) {
        return Await.result(calls.set(name, options));
    }

    @Override
    public ScheduleOutcome create(String name, ScheduleOptions options) {
        return Await.result(calls.create(name, options));
    }

    @Override
    public Optional<ScheduleStatus> get(String name) {
        return Await.result(calls.get(name));
    }

    @Override
    public List<ScheduleStatus> list(String prefix, String after, int limit) {
        return Await.result(calls.list(prefix, after, limit));
    }

    @Override
    public boolean delete(String name) {
        return Await.result(calls.delete(name));
    }

    @Override
    public boolean pause(String name) {
        return Await.result(calls.pause(name));
    }

    @Override
    public boolean resume(String name) {
        return Await.result(calls.resume(name));
    }

    @Override
    public ScheduledJob trigger(String name) {
        return Await.result(calls.trigger(name));
    }

    @Override
    public List<Instant> preview(ScheduleOptions options, int count) {
        return Await.result(calls.preview(options, count));
    }

    @Override
    public List<Instant> preview(String name, int count) {
        return Await.result(calls.preview(name, count));
    }
}
