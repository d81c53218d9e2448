package io.coordinator.server.session;

import com.google.protobuf.MessageLite;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * What others have for one stream, in the order in which it came: replies, events, refusals. It waits as it is until
 * the stream has room for it, and counts as owed meanwhile. Any thread adds; one at a time writes.
 */
final class PushQueue {
    private final FrameWriter writer;
    private final StreamAccount account;
    private final Runnable awaitRoom;
    private final Queue<Run<?>> runs = new ConcurrentLinkedQueue<>();

    /**
     * An empty queue.
     *
     * @param awaitRoom has the stream told when the node has room again
     */
    PushQueue(FrameWriter writer, StreamAccount account, Runnable awaitRoom) {
        this.writer = writer;
        this.account = account;
        this.awaitRoom = awaitRoom;
    }

    /**
     * Adds messages that the session keeps as well.
     *
     * @param write gets each when there is room for it
     */
    <M extends MessageLite> void push(List<M> messages, Consumer<M> write) {
        add(new Run<>(messages, write, false));
    }

    /** Adds messages that only this stream keeps. */
    <M extends MessageLite> void pushOwn(List<M> messages, Consumer<M> write) {
        add(new Run<>(messages, write, true));
    }

    private void add(Run<?> run) {
        run.oweAll();
        runs.add(run);
    }

    /** Writes what there is room for; false if some must wait. */
    boolean write() {
        for (Run<?> run = runs.peek(); run != null; run = runs.peek()) {
            if (!run.writeOn()) {
                return false;
            }
            runs.poll();
        }
        return true;
    }

    boolean isEmpty() {
        return runs.isEmpty();
    }

    void clear() {
        runs.clear();
    }

    private boolean mayWrite(int bytes) {
        if (account.admitsFrame(bytes)) {
            return true;
        }
        // What this stream itself has on its way may be in its own way.
        writer.flush();
        if (!writer.isOpen()) {
            return false;
        }
        boolean admitted = account.admitsFrame(bytes);
        if (!admitted) {
            awaitRoom.run();
        }
        return admitted;
    }

    /** Messages that were added together, and how far they are written. */
    private final class Run<M extends MessageLite> {
        private final List<M> messages;
        private final Consumer<M> write;
        private final boolean own;
        private int next;

        Run(List<M> messages, Consumer<M> write, boolean own) {
            this.messages = messages;
            this.write = write;
            this.own = own;
        }

        private long bytesOf(M message) {
            return own ? Unanswered.bytesOf(message) : message.getSerializedSize();
        }

        private void owe(long bytes) {
            if (own) {
                account.keep(bytes);
            } else {
                account.owe(bytes);
            }
        }

        void oweAll() {
            owe(messages.stream().mapToLong(this::bytesOf).sum());
        }

        /** Writes as many as there is room for; true if these were all. */
        boolean writeOn() {
            while (next < messages.size()) {
                M message = messages.get(next);
                if (!writer.isOpen() || !mayWrite(message.getSerializedSize())) {
                    return false;
                }
                next++;
                owe(-bytesOf(message));
                write.accept(message);
            }
            return true;
        }
    }
}
