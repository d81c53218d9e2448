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

    private final FrameSink sink;
    private ServerFrame.Builder frame = ServerFrame.newBuilder();
    private int bytes;
    private long sent;

    FrameWriter(FrameSink sink) {
        this.sink = sink;
    }

    void welcome(Welcome welcome) {
        frame.setWelcome(welcome);
        added(welcome.getSerializedSize());
    }

    void reply(Reply reply) {
        frame.addReplies(reply);
        added(reply.getSerializedSize());
    }

    void answer(Answer answer) {
        frame.addAnswers(answer);
        added(answer.getSerializedSize());
    }

    void event(Event event) {
        frame.addEvents(event);
        added(event.getSerializedSize());
    }

    void keepAlive(KeepAliveReply reply) {
        if (frame.hasKeepAlive()) {
            flush();
        }
        frame.setKeepAlive(reply);
        added(reply.getSerializedSize());
    }

    void heard(Heard heard) {
        frame.setHeard(heard);
        added(heard.getSerializedSize());
    }

    void watch(WatchUpdate update) {
        frame.addWatches(update);
        added(update.getSerializedSize());
    }

    void goodbye(Error error) {
        frame.setGoodbye(error);
        added(error.getSerializedSize());
        flush();
    }

    void flush() {
        if (bytes > 0) {
            sink.send(frame.build());
            frame = ServerFrame.newBuilder();
            sent += bytes;
            bytes = 0;
        }
    }

    /** Bytes of messages sent so far. */
    long sent() {
        return sent;
    }

    private void added(int size) {
        // Tag and length of a repeated message cost a few bytes more; an empty message counts too.
        bytes += size + 4;
        if (bytes >= FRAME_BYTES) {
            flush();
        }
    }
}
