package io.coordinator.testing;

import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.net.TopicLink;
import io.coordinator.client.internal.net.TopicLinkListener;
import io.coordinator.protocol.TopicClientFrame;
import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.server.session.Caller;
import io.coordinator.server.side.SideSink;

import io.coordinator.server.topic.TopicStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One topic stream of one client, with both its ends, as {@link MemoryLink} is one of a session. */
final class MemoryTopicLink implements TopicLink {
    private static final Caller CALLER = new Caller("memory", true);
    private static final int FRAMES_MAX = 16;

    private final MemoryNode node;
    private final MemoryTransport transport;
    private final Loop loop;
    private final TopicLinkListener listener;
    private final Queue<TopicClientFrame> toNode = new ConcurrentLinkedQueue<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private final AtomicInteger onTheirWay = new AtomicInteger();
    private final Queue<TopicServerFrame> kept = new ArrayDeque<>();
    private @Nullable TopicStream stream;
    private boolean held;
    private volatile boolean closed;

    MemoryTopicLink(MemoryNode node, MemoryTransport transport, Loop loop, TopicLinkListener listener) {
        this.node = node;
        this.transport = transport;
        this.loop = loop;
        this.listener = listener;
    }

    /** Connects the ends. */
    void start() {
        node.onNet(() -> {
            stream = node.topics().connect(new Sink());
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
    public void send(TopicClientFrame frame) {
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

    private void arrived(TopicServerFrame frame) {
        if (held) {
            kept.add(frame);
        } else {
            hand(frame);
        }
    }

    private void hand(TopicServerFrame frame) {
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
    private final class Sink implements SideSink<TopicServerFrame> {
        @Override
        public Caller caller() {
            return CALLER;
        }

        @Override
        public boolean isReady() {
            return !closed && onTheirWay.get() < FRAMES_MAX;
        }

        @Override
        public void send(TopicServerFrame frame) {
            onTheirWay.incrementAndGet();
            if (!loop.offer(() -> arrived(frame))) {
                node.onNet(MemoryTopicLink.this::gone);
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
            node.onNet(MemoryTopicLink.this::carry);
        }

        @Override
        public void run(Runnable work) {
            node.onNet(work);
        }
    }
}
