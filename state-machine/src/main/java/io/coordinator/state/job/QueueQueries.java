package io.coordinator.state.job;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.JobAnswer;
import io.coordinator.protocol.ListQueues;
import io.coordinator.protocol.QueueInspection;
import io.coordinator.protocol.QueueList;
import io.coordinator.protocol.QueueRow;
import io.coordinator.protocol.QueueSummary;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.SessionDirectory;
import org.jspecify.annotations.Nullable;

/** What can be asked about queues. */
final class QueueQueries {
    private final QueueRows queues;
    private final JobRows jobs;
    private final Pools pools;
    private final SessionDirectory sessions;

    QueueQueries(QueueRows queues, JobRows jobs, Pools pools, SessionDirectory sessions) {
        this.queues = queues;
        this.jobs = jobs;
        this.pools = pools;
        this.sessions = sessions;
    }

    QueueInspection inspect(Context at, @Nullable QueuePlace place) {
        if (place == null) {
            return QueueInspection.getDefaultInstance();
        }
        return QueueInspection.newBuilder()
                .setExists(true)
                .setSummary(summary(at, place))
                .setSettings(queues.settings(place))
                .addAllWorkers(pools.shown(place.owner(), worker -> sessions.isOpen(worker.getSessionId())))
                .build();
    }

    Answer.Builder list(Context at, String namespace, ListQueues list) {
        QueueList.Builder found = QueueList.newBuilder();
        NameScan scan = queues.scan(namespace, list.getPrefix());
        Page page = new Page(list.getLimit());
        String key = scan.firstAfter(list.getAfterNamespace(), list.getAfterQueue());
        while (key != null) {
            QueuePlace place = queues.find(Name.ofKey(key));
            if (place != null) {
                QueueSummary summary = summary(at, place);
                if (!page.takes(summary.getSerializedSize())) {
                    return JobQueries.answer(JobAnswer.newBuilder().setQueues(found.setMore(true)));
                }
                found.addQueues(summary);
            }
            key = scan.next(key);
        }
        return scan.hasGivenUp() && found.getQueuesCount() == 0
                ? scan.refusal()
                : JobQueries.answer(JobAnswer.newBuilder().setQueues(found.setMore(scan.hasGivenUp())));
    }

    QueueSummary summary(Context at, QueuePlace place) {
        JobIndex index = jobs.of(place);
        QueueRow row = queues.get(place);
        long waitsSince = index.lists().waitsSinceMillis();
        return QueueSummary.newBuilder()
                .setNamespace(place.name().namespace())
                .setQueue(place.name().name())
                .setDelayed(index.lists().delayed().size())
                .setWaiting(index.waiting())
                .setRunning(index.running().size())
                .setDead(index.lists().dead().size())
                .setFinished(index.finished())
                .setWorkers(pools.size(place.owner()))
                .setOldestWaitMillis(waitsSince < 0 ? 0 : at.nowMillis() - waitsSince)
                .setPaused(row.getSettings().getPaused())
                .setSubmitted(row.getSubmitted())
                .setSucceeded(row.getSucceeded())
                .setAttemptsFailed(row.getAttemptsFailed())
                .setAttemptsLost(row.getAttemptsLost())
                .setRetrying(index.lists().retrying())
                .setFreeSlots(pools.room(place.owner()))
                .setDied(row.getDied())
                .build();
    }
}
