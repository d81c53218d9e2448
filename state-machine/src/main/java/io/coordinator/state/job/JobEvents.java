package io.coordinator.state.job;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobEnd;
import io.coordinator.protocol.JobEvent;
import io.coordinator.protocol.JobRevoked;
import io.coordinator.protocol.JobRow;
import io.coordinator.protocol.JobState;
import io.coordinator.protocol.PoolMember;
import io.coordinator.protocol.QueueMembershipEnded;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.Effects;

/** What workers, those who await a job, and watchers are told. */
final class JobEvents {
    private JobEvents() {}

    // ---- to a worker ----

    static void assigned(
            Context at, QueuePlace place, PoolMember worker, String id, JobRow job, long attemptsMax, Effects effects) {
        long deadline = job.getLease().getDeadlineMillis();
        JobAssigned.Builder assigned = JobAssigned.newBuilder()
                .setId(id)
                .setToken(job.getLease().getToken())
                .setPayload(job.getPayload())
                .setAttempt(job.getAttempts())
                .setDeadlineMillis(deadline)
                .setRemainingMillis(deadline == 0 ? 0 : deadline - at.nowMillis())
                .setKey(job.getKey())
                .setSteps(job.getSteps())
                .setSubmitter(job.getSubmitter())
                .setSubmittedDateMillis(job.getSubmittedDateMillis())
                .setAttemptsMax((int) attemptsMax);
        tell(worker, event(place).setAssigned(assigned), effects);
    }

    static void revoked(
            QueuePlace place, PoolMember worker, String id, long token, JobRevoked.Reason reason, Effects effects) {
        tell(
                worker,
                event(place)
                        .setRevoked(JobRevoked.newBuilder()
                                .setId(id)
                                .setToken(token)
                                .setReason(reason)),
                effects);
    }

    static void ended(QueuePlace place, PoolMember worker, String reason, Effects effects) {
        tell(worker, event(place).setEnded(QueueMembershipEnded.newBuilder().setReason(reason)), effects);
    }

    private static void tell(PoolMember worker, JobEvent.Builder event, Effects effects) {
        effects.tell(
                worker.getSessionId(),
                Event.newBuilder().setRequestSeq(worker.getRequestSeq()).setJob(event));
    }

    private static JobEvent.Builder event(QueuePlace place) {
        return JobEvent.newBuilder()
                .setNamespace(place.name().namespace())
                .setQueue(place.name().name());
    }

    // ---- to those who await a job ----

    static Event.Builder finished(QueuePlace place, String id, JobState state) {
        return Event.newBuilder()
                .setJob(event(place).setFinished(JobEnd.newBuilder().setId(id).setState(state)));
    }

    /** What a job has come to, and those who await it are told as a value. */
    static ByteString value(JobRow job) {
        return switch (job.getState()) {
            case SUCCEEDED -> job.getResult();
            case DEAD -> job.getFailure().toByteString();
            default -> ByteString.EMPTY;
        };
    }

    // ---- to watchers ----

    static void changed(QueuePlace place, String id, JobRow job, ChangeKind kind, Effects effects) {
        String json = "{\"state\":\"" + job.getState() + "\",\"attempt\":" + Integer.toUnsignedString(job.getAttempts())
                + "}";
        effects.change(DataKind.JOB, place.watched(id), kind, ByteString.copyFromUtf8(json));
    }
}
