package io.coordinator.client.internal.net;

import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.ServerFrame;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call of the Session method, from the wish to reach a node to the end. gRPC may call back on other threads while a
 * channel connects; the listener hears everything on the loop.
 */
final class GrpcLink extends ClientCall.Listener<ServerFrame> implements Link {
    private final Loop loop;
    private final LinkListener listener;
    /** What was sent before the node's address was known. */
    private final List<ClientFrame> early = new ArrayList<>();

    private @Nullable ClientCall<ClientFrame, ServerFrame> call;
    private boolean closed;

    GrpcLink(Loop loop, LinkListener listener) {
        this.loop = loop;
        this.listener = listener;
    }

    void start(Channel channel, Metadata headers) {
        if (closed) {
            return;
        }
        ClientCall<ClientFrame, ServerFrame> started =
                channel.newCall(CoordinatorServiceGrpc.getSessionMethod(), CallOptions.DEFAULT);
        call = started;
        started.start(this, headers);
        // The session never stops reading; what could pile up (watches) is bounded elsewhere.
        started.request(Integer.MAX_VALUE);
        early.forEach(started::sendMessage);
        early.clear();
    }

    /** The node could not be reached. */
    void failed(String why) {
        if (!closed) {
            closed = true;
            listener.onClosed(why);
        }
    }

    @Override
    public void send(ClientFrame frame) {
        if (closed) {
            return;
        }
        if (call == null) {
            early.add(frame);
        } else {
            call.sendMessage(frame);
        }
    }

    @Override
    public boolean isReady() {
        return !closed && call != null && call.isReady();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (call != null) {
                call.cancel("closed by the client", null);
            }
        }
    }

    @Override
    public void onMessage(ServerFrame message) {
        tell(() -> listener.onFrame(message));
    }

    @Override
    public void onReady() {
        tell(listener::onReady);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        tell(() -> {
            closed = true;
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
