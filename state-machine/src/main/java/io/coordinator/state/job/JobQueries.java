package io.coordinator.state.job;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.JobAnswer;
import io.coordinator.protocol.JobAttempt;
import io.coordinator.protocol.JobInspection;
import io.coordinator.protocol.JobList;
import io.coordinator.protocol.JobQuery;
import io.coordinator.protocol.JobRow;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.JobSummary;
import io.coordinator.protocol.ListJobs;
import io.coordinator.protocol.ReadSteps;
import io.coordinator.protocol.StepPage;
import io.coordinator.protocol.StepResult;
import io.coordinator.protocol.StepRow;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.NameScan;
import io.coordinator.state.kernel.OrderedSet;
import io.coordinator.state.kernel.Page;
import io.coordinator.state.kernel.Refusals;
import org.jspecify.annotations.Nullable;

/** What can be asked about jobs. Every list is bounded. */
final class JobQueries {
    /** Of a job that is looked at, besides what the answer says of it. */
    private static final int BYTES_LOOKED_AT = 16;

    private static final long RETRY_AFTER_MILLIS = 200;

    private final QueueRows queues;
    private final JobRows jobs;
    private final JobSteps steps;
    private final QueueQueries queueQueries;

    JobQueries(QueueRows queues, JobRows jobs, JobSteps steps, QueueQueries queueQueries) {
        this.queues = queues;
        this.jobs = jobs;
        this.steps = steps;
        this.queueQueries = queueQueries;
    }

    Answer.Builder query(Context at, JobQuery job) {
        QueuePlace place = queues.find(Name.of(job.getNamespace(), job.getQueue()));
        return switch (job.getOperationCase()) {
            case INSPECT ->
                answer(JobAnswer.newBuilder()
                        .setJob(inspect(at, place, job.getInspect().getId())));
            case LIST -> list(at, place, job.getList());
            case STEPS -> answer(JobAnswer.newBuilder().setSteps(read(place, job.getSteps())));
            case INSPECT_QUEUE -> answer(JobAnswer.newBuilder().setQueue(queueQueries.inspect(at, place)));
            case LIST_QUEUES -> queueQueries.list(at, job.getNamespace(), job.getListQueues());
            case OPERATION_NOT_SET ->
                Refusals.answer(
                        ErrorCode.EUNKNOWN, "the query about jobs is unknown to this version; upgrade this node");
        };
    }

    static Answer.Builder answer(JobAnswer.Builder job) {
        return Answer.newBuilder().setJob(job);
    }

    private JobInspection inspect(Context at, @Nullable QueuePlace place, String id) {
        StoredJob job = place == null ? null : jobs.find(place, id);
        if (job == null) {
            return JobInspection.getDefaultInstance();
        }
        JobRow row = job.row();
        JobInspection.Builder inspection = JobInspection.newBuilder()
                .setExists(true)
                .setSummary(summary(at, id, row))
                .setPayload(row.getPayload())
                .setProgress(row.getProgress())
                .addAllAttempts(row.getHistoryList());
        if (row.getFinishedDateMillis() != 0 || job.isFinished() || job.state() == JobState.DEAD) {
            inspection.setEnd(FinishedJobs.end(id, row));
        }
        return inspection.build();
    }

    private static JobSummary summary(Context at, String id, JobRow row) {
        JobSummary.Builder summary = JobSummary.newBuilder()
                .setId(id)
                .setState(row.getState())
                .setAttempts(row.getAttempts())
                .setPriority(row.getPriority())
                .setKey(row.getKey())
                .setSubmittedDateMillis(row.getSubmittedDateMillis())
                .setFinishedDateMillis(row.getFinishedDateMillis())
                .setSubmitter(row.getSubmitter())
                .setCancelRequested(row.getCancelRequested())
                .setSchedule(row.getSchedule());
        if (row.getDueMillis() != 0) {
            summary.setRemainingMillis(Math.max(0, row.getDueMillis() - at.nowMillis()));
        }
        if (row.getHistoryCount() > 0) {
            JobAttempt last = row.getHistory(row.getHistoryCount() - 1);
            summary.setStartedDateMillis(last.getStartedDateMillis());
            if (row.getState() == JobState.RUNNING) {
                summary.setWorker(last.getWorker());
            }
        }
        return summary.build();
    }

    // ---- lists ----

    /** How a list goes on. */
    private interface Order {
        @Nullable
        StoredJob after(StoredJob job);
    }

