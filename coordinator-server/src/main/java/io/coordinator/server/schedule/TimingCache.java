package io.coordinator.server.schedule;

import io.coordinator.protocol.CronTiming;
import io.coordinator.protocol.DueSchedule;
import io.coordinator.schedule.NominalTimes;
import io.coordinator.schedule.TimingException;
import io.coordinator.schedule.Timings;
import java.util.LinkedHashMap;
import java.util.Map;

/** Cron expressions that were read, those used last. Not thread-safe. */
final class TimingCache {
    private static final int SIZE_MAX = 1_000;
    private static final float LOAD = 0.75f;

    private final Map<CronTiming, NominalTimes> read = new LinkedHashMap<>(16, LOAD, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<CronTiming, NominalTimes> eldest) {
            return size() > SIZE_MAX;
        }
    };

    /** @throws TimingException if this node does not know such times */
    NominalTimes of(DueSchedule schedule) {
        long setDate = schedule.getProgress().getSetDateMillis();
        if (!schedule.getSettings().hasCron()) {
            return Timings.of(schedule.getSettings(), setDate);
        }
        NominalTimes known = read.get(schedule.getSettings().getCron());
        if (known == null) {
            known = Timings.of(schedule.getSettings(), setDate);
            read.put(schedule.getSettings().getCron(), known);
        }
        return known;
    }
}
