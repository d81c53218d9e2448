package io.coordinator.server.session;

/**
 * One stream's part of the node's account, and what it owes besides: replies and events that wait, which are the
 * session's own objects and cost this node nothing until they are written; and requests and refusals that wait, which
 * are in the heap for its sake alone and count in {@link Unanswered}.
 */
final class StreamAccount {
    private final Outgoing node;
    /** Charged to the node. */
    private long held;
    /** The part of it that the transport has. */
    private long handed;
    /** Not charged to the node. */
    private long owed;
    /** A part of {@link Unanswered}. */
    private long unanswered;

    private boolean turn;
    private boolean ended;
    private long stalledNanos;

    StreamAccount(Outgoing node) {
        this.node = node;
    }

    /** Takes on an answer if there is room for it. */
    synchronized boolean tryCharge(long bytes) {
        if (ended || !admits(bytes)) {
            return false;
        }
        if (bytes > Outgoing.SMALL_BYTES) {
            turn = false;
        }
        held += bytes;
        node.charge(bytes);
        return true;
    }

    /** Takes on small answers that {@link #admitsSmall} let in. */
    synchronized void charge(long bytes) {
        if (!ended) {
            held += bytes;
            node.charge(bytes);
        }
    }

    /** Whether a small message may be taken on. */
    boolean admitsSmall() {
        return node.admitsSmall();
    }

    /** Whether an answer of that size could be taken on now. */
    synchronized boolean admits(long bytes) {
        return bytes <= Outgoing.SMALL_BYTES ? admitsSmall() : node.admitsLarge(held, bytes, turn);
    }

    /** Whether a message that is not charged yet may be handed to the transport. */
    boolean admitsFrame(long bytes) {
        if (bytes <= Outgoing.SMALL_BYTES) {
            return admitsSmall();
        }
        synchronized (this) {
            boolean admitted = node.admitsLarge(handed, bytes, turn);
            turn &= !admitted;
            return admitted;
        }
    }

    /** Gives back what an answer was charged that will not be sent. */
    synchronized void refund(long bytes) {
        if (!ended) {
            held -= bytes;
            node.release(bytes);
        }
    }

    /**
     * A frame goes to the transport.
     *
     * @param charged the part of it that was charged before
     */
    synchronized void hand(long bytes, long charged) {
        long fresh = bytes - (ended ? 0 : charged);
        held += fresh;
        node.charge(fresh);
        handed += bytes;
        if (stalledNanos == 0) {
            stalledNanos = System.nanoTime() | 1;
        }
    }

    /** The transport has sent all it had, or nearly so. */
    synchronized void taken() {
        held -= handed;
        node.release(handed);
        handed = 0;
        stalledNanos = 0;
    }

    synchronized boolean isHanding() {
        return handed > 0;
    }

    /** Whether nothing is charged, so that only others can make room. */
    synchronized boolean isEmpty() {
        return held == 0;
    }

    synchronized void owe(long bytes) {
        owed += bytes;
    }

    /** A request waits to be answered, or a refusal to be written; negative when it does no longer. */
    synchronized void keep(long bytes) {
        if (!ended) {
            unanswered += bytes;
            node.unanswered().add(bytes);
        }
    }

    synchronized long unansweredBytes() {
        return unanswered;
    }

    /** Whether more may be asked of this stream. */
    synchronized boolean hasRoom() {
        boolean mayKeep = unanswered == 0 || !node.unanswered().isHalfFull();
        return mayKeep && held + owed + unanswered < node.streamBytesMax();
    }

    synchronized void takeTurn() {
        turn = true;
    }

    /** Nothing more will be written: what waited is dropped. */
    synchronized void end() {
        if (!ended) {
            ended = true;
            node.release(held - handed);
            held = handed;
            owed = 0;
            node.unanswered().add(-unanswered);
            unanswered = 0;
        }
    }

    /** Whether the transport has taken nothing for longer than a client may need. */
    synchronized boolean isStalled(long nowNanos) {
        return stalledNanos != 0 && nowNanos - stalledNanos > node.patienceNanos(handed);
    }
}
