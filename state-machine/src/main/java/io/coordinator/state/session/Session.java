package io.coordinator.state.session;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionRecord;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.EventCredit;
import io.coordinator.state.kernel.Fingerprint;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One open session. */
public final class Session {
    /**
     * A session with so many unacknowledged replies gets no further command applied until it acknowledges. Part of what
     * every replica computes, so a constant: what a server's configuration admits is less. Events hold back no command:
     * see {@link EventCredit}.
     */
    public static final int UNACKNOWLEDGED_MAX = 65_536;

    /**
     * As much heap as replies may take before it. A reply has at most {@link Budget#BYTES_MAX}, so that no session
     * keeps more than twice as much by what it asks for.
     */
    public static final long UNACKNOWLEDGED_BYTES_MAX = Budget.BYTES_MAX;

    private static final String KEY = "";
    private static final long REPLIES = 1;

    private final SessionRecord identity;
    private final long identityHash;
    private final Fingerprint fingerprint;
    private final long replySequence;
    /**
     * As serialized: a reply of many parts takes twenty times as much in objects, and is hardly ever asked for again.
     */
    private final Unacknowledged<byte[]> replies;

    private final Mailbox mailbox;
    /** Which replies the last capture has left behind as rows. */
    private Stored storedReplies;

    private boolean stored;
    /** What this session contributes to the digest and to the estimated heap at the moment. */
    private long digest;

    private long heap;
    private boolean dirty;
    private boolean ended;

    /** A session that has just been opened, or as it was at a capture. */
    Session(
            SessionRecord record,
            List<byte[]> replies,
            List<Event> events,
            Fingerprint fingerprint,
            SharedValues shared) {
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
        this.replies = new Unacknowledged<>(record.getAckedSeq());
        replies.forEach(this::append);
        storedReplies = Stored.all(this.replies);
        mailbox = new Mailbox(id, record.getAckedEvent(), events, fingerprint, shared);
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

    /** Cluster time. */
    public long openedAtMillis() {
        return identity.getOpenedAtMillis();
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

    /** Whether nothing more can be applied until the client acknowledges, if its replies may take so much heap. */
    public boolean isFull(long heapMax) {
        return replies.size() >= UNACKNOWLEDGED_MAX || replyHeap() >= heapMax;
    }

    /** The heap that unacknowledged replies are estimated to take. */
    public long replyHeap() {
        return replies.bytes() + (long) MESSAGE_HEAP * replies.size();
    }

    /** The heap that a reply is estimated to take until it is acknowledged. */
    public static long heapOf(Reply reply) {
        return MESSAGE_HEAP + (long) reply.getSerializedSize();
    }

    /** What it is told. */
    Mailbox mailbox() {
        return mailbox;
    }

    public long lastEvent() {
        return mailbox.last();
    }

    /** The number of replies and events that are rows of their own. */
    public int unacknowledged() {
        return replies.size() + mailbox.size();
    }

    /** Forgets the replies that the client has received; false if there are none. */
    boolean acknowledge(long seq) {
        return replies.acknowledge(seq, reply -> {});
    }

    void remember(Reply reply) {
        append(reply.toByteArray());
    }

    private void append(byte[] reply) {
        replies.append(reply, fingerprint.ofMessage(replySequence, replies.last() + 1, reply), reply.length);
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
        digest = ended ? 0 : identityHash + positions() + replies.digest() + mailbox.digest();
        return digest - before;
    }

    /** Brings the contribution to the estimated heap up to date and returns by how much it changed. */
    long heapChange() {
        long before = heap;
        heap = ended ? 0 : SESSION_HEAP + replyHeap() + mailbox.bytes() + (long) MESSAGE_HEAP * mailbox.size();
        return heap - before;
    }

    /** Freezes what a snapshot has to write and to delete; copies references only. */
    SessionImage image() {
        dirty = false;
        SessionImage image = new SessionImage(
                id(), ended ? null : record(), storedReplies.next(replies, ended), mailbox.changes(ended), stored);
        storedReplies = Stored.all(replies);
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
                .setLastEvent(mailbox.last())
                .setAckedEvent(mailbox.acknowledged())
                .build();
    }

    private long positions() {
        return Fingerprint.of(
                Fingerprint.of(id(), replies.last()),
                Fingerprint.of(replies.acknowledged(), Fingerprint.of(mailbox.last(), mailbox.acknowledged())));
    }

    /** The objects of a session, and of one thing that it has not acknowledged. Measured; see docs/limits.md. */
    private static final int SESSION_HEAP = 1_500;

    private static final int MESSAGE_HEAP = 200;
}
