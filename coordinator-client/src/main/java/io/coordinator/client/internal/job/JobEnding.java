package io.coordinator.client.internal.job;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.JobCancelledException;
import io.coordinator.client.error.JobFailedException;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.JobEnd;
import io.coordinator.protocol.JobFailure;
import io.coordinator.protocol.JobState;

/**
 * How a job has ended, as it is told in two ways.
 *
 * @param result of one that succeeded
 * @param failure of one that is dead
 */
record JobEnding(JobState state, ByteString result, JobFailure failure) {
    /** From an answer. */
    static JobEnding of(JobEnd end) {
        return new JobEnding(end.getState(), end.getResult(), end.getFailure());
    }

    /**
     * From an event, whose value it is.
     *
     * @throws CoordinatorException if it is none
     */
    static JobEnding of(Event event) {
        JobState state = event.getJob().getFinished().getState();
        try {
            return state == JobState.DEAD
                    ? new JobEnding(state, ByteString.EMPTY, JobFailure.parseFrom(event.getValue()))
                    : new JobEnding(state, event.getValue(), JobFailure.getDefaultInstance());
        } catch (InvalidProtocolBufferException e) {
            throw Errors.unexpectedAnswer(state);
        }
    }

    boolean isSuccess() {
        return state == JobState.SUCCEEDED;
    }

    /** What those who await it are told, unless it is a success. */
    CoordinatorException exception(QueueTarget target, String id) {
        String job = target.job(id);
        return switch (state) {
            case DEAD -> new JobFailedException(job, failure.getCode(), failure.getMessage(), failure.getType());
            case CANCELED -> new JobCancelledException(job + " was cancelled, or purged before it ran");
            default -> Errors.unexpectedAnswer(state);
        };
    }
}
