package io.coordinator.state.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionRecord;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.Fingerprint;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One open session. */
public final class Session {
    /**
     * A session with so many unacknowledged replies or events gets no further command applied until it acknowledges. Part
     * of what every replica computes, so a constant: what a server's configuration admits is less.
     */
    public static final int UNACKNOWLEDGED_MAX = 65_536;

    /**
     * As much heap as these may take before it. A reply has at most {@link Budget#BYTES_MAX}, so that no session keeps more than twice as
     * much by what it asks for.
     */
    public static final long UNACKNOWLEDGED_BYTES_MAX = Budget.BYTES_MAX;

    private static final String KEY = "";
    private static final long REPLIES = 1;
    private static final long EVENTS = 2;

    private final SessionRecord identity;
    private final long identityHash;
    private final Fingerprint fingerprint;
    private final long replySequence;
    private final long eventSequence;
    /** As serialized: a reply of many parts takes twenty times as much in objects, and is hardly ever asked for again. */
    private final Unacknowledged<byte[]> replies;

    private final Unacknowledged<Event> events;
    /** Which replies and events the last capture has left behind as rows. */
    private Stored storedReplies;

    private Stored storedEvents;
    private boolean stored;
    /** What this session contributes to the digest and to the estimated heap at the moment. */
    private long digest;

    private long heap;
    private boolean dirty;
    private boolean ended;

    /** A session that has just been opened, or as it was at a capture. */
    Session(SessionRecord record, List<byte[]> replies, List<Event> events, Fingerprint fingerprint) {
        this.fingerprint = fingerprint;
        identity = record.toBuilder()
                .clearLastSeq()
                .clearAckedSeq()
                .clearLastEvent()
                .clearAckedEvent()
                .build();
        identityHash = fingerprint.ofRow(DataKind.SESSION_VALUE, 0, KEY, identity);
        long id = record.getSessionId();
        replySequence = Fingerprint.of(id, REPLIES);
        eventSequence = Fingerprint.of(id, EVENTS);
        this.replies = new Unacknowledged<>(record.getAckedSeq());
        this.events = new Unacknowledged<>(record.getAckedEvent());
        replies.forEach(this::append);
        events.forEach(this::append);
        storedReplies = Stored.all(this.replies);
        storedEvents = Stored.all(this.events);
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
        byte[] reply = replies.get(seq);
        try {
            return reply == null ? null : Reply.parseFrom(reply);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a reply that was kept cannot be read", e);
        }
    }

    /** Whether nothing more can be applied until the client acknowledges, if what it has not may take so much heap. */
    public boolean isFull(long heapMax) {
        return replies.size() >= UNACKNOWLEDGED_MAX
                || events.size() >= UNACKNOWLEDGED_MAX
                || unacknowledgedHeap() >= heapMax;
    }

    /** The heap that replies and events are estimated to take. */
    public long unacknowledgedHeap() {
        return replies.bytes() + events.bytes() + (long) MESSAGE_HEAP * unacknowledged();
    }

    /** The heap that a reply is estimated to take until it is acknowledged. */
    public static long heapOf(Reply reply) {
        return MESSAGE_HEAP + (long) reply.getSerializedSize();
    }

    /** Events not acknowledged behind a number, in order, as they are stored. */
    List<Event> eventsAfter(long number) {
        return events.after(number);
    }

    /** The event with a number; null if it is acknowledged or not given yet. */
    @Nullable
    Event event(long number) {
        return events.get(number);
    }

    long ackedEvent() {
        return events.acknowledged();
    }

    public long lastEvent() {
        return events.last();
    }

    /** The number of replies and events that are rows of their own. */
    int unacknowledged() {
        return replies.size() + events.size();
    }

    boolean acknowledge(long seq, long event, Consumer<Event> forgotten) {
        boolean forgotReplies = replies.acknowledge(seq, reply -> {});
        boolean forgotEvents = events.acknowledge(event, forgotten);
        return forgotReplies || forgotEvents;
    }

    void remember(Reply reply) {
        append(reply.toByteArray());
    }

    private void append(byte[] reply) {
        replies.append(reply, fingerprint.ofMessage(replySequence, replies.last() + 1, reply), reply.length);
    }

    Event append(Event.Builder event) {
        Event numbered = event.setNumber(events.last() + 1).build();
        append(numbered);
        return numbered;
    }

    private void append(Event event) {
        long hash = fingerprint.ofMessage(eventSequence, events.last() + 1, event);
        events.append(event, hash, event.getSerializedSize());
    }

    void removeLastEvent() {
        events.removeLast();
    }

    void setEnded(boolean value) {
        ended = value;
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

    /** Brings the contribution to the digest up to date and returns by how much it changed. */
    long digestChange() {
        long before = digest;
        digest = ended ? 0 : identityHash + positions() + replies.digest() + events.digest();
        return digest - before;
    }

    /** Brings the contribution to the estimated heap up to date and returns by how much it changed. */
    long heapChange() {
        long before = heap;
        heap = ended ? 0 : SESSION_HEAP + unacknowledgedHeap();
        return heap - before;
    }

    /** Freezes what a snapshot has to write and to delete; copies references only. */
    SessionImage image() {
        dirty = false;
        SessionImage image = new SessionImage(
                id(),
                ended ? null : record(),
                storedReplies.next(replies, ended),
                storedEvents.next(events, ended),
                stored);
        storedReplies = Stored.all(replies);
        storedEvents = Stored.all(events);
        stored = !ended;
        return image;
    }

    /** It comes from a snapshot, so its rows are there. */
    void markStored() {
        stored = true;
    }

    private SessionRecord record() {
        return identity.toBuilder()
                .setLastSeq(replies.last())
                .setAckedSeq(replies.acknowledged())
                .setLastEvent(events.last())
                .setAckedEvent(events.acknowledged())
                .build();
    }

    private long positions() {
        return Fingerprint.of(
                Fingerprint.of(id(), replies.last()),
                Fingerprint.of(replies.acknowledged(), Fingerprint.of(events.last(), events.acknowledged())));
    }

    /** The objects of a session, and of one thing that it has not acknowledged. Measured; see docs/limits.md. */
    private static final int SESSION_HEAP = 1_500;

    private static final int MESSAGE_HEAP = 200;
}
