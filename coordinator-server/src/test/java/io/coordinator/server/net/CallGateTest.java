package io.coordinator.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Query;
import io.coordinator.server.session.AuthToken;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls are counted while there is something to answer. */
class CallGateTest {
    private final CallGate gate = new CallGate(new ConnectionGate(10, 10), new AuthToken(Optional.empty()), 2);

    private static final class FakeCall extends ServerCall<Query, Answer> {
        private @Nullable Status closed;
        private Metadata trailers = new Metadata();

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(Answer message) {}

        @Override
        public void close(Status status, Metadata metadata) {
            closed = status;
            trailers = metadata;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<Query, Answer> getMethodDescriptor() {
            return CoordinatorServiceGrpc.getReadMethod();
        }
    }

    private ServerCall.Listener<Query> begin(FakeCall call) {
        return gate.interceptCall(call, new Metadata(), (same, headers) -> new ServerCall.Listener<>() {});
    }

    private ServerCall.Listener<Query> ask(FakeCall call) {
        ServerCall.Listener<Query> listener = begin(call);
        listener.onMessage(Query.getDefaultInstance());
        listener.onHalfClose();
        return listener;
    }

    @Test
    void oneTooManyIsToldWhenToTryAgain() {
        for (int i = 0; i < 5; i++) {
            begin(new FakeCall());
        }
        FakeCall first = new FakeCall();
        ServerCall.Listener<Query> running = ask(first);
        ServerCall.Listener<Query> cancelled = ask(new FakeCall());
        assertThat(first.closed).as("those that ask nothing hold nothing up").isNull();

        FakeCall third = new FakeCall();
        ServerCall.Listener<Query> refused = ask(third);
        assertThat(third.closed).isNotNull().extracting(Status::getCode).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(third.trailers.get(CallGate.REFUSAL).getCode()).isEqualTo(ErrorCode.EBUSY);
        assertThat(third.trailers.get(CallGate.REFUSAL).getRetryAfterMillis()).isPositive();
        refused.onComplete();

        running.onComplete();
        cancelled.onCancel();
        for (int i = 0; i < 2; i++) {
            FakeCall later = new FakeCall();
            ask(later);
            assertThat(later.closed).isNull();
        }
        FakeCall again = new FakeCall();
        ask(again);
        assertThat(again.closed).as("a refused one was not counted").isNotNull();
    }
}