    private Answer.Builder list(Context at, @Nullable QueuePlace place, ListJobs list) {
        if (place == null) {
            return answer(JobAnswer.newBuilder().setJobs(JobList.getDefaultInstance()));
        }
        boolean byId = list.getState() == JobState.JOB_STATE_UNSPECIFIED;
        if (byId) {
            StoredJob first = jobs.after(place, list.getAfterId());
            return page(at, place, list, first, job -> jobs.after(place, job.id()));
        }
        Order order = order(jobs.of(place), list.getState());
        StoredJob first;
        if (list.getAfterId().isEmpty()) {
            first = first(jobs.of(place), list.getState());
        } else {
            StoredJob before = jobs.find(place, list.getAfterId());
            if (before == null || before.state() != list.getState()) {
                return Refusals.answer(
                        ErrorCode.EKEYNOTFOUND,
                        "job \"" + list.getAfterId() + "\" of " + place + " is no longer " + list.getState()
                                + ", so that the list cannot go on behind it; list from the beginning");
            }
            first = order.after(before);
        }
        return page(at, place, list, first, order);
    }

    private static Order order(JobIndex index, JobState state) {
        JobLists lists = index.lists();
        return switch (state) {
            case WAITING ->
                job -> earlier(lists.plain().higher(job), lists.keyed().higher(job));
            case RUNNING -> index.running()::higher;
            default -> list(lists, state)::higher;
        };
    }

    private static @Nullable StoredJob first(JobIndex index, JobState state) {
        JobLists lists = index.lists();
        return switch (state) {
            case WAITING -> earlier(lists.plain().first(), lists.keyed().first());
            case RUNNING -> index.running().first();
            default -> list(lists, state).first();
        };
    }

    private static OrderedSet<StoredJob> list(JobLists lists, JobState state) {
        return switch (state) {
            case DELAYED -> lists.delayed();
            case SUCCEEDED -> lists.succeeded();
            case DEAD -> lists.dead();
            case CANCELED -> lists.canceled();
            case WAITING, RUNNING, JOB_STATE_UNSPECIFIED, UNRECOGNIZED -> new OrderedSet<>(StoredJob.BY_PLACE);
        };
    }

    private static @Nullable StoredJob earlier(@Nullable StoredJob one, @Nullable StoredJob other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return StoredJob.BY_PRIORITY.compare(one, other) < 0 ? one : other;
    }

    private Answer.Builder page(Context at, QueuePlace place, ListJobs list, @Nullable StoredJob first, Order order) {
        JobList.Builder found = JobList.newBuilder();
        Page page = new Page(list.getLimit());
        JobIndex index = jobs.of(place);
        int purged = 0;
        for (StoredJob job = first; job != null; job = order.after(job)) {
            if (index.isPurged(job)) {
                purged++;
                if (purged > NameScan.SKIPPED_MAX) {
                    return found.getJobsCount() == 0
                            ? beingPurged(place)
                            : answer(JobAnswer.newBuilder().setJobs(found.setMore(true)));
                }
                continue;
            }
            JobSummary summary = summary(at, job.id(), job.row());
            if (!page.takes(summary.getSerializedSize() + job.bytes().length / BYTES_LOOKED_AT)) {
                return answer(JobAnswer.newBuilder().setJobs(found.setMore(true)));
            }
            found.addJobs(summary);
        }
        return answer(JobAnswer.newBuilder().setJobs(found));
    }

    /** A page without jobs would name none that the next one could go on behind. */
    private static Answer.Builder beingPurged(QueuePlace place) {
        Answer.Builder busy = Refusals.answer(
                ErrorCode.EBUSY,
                "the next " + NameScan.SKIPPED_MAX + " jobs of " + place + " were purged and are about to be removed,"
                        + " and one query looks through no more; ask again in a moment, or list the jobs of one state");
        busy.getErrorBuilder().setRetryAfterMillis(RETRY_AFTER_MILLIS);
        return busy;
    }

    // ---- steps ----

    private StepPage read(@Nullable QueuePlace place, ReadSteps read) {
        StoredJob job = place == null ? null : jobs.find(place, read.getId());
        StepPage.Builder found = StepPage.newBuilder();
        if (place == null || job == null) {
            return found.build();
        }
        long stepsId = job.row().getStepsId();
        Page page = new Page(0);
        String step = stepsId == 0 ? null : steps.after(place.owner(), stepsId, read.getAfterStep());
        while (step != null) {
            StepRow row = steps.find(place.owner(), stepsId, step);
            if (row != null) {
                if (!page.takes(step.length() + row.getSerializedSize())) {
                    return found.setMore(true).build();
                }
                found.addSteps(StepResult.newBuilder()
                        .setStep(step)
                        .setResult(row.getResult())
                        .setAttempt(row.getAttempt()));
            }
            step = steps.after(place.owner(), stepsId, step);
        }
        return found.build();
    }
}
