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
import io.coordinator.server.watch.WatchSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one stream has to send. Any thread adds; whoever calls {@link #drain} first writes for all, so frames keep their
 * order, need no lock, and coalesce by themselves while one is being written.
 *
 * <p>A frame is made only when the transport takes it and the node's account has room, so a stream has little more than
 * one frame on its way. Replies and events wait as references to what the session keeps; watch updates are pulled from
 * the shared ring, and queries evaluated, only when all before is written.
 */
final class Outbox {
    /** What adds to the outbox when it is asked. */
    interface Sources {
        /**
         * Has queries evaluated, if there is room for their answers.
         *
         * @return whether there were any
         */
        boolean pumpReads();

        /** Fetches events that were left in the session. */
        void fetchEvents(long after);
    }

    /** What opens or ends a stream: a few at most, so that they go out whatever the account says. */
    private interface Notice {
        void writeTo(FrameWriter writer);
    }

    private final FrameWriter writer;
    private final StreamAccount account;
    private final Backlog backlog;
    private final Outgoing node;
    private final Outgoing.Member member;
    private final Sources sources;
    private final EventFeed feed = new EventFeed();
    private final Queue<Notice> notices = new ConcurrentLinkedQueue<>();
    private final PushQueue pushed;
    private final Queue<List<Answer>> answers = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable KeepAliveReply> keepAlive = new AtomicReference<>();
    private final AtomicReference<@Nullable Heard> sign = new AtomicReference<>();
    private final AtomicInteger drains = new AtomicInteger();
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final DrainShare share;
    private volatile @Nullable WatchSet watches;
    private final LastFrames lastFrames;
    private final Consumer<Reply> replyWriter = this::write;
    private final Consumer<Event> eventWriter = this::write;
    private volatile boolean gone;

    /**
     * An outbox.
     *
     * @param member who is told when the node has room; must call {@link #resume}
     */
    Outbox(
            FrameSink<ServerFrame> sink,
            StreamAccount account,
            Backlog backlog,
            Outgoing node,
            Outgoing.Member member,
            Sources sources) {
        this.account = account;
        this.writer = new FrameWriter(sink, account);
        this.pushed = new PushQueue(writer, account, this::awaitRoom);
        this.lastFrames = new LastFrames(sink, account);
        this.share = new DrainShare(node, this::drain);
        this.backlog = backlog;
        this.node = node;
        this.member = member;
        this.sources = sources;
    }

    void watches(WatchSet set) {
        watches = set;
    }

    void welcome(Welcome welcome) {
        notices.add(writer -> writer.welcome(welcome));
    }

    void replies(List<Reply> replies) {
        pushed.push(replies, replyWriter);
    }

    private void write(Reply reply) {
        writer.reply(reply);
        backlog.answered(1);
    }

    /** Answers whose bytes have been charged. */
    void answers(List<Answer> evaluated) {
        answers.add(evaluated);
    }

    /** Why queries cannot be answered. */
    void refusals(List<Answer> refusals) {
        pushed.pushOwn(refusals, refusal -> {
            writer.refusal(refusal);
            backlog.answered(1);
        });
    }

    /** The first of those that the session has had until now, and the number of the last; the rest is fetched later. */
    void firstEvents(List<Event> first, long last) {
        pushEvents(feed.start(first, last));
    }

    /** New events, in order; those that find no room are fetched from the session later. */
    void events(List<Event> events) {
        pushEvents(feed.offer(events));
    }

    /** What {@link Sources#fetchEvents} found. */
    void fetchedEvents(List<Event> events) {
        pushEvents(feed.fetched(events));
    }

    private void pushEvents(List<Event> queued) {
        if (!queued.isEmpty()) {
            pushed.push(queued, eventWriter);
        }
    }

    private void write(Event event) {
        writer.event(event);
        feed.written(event);
    }

    /** Takes the place of an earlier one that is not written yet: the later answer says more. */
    void keepAlive(KeepAliveReply reply) {
        keepAlive.set(reply);
    }

    /** The client is to be patient. */
    void heard(Heard heard) {
        sign.set(heard);
    }

    /** Why watches could not start; these do not come from the ring. */
    void watchRefusals(List<WatchUpdate> refusals) {
        pushed.pushOwn(refusals, refusal -> {
            writer.watch(refusal);
            backlog.answered(1);
        });
    }

    /** The last thing sent: what is added later is dropped. */
    void goodbye(Error error) {
        notices.add(writer -> {
            writer.goodbye(error);
            end();
        });
    }

    /** As {@link #goodbye}, but the client gets first what was queued for it: it has to acknowledge that. */
    void goodbyeAfterAll(Error error) {
        pushed.push(List.of(error), why -> {
            writer.goodbye(why);
            end();
        });
    }

    /** Ends the stream without a word. */
    void finish() {
        notices.add(writer -> end());
    }

    /** The transport has let go of everything. */
    void gone() {
        gone = true;
        drain();
    }

    /** Whether nothing waits or is being written, so that the transport has had all of it. */
    boolean isEmpty() {
        // Who drains takes a watch out while it pulls, and may put it back.
        return drains.get() == 0 && hasNothing() && drains.get() == 0;
    }

    private boolean hasNothing() {
        WatchSet set = watches;
        return (set == null || !set.hasUpdates())
                && notices.isEmpty()
                && pushed.isEmpty()
                && answers.isEmpty()
                && feed.isUpToDate();
    }

    /** There may be room in the node's account. */
    void resume() {
        waiting.set(false);
        account.takeTurn();
        drain();
    }

    /** Whether the client takes less than it must. */
    boolean isStalled(long nowNanos) {
        return !lastFrames.isEnded() && account.isStalled(nowNanos);
    }

    /** Cuts an ended stream whose client does not take the rest. */
    void sweep(long nowNanos) {
        if (lastFrames.isToBeCut(nowNanos)) {
            drain();
        }
    }

    /** Sends what there is, unless another thread is at it, which then does so in our place. */
    void drain() {
        if (drains.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        share.begin();
        do {
            drainOnce();
            if (gone) {
                end();
                account.taken();
            }
            seen = drains.addAndGet(-seen);
        } while (seen != 0);
    }

    private void drainOnce() {
        for (Notice notice = notices.poll(); notice != null && !lastFrames.isEnded(); notice = notices.poll()) {
            notice.writeTo(writer);
        }
        writer.flush();
        if (lastFrames.isEnded()) {
            lastFrames.finish(writer);
            return;
        }
        while (writer.isOpen() && writeSome()) {
            writer.flush();
        }
        writer.flush();
        if (lastFrames.isEnded()) {
            lastFrames.finish(writer);
            return;
        }
        backlog.requestIfOwed();
    }

    /**
     * Fills frames while the transport takes them.
     *
     * @return whether to look again at once
     */
    private boolean writeSome() {
        Heard heard = sign.getAndSet(null);
        if (heard != null) {
            writer.heard(heard);
        }
        KeepAliveReply confirmed = keepAlive.getAndSet(null);
        if (confirmed != null) {
            writer.keepAlive(confirmed);
        }
        boolean wroteAll = pushed.write();
        writeAnswers();
        writer.flush();
        if (!wroteAll || !writer.isOpen()) {
            return false;
        }
        if (feed.beginFetch()) {
            sources.fetchEvents(feed.lastQueued());
        }
        boolean pulled = pullWatches();
        pumpReads();
        return pulled;
    }

    /** What is evaluated at once asks for a drain, which would evaluate more while the client takes its answers. */
    private void pumpReads() {
        if (share.mayPump() && sources.pumpReads()) {
            share.pumped();
        }
    }

    /** These are charged, so nothing but the transport holds them up; a list may be left in part. */
    private void writeAnswers() {
        while (writer.isOpen()) {
            List<Answer> evaluated = answers.poll();
            if (evaluated == null) {
                return;
            }
            evaluated.forEach(writer::answer);
            backlog.answered(evaluated.size());
        }
    }

    private boolean pullWatches() {
        WatchSet set = watches;
        if (set == null || !set.hasUpdates()) {
            return false;
        }
        if (!account.admitsFrame(FrameWriter.FRAME_BYTES)) {
            awaitRoom();
            return false;
        }
        return share.takePull() && set.pull(FrameWriter.FRAME_BYTES, writer::watch) > 0;
    }

    /** Resumes when others have made room. */
    void awaitRoom() {
        if (waiting.compareAndSet(false, true)) {
            node.await(member);
        }
    }

    private void end() {
        lastFrames.end();
        pushed.clear();
        answers.clear();
    }
}
