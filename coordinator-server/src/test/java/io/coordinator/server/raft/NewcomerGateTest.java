package io.coordinator.server.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptors;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A node whose disk is new gives no vote, asks for none and acknowledges nothing; calls for others are refused. */
@Feature("B-12")
class NewcomerGateTest {
    private static final MethodDescriptor<RequestVoteRequestProto, RequestVoteReplyProto> VOTE =
            RaftServerProtocolServiceGrpc.getRequestVoteMethod();
    private static final Metadata.Key<String> TO =
            Metadata.Key.of("to-coordinator-peer", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> DISK =
            Metadata.Key.of("to-coordinator-disk", Metadata.ASCII_STRING_MARSHALLER);

    private final AtomicBoolean admitted = new AtomicBoolean();
    private final NewcomerGate gate = new NewcomerGate("n1", "d1", admitted::get);

    @Test
    void nobodyGetsAVoteOfADiskThatIsNew() {
        assertThat(arrives(VOTE, "n1").passed).isFalse();
        admitted.set(true);
        assertThat(arrives(VOTE, "n1").passed).isTrue();
    }

    @Test
    void nothingIsAcknowledgedByADiskThatIsNew() {
        MethodDescriptor<AppendEntriesRequestProto, ?> append = RaftServerProtocolServiceGrpc.getAppendEntriesMethod();
        assertThat(arrives(append, "n1").passed).isFalse();
        admitted.set(true);
        assertThat(arrives(append, "n1").passed).isTrue();
    }

    @Test
    void aCallForAnotherNodeIsRefusedWithWhoIsHere() {
        admitted.set(true);
        Arrived arrived = arrives(VOTE, "n1~2");
        assertThat(arrived.passed).isFalse();
        Status status = arrived.closed.get(0);
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).contains("n1", "n1~2");
    }

    @Test
    void aDiskThatIsNewAsksNobodyForAVote() {
        Wire wire = new Wire();
        List<Status> ended = new ArrayList<>();
        start(ClientInterceptors.intercept(wire, gate), ended);
        assertThat(wire.called).isFalse();
        assertThat(ended).singleElement().extracting(Status::getCode).isEqualTo(Status.Code.UNAVAILABLE);
        admitted.set(true);
        start(ClientInterceptors.intercept(wire, gate), ended);
        assertThat(wire.called).isTrue();
    }

    @Test
    void everyCallSaysForWhomItIs() {
        Wire wire = new Wire();
        start(ClientInterceptors.intercept(wire, NewcomerGate.addressedTo("n2~3", peer -> "d2")), new ArrayList<>());
        assertThat(wire.headers.get(TO)).isEqualTo("n2~3");
        assertThat(wire.headers.get(DISK)).isEqualTo("d2");
    }

    @Test
    void aCallForAnotherDiskIsRefused() {
        admitted.set(true);
        Metadata headers = new Metadata();
        headers.put(TO, "n1");
        headers.put(DISK, "d0");
        assertThat(arrivesWith(VOTE, headers).passed()).isFalse();
        headers.discardAll(DISK);
        headers.put(DISK, "d1");
        assertThat(arrivesWith(VOTE, headers).passed()).isTrue();
    }

    private static void start(Channel channel, List<Status> ended) {
        channel.newCall(VOTE, CallOptions.DEFAULT)
                .start(
                        new ClientCall.Listener<RequestVoteReplyProto>() {
                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                ended.add(status);
                            }
                        },
                        new Metadata());
    }

    private <Q, A> Arrived arrives(MethodDescriptor<Q, A> method, String wanted) {
        Metadata headers = new Metadata();
        headers.put(TO, wanted);
        return arrivesWith(method, headers);
    }

    private <Q, A> Arrived arrivesWith(MethodDescriptor<Q, A> method, Metadata headers) {
        AtomicBoolean passed = new AtomicBoolean();
        EndedCall<Q, A> call = new EndedCall<>(method);
        gate.interceptCall(call, headers, (next, shown) -> {
            passed.set(true);
            return new ServerCall.Listener<Q>() {};
        });
        return new Arrived(passed.get(), call.closed);
    }

    private record Arrived(boolean passed, List<Status> closed) {}

    /** Notes how it was closed. */
    private static final class EndedCall<Q, A> extends ServerCall<Q, A> {
        private final MethodDescriptor<Q, A> method;
        private final List<Status> closed = new ArrayList<>();

        EndedCall(MethodDescriptor<Q, A> method) {
            this.method = method;
        }

        @Override
        public void request(int messages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(A message) {}

        @Override
        public void close(Status status, Metadata trailers) {
            closed.add(status);
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public MethodDescriptor<Q, A> getMethodDescriptor() {
            return method;
        }
    }

    /** What leaves the node. */
    private static final class Wire extends Channel {
        private Metadata headers = new Metadata();
        private boolean called;

        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            called = true;
            return new ClientCall<>() {
                @Override
                public void start(Listener<A> listener, Metadata shown) {
                    headers = shown;
                }

                @Override
                public void request(int messages) {}

                @Override
                public void cancel(@Nullable String message, @Nullable Throwable cause) {}

                @Override
                public void halfClose() {}

                @Override
                public void sendMessage(Q message) {}
            };
        }

        @Override
        public String authority() {
            return "n2";
        }
    }
}
