package io.coordinator.server.session;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Heard;
import io.coordinator.protocol.KeepAliveReply;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.WatchUpdate;
import io.coordinator.protocol.Welcome;
import io.coordinator.server.watch.WatchSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What one stream has to send. Any thread adds; whoever calls {@link #drain} first writes for all, so frames keep their
 * order, need no lock, and coalesce by themselves while one is being written.
 *
 * <p>Replies, answers and events are sent whether or not the transport is ready: they are bounded by what the client has
 * in flight. Watch updates are pulled from the shared ring only while it is ready, so a stalled client costs nothing.
 */
final class Outbox {
    private interface Item {
        void writeTo(FrameWriter writer);
    }

    private final FrameSink sink;
    private final FrameWriter writer;
    private final Queue<Item> items = new ConcurrentLinkedQueue<>();
    private final AtomicInteger drains = new AtomicInteger();
    private final Backlog backlog;
    private volatile @Nullable WatchSet watches;
    private boolean ended;

    /** @param backlog told what was sent while the transport was not ready */
    Outbox(FrameSink sink, Backlog backlog) {
        this.sink = sink;
        this.writer = new FrameWriter(sink);
        this.backlog = backlog;
    }

    void watches(WatchSet set) {
        watches = set;
    }

    void welcome(Welcome welcome) {
        items.add(writer -> writer.welcome(welcome));
    }

    void replies(List<Reply> replies) {
        items.add(writer -> {
            for (Reply reply : replies) {
                writer.reply(reply);
            }
            backlog.answered(replies.size());
        });
    }

    void answers(List<Answer> answers) {
        items.add(writer -> {
            for (Answer answer : answers) {
                writer.answer(answer);
            }
            backlog.answered(answers.size());
        });
    }

    void events(List<Event> events) {
        items.add(writer -> events.forEach(writer::event));
    }

    void keepAlive(KeepAliveReply reply) {
        items.add(writer -> writer.keepAlive(reply));
    }

    /** The client is to be patient. */
    void heard(Heard heard) {
        items.add(writer -> writer.heard(heard));
    }

    /** An update that does not come from the ring: why a watch could not start. */
    void watch(WatchUpdate update) {
        items.add(writer -> writer.watch(update));
    }

    /** The last thing sent: what is added later is dropped. */
    void goodbye(Error error) {
        items.add(writer -> {
            writer.goodbye(error);
            end();
        });
    }

    /** Ends the stream without a word. */
    void finish() {
        items.add(writer -> end());
    }

    /** Sends what there is, unless another thread is at it, which then does so in our place. */
    void drain() {
        if (drains.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            drainOnce();
            seen = drains.addAndGet(-seen);
        } while (seen != 0);
    }

    private void drainOnce() {
        for (Item item = items.poll(); item != null; item = items.poll()) {
            if (!ended) {
                item.writeTo(writer);
            }
        }
        if (ended) {
            return;
        }
        writer.flush();
        drainWatches();
        backlog.sent(writer.sent(), sink.isReady());
    }

    private void drainWatches() {
        WatchSet set = watches;
        while (set != null && sink.isReady() && set.pull(FrameWriter.FRAME_BYTES, writer::watch)) {
            writer.flush();
        }
        writer.flush();
    }

    private void end() {
        if (!ended) {
            ended = true;
            sink.end();
        }
    }
}
