package io.coordinator.state.session;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionRecord;
import io.coordinator.state.kernel.Fingerprint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One open session. */
public final class Session {
    /**
     * A session with so many unacknowledged replies or events gets no further command applied until it acknowledges. Part
     * of what every replica computes, so a constant: what a server's configuration admits is less.
     */
    public static final int UNACKNOWLEDGED_MAX = 65_536;

    private static final long UNACKNOWLEDGED_BYTES_MAX = 64L << 20;

    private static final String KEY = "";
    private static final long REPLIES = 1;
    private static final long EVENTS = 2;

    private final SessionRecord identity;
    private final long identityHash;
    private final Unacknowledged<Reply> replies;
    private final Unacknowledged<Event> events;
    /** What this session contributes to the digest at the moment. */
    private long digest;

    private boolean dirty;
    private boolean ended;

    /** From a record with or without replies and events. */
    Session(SessionRecord record, Fingerprint fingerprint) {
        identity = record.toBuilder()
                .clearLastSeq()
                .clearAckedSeq()
                .clearLastEvent()
                .clearReplies()
                .clearEvents()
                .build();
        identityHash = fingerprint.ofRow(DataKind.SESSION_VALUE, 0, KEY, identity);
        long id = record.getSessionId();
        replies = new Unacknowledged<>(fingerprint, Fingerprint.of(id, REPLIES), record.getAckedSeq());
        events = new Unacknowledged<>(
                fingerprint, Fingerprint.of(id, EVENTS), record.getLastEvent() - record.getEventsCount());
        record.getRepliesList().forEach(replies::append);
        record.getEventsList().forEach(events::append);
    }

    public long id() {
        return identity.getSessionId();
    }

    public ByteString resumeToken() {
        return identity.getResumeToken();
    }

    public long leaseMillis() {
        return identity.getLeaseMillis();
    }

    public String clientName() {
        return identity.getClientName();
    }

    /** The highest command applied. */
    public long lastSeq() {
        return replies.last();
    }

    /** The reply to a command; null if it has been acknowledged or not been applied. */
    public @Nullable Reply reply(long seq) {
        return replies.get(seq);
    }

    /** Whether nothing more can be applied until the client acknowledges. */
    public boolean isFull() {
        return replies.size() >= UNACKNOWLEDGED_MAX
                || events.size() >= UNACKNOWLEDGED_MAX
                || replies.bytes() + events.bytes() >= UNACKNOWLEDGED_BYTES_MAX;
    }

    /** Events not acknowledged, in order. */
    public List<Event> pendingEvents() {
        return events.copy();
    }

    /** The next events after that number, about so many bytes: at least one if there is one. */
    public List<Event> pendingEvents(long after, long bytesMax) {
        return events.copy(after, bytesMax);
    }

    boolean acknowledge(long seq, long event) {
        boolean forgotReplies = replies.acknowledge(seq);
        boolean forgotEvents = events.acknowledge(event);
        return forgotReplies || forgotEvents;
    }

    void remember(Reply reply) {
        replies.append(reply);
    }

    Event append(Event.Builder event) {
        Event numbered = event.setNumber(events.last() + 1).build();
        events.append(numbered);
        return numbered;
    }

    void end() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Marks the session for the next capture; true if it was not yet. */
    boolean markDirty() {
        boolean first = !dirty;
        dirty = true;
        return first;
    }

    /** Brings the contribution up to date and returns by how much it changed. */
    long digestChange() {
        long before = digest;
        digest = ended ? 0 : identityHash + positions() + replies.digest() + events.digest();
        return digest - before;
    }

    /** Freezes it for a snapshot; copies references only. */
    SessionImage image() {
        dirty = false;
        return new SessionImage(
                identity,
                ended,
                replies.last(),
                replies.acknowledged(),
                events.last(),
                ended ? List.of() : replies.copy(),
                ended ? List.of() : events.copy());
    }

    private long positions() {
        return Fingerprint.of(
                Fingerprint.of(id(), replies.last()), Fingerprint.of(replies.acknowledged(), events.last()));
    }
}
