package io.coordinator.state.job;

import io.coordinator.protocol.Count;
import io.coordinator.protocol.QueueRow;
import io.coordinator.protocol.Stats;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.Ranking;

/**
 * Sums over all queues, and those that stand out: first those whose jobs have waited longest, by the second, and of
 * these those with most jobs. Looks at queues, never at jobs.
 */
final class QueueRanking {
    private static final long MILLIS_A_SECOND = 1_000;
    private static final long JOBS_MAX = (1L << 32) - 1;

    private final QueueRows queues;
    private final JobRows jobs;
    private final Pools pools;
    private final QueueQueries queries;

    QueueRanking(QueueRows queues, JobRows jobs, Pools pools, QueueQueries queries) {
        this.queues = queues;
        this.jobs = jobs;
        this.pools = pools;
        this.queries = queries;
    }

    void tell(Context at, Stats.Builder stats) {
        Sums sums = new Sums();
        NameScan scan = queues.scan("", "");
        int seen = 0;
        for (String key = scan.firstAfter("", ""); key != null && seen < Ranking.LOOKED_AT_MAX; key = scan.next(key)) {
            QueuePlace place = queues.find(Name.ofKey(key));
            if (place != null) {
                sums.add(at, place);
            }
            seen++;
        }
        sums.tell(stats);
        sums.standOut.first().forEach(place -> stats.addQueues(queries.summary(at, place)));
    }

    private final class Sums {
        final Ranking<QueuePlace> standOut = new Ranking<>();
        long unserved;
        long freeSlots;
        long waiting;
        long delayed;
        long retrying;
        long running;
        long dead;
        long submitted;
        long succeeded;
        long failed;
        long lost;
        long died;

        void add(Context at, QueuePlace place) {
            String owner = place.owner();
            QueueRow row = queues.get(place);
            JobIndex index = jobs.of(place);
            JobLists lists = index.lists();
            boolean given = !row.getSettings().getPaused() && index.waiting() > 0;
            unserved += given && pools.size(owner) == 0 ? 1 : 0;
            freeSlots += pools.room(owner);
            waiting += index.waiting();
            delayed += lists.delayed().size();
            retrying += lists.retrying();
            running += index.running().size();
            dead += lists.dead().size();
            submitted += row.getSubmitted();
            succeeded += row.getSucceeded();
            failed += row.getAttemptsFailed();
            lost += row.getAttemptsLost();
            died += row.getDied();
            standOut.add(figure(at, index), place.name().key(), place);
        }

        void tell(Stats.Builder stats) {
            count(stats, "queuesUnserved", unserved);
            count(stats, "queueFreeSlots", freeSlots);
            count(stats, "jobsWaiting", waiting);
            count(stats, "jobsDelayed", delayed);
            count(stats, "jobsRetrying", retrying);
            count(stats, "jobsRunning", running);
            count(stats, "jobsDead", dead);
            count(stats, "jobsSubmitted", submitted);
            count(stats, "jobsSucceeded", succeeded);
            count(stats, "jobsDied", died);
            count(stats, "jobAttemptsFailed", failed);
            count(stats, "jobAttemptsLost", lost);
        }
    }

    private static void count(Stats.Builder stats, String name, long value) {
        stats.addCounts(Count.newBuilder().setName(name).setValue(value));
    }

    /** By which they are ranked: the whole seconds of the longest wait, then how many jobs are not finished. */
    private static long figure(Context at, JobIndex index) {
        long since = index.lists().waitsSinceMillis();
        long seconds = since < 0 ? 0 : (at.nowMillis() - since) / MILLIS_A_SECOND;
        return (Math.min(seconds, Integer.MAX_VALUE) << Integer.SIZE) | Math.min(index.unfinished(), JOBS_MAX);
    }
}
