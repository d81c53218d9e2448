package io.coordinator.state.job;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteJob;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.QueueRow;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.Stats;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Memberships;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.ScheduledJobs;
import io.coordinator.state.kernel.SessionDirectory;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.UnknownOperationException;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Queues of jobs. A job is submitted once, whatever is repeated; it is leased to one worker at a time, and to the next
 * one if that fails, is lost or takes too long, until its attempts are used up. A completion is accepted once, with the
 * token of the lease that is live. What attempts have recorded as steps stays for later ones.
 */
public final class JobQueues implements DataType {
    private static final int MEMBERS = 3;
    /** About what a job that runs takes of the state anyway. */
    private static final int OUTCOME_BYTES_FREEING = 1_024;

    private final QueueRows queues;
    private final JobRows jobs;
    private final JobSteps steps;
    private final JobWaits waits;
    private final Pools pools;
    private final FinishedJobs finished;
    private final JobDispatching dispatching;
    private final QueueChores chores;
    private final JobSubmissions submissions;
    private final JobRequests requests;
    private final QueueRequests queueRequests;
    private final JobOutcomes outcomes;
    private final JobQueries queries;
    private final JobFirings firings;
    private final QueueRanking ranking;

    public JobQueues(Storage storage, SessionDirectory sessions) {
        EventCredit credit = new EventCredit(DataKind.JOB, sessions);
        queues = new QueueRows(storage);
        jobs = new JobRows(storage);
        pools = new Pools(storage, DataKind.JOB, MEMBERS, sessions);
        steps = new JobSteps(storage);
        waits = new JobWaits(storage);
        finished = new FinishedJobs(queues, jobs, steps, waits, pools);
        JobEnds ends = new JobEnds(queues, jobs, waits, pools, finished);
        dispatching = new JobDispatching(queues, jobs, pools, sessions);
        chores = new QueueChores(queues, jobs, steps, waits, pools, finished, ends, dispatching, storage.undo());
        submissions = new JobSubmissions(queues, jobs, waits, finished, dispatching, sessions, credit);
        requests = new JobRequests(queues, jobs, steps, waits, pools, ends, submissions, dispatching);
        queueRequests = new QueueRequests(queues, jobs, pools, finished, dispatching, chores, credit, storage.undo());
        outcomes = new JobOutcomes(queues, jobs, steps, pools, ends, dispatching);
        firings = new JobFirings(queues, jobs, submissions, requests);
        QueueQueries queueQueries = new QueueQueries(queues, jobs, pools, sessions);
        queries = new JobQueries(queues, jobs, steps, queueQueries);
        ranking = new QueueRanking(queues, jobs, pools, queueQueries);
    }

    /** How schedules have jobs done. */
    public ScheduledJobs ofSchedules() {
        return firings;
    }

    @Override
    public DataKind kind() {
        return DataKind.JOB;
    }

    @Override
    public void admit(Command command, Check check) {
        JobAdmission.admit(command.getJob(), check);
    }

    @Override
    public void admit(Query query, Check check) {
        JobAdmission.admit(query.getJob(), check);
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        JobCommand job = command.getJob();
        Name name = Name.of(job.getNamespace(), job.getQueue());
        return switch (job.getOperationCase()) {
            case CONFIGURE -> queueRequests.configure(at, name, job.getConfigure(), effects);
            case SUBMIT -> submissions.submit(at, name, job.getSubmit(), effects);
            case AWAIT -> requests.await(at, name, job.getAwait().getId(), effects);
            case CANCEL_AWAIT -> requests.cancelAwait(at, job.getCancelAwait().getRequestSeq());
            case CANCEL -> requests.cancel(at, name, job.getCancel().getId(), effects);
            case JOIN -> queueRequests.join(at, name, job.getJoin(), effects);
            case LEAVE -> queueRequests.leave(at, name, job.getLeave(), effects);
            case COMPLETE -> complete(at, name, job.getComplete(), effects);
            case STEP -> outcomes.recordStep(at, name, job.getStep(), effects);
            case PROGRESS -> outcomes.progress(at, name, job.getProgress(), effects);
            case RERUN -> requests.rerun(at, name, job.getRerun(), effects);
            case REDRIVE -> requests.redrive(at, name, job.getRedrive().getCount(), effects);
            case PURGE -> queueRequests.purge(name, job.getPurge(), effects);
            case DELETE -> queueRequests.delete(name, effects);
            case OPERATION_NOT_SET -> throw new UnknownOperationException("an operation of jobs");
        };
    }

    private Reply.Builder complete(Context at, Name name, CompleteJob complete, Effects effects) {
        if (complete.getOutcomeCase() == CompleteJob.OutcomeCase.OUTCOME_NOT_SET) {
            throw new UnknownOperationException("an outcome of a job");
        }
        return outcomes.complete(at, name, complete, effects);
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        if (due.table() == QueueRows.NUMBER) {
            QueuePlace place = queues.find(Name.ofKey(due.key()));
            if (place != null) {
                finished.expire(at, place, effects, effects.slice());
            }
        } else {
            chores.expire(at, due.key(), effects);
        }
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        return waits.sessionClosed(sessionId, slice) && chores.sessionClosed(at, sessionId, effects, slice);
    }

    @Override
    public Chore.Builder hearsAgain(long sessionId) {
        return Memberships.hearsAgain(sessionId, JobChores.HEARS_AGAIN);
    }

    @Override
    public @Nullable Chore resume(Context at, Chore chore, Effects effects, Slice slice) {
        return chores.resume(at, chore, effects, slice);
    }

    /** An outcome takes as much as it brings, and ends a lease. */
    @Override
    public boolean isFreeing(Command command) {
        JobCommand job = command.getJob();
        return switch (job.getOperationCase()) {
            case CANCEL, CANCEL_AWAIT, LEAVE, PURGE, DELETE -> true;
            case COMPLETE -> job.getComplete().getSerializedSize() <= OUTCOME_BYTES_FREEING;
            case CONFIGURE, SUBMIT, AWAIT, JOIN, STEP, PROGRESS, RERUN, REDRIVE, OPERATION_NOT_SET -> false;
        };
    }

    /** What workers and others are told of it is told only if it stays. */
    @Override
    public boolean isReversible(Command command) {
        return switch (command.getJob().getOperationCase()) {
            case SUBMIT, COMPLETE, STEP -> true;
            default -> false;
        };
    }

    @Override
    public long values(Command command) {
        return command.getJob().getSubmit().getJobsCount();
    }

    @Override
    public void rebuild() {
        queues.rebuild();
        pools.rebuild();
        queues.forEach(place -> {
            QueueRow row = queues.row(place);
            JobIndex index = jobs.obtain(place.owner());
            index.setPurge(row.getPurge());
            index.setKeyMost(QueueDefaults.keyConcurrencyMax(row.getSettings()));
        });
        jobs.rebuild(pools);
        waits.rebuild();
    }

    @Override
    public void count(ObjLongConsumer<String> counts) {
        counts.accept("queues", queues.size());
        counts.accept("queueWorkers", pools.size());
        counts.accept("jobs", jobs.size());
        counts.accept("jobSteps", steps.size());
        counts.accept("jobAwaits", waits.size());
    }

    @Override
    public void rank(Context at, Stats.Builder stats) {
        ranking.tell(at, stats);
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        return queries.query(at, query.getJob());
    }
}
