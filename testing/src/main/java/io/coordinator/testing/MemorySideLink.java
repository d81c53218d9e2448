package io.coordinator.testing;

import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.net.SideLink;
import io.coordinator.client.internal.net.SideLinkListener;
import io.coordinator.server.session.Caller;
import io.coordinator.server.session.FrameSink;
import io.coordinator.server.side.SideStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One stream of one client beside that of its session, with both its ends, as {@link MemoryLink} is of the latter. */
final class MemorySideLink<Q, A> implements SideLink<Q> {
    private static final Caller CALLER = new Caller("memory", true);
    private static final int FRAMES_MAX = 16;

    private final MemoryNode node;
    private final MemoryTransport transport;
    private final Loop loop;
    private final SideLinkListener<A> listener;
    private final Function<FrameSink<A>, SideStream<Q, A>> exchange;
    private final Queue<Q> toNode = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private final AtomicInteger onTheirWay = new AtomicInteger();
    private final Queue<A> kept = new ArrayDeque<>();
    private @Nullable SideStream<Q, A> stream;
    private boolean held;
    private volatile boolean closed;

    /** @param exchange of the node, to which the stream belongs */
    MemorySideLink(
            MemoryNode node,
            MemoryTransport transport,
            Loop loop,
            SideLinkListener<A> listener,
            Function<FrameSink<A>, SideStream<Q, A>> exchange) {
        this.node = node;
        this.transport = transport;
        this.loop = loop;
        this.listener = listener;
        this.exchange = exchange;
    }

    /** Connects the ends. */
    void start() {
        node.onNet(() -> {
            stream = exchange.apply(new Sink());
            carry();
        });
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
    public void send(Q frame) {
        if (!closed) {
            toNode.add(frame);
            node.onNet(this::carry);
        }
    }

    @Override
    public boolean isReady() {
        return !closed;
    }

    @Override
    public void hold(boolean newHeld) {
        held = newHeld;
        while (!held && !closed && !kept.isEmpty()) {
            hand(kept.remove());
        }
    }

    @Override
    public void close() {
        if (!closed) {
            leave();
        }
    }

    private void arrived(A frame) {
        if (held) {
            kept.add(frame);
        } else {
            hand(frame);
        }
    }

    private void hand(A frame) {
        onTheirWay.decrementAndGet();
        node.onNet(this::takeMore);
        if (!closed) {
            listener.onFrame(frame);
        }
    }

    // ---- the node's end ----

    private void carry() {
        while (stream != null && !toNode.isEmpty() && wanted.get() > 0) {
            wanted.decrementAndGet();
            stream.received(toNode.remove());
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
    private final class Sink implements FrameSink<A> {
        @Override
        public Caller caller() {
            return CALLER;
        }

        @Override
        public boolean isReady() {
            return !closed && onTheirWay.get() < FRAMES_MAX;
        }

        @Override
        public void send(A frame) {
            onTheirWay.incrementAndGet();
            if (!loop.offer(() -> arrived(frame))) {
                node.onNet(MemorySideLink.this::gone);
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
            node.onNet(MemorySideLink.this::carry);
        }

        @Override
        public void later(Runnable work) {
            node.onNet(work);
        }
    }
}
