package io.coordinator.server.schedule;

import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.schedule.TimingException;
import io.coordinator.schedule.Timings;
import java.util.Optional;

/** What is wrong with the timing of a schedule, which the core cannot see: it knows neither cron nor time zones. */
public final class ScheduleRules {
    private ScheduleRules() {}

    /** Why a command must not be proposed; on any thread. */
    public static Optional<Error> refuse(Command command) {
        if (!command.getSchedule().hasSet()) {
            return Optional.empty();
        }
        try {
            Timings.of(command.getSchedule().getSet().getSettings(), 0);
            return Optional.empty();
        } catch (TimingException e) {
            return Optional.of(Error.newBuilder()
                    .setCode(ErrorCode.EINVAL)
                    .setMessage("the schedule was not set: " + e.getMessage())
                    .build());
        }
    }
}
