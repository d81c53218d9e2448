package io.coordinator.server.raft;

import java.util.function.Consumer;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ForwardingClientCall;
import org.apache.ratis.thirdparty.io.grpc.Metadata;

/** A call with something more in its headers. */
final class HeaderCall<Q, A> extends ForwardingClientCall.SimpleForwardingClientCall<Q, A> {
    private final Consumer<Metadata> addition;

    HeaderCall(ClientCall<Q, A> call, Consumer<Metadata> addition) {
        super(call);
        this.addition = addition;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
        addition.accept(headers);
        super.start(listener, headers);
    }
}
