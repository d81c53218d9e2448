package io.coordinator.server.net;

import com.google.protobuf.MessageLite;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.util.concurrent.TimeUnit;

/**
 * A call of one message, from its start until it is over. It ends once, whoever comes first: its answer, or the refusal
 * of somebody who needs its room; what comes later is dropped.
 */
final class UnaryCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    static final Metadata.Key<Error> REFUSAL = ProtoUtils.keyForProto(Error.getDefaultInstance());
    /** From its start until it has been asked in full. */
    static final long ASK_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final OpenCalls calls;
    private final long begunNanos = System.nanoTime();
    private ServerCall.Listener<Q> service = new ServerCall.Listener<>() {};
    private final Runnable cut;
    private boolean asked;
    private boolean answered;
    private long answeredNanos;
    private long answerBytes;
    private boolean isCut;

    /** @param cut ends the call at once, with what is still on its way to the client; any thread */
    UnaryCall(ServerCall<Q, A> call, OpenCalls calls, Runnable cut) {
        super(call);
        this.calls = calls;
        this.cut = cut;
    }

    @Override
    public synchronized void sendMessage(A message) {
        if (!answered) {
            answerBytes = message instanceof MessageLite answer ? answer.getSerializedSize() : 0;
            super.sendMessage(message);
        }
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
        if (!answered) {
            answered = true;
            answeredNanos = System.nanoTime();
            forget();
            super.close(status, trailers);
        }
    }

    /** Ends it, unless that has happened; any thread. */
    void refuse(Error error) {
        Metadata trailers = new Metadata();
        trailers.put(REFUSAL, error);
        close(status(error.getCode()).withDescription(error.getMessage()), trailers);
    }

    private static Status status(ErrorCode code) {
        if (code == ErrorCode.EAUTH) {
            return Status.UNAUTHENTICATED;
        }
        return code == ErrorCode.EINVAL ? Status.INVALID_ARGUMENT : Status.RESOURCE_EXHAUSTED;
    }

    /** Looks whether its client keeps up; from time to time. */
    void sweep(long nowNanos) {
        if (isLate(nowNanos)) {
            refuse(Error.newBuilder()
                    .setCode(ErrorCode.ETIMEOUT)
                    .setMessage("the call was not asked in full within " + TimeUnit.NANOSECONDS.toSeconds(ASK_NANOS)
                            + " s; send its message, and end what you send, at once")
                    .build());
        } else if (isStalled(nowNanos)) {
            calls.outgoing().countSlowConsumer();
            cut.run();
        }
    }

    /** Whether its client does not take the answer; true once. */
    private synchronized boolean isStalled(long nowNanos) {
        boolean stalled = answered
                && !isCut
                && nowNanos - answeredNanos > calls.outgoing().patienceNanos(answerBytes);
        isCut |= stalled;
        return stalled;
    }

    private synchronized boolean isLate(long nowNanos) {
        return !asked && !answered && nowNanos - begunNanos > ASK_NANOS;
    }

    /** What serves a call keeps its message until it has been asked in full. */
    private synchronized void forget() {
        if (!asked) {
            service = new ServerCall.Listener<>() {};
        }
    }

    private synchronized ServerCall.Listener<Q> ask() {
        asked = !answered;
        return service;
    }

    private synchronized ServerCall.Listener<Q> service() {
        return service;
    }

    /** What hears the call, in front of what serves it. */
    synchronized ServerCall.Listener<Q> hear(ServerCall.Listener<Q> serving) {
        if (!answered) {
            service = serving;
        }
        return new Hearing();
    }

    private final class Hearing extends ForwardingServerCallListener<Q> {
        @Override
        protected ServerCall.Listener<Q> delegate() {
            return service();
        }

        @Override
        public void onHalfClose() {
            ask().onHalfClose();
        }

        @Override
        public void onComplete() {
            calls.leave(UnaryCall.this);
            super.onComplete();
        }

        @Override
        public void onCancel() {
            calls.leave(UnaryCall.this);
            super.onCancel();
        }
    }
}
