package io.coordinator.client.internal.job;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.session.SessionChannel;
import io.coordinator.client.internal.work.HandlerRun;
import io.coordinator.client.internal.work.WorkerRegistration;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.JobEvent;
import io.coordinator.protocol.JobReply;
import io.coordinator.protocol.JobRevoked;
import io.coordinator.protocol.JoinQueue;
import io.coordinator.protocol.LeaveQueue;
import io.coordinator.protocol.Reply;
import java.util.OptionalLong;
import java.util.function.Function;

/** That a worker takes the jobs of a queue, in one session. Lives on the loop. */
final class QueueMembership extends WorkerRegistration {
    private final SessionChannel channel;
    private final QueueWorker worker;

    private QueueMembership(SessionChannel channel, QueueWorker worker, Command.Builder envelope) {
        super(channel, worker, envelope, envelope.getJob().getSerializedSize());
        this.channel = channel;
        this.worker = worker;
    }

    /** One that was not sent yet. */
    static QueueMembership of(SessionChannel channel, QueueWorker worker) {
        JoinQueue.Builder join =
                JoinQueue.newBuilder().setConcurrency(worker.options().concurrency());
        return new QueueMembership(
                channel,
                worker,
                Command.newBuilder().setJob(worker.target().command().setJoin(join)));
    }

    @Override
    protected OptionalLong member(Reply reply) {
        return reply.getJob().hasJoined()
                ? OptionalLong.of(reply.getJob().getJoined().getMember())
                : OptionalLong.empty();
    }

    @Override
    public void onEvent(Event event) {
        JobEvent job = event.getJob();
        switch (job.getOutcomeCase()) {
            case ASSIGNED -> held().add(new JobRun(channel, worker, held(), this, job.getAssigned()));
            case REVOKED -> revoked(job.getRevoked());
            case ENDED -> {
                loseAll();
                worker.ended(job.getEnded().getReason());
            }
            case FINISHED, OUTCOME_NOT_SET -> {} // Not of workers.
        }
    }

    private void revoked(JobRevoked revoked) {
        HandlerRun run = held().find(revoked.getToken());
        if (run != null && revoked.getReason() == JobRevoked.Reason.CANCELLED) {
            run.cancel();
        } else if (run != null) {
            run.lose();
        }
    }

    /** Says something in this session, however long that takes. */
    <T> Promise<T> tell(JobCommand.Builder body, Function<JobReply, T> decoder) {
        return tell(
                Command.newBuilder().setJob(body),
                body.build().getSerializedSize(),
                reply -> decoder.apply(reply.getJob()));
    }

    @Override
    protected Promise<Boolean> tellLeave(long memberNumber, boolean drain) {
        LeaveQueue.Builder leave =
                LeaveQueue.newBuilder().setMember(memberNumber).setDrain(drain);
        return tell(
                worker.target().command().setLeave(leave),
                reply -> reply.getLeft().getWasMember());
    }
}
