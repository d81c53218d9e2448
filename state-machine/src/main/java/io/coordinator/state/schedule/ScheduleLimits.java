package io.coordinator.state.schedule;

/** How much there may be of what belongs to schedules. Part of what every replica computes, so constants. */
final class ScheduleLimits {
    static final int SCHEDULES_MAX = 100_000;
    /** Of a fixed rate. */
    static final long EVERY_MILLIS_MIN = 1_000;

    static final long JITTER_MILLIS_MAX = 86_400_000;
    /** Missed times that a schedule may be told to make up for. */
    static final int MISFIRES_MAX = 100;
    /** The last millisecond of the year 9999: dates up to here have four digits for the year. */
    static final long DATE_MILLIS_MAX = 253_402_300_799_999L;

    private ScheduleLimits() {}
}
