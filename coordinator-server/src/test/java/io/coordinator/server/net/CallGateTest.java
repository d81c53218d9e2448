package io.coordinator.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Query;
import io.coordinator.server.session.AuthToken;
import io.coordinator.server.session.Outgoing;
import io.coordinator.testing.feature.Feature;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Calls of one message are counted from their start, and end in time. */
class CallGateTest {
    private final Outgoing outgoing = new Outgoing(1 << 20, 1 << 20, 20_000, Runnable::run);
    private final OpenCalls calls = new OpenCalls(8, outgoing);
    private final MemberProof members =
            MemberProof.of(Optional.of("p".repeat(32))).orElseThrow();
    private final CallGate gate =
            new CallGate(new ConnectionGate(100, 100), new AuthToken(Optional.empty()), Optional.of(members), calls);

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicReference<ServerCall<Query, Answer>> served = new AtomicReference<>();

    private static final class FakeCall extends ServerCall<Query, Answer> {
        private final Attributes attributes;
        private @Nullable Status closed;
        private Metadata trailers = new Metadata();
        private int sent;

        FakeCall(String address) {
            attributes = Attributes.newBuilder()
                    .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, new InetSocketAddress(address, 1))
                    .build();
        }

        @Override
        public Attributes getAttributes() {
            return attributes;
        }

        @Nullable
        ErrorCode refusal() {
            Error refusal = trailers.get(UnaryCall.REFUSAL);
            return refusal == null ? null : refusal.getCode();
        }

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(Answer message) {
            sent++;
        }

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
        return gate.interceptCall(call, new Metadata(), (same, headers) -> {
            served.set(same);
            return new ServerCall.Listener<>() {
                @Override
                public void onHalfClose() {
                    asked.incrementAndGet();
                }
            };
        });
    }

    private static void ask(ServerCall.Listener<Query> listener) {
        listener.onMessage(Query.getDefaultInstance());
        listener.onHalfClose();
    }

    private static long inSeconds(long seconds) {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    @Feature("C-08")
    void callsThatAskNothingAreCountedAndOneTooManyIsToldWhenToTryAgain() {
        List<ServerCall.Listener<Query>> open = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            FakeCall call = new FakeCall("10.0.0." + i);
            open.add(begin(call));
            assertThat(call.closed).isNull();
        }
        FakeCall refused = new FakeCall("10.0.0.9");
        begin(refused).onComplete();
        assertThat(refused.closed).isNotNull().extracting(Status::getCode).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.refusal()).isEqualTo(ErrorCode.EBUSY);
        assertThat(refused.trailers.get(UnaryCall.REFUSAL).getRetryAfterMillis())
                .isPositive();

        open.get(0).onComplete();
        open.get(1).onCancel();
        for (int i = 0; i < 2; i++) {
            FakeCall later = new FakeCall("10.0.0.9");
            begin(later);
            assertThat(later.closed).isNull();
        }
        FakeCall again = new FakeCall("10.0.0.8");
        begin(again);
        assertThat(again.refusal()).as("a refused one was not counted").isEqualTo(ErrorCode.EBUSY);
    }

    @Test
    @Feature("C-08")
    void oneAddressHasAPartOfThem() {
        List<ServerCall.Listener<Query>> open = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            open.add(begin(new FakeCall("10.0.0.1")));
        }
        FakeCall third = new FakeCall("10.0.0.1");
        begin(third);
        assertThat(third.refusal()).isEqualTo(ErrorCode.EBUSY);
        FakeCall other = new FakeCall("10.0.0.2");
        begin(other);
        assertThat(other.closed).isNull();

        open.get(0).onComplete();
        FakeCall next = new FakeCall("10.0.0.1");
        begin(next);
        assertThat(next.closed).isNull();
    }

    @Test
    @Feature("C-08")
    void aCallThatIsNotAskedInFullInTimeEnds() {
        FakeCall silent = new FakeCall("10.0.0.1");
        ServerCall.Listener<Query> unasked = begin(silent);
        unasked.onMessage(Query.getDefaultInstance());
        FakeCall prompt = new FakeCall("10.0.0.2");
        ask(begin(prompt));

        calls.sweep(inSeconds(9));
        assertThat(silent.closed).isNull();
        calls.sweep(inSeconds(11));
        assertThat(silent.refusal()).isEqualTo(ErrorCode.ETIMEOUT);
        assertThat(prompt.closed).as("it waits for this node").isNull();

        unasked.onHalfClose();
        assertThat(asked).as("the one that was asked in time").hasValue(1);
    }

    @Test
    void anAnswerToACallThatWasRefusedIsDropped() {
        FakeCall call = new FakeCall("10.0.0.1");
        begin(call);
        calls.sweep(inSeconds(11));
        ServerCall<Query, Answer> late = Objects.requireNonNull(served.get());
        late.sendMessage(Answer.getDefaultInstance());
        late.close(Status.OK, new Metadata());
        assertThat(call.closed).isNotNull().extracting(Status::getCode).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(call.sent).isZero();
    }

    @Test
    @Feature("C-08")
    void aCallWhoseAnswerIsNotTakenIsCutOnce() {
        AtomicInteger cuts = new AtomicInteger();
        UnaryCall<Query, Answer> call = new UnaryCall<>(new FakeCall("10.0.0.1"), calls, cuts::incrementAndGet);
        assertThat(calls.enter(call, null)).isEmpty();
        ask(call.hear(new ServerCall.Listener<>() {}));
        calls.sweep(inSeconds(100));
        assertThat(cuts).as("it waits for this node").hasValue(0);

        call.sendMessage(Answer.getDefaultInstance());
        call.close(Status.OK, new Metadata());
        calls.sweep(inSeconds(19));
        assertThat(cuts).hasValue(0);
        calls.sweep(inSeconds(21));
        calls.sweep(inSeconds(22));
        assertThat(cuts).hasValue(1);
        assertThat(outgoing.slowConsumers()).isEqualTo(1);
    }
}
