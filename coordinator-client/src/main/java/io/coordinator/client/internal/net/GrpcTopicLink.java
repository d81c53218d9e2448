package io.coordinator.client.internal.net;

import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.TopicClientFrame;
import io.coordinator.protocol.TopicServerFrame;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of the Topics method, with a connection that ends with it: what the node does not take, or this client,
 * holds up nothing else.
 */
final class GrpcTopicLink extends ClientCall.Listener<TopicServerFrame> implements TopicLink {
    private final Loop loop;
    private final TopicLinkListener listener;
    private final Consumer<ManagedChannel> ended;

    private @Nullable ManagedChannel channel;
    private @Nullable ClientCall<TopicClientFrame, TopicServerFrame> call;
    /** What was sent before the node's address was known: the hello. */
    private @Nullable TopicClientFrame early;

    private boolean held;
    private boolean frameOwed;
    private boolean closed;

    /** @param ended takes the connection when the stream has ended */
    GrpcTopicLink(Loop loop, TopicLinkListener listener, Consumer<ManagedChannel> ended) {
        this.loop = loop;
        this.listener = listener;
        this.ended = ended;
    }

    void start(ManagedChannel own, Metadata headers) {
        if (closed) {
            ended.accept(own);
            return;
        }
        channel = own;
        ClientCall<TopicClientFrame, TopicServerFrame> started =
                own.newCall(CoordinatorServiceGrpc.getTopicsMethod(), CallOptions.DEFAULT);
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
    public void send(TopicClientFrame frame) {
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
    public void onMessage(TopicServerFrame message) {
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
