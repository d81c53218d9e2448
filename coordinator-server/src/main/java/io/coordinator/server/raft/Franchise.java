package io.coordinator.server.raft;

import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.jspecify.annotations.Nullable;

/**
 * Finds a leader for a group that was changing when it lost its own. In Raft a member goes by the newest group in its
 * log, whether that is committed or not, and votes for whoever has the newer log, whatever its own says of the group
 * (section 6, and section 4.1 of Ongaro's dissertation). Ratis 3.3.0 does neither:
 *
 * <ul>
 *   <li>Who is a voter of the old or of the new group only does not vote after a restart.
 *   <li>Nor does a listener that was made a voter, until it has heard that this is committed.
 *   <li>Nobody can lead whose log ends in the middle of a change that makes a voter of a listener.
 * </ul>
 */
final class Franchise implements ServerInterceptor, ClientInterceptor {
    private static final String VOTE =
            RaftServerProtocolServiceGrpc.getRequestVoteMethod().getFullMethodName();

    private final ServerInterceptor behind;
    private volatile @Nullable RatisInnards log;

    /** @param behind what calls go through next */
    Franchise(ServerInterceptor behind) {
        this.behind = behind;
    }

    /** To be called before the log starts. */
    void attach(RatisInnards attached) {
        log = attached;
    }

    /** The log has been read: this member takes part with the vote that it has by that. */
    void started() {
        RatisInnards known = log;
        if (known != null) {
            known.takeRole();
        }
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        ServerCall.Listener<Q> listener = behind.interceptCall(call, headers, next);
        RatisInnards known = log;
        return known != null && call.getMethodDescriptor().getFullMethodName().equals(VOTE)
                ? new Asked<>(listener, known)
                : listener;
    }

    /** A request for a vote; Ratis answers when it has ended. */
    private static final class Asked<Q> extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
        private final RatisInnards log;
        private TermIndex newest = TermIndex.INITIAL_VALUE;

        Asked(ServerCall.Listener<Q> listener, RatisInnards log) {
            super(listener);
            this.log = log;
        }

        @Override
        public void onMessage(Q message) {
            if (message instanceof RequestVoteRequestProto request) {
                newest = TermIndex.valueOf(request.getCandidateLastEntry());
            }
            super.onMessage(message);
        }

        @Override
        public void onHalfClose() {
            log.takeRole();
            log.lendVote(newest, super::onHalfClose);
        }
    }

    /** Who asks for votes may lead next. */
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        RatisInnards known = log;
        if (known != null && method.getFullMethodName().equals(VOTE)) {
            known.nameListenersOnce();
        }
        return next.newCall(method, options);
    }
}
