package io.coordinator.schedule;

/** A schedule cannot be timed so. */
public final class TimingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String field;

    TimingException(String field, String problem) {
        super(field + ": " + problem);
        this.field = field;
    }

    /** Which of the settings it is about: {@code cron}, {@code zone}, {@code every}, {@code at} or {@code start}. */
    public String field() {
        return field;
    }
}
