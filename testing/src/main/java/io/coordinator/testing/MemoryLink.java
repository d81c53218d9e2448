package io.coordinator.testing;

import io.coordinator.client.internal.net.Link;
import io.coordinator.client.internal.net.LinkListener;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.server.session.Caller;
import io.coordinator.server.session.ClientStream;
import io.coordinator.server.session.FrameSink;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One stream of one client, with both its ends: the client's, on its loop, and the node's, where frames arrive on one
 * thread for all clients. Frames keep their order, and few are on their way at once, as on a network.
 */
final class MemoryLink implements Link {
    private static final Caller CALLER = new Caller("memory", true);
    private static final int FRAMES_MAX = 16;

    private final MemoryNode node;
    private final MemoryTransport transport;
    private final Loop loop;
    private final LinkListener listener;
    private final Queue<ClientFrame> toNode = new ConcurrentLinkedQueue<>();
    private final Room roomToNode = new Room();
    private final Room roomToClient = new Room();
    private final AtomicInteger wanted = new AtomicInteger();
    private @Nullable ClientStream stream;
    private volatile boolean closed;
    private volatile long session;

    MemoryLink(MemoryNode node, MemoryTransport transport, Loop loop, LinkListener listener) {
        this.node = node;
        this.transport = transport;
        this.loop = loop;
        this.listener = listener;
    }

    /** Room for a few frames on their way, and whether somebody is to be told when there is some again. */
    private static final class Room {
        private final AtomicInteger taken = new AtomicInteger();
        private volatile boolean awaited;

        void take() {
            taken.incrementAndGet();
        }

        boolean isLeft() {
            if (taken.get() < FRAMES_MAX) {
                return true;
            }
            awaited = true;
            return taken.get() < FRAMES_MAX;
        }

        /** Gives some back; true if somebody waits for it. */
        boolean giveBack() {
            boolean tell = taken.decrementAndGet() < FRAMES_MAX && awaited;
            if (tell) {
                awaited = false;
            }
            return tell;
        }
    }

    /** Connects the ends. */
    void start() {
        node.onNet(() -> {
            stream = node.gateway().connect(new Sink());
            carry();
        });
    }

    /** The session that it serves; 0 if none, or none any more. */
    long session() {
        return closed ? 0 : session;
    }

    /** Ends it from without; on the loop. */
    void lose(String why) {
        if (!closed) {
            leave();
            listener.onClosed(why);
        }
    }

    private void leave() {
        closed = true;
        transport.left(this);
        node.onNet(this::gone);
    }

    // ---- the client's end ----

    @Override
    public void send(ClientFrame frame) {
        if (!closed) {
            roomToNode.take();
            toNode.add(frame);
            node.onNet(this::carry);
        }
    }

    @Override
    public boolean isReady() {
        return !closed && roomToNode.isLeft();
    }

    @Override
    public void close() {
        if (!closed) {
            leave();
        }
    }

    private void arrived(ServerFrame frame) {
        try {
            if (!closed) {
                if (frame.hasWelcome()) {
                    session = frame.getWelcome().getSessionId();
                    transport.welcomed(this);
                }
                listener.onFrame(frame);
            }
        } finally {
            if (roomToClient.giveBack()) {
                node.onNet(this::takeMore);
            }
        }
    }

    // ---- the node's end ----

    private void carry() {
        while (stream != null && !toNode.isEmpty() && wanted.get() > 0) {
            wanted.decrementAndGet();
            ClientFrame frame = toNode.remove();
            boolean clientWaits = roomToNode.giveBack();
            receive(stream, frame);
            if (clientWaits) {
                loop.execute(this::sendMore);
            }
        }
    }

    private void receive(ClientStream receiver, ClientFrame frame) {
        Optional<Error> refusal = node.messageGate().refuse(frame);
        if (refusal.isPresent()) {
            receiver.refused(refusal.get());
        } else {
            receiver.received(frame, 0);
        }
    }

    private void sendMore() {
        if (!closed) {
            listener.onReady();
        }
    }

    private void takeMore() {
        if (stream != null) {
            stream.ready();
        }
    }

    private void gone() {
        if (stream != null) {
            stream.gone();
        }
    }

    /** What the node writes to. */
    private final class Sink implements FrameSink<ServerFrame> {
        @Override
        public Caller caller() {
            return CALLER;
        }

        @Override
        public boolean isReady() {
            return !closed && roomToClient.isLeft();
        }

        @Override
        public void send(ServerFrame frame) {
            roomToClient.take();
            if (!loop.offer(() -> arrived(frame))) {
                node.onNet(MemoryLink.this::gone);
            }
        }

        @Override
        public void end() {
            loop.execute(() -> lose("the node has ended the stream"));
        }

        @Override
        public void reset() {
            end();
        }

        @Override
        public void requestFrame() {
            wanted.incrementAndGet();
            node.onNet(MemoryLink.this::carry);
        }

        @Override
        public void later(Runnable work) {
            node.onNet(work);
        }
    }
}
