package io.coordinator.client.topic;

import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.argument.Arguments;
import java.time.Instant;
import java.util.Objects;

/** Where reading begins. */
public sealed interface StartAt {
    /**
     * At an offset.
     *
     * @param offset from 1
     */
    record Offset(long offset) implements StartAt {
        /**
         * Checks the offset.
         *
         * @throws ValidationException if it is less than 1
         */
        public Offset {
            Arguments.positive("offset", offset);
        }
    }

    /**
     * So many messages before the end.
     *
     * @param count from 0
     */
    record Last(long count) implements StartAt {
        /**
         * Checks the count.
         *
         * @throws ValidationException if it is negative
         */
        public Last {
            Arguments.notNegative("count", count);
        }
    }

    /**
     * At the first message that was published at that time or later, by the dates of the leaders.
     *
     * @param time in milliseconds; what is less is cut off
     */
    record Time(Instant time) implements StartAt {
        /** Checks the time. */
        public Time {
            Objects.requireNonNull(time, "time");
        }
    }

    /** With the first message that the topic keeps. */
    static StartAt earliest() {
        return new Offset(1);
    }

    /** Behind the last message: only what is published from now on. */
    static StartAt latest() {
        return new Last(0);
    }

    /**
     * At an offset: the one behind the last message that was handled.
     *
     * @param offset from 1
     * @throws ValidationException if it is less than 1
     */
    static StartAt offset(long offset) {
        return new Offset(offset);
    }

    /**
     * With the last messages.
     *
     * @param count from 0
     * @throws ValidationException if it is negative
     */
    static StartAt last(long count) {
        return new Last(count);
    }

    /** At a time. */
    static StartAt time(Instant time) {
        return new Time(time);
    }
}
