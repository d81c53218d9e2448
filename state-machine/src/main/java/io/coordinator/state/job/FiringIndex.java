package io.coordinator.state.job;

import io.coordinator.state.kernel.Name;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of schedules that wait or run, also those that a purge has taken out. Derived from rows; whoever changes it
 * says how to take that back.
 */
final class FiringIndex {
    /** Keys of the rows of jobs, by the key of the schedule. */
    private final Map<String, TreeSet<String>> bySchedule = new HashMap<>();

    /** One job for another, or for none. */
    void set(@Nullable StoredJob before, @Nullable StoredJob after) {
        String left = schedule(before);
        String entered = schedule(after);
        if (before != null && left != null && !left.equals(entered)) {
            leave(left, before.key());
        }
        if (after != null && entered != null && !entered.equals(left)) {
            bySchedule.computeIfAbsent(entered, key -> new TreeSet<>()).add(after.key());
        }
    }

    /** Where a job is; null for nowhere. */
    private static @Nullable String schedule(@Nullable StoredJob job) {
        if (job == null || !job.isUnfinished()) {
            return null;
        }
        String schedule = job.schedule();
        return schedule == null
                ? null
                : Name.of(Name.ofKey(job.key()).namespace(), schedule).key();
    }

    private void leave(String schedule, String job) {
        TreeSet<String> jobs = bySchedule.get(schedule);
        if (jobs == null || !jobs.remove(job)) {
            throw new IllegalStateException("a job is not among those of its schedule");
        }
        if (jobs.isEmpty()) {
            bySchedule.remove(schedule);
        }
    }

    int count(Name schedule) {
        TreeSet<String> jobs = bySchedule.get(schedule.key());
        return jobs == null ? 0 : jobs.size();
    }

    /** The keys of their rows, the last of each queue first, at most so many. */
    List<String> last(Name schedule, int most) {
        TreeSet<String> jobs = bySchedule.get(schedule.key());
        List<String> last = new ArrayList<>();
        String next = jobs == null ? null : jobs.last();
        while (jobs != null && next != null && last.size() < most) {
            last.add(next);
            next = jobs.lower(next);
        }
        return last;
    }
}
