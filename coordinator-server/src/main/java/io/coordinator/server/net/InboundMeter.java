package io.coordinator.server.net;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.grpc.Context;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the message that is arriving on one call, before anybody parses it. The first message of a stream comes from
 * somebody who may not have shown the token, and is a Hello: it must be small, and has an account of its own, so that
 * strangers do not take the room of clients.
 *
 * <p>gRPC collects a message and returns the credit for it meanwhile, so that flow control does not bound what it
 * collects.
 */
final class InboundMeter extends ServerStreamTracer {
    /** More than any Hello has. */
    static final int FIRST_BYTES_MAX = 64 << 10;
    /** A piece of a message can be small and keep the buffer that it came in. */
    static final int PIECE_BYTES = 16 << 10;

    /** About what one part of a message takes in the heap, see {@link MessageParts}. */
    static final int PART_BYTES = 100;

    private static final long FIRST_COST_MAX = 1 << 20;
    /** What is still on its way when a stream is told to end. */
    private static final long OVERRUN_MAX = 1 << 20;

    private static final long RETRY_AFTER_MILLIS = 100;
    private static final Context.Key<InboundMeter> METER = Context.key("inbound-meter");
    private static final AtomicLong ORDER = new AtomicLong();
    private static final Logger LOG = LoggerFactory.getLogger(InboundMeter.class);

    private final Accounts accounts;
    private final boolean call;
    private final long bytesMax;
    private InboundAccount account;
    private long order;
    private long held;
    private boolean closed;
    private volatile Context.@Nullable CancellableContext cutting;
    private volatile boolean refused;
    private volatile @Nullable Consumer<Error> refusal;
    private boolean first;
    private long bytes;
    private long cost;
    private long overrun;

    private InboundMeter(Accounts accounts, boolean call, long bytesMax) {
        this.accounts = accounts;
        this.call = call;
        this.bytesMax = bytesMax;
        this.account = accounts.clients();
    }

    /** Of a stream, whose first message is a Hello, and whose messages are dealt with when they have arrived. */
    static InboundMeter ofStream(Accounts accounts) {
        return new InboundMeter(accounts, false, Long.MAX_VALUE);
    }

    /**
     * Of a call of one message, which is kept until it is answered, however long that takes.
     *
     * @param bytesMax the largest message
     */
    static InboundMeter ofCall(Accounts accounts, long bytesMax) {
        return new InboundMeter(accounts, true, bytesMax);
    }

    /**
     * Where messages are counted.
     *
     * @param strangers first messages of streams
     * @param clients all others
     * @param costMax of one message
     */
    record Accounts(InboundAccount strangers, InboundAccount clients, long costMax) {
        /**
         * Accounts of a node.
         *
         * @param messageBytesMax the largest message; its pieces may cost three times as much besides
         */
        static Accounts of(long bytesMax, long messageBytesMax) {
            return new Accounts(new InboundAccount(bytesMax / 4), new InboundAccount(bytesMax), 4 * messageBytesMax);
        }
    }

    /** A meter whose message is not complete; the order is that in which messages began. */
    record Waiting(InboundMeter meter, long order) {}

    /** That of the call which this thread begins, if it is measured. */
    static Optional<InboundMeter> current() {
        return Optional.ofNullable(METER.get());
    }

    @Override
    public Context filterContext(Context context) {
        Context.CancellableContext own = context.withValue(METER, this).withCancellation();
        cutting = own;
        return own;
    }

    /**
     * Ends the call at once and without a word, with all that waits for its client to take it; any thread. gRPC resets
     * the stream of a call whose context has run out of time, and has no other way to do so once it was answered.
     */
    void cut() {
        Context.CancellableContext own = cutting;
        if (own != null) {
            own.cancel(Status.DEADLINE_EXCEEDED
                    .withDescription("the client does not take what it is sent")
                    .asException());
        }
    }

    /** Says how the call is to be ended; any thread. */
    void onRefusal(Consumer<Error> end) {
        refusal = end;
    }

    @Override
    public void inboundMessage(int number) {
        first = !call && number == 0;
        begin(first ? accounts.strangers() : accounts.clients());
    }

    private synchronized void begin(InboundAccount counted) {
        if (!call) {
            settle();
        }
        account = counted;
        order = ORDER.incrementAndGet();
        counted.join(this);
    }

    /** A piece has arrived. */
    @Override
    public void inboundWireSize(long piece) {
        long pieceCost = piece + PIECE_BYTES;
        if (refused) {
            overrun(pieceCost);
            return;
        }
        bytes += piece;
        cost += pieceCost;
        charge(pieceCost);
        if (first && (bytes > FIRST_BYTES_MAX || cost > FIRST_COST_MAX)) {
            refuse(error(
                    ErrorCode.ETOOLARGE,
                    "the first frame has more than " + FIRST_BYTES_MAX
                            + " bytes; it is a Hello, so shorten its client_name, cluster or auth_token"));
        } else if (bytes > bytesMax) {
            refuse(error(
                    ErrorCode.ETOOLARGE, "the message of a call has more than " + bytesMax + " bytes; ask for less"));
        } else if (cost > accounts.costMax()) {
            refuse(error(ErrorCode.ETOOLARGE, "a message came in too many small pieces; send it in larger ones"));
        }
    }

    private void charge(long more) {
        InboundAccount charged;
        synchronized (this) {
            if (closed) {
                return;
            }
            held += more;
            charged = account;
        }
        charged.charge(more);
    }

    private void overrun(long pieceCost) {
        overrun += pieceCost;
        if (overrun > OVERRUN_MAX) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("the call was told to end")
                    .asRuntimeException();
        }
    }

    /** That of a call stays charged: who serves it keeps it, and waits for the end of what its client sends. */
    @Override
    public void inboundMessageRead(int number, long wireSize, long uncompressedSize) {
        if (!call) {
            settle();
        }
    }

    /** The message of a call was parsed, and takes more than its bytes. */
    void parsed(int parts) {
        if (call && !refused) {
            charge((long) parts * PART_BYTES);
        }
    }

    /** An answer to a call. */
    @Override
    public void outboundMessage(int number) {
        if (call) {
            release();
        }
    }

    @Override
    public void streamClosed(Status status) {
        synchronized (this) {
            closed = true;
        }
        settle();
        accounts.strangers().leave(this);
        accounts.clients().leave(this);
    }

    private void settle() {
        bytes = 0;
        cost = 0;
        release();
    }

    /** What was held. */
    private synchronized long release() {
        long released = held;
        held = 0;
        account.release(released);
        return released;
    }

    /** Itself, if it holds something of that account. */
    synchronized Optional<Waiting> waiting(InboundAccount counted) {
        return account == counted && held > 0 ? Optional.of(new Waiting(this, order)) : Optional.empty();
    }

    /** Makes room for others; any thread. */
    void evict() {
        if (release() > 0) {
            refuse(error(
                            ErrorCode.EBUSY,
                            "this node receives as many messages as it has room for, and this one has taken longest; send"
                                    + " it again")
                    .toBuilder()
                    .setRetryAfterMillis(RETRY_AFTER_MILLIS)
                    .build());
        }
    }

    /** Ends the call; on the thread of the transport. */
    void refuse(Error error) {
        refused = true;
        release();
        Consumer<Error> end = refusal;
        if (end == null) {
            return;
        }
        try {
            end.accept(error);
        } catch (IllegalStateException e) {
            LOG.debug("the call has ended meanwhile", e);
        }
    }

    private static Error error(ErrorCode code, String message) {
        return Error.newBuilder().setCode(code).setMessage(message).build();
    }
}
