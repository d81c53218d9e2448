package io.coordinator.client.internal.durable;

import io.coordinator.client.internal.argument.Text;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.JsonCodec;
import io.coordinator.client.internal.session.Session;
import io.coordinator.client.topic.Delivery;
import io.coordinator.client.topic.TopicRecord;
import io.coordinator.protocol.LeasedMessage;
import io.coordinator.protocol.Settlement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A message that this client has, until it is settled or lost. Its state changes on any thread. */
final class LeasedDelivery implements Delivery {
    /** Of a reason; what is longer is cut, since no settlement may be refused for its length. */
    private static final int REASON_CHARS_MAX = 340;

    private final GroupMember member;
    private final Session session;
    private final LeasedMessage message;
    private final TopicRecord view;
    private final AtomicReference<State> state = new AtomicReference<>(State.LIVE);

    /** When its handling began by {@link System#nanoTime}; 0 while it waits. */
    private volatile long handledSince;

    /** Until when its handler has asked for time by itself, by {@link System#nanoTime}. */
    private volatile @Nullable Long askedUntil;

    private enum State {
        LIVE,
        SETTLED,
        LOST
    }

    LeasedDelivery(GroupMember member, Session session, LeasedMessage message, String topic, JsonCodec json) {
        this.member = member;
        this.session = session;
        this.message = message;
        this.view = new RecordView(topic, message.getMessage(), 0, json);
    }

    Session session() {
        return session;
    }

    long offset() {
        return message.getMessage().getOffset();
    }

    String key() {
        return message.getMessage().getKey();
    }

    /** Hands it back, and is not told of the outcome. */
    void giveBack() {
        var unused = handBack();
    }

    /** The lease has ended without this client. */
    void lost() {
        state.compareAndSet(State.LIVE, State.LOST);
    }

    boolean isSettled() {
        return state.get() == State.SETTLED;
    }

    /** Whether there is still something to do: a session that is silent for the moment may yet be resumed. */
    boolean isOpen() {
        return state.get() == State.LIVE;
    }

    void handlingBegins() {
        handledSince = Math.max(1, System.nanoTime());
    }

    /**
     * Whether its lease is to be extended: while it waits here, and for a time while it is handled. Not if its handler
     * has asked for more than an extension gives, which would cut that short.
     *
     * @param extensionNanos how long an extension lasts
     */
    boolean wantsTime(long handlingMaxNanos, long extensionNanos) {
        long now = System.nanoTime();
        long since = handledSince;
        Long asked = askedUntil;
        return isOpen()
                && (since == 0 || now - since < handlingMaxNanos)
                && (asked == null || asked - now < extensionNanos);
    }

    @Override
    public TopicRecord record() {
        return view;
    }

    @Override
    public int attempt() {
        return message.getAttempt();
    }

    @Override
    public long token() {
        return message.getToken();
    }

    @Override
    public boolean isLive() {
        return state.get() == State.LIVE && session.isLive();
    }

    @Override
    public Promise<Boolean> acknowledge() {
        return settle(Settlement.Kind.ACKNOWLEDGE, 0, "");
    }

    @Override
    public Promise<Boolean> reject(Duration delay, String reason) {
        return settle(Settlement.Kind.REJECT, Times.millis(delay), reason);
    }

    @Override
    public Promise<Boolean> bury(String reason) {
        return settle(Settlement.Kind.BURY, 0, reason);
    }

    @Override
    public Promise<Boolean> handBack() {
        return settle(Settlement.Kind.HAND_BACK, 0, "");
    }

    @Override
    public Promise<Boolean> extend(Duration time) {
        return member.promises().attempt(() -> {
            Times.positive("time", time);
            return isSettled() ? member.promises().succeeded(false) : extendBy(time);
        });
    }

    private Promise<Boolean> extendBy(Duration time) {
        askedUntil = Times.deadline(Times.nanos(time));
        return member.settle(this, settlement(Settlement.Kind.EXTEND, Times.millis(time), ""));
    }

    private Promise<Boolean> settle(Settlement.Kind kind, long delayMillis, String reason) {
        Settlement settlement = settlement(kind, delayMillis, reason); // Before: a null settles nothing.
        State before = state.getAndUpdate(now -> now == State.LIVE ? State.SETTLED : now);
        return before == State.LIVE
                ? member.settle(this, settlement)
                : member.promises().succeeded(false);
    }

    /** Extended for as long as at first. */
    Settlement renewal() {
        return settlement(Settlement.Kind.EXTEND, 0, "");
    }

    private Settlement settlement(Settlement.Kind kind, long delayMillis, String reason) {
        return Settlement.newBuilder()
                .setOffset(offset())
                .setToken(token())
                .setKind(kind)
                .setDelayMillis(delayMillis)
                .setReason(bounded(reason))
                .build();
    }

    /** Perhaps the user's own text, of any length and with halves of surrogate pairs. */
    private static String bounded(String reason) {
        String cut = reason.substring(0, Math.min(reason.length(), REASON_CHARS_MAX));
        for (int half = Text.half(cut); half >= 0; half = Text.half(cut)) {
            cut = cut.substring(0, half) + '?' + cut.substring(half + 1);
        }
        return cut;
    }

    @Override
    public String toString() {
        return "delivery " + attempt() + " of offset " + offset() + ", token=" + token() + ", " + state.get();
    }
}
