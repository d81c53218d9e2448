package io.coordinator.state;

import io.coordinator.protocol.AwaitJob;
import io.coordinator.protocol.CancelAwait;
import io.coordinator.protocol.CancelJob;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteJob;
import io.coordinator.protocol.ConfigureQueue;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.DeleteQueue;
import io.coordinator.protocol.InspectQueue;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.JobFailure;
import io.coordinator.protocol.JobQuery;
import io.coordinator.protocol.JoinQueue;
import io.coordinator.protocol.LeaveQueue;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.PurgeQueue;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.QueueSettings;
import io.coordinator.protocol.RecordStep;
import io.coordinator.protocol.RedriveJobs;
import io.coordinator.protocol.ReportJobProgress;
import io.coordinator.protocol.RerunJob;
import io.coordinator.protocol.RetryPolicy;
import io.coordinator.protocol.SubmitJobs;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Queues with few ids, so that tokens and ids fit each other now and then. */
final class JobGenerator implements Generator {
    private final boolean onlyReversible;

    JobGenerator() {
        this(false);
    }

    /** @param onlyReversible what transactions can have */
    JobGenerator(boolean onlyReversible) {
        this.onlyReversible = onlyReversible;
    }

    @Override
    public DataKind kind() {
        return DataKind.JOB;
    }

    @Override
    public Set<String> unowned() {
        return Set.of(
                "queues",
                "queuesUnserved",
                "jobs",
                "jobSteps",
                "jobsWaiting",
                "jobsDelayed",
                "jobsRetrying",
                "jobsDead",
                "jobsSubmitted",
                "jobsSucceeded",
                "jobsDied",
                "jobAttemptsFailed",
                "jobAttemptsLost");
    }

    @Override
    public void fill(Command.Builder command, World world) {
        Random random = world.random();
        String queue = world.name();
        JobCommand.Builder job = command.getJobBuilder().setNamespace("ns").setQueue(queue);
        switch (onlyReversible ? 14 + random.nextInt(16) : random.nextInt(30)) {
            case 0, 1 ->
                job.setConfigure(
                        ConfigureQueue.newBuilder().setSettings(settings(world)).setOnlyPaused(random.nextBoolean()));
            case 2 -> {
                if (random.nextInt(3) == 0) {
                    job.setDelete(DeleteQueue.getDefaultInstance());
                } else {
                    job.setRedrive(RedriveJobs.newBuilder().setCount(random.nextInt(3)));
                }
            }
            case 3 ->
                job.setPurge(PurgeQueue.newBuilder()
                        .setWaiting(random.nextBoolean())
                        .setFinished(random.nextBoolean())
                        .setDead(random.nextBoolean()));
            case 4, 5, 6, 7 -> job.setJoin(JoinQueue.newBuilder().setConcurrency(random.nextInt(4)));
            case 8 ->
                job.setLeave(
                        LeaveQueue.newBuilder().setMember(member(queue, world)).setDrain(random.nextBoolean()));
            case 9 -> job.setAwait(AwaitJob.newBuilder().setId(id(world)));
            case 10 -> job.setCancelAwait(CancelAwait.newBuilder().setRequestSeq(world.seqBefore(command.getSeq())));
            case 11 -> job.setCancel(CancelJob.newBuilder().setId(id(world)));
            case 12 -> job.setRerun(RerunJob.newBuilder().setId(id(world)).setKeepSteps(random.nextBoolean()));
            case 13 ->
                job.setProgress(ReportJobProgress.newBuilder()
                        .setId(id(world))
                        .setToken(world.token())
                        .setValue(world.json()));
            case 14, 15 ->
                job.setStep(RecordStep.newBuilder()
                        .setId(id(world))
                        .setToken(world.token())
                        .setStep("step-" + random.nextInt(3))
                        .setResult(world.json()));
            case 16, 17, 18, 19, 20, 21 -> job.setComplete(complete(world));
            default -> job.setSubmit(submit(world));
        }
    }

    private static String id(World world) {
        return "job-" + world.random().nextInt(4);
    }

    private static QueueSettings.Builder settings(World world) {
        Random random = world.random();
        return QueueSettings.newBuilder()
                .setConcurrencyMax(random.nextInt(4))
                .setKeyConcurrencyMax(random.nextInt(3))
                .setRetry(retry(world))
                .setRetentionMillis(world.millis())
                .setFinishedMax(random.nextInt(3))
                .setJobsMax(random.nextInt(8))
                .setAttemptMillis(world.millis())
                .setPaused(random.nextInt(4) == 0);
    }

    private static RetryPolicy.Builder retry(World world) {
        Random random = world.random();
        return RetryPolicy.newBuilder()
                .setAttemptsMax(random.nextInt(4))
                .setBackoffMillis(world.millis())
                .setBackoffMaxMillis(world.millis())
                .setJitterPercent(random.nextInt(100));
    }

    private static SubmitJobs.Builder submit(World world) {
        Random random = world.random();
        SubmitJobs.Builder submit = SubmitJobs.newBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            NewJob.Builder job = NewJob.newBuilder()
                    .setId(random.nextInt(4) == 0 ? "" : id(world))
                    .setPayload(world.json())
                    .setDelayMillis(random.nextInt(3) == 0 ? world.millis() : 0)
                    .setPriority(random.nextInt(3) - 1)
                    .setKey(random.nextBoolean() ? "" : "key-" + random.nextInt(2))
                    .setAttemptMillis(random.nextBoolean() ? 0 : world.millis())
                    .setAwait(random.nextInt(3) == 0);
            if (random.nextInt(3) == 0) {
                job.setRetry(retry(world));
            }
            submit.addJobs(job);
        }
        return submit;
    }

    private static CompleteJob.Builder complete(World world) {
        Random random = world.random();
        CompleteJob.Builder complete = CompleteJob.newBuilder().setId(id(world)).setToken(world.token());
        return switch (random.nextInt(6)) {
            case 0, 1 ->
                complete.setFailure(JobFailure.newBuilder()
                        .setCode("E")
                        .setMessage("failed")
                        .setPermanent(random.nextInt(4) == 0)
                        .setDelayMillis(random.nextBoolean() ? 0 : world.millis()));
            case 2 -> complete.setCancelled(true);
            case 3 -> complete.setHandedBack(true);
            default -> complete.setResult(world.json());
        };
    }

    private static long member(String queue, World world) {
        Query inspect = Query.newBuilder()
                .setJob(JobQuery.newBuilder()
                        .setNamespace("ns")
                        .setQueue(queue)
                        .setInspectQueue(InspectQueue.getDefaultInstance()))
                .build();
        List<PoolMember> workers =
                world.core().query(inspect).getJob().getQueue().getWorkersList();
        return workers.isEmpty()
                ? 0
                : workers.get(world.random().nextInt(workers.size())).getTicket();
    }
}
