package io.coordinator.server.raft;

import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a node out of its group until it is known what its disk is: with an empty one it may be a member that has lost
 * what it voted for and acknowledged. Meanwhile it asks nobody for a vote, gives none, and acknowledges nothing.
 *
 * <p>Every call also says for whom it is, and for which disk, and another node refuses it: an address can have been
 * given to somebody else, or a node be started with an empty disk and a list of members that makes it begin a cluster
 * of its own, and an acknowledgement of the wrong one would count.
 */
final class NewcomerGate implements ClientInterceptor, ServerInterceptor {
    private static final Metadata.Key<String> TO =
            Metadata.Key.of("to-coordinator-peer", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> DISK =
            Metadata.Key.of("to-coordinator-disk", Metadata.ASCII_STRING_MARSHALLER);
    private static final Status CLOSED =
            Status.UNAVAILABLE.withDescription("this node's disk is new; it takes part when it is known to be welcome");

    private final String self;
    private final String disk;
    private final BooleanSupplier admitted;

    /**
     * @param self the name of this node among its peers
     * @param disk the id of its disk
     */
    NewcomerGate(String self, String disk, BooleanSupplier admitted) {
        this.self = self;
        this.disk = disk;
        this.admitted = admitted;
    }

    /**
     * Has every call on a channel say for whom it is.
     *
     * @param disks the id of the disk that a peer has; empty if that is not known
     */
    static ClientInterceptor addressedTo(String peer, Function<String, String> disks) {
        return new ClientInterceptor() {
            @Override
            public <Q, A> ClientCall<Q, A> interceptCall(
                    MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                return new HeaderCall<>(next.newCall(method, options), headers -> {
                    headers.put(TO, peer);
                    String known = disks.apply(peer);
                    if (!known.isEmpty()) {
                        headers.put(DISK, known);
                    }
                });
            }
        };
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return admitted.getAsBoolean() ? next.newCall(method, options) : new RefusedCall<>();
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String wanted = headers.get(TO);
        if (wanted != null && !wanted.equals(self)) {
            return refuse(call, Status.UNAVAILABLE.withDescription("this is " + self + ", not " + wanted));
        }
        String meant = headers.get(DISK);
        if (meant != null && !meant.equals(disk)) {
            return refuse(call, Status.UNAVAILABLE.withDescription(self + " has another disk than its cluster knows"));
        }
        return admitted.getAsBoolean() ? next.startCall(call, headers) : refuse(call, CLOSED);
    }

    /** This gate, and what the calls go through next. */
    ServerInterceptor before(ServerInterceptor next) {
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> handler) {
                return NewcomerGate.this.interceptCall(
                        call, headers, (passed, shown) -> next.interceptCall(passed, shown, handler));
            }
        };
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }

    /** Ends as it starts. */
    private static final class RefusedCall<Q, A> extends ClientCall<Q, A> {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
            listener.onClose(CLOSED, new Metadata());
        }

        @Override
        public void request(int messages) {
            // There are none.
        }

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {
            // It has ended.
        }

        @Override
        public void halfClose() {
            // It has ended.
        }

        @Override
        public void sendMessage(Q message) {
            // Nobody hears it.
        }
    }
}
