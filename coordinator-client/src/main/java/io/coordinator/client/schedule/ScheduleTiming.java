package io.coordinator.client.schedule;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** When a schedule fires. */
public sealed interface ScheduleTiming {
    /**
     * By a cron expression.
     *
     * @param expression minute, hour, day of month, month and day of week, or six fields with seconds first
     * @param zone a name of the tz database
     */
    record Cron(String expression, String zone) implements ScheduleTiming {
        /** Checks that both are there; what they say is checked when they are used. */
        public Cron {
            Objects.requireNonNull(expression, "expression");
            Objects.requireNonNull(zone, "zone");
        }
    }

    /**
     * At a fixed rate.
     *
     * @param interval a second or more, in milliseconds rounded up; 0 is refused
     * @param start the first time; null: counted from when the schedule was set
     */
    record Every(Duration interval, @Nullable Instant start) implements ScheduleTiming {
        /**
         * Checks the interval.
         *
         * @throws ValidationException if it is not positive
         */
        public Every {
            Arguments.positive("interval", interval);
        }
    }

    /**
     * Once.
     *
     * @param date in milliseconds, rounded down
     */
    record At(Instant date) implements ScheduleTiming {
        /** Checks that there is a date. */
        public At {
            Objects.requireNonNull(date, "date");
        }
    }
}
