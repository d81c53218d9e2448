package io.coordinator.server.raft;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the cluster's token with every call to another member, and says when it is refused there. */
final class PeerCalls implements ClientInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(PeerCalls.class);
    private static final long COMPLAINT_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final PeerToken token;
    /** By the address of the member: as many as there are members. */
    private final Map<String, RareComplaint> complaints = new ConcurrentHashMap<>();

    PeerCalls(PeerToken token) {
        this.token = token;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                token.show(headers);
                super.start(new Answer<>(listener, next.authority()), headers);
            }
        };
    }

    private final class Answer<A> extends ForwardingClientCallListener.SimpleForwardingClientCallListener<A> {
        private final String member;

        Answer(ClientCall.Listener<A> listener, String member) {
            super(listener);
            this.member = member;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (status.getCode() == Status.Code.UNAUTHENTICATED) {
                complaints
                        .computeIfAbsent(member, m -> new RareComplaint(LOG, COMPLAINT_NANOS, System::nanoTime))
                        .complain("the member at " + member + " refused this node: their peer-tokens differ. Give every"
                                + " member the same peer-token, and restart the one that had another");
            }
            super.onClose(status, trailers);
        }
    }
}
