package io.coordinator.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The times at which a schedule is to fire, whatever has become of them. Immutable. */
@FunctionalInterface
public interface NominalTimes {
    /**
     * The first one behind a date. Dates are milliseconds since 1970, UTC.
     *
     * @return empty if there is none, or only after the year 9999
     * @throws TimingException if it cannot be told
     */
    OptionalLong after(long dateMillis);

    /** The first ones behind a date, at most so many. */
    default List<Long> after(long dateMillis, int count) {
        List<Long> found = new ArrayList<>();
        OptionalLong next = after(dateMillis);
        while (next.isPresent() && found.size() < count) {
            found.add(next.getAsLong());
            next = after(next.getAsLong());
        }
        return found;
    }
}
