package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AwaitJob;
import io.coordinator.protocol.CancelJob;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteJob;
import io.coordinator.protocol.ConfigureQueue;
import io.coordinator.protocol.DeleteQueue;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.InspectJob;
import io.coordinator.protocol.InspectQueue;
import io.coordinator.protocol.JobAnswer;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.JobEnd;
import io.coordinator.protocol.JobFailure;
import io.coordinator.protocol.JobInspection;
import io.coordinator.protocol.JobList;
import io.coordinator.protocol.JobQuery;
import io.coordinator.protocol.JobRevoked;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.JobSummary;
import io.coordinator.protocol.JoinQueue;
import io.coordinator.protocol.LeaveQueue;
import io.coordinator.protocol.ListJobs;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.QueueSummary;
import io.coordinator.protocol.RecordStep;
import io.coordinator.protocol.RedriveJobs;
import io.coordinator.protocol.RerunJob;
import io.coordinator.protocol.RetryPolicy;
import io.coordinator.protocol.SubmitJobs;
import io.coordinator.state.kernel.DataType;
import java.util.List;
import java.util.function.UnaryOperator;

/** A script with the verbs of queues; one queue, unless it is named. */
abstract class JobScript extends Script {
    static final String QUEUE = "q";

    JobScript() {}

    /** With data types of its own. */
    JobScript(UnaryOperator<DataType> around) {
        super(around);
    }

    @Override
    Applied apply(Entry.Builder entry) {
        Applied applied = super.apply(entry);
        assertThat(applied.defects()).isEmpty();
        return applied;
    }

    static Command.Builder command(String queue, UnaryOperator<JobCommand.Builder> operation) {
        return Command.newBuilder()
                .setJob(operation.apply(
                        JobCommand.newBuilder().setNamespace(Actor.NAMESPACE).setQueue(queue)));
    }

    static Command.Builder command(UnaryOperator<JobCommand.Builder> operation) {
        return command(QUEUE, operation);
    }

    Outcome job(String session, UnaryOperator<JobCommand.Builder> operation) {
        return session(session).send(command(operation));
    }

    JobAnswer ask(UnaryOperator<JobQuery.Builder> operation) {
        return query(Query.newBuilder()
                        .setJob(operation.apply(JobQuery.newBuilder()
                                .setNamespace(Actor.NAMESPACE)
                                .setQueue(QUEUE))))
                .getJob();
    }

    // ---- submitting ----

    static NewJob.Builder newJob(String id) {
        return NewJob.newBuilder().setId(id).setPayload(Actor.json("\"" + id + "\""));
    }

    static JobCommand.Builder submitting(JobCommand.Builder command, NewJob.Builder... jobs) {
        SubmitJobs.Builder submit = SubmitJobs.newBuilder();
        for (NewJob.Builder job : jobs) {
            submit.addJobs(job);
        }
        return command.setSubmit(submit);
    }

    Outcome submit(String session, NewJob.Builder... jobs) {
        return job(session, b -> submitting(b, jobs));
    }

    Outcome submit(String session, String... ids) {
        NewJob.Builder[] jobs = new NewJob.Builder[ids.length];
        for (int i = 0; i < ids.length; i++) {
            jobs[i] = newJob(ids[i]);
        }
        return submit(session, jobs);
    }

    /** Jobs of one key. */
    void submitKeyed(String session, String key, String... ids) {
        for (String id : ids) {
            submit(session, newJob(id).setKey(key));
        }
    }

    // ---- the queue ----

    Outcome configure(String session, QueueSettings.Builder settings) {
        return job(session, b -> b.setConfigure(ConfigureQueue.newBuilder().setSettings(settings)));
    }

    /** Attempts at most, with a back-off without jitter. */
    static QueueSettings.Builder retrying(int attempts, long backoffMillis) {
        return QueueSettings.newBuilder()
                .setRetry(RetryPolicy.newBuilder()
                        .setAttemptsMax(attempts)
                        .setBackoffMillis(backoffMillis)
                        .setNoJitter(true));
    }

    Outcome purge(String session, PurgeQueue.Builder purge) {
        return job(session, b -> b.setPurge(purge));
    }

    Outcome delete(String session) {
        return job(session, b -> b.setDelete(DeleteQueue.getDefaultInstance()));
    }

    Outcome redrive(String session, long count) {
        return job(session, b -> b.setRedrive(RedriveJobs.newBuilder().setCount(count)));
    }

    // ---- workers ----

    /** Returns the member. */
    long join(String session, int concurrency) {
        Outcome joined = job(session, b -> b.setJoin(JoinQueue.newBuilder().setConcurrency(concurrency)));
        return joined.reply().getJob().getJoined().getMember();
    }

    boolean leave(String session, long member, boolean drain) {
        return job(
                        session,
                        b -> b.setLeave(
                                LeaveQueue.newBuilder().setMember(member).setDrain(drain)))
                .reply()
                .getJob()
                .getLeft()
                .getWasMember();
    }

    static Command.Builder completion(CompleteJob.Builder complete) {
        return command(b -> b.setComplete(complete));
    }

