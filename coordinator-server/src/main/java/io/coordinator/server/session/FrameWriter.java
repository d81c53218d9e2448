package io.coordinator.server.session;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Heard;
import io.coordinator.protocol.KeepAliveReply;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.WatchUpdate;
import io.coordinator.protocol.Welcome;

/** Packs outgoing messages into as few frames as their size allows. Not thread-safe. */
final class FrameWriter {
    /** A frame is sent when it reaches this size; it can exceed it by one message. */
    static final int FRAME_BYTES = 256 << 10;

    private final FrameSink<ServerFrame> sink;
    private final StreamAccount account;
    private ServerFrame.Builder frame = ServerFrame.newBuilder();
    private int bytes;
    /** The part of it that was charged when it was evaluated. */
    private int charged;

    FrameWriter(FrameSink<ServerFrame> sink, StreamAccount account) {
        this.sink = sink;
        this.account = account;
    }

    /** Whether there is a frame with room, or the transport takes another. */
    boolean isOpen() {
        if (bytes > 0) {
            return true;
        }
        boolean ready = sink.isReady();
        if (ready) {
            account.taken();
        }
        return ready;
    }

    void welcome(Welcome welcome) {
        frame.setWelcome(welcome);
        added(welcome.getSerializedSize(), 0);
    }

    void reply(Reply reply) {
        frame.addReplies(reply);
        added(reply.getSerializedSize(), 0);
    }

    /** An answer that was charged. */
    void answer(Answer answer) {
        frame.addAnswers(answer);
        added(answer.getSerializedSize(), answer.getSerializedSize());
    }

    /** An answer that was not charged: why a query cannot be answered. */
    void refusal(Answer answer) {
        frame.addAnswers(answer);
        added(answer.getSerializedSize(), 0);
    }

    void event(Event event) {
        frame.addEvents(event);
        added(event.getSerializedSize(), 0);
    }

    void keepAlive(KeepAliveReply reply) {
        if (frame.hasKeepAlive()) {
            flush();
        }
        frame.setKeepAlive(reply);
        added(reply.getSerializedSize(), 0);
    }

    void heard(Heard heard) {
        frame.setHeard(heard);
        added(heard.getSerializedSize(), 0);
    }

    void watch(WatchUpdate update) {
        frame.addWatches(update);
        added(update.getSerializedSize(), 0);
    }

    void goodbye(Error error) {
        frame.setGoodbye(error);
        added(error.getSerializedSize(), 0);
        flush();
    }

    void flush() {
        if (bytes > 0) {
            account.hand(bytes, charged);
            ServerFrame full = frame.build();
            frame = ServerFrame.newBuilder();
            bytes = 0;
            charged = 0;
            sink.send(full);
        }
    }

    private void added(int size, int chargedBefore) {
        // Tag and length of a repeated message cost a few bytes more; an empty message counts too.
        bytes += size + 4;
        charged += chargedBefore;
        if (bytes >= FRAME_BYTES) {
            flush();
        }
    }
}
