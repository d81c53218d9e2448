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

    private final LogNames names;

    VoteCalls(LogNames names) {
        this.names = names;
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
                names.force();
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
                        names.force();
                        super.sendMessage(answer);
                    }
                },
                headers);
    }
}