    static CompleteJob.Builder result(JobAssigned job, String json) {
        return CompleteJob.newBuilder()
                .setId(job.getId())
                .setToken(job.getToken())
                .setResult(Actor.json(json));
    }

    static CompleteJob.Builder failure(JobAssigned job, String message) {
        return CompleteJob.newBuilder()
                .setId(job.getId())
                .setToken(job.getToken())
                .setFailure(JobFailure.newBuilder().setCode("E").setMessage(message));
    }

    Outcome complete(String session, CompleteJob.Builder complete) {
        return session(session).send(completion(complete));
    }

    Outcome succeed(String session, JobAssigned job) {
        return complete(session, result(job, "\"done\""));
    }

    Outcome fail(String session, JobAssigned job) {
        return complete(session, failure(job, "why"));
    }

    static CompleteJob.Builder handBack(JobAssigned job) {
        return CompleteJob.newBuilder()
                .setId(job.getId())
                .setToken(job.getToken())
                .setHandedBack(true);
    }

    static CompleteJob.Builder stopped(JobAssigned job) {
        return CompleteJob.newBuilder()
                .setId(job.getId())
                .setToken(job.getToken())
                .setCancelled(true);
    }

    Outcome step(String session, JobAssigned job, String step, String json) {
        return session(session).send(stepCommand(job, step, json));
    }

    static Command.Builder stepCommand(JobAssigned job, String step, String json) {
        return command(b -> b.setStep(RecordStep.newBuilder()
                .setId(job.getId())
                .setToken(job.getToken())
                .setStep(step)
                .setResult(Actor.json(json))));
    }

    /** What a worker was given since the last call; it was told nothing else. */
    List<JobAssigned> given(String session) {
        return session(session).heard().stream()
                .map(event -> {
                    assertThat(event.getJob().hasAssigned()).as("%s", event).isTrue();
                    return event.getJob().getAssigned();
                })
                .toList();
    }

    /** The same, and they are these. */
    List<JobAssigned> given(String session, String... ids) {
        List<JobAssigned> jobs = given(session);
        assertThat(jobs).extracting(JobAssigned::getId).containsExactly(ids);
        return jobs;
    }

    JobAssigned givenOne(String session, String id) {
        return given(session, new String[] {id}).get(0);
    }

    /** Expects that a worker was told to stop one job, and nothing else. */
    void revoked(String session, JobAssigned job, JobRevoked.Reason reason) {
        List<Event> events = session(session).heard();
        assertThat(events).hasSize(1);
        JobRevoked revoked = events.get(0).getJob().getRevoked();
        assertThat(revoked)
                .isEqualTo(JobRevoked.newBuilder()
                        .setId(job.getId())
                        .setToken(job.getToken())
                        .setReason(reason)
                        .build());
    }

    // ---- others ----

    Outcome await(String session, String id) {
        return job(session, b -> b.setAwait(AwaitJob.newBuilder().setId(id)));
    }

    Outcome cancel(String session, String id) {
        return job(session, b -> b.setCancel(CancelJob.newBuilder().setId(id)));
    }

    Outcome rerun(String session, String id, boolean keepSteps) {
        return job(session, b -> b.setRerun(RerunJob.newBuilder().setId(id).setKeepSteps(keepSteps)));
    }

    /** The ends that a session was told of since the last call; it was told nothing else. */
    List<JobEnd> ends(String session) {
        return session(session).heard().stream()
                .map(event -> {
                    assertThat(event.getJob().hasFinished()).as("%s", event).isTrue();
                    return event.getJob().getFinished();
                })
                .toList();
    }

    void ended(String session, long requestSeq, String id, JobState state, ByteString value) {
        List<Event> events = session(session).heard();
        assertThat(events).hasSize(1);
        Event event = events.get(0);
        assertThat(event.getRequestSeq()).isEqualTo(requestSeq);
        assertThat(event.getJob().getQueue()).isEqualTo(QUEUE);
        assertThat(event.getJob().getFinished())
                .isEqualTo(JobEnd.newBuilder().setId(id).setState(state).build());
        assertThat(event.getValue()).isEqualTo(value);
    }

    // ---- looking ----

    JobInspection inspect(String id) {
        return ask(b -> b.setInspect(InspectJob.newBuilder().setId(id))).getJob();
    }

    JobState state(String id) {
        return inspect(id).getSummary().getState();
    }

    QueueSummary queue() {
        return ask(b -> b.setInspectQueue(InspectQueue.getDefaultInstance()))
                .getQueue()
                .getSummary();
    }

    List<String> list(JobState state) {
        JobList page =
                ask(b -> b.setList(ListJobs.newBuilder().setState(state))).getJobs();
        return page.getJobsList().stream().map(JobSummary::getId).toList();
    }

    /** So many are delayed, wait, run, are dead and finished. */
    void there(int delayed, int waiting, int running, int dead, int finished) {
        QueueSummary queue = queue();
        assertThat(List.of(
                        queue.getDelayed(),
                        queue.getWaiting(),
                        queue.getRunning(),
                        queue.getDead(),
                        queue.getFinished()))
                .containsExactly((long) delayed, (long) waiting, (long) running, (long) dead, (long) finished);
    }
}
