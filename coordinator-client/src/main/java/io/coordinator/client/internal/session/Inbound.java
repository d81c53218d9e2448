package io.coordinator.client.internal.session;

import io.coordinator.client.internal.net.Loop;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.KeepAliveReply;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.WatchUpdate;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the streams of a session bring, and whom each of it concerns; at last, that the stream has ended. Lives on the
 * loop.
 */
final class Inbound implements Stream.Owner {
    private static final Logger log = LoggerFactory.getLogger(Inbound.class);

    private static final long BUSY_PAUSE_MILLIS_MIN = 10;

    private final Attachment attachment;
    private final SessionCalls calls;
    private final Sequencer sequencer;
    private final FrameSender sender;
    private final Repetition repetition;
    private final LeaseWatch lease;
    private final SeenHistory history;
    private final ClusterTimeBound clock;
    private final Connector connector;
    private final SessionEnd end;

    Inbound(
            SessionSettings settings,
            Loop loop,
            Attachment attachment,
            SessionCalls calls,
            LeaseWatch lease,
            SeenHistory history,
            ClusterTimeBound clock,
            Connector connector,
            SessionEnd end) {
        this.attachment = attachment;
        this.calls = calls;
        this.lease = lease;
        this.history = history;
        this.clock = clock;
        this.connector = connector;
        this.end = end;
        sequencer = calls.sequencer();
        sender = calls.sender();
        repetition = new Repetition(
                loop,
                attachment,
                sequencer,
                sender,
                settings.lease().dividedBy(3).toNanos());
    }

    @Override
    public void onReply(Reply reply) {
        history.shown(reply.getRevision());
        CommandCall call = sequencer.replied(reply);
        if (call == null) {
            return; // answered before
        }
        lease.heard(call.sentNanos);
        if (call.isPersistent() && reply.hasError() && reply.getError().getCode() == ErrorCode.EBUSY) {
            long pause = Math.max(BUSY_PAUSE_MILLIS_MIN, reply.getError().getRetryAfterMillis());
            calls.addAfter(TimeUnit.MILLISECONDS.toNanos(pause), call);
        } else {
            calls.answer(call, () -> call.onReply(reply));
        }
        sender.onReply();
        repetition.goAgainAfter(reply);
    }

    @Override
    public boolean onTurnedBack(Reply reply) {
        return repetition.onTurnedBack(reply);
    }

    @Override
    public void onAnswer(Answer answer) {
        history.shown(answer.getRevision());
        QueryCall call = sequencer.answered(answer);
        if (call != null) {
            lease.heard(call.sentNanos);
            calls.answer(call, () -> call.onAnswer(answer));
        }
    }

    @Override
    public boolean onEvent(Event event) {
        sequencer.told(event);
        sender.scheduleAck();
        return attachment.session().deliver(event);
    }

    @Override
    public void onWatchUpdate(WatchUpdate update) {
        if (update.getChangesCount() > 0) {
            // The update's own revision can be one that the user asked for and that is yet to come.
            history.shown(update.getChanges(update.getChangesCount() - 1).getRevision());
        }
        attachment.watcher().onUpdate(update);
    }

    @Override
    public void onKeepAlive(long sentNanos, KeepAliveReply reply) {
        clock.sample(sentNanos, reply.getClusterTimeMillis());
        connector.spread(Duration.ofMillis(reply.getSpreadMillis()));
        lease.heard(sentNanos);
    }

    @Override
    public void onTurn() {
        sender.scheduleFlush();
    }

    /** Look for a leader, with all unanswered calls kept for it. */
    @Override
    public void onStreamEnd(Stream ended, Error reason, boolean silently) {
        if (ended != attachment.stream()) {
            return;
        }
        log.debug("Stream to {} ended: {} {}", ended.endpoint(), reason.getCode(), reason.getMessage());
        attachment.detach();
        boolean sessionGone = reason.getCode() == ErrorCode.ESESSION;
        connector.lost(ended.endpoint(), silently, sessionGone ? ended.endpoint() : reason.getLeaderAddress());
        end.onDetached(reason);
        if (end.needsStream()) {
            connector.seek();
        }
    }
}
