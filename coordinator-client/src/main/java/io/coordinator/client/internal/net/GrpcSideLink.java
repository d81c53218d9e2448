package io.coordinator.client.internal.net;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of a method beside that of the session, with a connection that ends with it: what the node does not take, or
 * this client, holds up nothing else.
 */
final class GrpcSideLink<Q, A> extends ClientCall.Listener<A> implements SideLink<Q> {
    private final Loop loop;
    private final MethodDescriptor<Q, A> method;
    private final SideLinkListener<A> listener;
    private final Consumer<ManagedChannel> ended;

    private @Nullable ManagedChannel channel;
    private @Nullable ClientCall<Q, A> call;
    /** What was sent before the node's address was known: the hello. */
    private @Nullable Q early;

    private boolean held;
    private boolean frameOwed;
    private boolean closed;

    /** @param ended takes the connection when the stream has ended */
    GrpcSideLink(
            Loop loop, MethodDescriptor<Q, A> method, SideLinkListener<A> listener, Consumer<ManagedChannel> ended) {
        this.loop = loop;
        this.method = method;
        this.listener = listener;
        this.ended = ended;
    }

    void start(ManagedChannel own, Metadata headers) {
        if (closed) {
            ended.accept(own);
            return;
        }
        channel = own;
        ClientCall<Q, A> started = own.newCall(method, CallOptions.DEFAULT);
        call = started;
        started.start(this, headers);
        started.request(1);
        if (early != null) {
            started.sendMessage(early);
            early = null;
        }
    }

    /** The node could not be reached. */
    void failed(String why) {
        if (!closed) {
            closed = true;
            listener.onClosed(why);
        }
    }

    @Override
    public void send(Q frame) {
        if (closed) {
            return;
        }
        if (call == null) {
            early = frame;
        } else {
            call.sendMessage(frame);
        }
    }

    @Override
    public boolean isReady() {
        return !closed && call != null && call.isReady();
    }

    @Override
    public void hold(boolean newHeld) {
        held = newHeld;
        requestIfOwed();
    }

    private void requestIfOwed() {
        if (frameOwed && !held && !closed && call != null) {
            frameOwed = false;
            call.request(1);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (call != null) {
                call.cancel("closed by the client", null);
            }
            end();
        }
    }

    private void end() {
        if (channel != null) {
            ended.accept(channel);
            channel = null;
        }
    }

    @Override
    public void onMessage(A message) {
        tell(() -> {
            frameOwed = true;
            listener.onFrame(message);
            requestIfOwed();
        });
    }

    @Override
    public void onReady() {
        tell(listener::onReady);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        tell(() -> {
            closed = true;
            end();
            listener.onClosed(Found.describe(status));
        });
    }

    private void tell(Runnable news) {
        loop.run(() -> {
            if (!closed) {
                news.run();
            }
        });
    }
}
