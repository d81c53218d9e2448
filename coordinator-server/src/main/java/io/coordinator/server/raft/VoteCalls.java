package io.coordinator.server.raft;

import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCall;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;

/**
 * Lets no vote leave this node before the disk has it: neither that for another, which is the answer to a request, nor
 * that for itself, which is the request (Raft, section 5.2: a server votes once in a term, whatever happens to it).
 */
final class VoteCalls implements ClientInterceptor, ServerInterceptor {
    private static final String METHOD =
            RaftServerProtocolServiceGrpc.getRequestVoteMethod().getFullMethodName();

    private final Runnable force;

    /** @param force returns when the disk has the vote, or throws */
    VoteCalls(Runnable force) {
        this.force = force;
    }

    private static boolean isVote(MethodDescriptor<?, ?> method) {
        return method.getFullMethodName().equals(METHOD);
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        ClientCall<Q, A> call = next.newCall(method, options);
        if (!isVote(method)) {
            return call;
        }
        return new ForwardingClientCall.SimpleForwardingClientCall<>(call) {
            @Override
            public void sendMessage(Q request) {
                force.run();
                super.sendMessage(request);
            }
        };
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!isVote(call.getMethodDescriptor())) {
            return next.startCall(call, headers);
        }
        return next.startCall(
                new ForwardingServerCall.SimpleForwardingServerCall<>(call) {
                    @Override
                    public void sendMessage(A answer) {
                        force.run();
                        super.sendMessage(answer);
                    }
                },
                headers);
    }
}
