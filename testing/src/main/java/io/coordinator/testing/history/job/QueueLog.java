package io.coordinator.testing.history.job;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Follows one queue through its changes, in the order of the log: who has what, what waits, and whether a job might be
 * given out when it was. No clock counts here. After a gap in the watch it says nothing of what it cannot know.
 */
final class QueueLog {
    private enum Place {
        WAITING,
        DELAYED,
        RUNNING,
        OVER,
        UNKNOWN
    }

    /** A job, as far as the changes have told of it. */
    private static final class Tracked {
        final String id;
        final int order;
        final String key;
        final int priority;
        Place place;
        int attempt;

        Tracked(String id, int order, String key, int priority, Place place) {
            this.id = id;
            this.order = order;
            this.key = key;
            this.priority = priority;
            this.place = place;
        }
    }

    private static final Comparator<Tracked> RANK =
            Comparator.<Tracked>comparingInt(job -> -job.priority).thenComparingInt(job -> job.order);

    private final QueueRules rules;
    private final Map<String, AskedJob> asked;
    private final JobFindings findings;
    private final Map<String, Tracked> jobs = new HashMap<>();
    private final Set<String> started = new HashSet<>();
    private final Map<String, Integer> lastNumber = new HashMap<>();
    private final Map<String, Integer> runningOfKey = new HashMap<>();
    /** Those that are not over, by their order, for each key. */
    private final Map<String, TreeMap<Integer, Tracked>> lines = new HashMap<>();

    private final TreeSet<Tracked> waiting = new TreeSet<>(RANK);
    private int running;
    private boolean hasGap;

    /** @param asked by queue and id */
    QueueLog(QueueRules rules, Map<String, AskedJob> asked, JobFindings findings) {
        this.rules = rules;
        this.asked = asked;
        this.findings = findings;
    }

    /** Whether an attempt was given out; true if that cannot be known. */
    boolean hasStarted(String id, int attempt) {
        return hasGap || started.contains(id + "#" + attempt);
    }

    void add(QueueChange change) {
        switch (change.kind()) {
            case SUBMITTED -> submitted(change);
            case STARTED -> started(change);
            case COMPLETED, DIED -> ended(change, change.attempt(), Place.OVER);
            case FAILED, LOST -> ended(change, change.attempt(), change.waits() ? Place.WAITING : Place.DELAYED);
            case RELEASED -> ended(change, change.attempt() + 1, change.waits() ? Place.WAITING : Place.DELAYED);
            case WITHDRAWN -> withdrawn(change);
            case GAP -> missed();
        }
    }

    private Tracked tracked(QueueChange change, Place place) {
        AskedJob job = asked.get(JobHistory.name(change.queue(), change.id()));
        String key = job == null ? "" : job.key();
        Tracked made = new Tracked(change.id(), jobs.size(), key, job == null ? 0 : job.priority(), place);
        jobs.put(change.id(), made);
        return made;
    }

    private void submitted(QueueChange change) {
        findings.addIf(jobs.containsKey(change.id()) && !hasGap, "submitted twice", change);
        AskedJob job = asked.get(JobHistory.name(change.queue(), change.id()));
        if (job != null && rules.inOrder()) {
            Integer before = lastNumber.put(job.key(), job.number());
            findings.addIf(before != null && before > job.number(), "submitted out of order", change);
        }
        Tracked made = tracked(change, change.waits() ? Place.WAITING : Place.DELAYED);
        enter(made);
        if (!made.key.isEmpty()) {
            lines.computeIfAbsent(made.key, first -> new TreeMap<>()).put(made.order, made);
        }
    }

    private void started(QueueChange change) {
        Tracked known = jobs.get(change.id());
        findings.addIf(known == null && !hasGap, "given out and never submitted", change);
        Tracked job = known == null ? tracked(change, Place.UNKNOWN) : known;
        findings.addIf(job.place == Place.RUNNING, "given out while an attempt had it", change);
        findings.addIf(job.place == Place.OVER, "something after its end", change);
        findings.addIf(job.place != Place.UNKNOWN && change.attempt() != job.attempt + 1, "a wrong attempt", change);
        if (rules.ranked() && !waiting.isEmpty()) {
            Tracked first = waiting.first();
            findings.addIf(
                    RANK.compare(first, job) < 0, "given out before one of its rank", change + " before " + first.id);
        }
        waiting.remove(job);
        job.attempt = change.attempt();
        started.add(change.id() + "#" + change.attempt());
        enter(job, Place.RUNNING);
        findings.addIf(running > rules.runningMax(), "more at a time than the queue allows", change);
        if (!job.key.isEmpty()) {
            checkKey(job, change);
        }
    }

    private void checkKey(Tracked job, QueueChange change) {
        int ofKey = runningOfKey.getOrDefault(job.key, 0);
        findings.addIf(ofKey > rules.runningOfKeyMax(), "more of a key at a time than the queue allows", change);
        TreeMap<Integer, Tracked> line = lines.get(job.key);
        if (rules.inOrder() && line != null && !line.isEmpty()) {
            Tracked first = line.firstEntry().getValue();
            findings.addIf(
                    first.order < job.order,
                    "given out before an earlier one of its key was over",
                    change + " before " + first.id);
        }
    }

    private void ended(QueueChange change, int attempt, Place next) {
        Tracked known = jobs.get(change.id());
        findings.addIf(known == null && !hasGap, "ended and never submitted", change);
        Tracked job = known == null ? tracked(change, Place.UNKNOWN) : known;
        findings.addIf(job.place == Place.OVER, "something after its end", change);
        boolean ran = job.place == Place.RUNNING;
        findings.addIf(!ran && job.place != Place.UNKNOWN && job.place != Place.OVER, "ended and not begun", change);
        findings.addIf(ran && attempt != job.attempt, "another attempt ended than the one that ran", change);
        leave(job);
        job.attempt = change.attempt();
        enter(job, next);
    }

    private void withdrawn(QueueChange change) {
        Tracked known = jobs.get(change.id());
        findings.addIf(known == null && !hasGap, "ended and never submitted", change);
        Tracked job = known == null ? tracked(change, Place.UNKNOWN) : known;
        findings.addIf(job.place == Place.OVER, "something after its end", change);
        leave(job);
        enter(job, Place.OVER);
    }

    private void missed() {
        hasGap = true;
        running = 0;
        runningOfKey.clear();
        lines.clear();
        waiting.clear();
        jobs.values().stream().filter(job -> job.place != Place.OVER).forEach(job -> job.place = Place.UNKNOWN);
    }

    // ---- where jobs are ----

    private void enter(Tracked job, Place place) {
        job.place = place;
        enter(job);
    }

    private void enter(Tracked job) {
        if (job.place == Place.WAITING) {
            waiting.add(job);
        } else if (job.place == Place.RUNNING) {
            running++;
            runningOfKey.merge(job.key, 1, Integer::sum);
        } else if (job.place == Place.OVER && lines.containsKey(job.key)) {
            lines.get(job.key).remove(job.order);
        }
    }

    private void leave(Tracked job) {
        waiting.remove(job);
        if (job.place == Place.RUNNING) {
            running--;
            runningOfKey.merge(job.key, -1, Integer::sum);
        }
    }
}
