package io.coordinator.state.job;

import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.JobReply;
import io.coordinator.protocol.JobRow;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.JobsSubmitted;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.QueueRow;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SubmitJobs;
import io.coordinator.protocol.SubmittedJob;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.SessionLimits;
import io.coordinator.state.kernel.UnknownOperationException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes jobs into queues, each id once. */
final class JobSubmissions {
    private static final long LOOK_STEPS = 10;

    private final QueueRows queues;
    private final JobRows jobs;
    private final JobWaits waits;
    private final FinishedJobs finished;
    private final JobDispatching dispatching;
    private final SessionDirectory sessions;
    private final EventCredit credit;

    JobSubmissions(
            QueueRows queues,
            JobRows jobs,
            JobWaits waits,
            FinishedJobs finished,
            JobDispatching dispatching,
            SessionDirectory sessions,
            EventCredit credit) {
        this.queues = queues;
        this.jobs = jobs;
        this.waits = waits;
        this.finished = finished;
        this.dispatching = dispatching;
        this.sessions = sessions;
        this.credit = credit;
    }

    /** All of them, or none. */
    Reply.Builder submit(Context at, Name name, SubmitJobs submit, Effects effects) {
        QueuePlace there = queues.find(name);
        Reply.Builder refusal = refusal(at, name, there, submit, effects);
        if (refusal != null) {
            return refusal;
        }
        QueuePlace place = there == null ? queues.make(name, QueueSettings.getDefaultInstance(), effects) : there;
        String submitter = sessions.clientName(at.sessionId());
        JobsSubmitted.Builder submitted = JobsSubmitted.newBuilder();
        int made = 0;
        for (NewJob asked : submit.getJobsList()) {
            StoredJob known = asked.getId().isEmpty() ? null : jobs.find(place, asked.getId());
            StoredJob job = known == null ? add(at, place, asked, submitter, effects) : known;
            made += known == null ? 1 : 0;
            submitted.addJobs(SubmittedJob.newBuilder()
                    .setId(job.id())
                    .setCreated(known == null)
                    .setState(job.state()));
            if (asked.getAwait()) {
                await(at, place, job, effects);
            }
        }
        QueueRow queue = queues.get(place);
        queues.put(
                place,
                queue.toBuilder().setSubmitted(queue.getSubmitted() + made).build());
        dispatching.settle(at, place, effects, effects.slice());
        return JobReplies.reply(JobReply.newBuilder().setSubmitted(submitted));
    }

    private Reply.@Nullable Builder refusal(
            Context at, Name name, @Nullable QueuePlace place, SubmitJobs submit, Effects effects) {
        if (submit.getJobsCount() > JobLimits.SUBMITTED_MAX) {
            return JobReplies.tooManyJobs(submit.getJobsCount());
        }
        Map<String, Integer> awaits = new LinkedHashMap<>();
        int more = 0;
        int awaited = 0;
        for (NewJob asked : submit.getJobsList()) {
            effects.meter().steps("jobs", LOOK_STEPS);
            String id = asked.getId();
            int await = asked.getAwait() ? 1 : 0;
            if (id.isEmpty() || (!awaits.containsKey(id) && (place == null || jobs.find(place, id) == null))) {
                more++;
            }
            awaits.merge(id, await, Integer::sum);
            awaited += await;
        }
        QueueSettings settings = place == null ? QueueSettings.getDefaultInstance() : queues.settings(place);
        long has = place == null ? 0 : jobs.of(place).unfinished();
        long most = QueueDefaults.jobsMax(settings);
        if (more > 0 && has + more > most) {
            return JobReplies.queueIsFull(name, has, more, most);
        }
        Reply.Builder refusal = awaited == 0 ? null : refusal(at, awaited);
        return refusal != null || place == null || awaited == 0 ? refusal : refusal(place, awaits, effects);
    }

    /** Why one of the jobs that are there may not be awaited so many times more; null if they may. */
    private Reply.@Nullable Builder refusal(QueuePlace place, Map<String, Integer> awaits, Effects effects) {
        for (Map.Entry<String, Integer> more : awaits.entrySet()) {
            StoredJob job = more.getValue() == 0 ? null : jobs.find(place, more.getKey());
            Reply.Builder refusal =
                    job == null || !job.isUnfinished() ? null : waits.refusal(place, job, more.getValue(), effects);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    /** Why a session may not await so many more; null if it may. */
    Reply.@Nullable Builder refusal(Context at, int more) {
        int has = waits.count(at.sessionId());
        return has + more > SessionLimits.WAITERS_MAX
                ? SessionLimits.sessionIsFull(at.sessionId(), has + " jobs that it awaits", SessionLimits.WAITERS_MAX)
                : credit.refusal(at.sessionId());
    }

    private StoredJob add(Context at, QueuePlace place, NewJob asked, String submitter, Effects effects) {
        long ticket = effects.nextTicket();
        String id = asked.getId().isEmpty() ? made(place, ticket, effects) : asked.getId();
        StoredJob purged = jobs.row(place.key(id));
        if (purged != null) {
            finished.forget(place, purged, effects, effects.slice());
        }
        JobRow.Builder row = JobRow.newBuilder()
                .setTicket(ticket)
                .setState(asked.getDelayMillis() > 0 ? JobState.DELAYED : JobState.WAITING)
                .setPayload(asked.getPayload())
                .setPriority(asked.getPriority())
                .setKey(asked.getKey())
                .setDueMillis(at.deadlineAfter(asked.getDelayMillis()))
                .setAttemptMillis(asked.getAttemptMillis())
                .setSinceMillis(at.nowMillis())
                .setSubmittedDateMillis(at.dateMillis())
                .setSubmitter(submitter)
                .setSchedule(asked.getSchedule());
        if (asked.hasRetry()) {
            row.setRetry(asked.getRetry());
        }
        JobRow added = row.build();
        StoredJob job = jobs.add(place, id, added);
        JobEvents.changed(place, id, added, ChangeKind.SUBMITTED, effects);
        return job;
    }

    /** A short id that no job has. */
    private String made(QueuePlace place, long ticket, Effects effects) {
        String id = Long.toUnsignedString(ticket, Character.MAX_RADIX);
        while (jobs.row(place.key(id)) != null) {
            id = Long.toUnsignedString(effects.nextTicket(), Character.MAX_RADIX);
        }
        return id;
    }

    /** The submitter is told of the end; now if it has come. */
    private void await(Context at, QueuePlace place, StoredJob job, Effects effects) {
        JobRow row = job.row();
        switch (job.state()) {
            case SUCCEEDED, DEAD, CANCELED -> {
                Event.Builder event = JobEvents.finished(place, job.id(), job.state());
                effects.share(JobEvents.value(row)).putInto(event);
                effects.tell(at.sessionId(), event.setRequestSeq(at.seq()));
            }
            case DELAYED, WAITING, RUNNING ->
                waits.add(place.owner(), row.getTicket(), at.sessionId(), at.seq(), effects);
            case JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> throw new UnknownOperationException("a state of a job");
        }
    }
}
