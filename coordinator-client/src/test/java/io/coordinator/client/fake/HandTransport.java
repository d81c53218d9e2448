package io.coordinator.client.fake;

import io.coordinator.client.internal.net.Link;
import io.coordinator.client.internal.net.LinkListener;
import io.coordinator.client.internal.net.SideLink;
import io.coordinator.client.internal.net.SideLinkListener;
import io.coordinator.client.internal.net.Transport;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Heard;
import io.coordinator.protocol.ServerFrame;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** A transport whose frames the test carries, except that nodes say at once that they hear a keep-alive. */
public final class HandTransport implements Transport {
    private final HandLoop loop;
    private final List<Wire> wires = new ArrayList<>();

    public HandTransport(HandLoop loop) {
        this.loop = loop;
    }

    /**
     * A frame on its way to a node.
     *
     * @param sentNanos when it was sent, by the loop's clock
     */
    public record Sent(ClientFrame frame, long sentNanos) {}

    /** The stream that was opened last. */
    public Wire last() {
        return wires.get(wires.size() - 1);
    }

    /** Streams opened so far. */
    public int opened() {
        return wires.size();
    }

    @Override
    public Link open(String endpoint, LinkListener listener) {
        Wire wire = new Wire(listener);
        wires.add(wire);
        return wire;
    }

    @Override
    public <Q, A> SideLink<Q> openSide(String endpoint, MethodDescriptor<Q, A> method, SideLinkListener<A> listener) {
        throw new UnsupportedOperationException("these nodes have sessions only");
    }

    @Override
    public void disconnect(String endpoint) {}

    @Override
    public void keepOnly(String endpoint) {}

    @Override
    public boolean isKnown(String endpoint) {
        return true;
    }

    @Override
    public void lookUp(Collection<String> endpoints, Runnable news) {}

    @Override
    public List<String> expand(List<String> endpoints) {
        return endpoints;
    }

    @Override
    public <Q, A> CompletableFuture<A> ask(
            String endpoint, MethodDescriptor<Q, A> method, Q request, long timeoutNanos) {
        return new CompletableFuture<>();
    }

    @Override
    public void close() {}

    /** One stream, seen from the node. */
    public final class Wire implements Link {
        private final LinkListener listener;
        private final List<Sent> sent = new ArrayList<>();
        private boolean closed;

        private Wire(LinkListener listener) {
            this.listener = listener;
        }

        /** What the client has sent, in order. */
        public List<Sent> sent() {
            loop.run();
            return List.copyOf(sent);
        }

        /** The last frame of a kind; fails if there is none. */
        public Sent last(Predicate<ClientFrame> kind) {
            return sent().stream()
                    .filter(each -> kind.test(each.frame()))
                    .reduce((earlier, later) -> later)
                    .orElseThrow();
        }

        /** Brings a frame to the client. */
        public void deliver(ServerFrame.Builder frame) {
            if (!closed) {
                listener.onFrame(frame.build());
                loop.run();
            }
        }

        /** Whether the client has ended it. */
        public boolean isClosed() {
            return closed;
        }

        @Override
        public void send(ClientFrame frame) {
            sent.add(new Sent(frame, loop.nanoTime()));
            if (frame.hasKeepAlive()) {
                // As a node does that has no proof yet; or its client would look for another.
                loop.execute(() -> deliver(ServerFrame.newBuilder().setHeard(Heard.getDefaultInstance())));
            }
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
