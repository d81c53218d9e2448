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
 * <p>gRPC collects a message and returns the credit for it meanwhile, so that flow control does not bound what it collects.
 */
final class InboundMeter extends ServerStreamTracer {
    /** More than any Hello has. */
    static final int FIRST_BYTES_MAX = 64 << 10;
    /** A piece of a message can be small and keep the buffer that it came in. */
    static final int PIECE_BYTES = 16 << 10;

    private static final long FIRST_COST_MAX = 1 << 20;
    /** What is still on its way when a stream is told to end. */
    private static final long OVERRUN_MAX = 1 << 20;

    private static final long RETRY_AFTER_MILLIS = 100;
    private static final Context.Key<InboundMeter> METER = Context.key("inbound-meter");
    private static final AtomicLong ORDER = new AtomicLong();
    private static final Logger LOG = LoggerFactory.getLogger(InboundMeter.class);

    private final Accounts accounts;
    private final boolean greeting;
    private InboundAccount account;
    private long order;
    private long held;
    private volatile boolean refused;
    private volatile @Nullable Consumer<Error> refusal;
    private boolean first;
    private long bytes;
    private long cost;
    private long overrun;

    /** @param greeting whether the first message is a Hello */
    InboundMeter(Accounts accounts, boolean greeting) {
        this.accounts = accounts;
        this.greeting = greeting;
        this.account = accounts.clients();
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
        return context.withValue(METER, this);
    }

    /** Says how the call is to be ended; any thread. */
    void onRefusal(Consumer<Error> end) {
        refusal = end;
    }

    @Override
    public void inboundMessage(int number) {
        first = greeting && number == 0;
        begin(first ? accounts.strangers() : accounts.clients());
    }

    private synchronized void begin(InboundAccount counted) {
        settle();
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
        hold(pieceCost).charge(pieceCost);
        if (first && (bytes > FIRST_BYTES_MAX || cost > FIRST_COST_MAX)) {
            refuse(error(
                    ErrorCode.ETOOLARGE,
                    "the first frame has more than " + FIRST_BYTES_MAX
                            + " bytes; it is a Hello, so shorten its client_name, cluster or auth_token"));
        } else if (cost > accounts.costMax()) {
            refuse(error(ErrorCode.ETOOLARGE, "a message came in too many small pieces; send it in larger ones"));
        }
    }

    private synchronized InboundAccount hold(long pieceCost) {
        held += pieceCost;
        return account;
    }

    private void overrun(long pieceCost) {
        overrun += pieceCost;
        if (overrun > OVERRUN_MAX) {
            throw Status.RESOURCE_EXHAUSTED
                    .withDescription("the call was told to end")
                    .asRuntimeException();
        }
    }

    @Override
    public void inboundMessageRead(int number, long wireSize, long uncompressedSize) {
        settle();
    }

    @Override
    public void streamClosed(Status status) {
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

    private void refuse(Error error) {
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
