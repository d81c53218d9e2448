package io.coordinator.server.raft;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.Status;

/**
 * Ends the calls to the peers when this node closes. Ratis 3.3.0 waits three seconds for them to end by themselves,
 * which those of a leader never do. Any thread may call.
 */
final class Hangup implements ClientInterceptor {
    private final Set<ClientCall<?, ?>> open = ConcurrentHashMap.newKeySet();

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new OpenCall<>(next.newCall(method, options));
    }

    /** Those of now; a node that closes begins hardly any. */
    void all() {
        open.forEach(call -> call.cancel("this node closes", null));
    }

    private final class OpenCall<Q, A> extends ForwardingClientCall.SimpleForwardingClientCall<Q, A> {
        OpenCall(ClientCall<Q, A> call) {
            super(call);
        }

        @Override
        public void start(Listener<A> listener, Metadata headers) {
            open.add(this);
            super.start(
                    new ForwardingClientCallListener.SimpleForwardingClientCallListener<>(listener) {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            open.remove(OpenCall.this);
                            super.onClose(status, trailers);
                        }
                    },
                    headers);
        }
    }
}
