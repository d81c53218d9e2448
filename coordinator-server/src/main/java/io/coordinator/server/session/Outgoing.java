package io.coordinator.server.session;

import java.util.Comparator;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The account that all clients of this node share: the bytes of answers that were evaluated and of frames that were
 * handed to the transport, until these are on the wire (C-08).
 *
 * <p>What is large is taken on only while the account is below its limit, so it can pass the limit by one message. What
 * is small may use as much again: readers that take nothing do not hold up those who ask for little.
 */
public final class Outgoing {
    /** What is not larger is small. */
    static final int SMALL_BYTES = 32 << 10;

    /** A client that takes less than this in a second is slow, however large the message that it is taking. */
    private static final long BYTES_PER_SECOND_MIN = 256 << 10;
    /** While the account is full, patience with those who take nothing is so many times shorter. */
    private static final int HASTE = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Outgoing.class);

    private final long bytesMax;
    private final long streamBytesMax;
    private final long patienceNanos;
    private final Executor executor;
    private final AtomicLong used = new AtomicLong();
    private final Queue<Member> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final Set<Member> members = ConcurrentHashMap.newKeySet();
    private final LongAdder slowConsumers = new LongAdder();
    private final Unanswered unanswered;

    /**
     * An empty account.
     *
     * @param bytesMax of all streams together
     * @param streamBytesMax of one stream, unless a single message is larger
     * @param slowConsumerMillis how long a client may take nothing of what it is sent
     * @param executor runs those who waited for room, and what takes long
     */
    public Outgoing(long bytesMax, long streamBytesMax, long slowConsumerMillis, Executor executor) {
        this.bytesMax = bytesMax;
        this.streamBytesMax = streamBytesMax;
        this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(slowConsumerMillis);
        this.executor = executor;
        this.unanswered = new Unanswered(bytesMax);
    }

    /** Whoever has bytes in the account. */
    interface Member {
        /** There may be room now; any thread. */
        void resume();

        /** Looks whether its client keeps up; from time to time. */
        void sweep(long nowNanos);

        /** What it has in {@link Unanswered}. */
        default long unansweredBytes() {
            return 0;
        }

        /** It has more of that than any other, and all have too much. */
        default void shed() {}
    }

    /** Bytes in the account. */
    public long bytes() {
        return used.get();
    }

    /** Streams and calls that wait for room. */
    public int waiting() {
        return waiting.size();
    }

    /** Streams and calls that were ended since their client did not take what it was sent. */
    public long slowConsumers() {
        return slowConsumers.sum();
    }

    /** Ends those who do not keep up. */
    public void sweep() {
        long now = System.nanoTime();
        members.forEach(member -> member.sweep(now));
    }

    long bytesMax() {
        return bytesMax;
    }

    long streamBytesMax() {
        return streamBytesMax;
    }

    void join(Member member) {
        members.add(member);
    }

    void leave(Member member) {
        members.remove(member);
    }

    Unanswered unanswered() {
        return unanswered;
    }

    /** Called after each frame: whoever has most has at least what that frame brought, so ending one is enough. */
    void shedIfTooMuch() {
        if (!unanswered.isTooMuch(0)) {
            return;
        }
        Optional<Member> most = members.stream().max(Comparator.comparingLong(Member::unansweredBytes));
        if (most.isPresent() && unanswered.isTooMuch(most.get().unansweredBytes())) {
            most.get().shed();
        }
    }

    /** A client has lost its stream or call since it did not take what it was sent. */
    public void countSlowConsumer() {
        slowConsumers.increment();
    }

    /** How long a client may take nothing if so many bytes are on their way to it. */
    public long patienceNanos(long handed) {
        long transfer = handed * TimeUnit.SECONDS.toNanos(1) / BYTES_PER_SECOND_MIN;
        long patience = patienceNanos + transfer;
        return used.get() < bytesMax ? patience : patience / HASTE;
    }

    /** Whether something small may be taken on. */
    boolean admitsSmall() {
        return used.get() < 2 * bytesMax;
    }

    /**
     * Whether something large may be taken on. No stream holds more than half of what is free, so there is always room
     * for one more; and those who wait come first.
     *
     * @param held by the stream already
     * @param turn it has waited
     */
    boolean admitsLarge(long held, long bytes, boolean turn) {
        long now = used.get();
        if (now >= bytesMax || !(turn || waiting.isEmpty())) {
            return false;
        }
        return held == 0 || (held + bytes <= streamBytesMax && held <= (bytesMax - now) / 2);
    }

    void charge(long bytes) {
        used.addAndGet(bytes);
    }

    void release(long bytes) {
        if (bytes > 0) {
            used.addAndGet(-bytes);
            wakeIfRoom();
        }
    }

    /** Has the member resumed when there is room, in the order in which they asked. */
    void await(Member member) {
        waiting.add(member);
        wakeIfRoom();
    }

    private void wakeIfRoom() {
        if (used.get() < bytesMax && !waiting.isEmpty() && scheduled.compareAndSet(false, true)) {
            later(this::resumeWaiting);
        }
    }

    /** Runs what would take too long on the thread of a transport, or of the log; after what others left here. */
    void later(Runnable work) {
        try {
            executor.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("this node is closing", e);
        }
    }

    private void resumeWaiting() {
        scheduled.set(false);
        while (used.get() < bytesMax) {
            Member next = waiting.poll();
            if (next == null) {
                return;
            }
            next.resume();
        }
    }
}
