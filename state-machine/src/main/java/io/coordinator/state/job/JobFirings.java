package io.coordinator.state.job;

import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SubmitJobs;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.ScheduledJobs;
import io.coordinator.state.kernel.Slice;

/** The jobs of schedules. */
final class JobFirings implements ScheduledJobs {
    /** Purged ones that are not removed yet, among which there may be one that is not. */
    private static final int LOOKED_AT_MAX = 100;

    private static final int CANCELLED_MAX = 1_000;
    private static final long LOOK_STEPS = 10;

    private final QueueRows queues;
    private final JobRows jobs;
    private final JobSubmissions submissions;
    private final JobRequests requests;

    JobFirings(QueueRows queues, JobRows jobs, JobSubmissions submissions, JobRequests requests) {
        this.queues = queues;
        this.jobs = jobs;
        this.submissions = submissions;
        this.requests = requests;
    }

    @Override
    public void admit(NewJob job, Check check) {
        JobAdmission.admit(job, check);
    }

    @Override
    public Reply.Builder submit(Context at, Name queue, NewJob job, Effects effects) {
        return submissions.submit(
                at, queue, SubmitJobs.newBuilder().addJobs(job).build(), effects);
    }

    /** Of more than it looks at, all of which are purged, it is taken that one is there: skipping does less harm. */
    @Override
    public boolean isUnfinished(Name schedule) {
        for (String key : jobs.firings().last(schedule, LOOKED_AT_MAX)) {
            if (isThere(key)) {
                return true;
            }
        }
        return jobs.firings().count(schedule) > LOOKED_AT_MAX;
    }

    private boolean isThere(String key) {
        QueuePlace place = queues.ofOwner(QueuePlace.ownerOf(key));
        return place != null && queues.isThere(place) && jobs.find(place, QueuePlace.idOf(key)) != null;
    }

    @Override
    public int unfinished(Name schedule) {
        return jobs.firings().count(schedule);
    }

    @Override
    public void cancel(Context at, Name schedule, Effects effects) {
        Slice slice = effects.slice();
        for (String key : jobs.firings().last(schedule, CANCELLED_MAX)) {
            effects.meter().steps("jobs", LOOK_STEPS);
            QueuePlace place = queues.ofOwner(QueuePlace.ownerOf(key));
            if (place != null && queues.isThere(place)) {
                requests.cancel(at, place.name(), QueuePlace.idOf(key), effects);
            }
            if (slice.isSpent()) {
                return;
            }
        }
    }
}
