package io.coordinator.server.topic;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.MessagePublished;
import io.coordinator.protocol.PublishMessage;
import io.coordinator.protocol.SubscribeTopics;
import io.coordinator.protocol.TopicClientFrame;
import io.coordinator.protocol.TopicServerFrame;
import io.coordinator.protocol.TopicWelcome;
import io.coordinator.protocol.TopicsSubscribed;
import io.coordinator.server.session.Caller;
import io.coordinator.server.session.FrameSink;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The server's end of one client's topic stream. Frames arrive on the transport's thread, which also writes; the
 * exchange's thread puts answers and messages in line. Answers go before messages, and are never dropped: while many
 * wait, the client is not read from.
 */
public final class TopicStream {
    private static final int ANSWERS_MAX = 4_096;
    private static final int FRAME_ANSWERS = 1_024;
    private static final long HELLO_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** What is sent to who does not take it is given up so long after the goodbye. */
    private static final long GOODBYE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private enum State {
        NEW,
        OPENING,
        ATTACHED,
        ENDED
    }

    private final TopicExchange exchange;
    private final FrameSink<TopicServerFrame> sink;
    private final MessageQueue messages;
    private final Queue<Object> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answersWaiting = new AtomicInteger();
    private final AtomicBoolean frameOwed = new AtomicBoolean();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private volatile long sinceNanos = System.nanoTime();
    /** When its transport stopped to take what there is; 0 while it takes it. */
    private volatile long blockedNanos;

    private volatile long sessionId;
    // Of the exchange's thread.
    private final Map<Long, Subscriber> subscriptions = new HashMap<>(0);
    private long lastSequence;
    private boolean touched;
    private boolean dropping;

    TopicStream(TopicExchange exchange, FrameSink<TopicServerFrame> sink, MessageQueue messages) {
        this.exchange = exchange;
        this.sink = sink;
        this.messages = messages;
    }

    // ---- on the transport's thread ----

    /** A frame from the client. One that talks before it is welcome, or after goodbye, is not heard. */
    public void received(TopicClientFrame frame) {
        State current = state.get();
        if (current == State.ATTACHED) {
            sieve(frame);
        } else if (current == State.NEW && !frame.hasHello()) {
            goodbye(TopicExchange.error(ErrorCode.EINVAL, "the first frame of a topic stream must be a TopicHello"));
        } else if (state.compareAndSet(State.NEW, State.OPENING)) {
            exchange.greet(this, frame.getHello());
        }
    }

    /** What is bad of itself is refused alone; the rest of its frame is served. */
    private void sieve(TopicClientFrame frame) {
        Optional<Error> bad = exchange.gate().refuse(frame);
        if (bad.isPresent()) {
            goodbye(bad.get());
            return;
        }
        List<PublishMessage> publish = new ArrayList<>(frame.getPublishCount());
        for (PublishMessage message : frame.getPublishList()) {
            exchange.gate()
                    .refuse(message)
                    .ifPresentOrElse(error -> refused(message.getId(), error), () -> publish.add(message));
        }
        List<SubscribeTopics> subscribe = new ArrayList<>(frame.getSubscribeCount());
        for (SubscribeTopics wanted : frame.getSubscribeList()) {
            exchange.gate()
                    .refuse(wanted)
                    .ifPresentOrElse(error -> answer(Fanout.refused(wanted, error)), () -> subscribe.add(wanted));
        }
        exchange.serve(this, new TopicExchange.Wishes(frame.getUnsubscribeList(), subscribe, publish));
    }

    private void refused(long message, Error error) {
        if (message != 0) {
            answer(MessagePublished.newBuilder().setId(message).setError(error).build());
        }
    }

    /** The gate does not let this stream, or what it sends, through. */
    public void refused(Error error) {
        goodbye(error);
    }

    /** The transport can take frames again. */
    public void ready() {
        drain();
    }

    /** The client will say no more, and hears no more. */
    public void closed() {
        leave();
        sink.end();
    }

    /** The transport is gone, with all that it still had to send. */
    public void gone() {
        leave();
        exchange.gone(this);
    }

    private void drain() {
        woken.set(false);
        while (state.get() == State.ATTACHED && sink.isReady()) {
            messages.written();
            TopicServerFrame.Builder frame = TopicServerFrame.newBuilder();
            boolean any = fillAnswers(frame);
            if (!messages.fill(frame) && !any) {
                break;
            }
            sink.send(frame.build());
        }
        noteProgress();
        requestIfOwed();
    }

    private boolean fillAnswers(TopicServerFrame.Builder frame) {
        int taken = 0;
        for (Object next = answers.peek(); next != null && taken < FRAME_ANSWERS; next = answers.peek()) {
            answers.remove();
            taken++;
            if (next instanceof MessagePublished published) {
                frame.addPublished(published);
            } else if (next instanceof TopicsSubscribed subscribed) {
                frame.addSubscribed(subscribed);
            } else if (next instanceof TopicWelcome welcome) {
                frame.setWelcome(welcome);
            }
        }
        answersWaiting.addAndGet(-taken);
        return taken > 0;
    }

    private void noteProgress() {
        if (sink.isReady()) {
            messages.written();
            blockedNanos = 0;
        } else if (blockedNanos == 0) {
            blockedNanos = System.nanoTime() | 1;
        }
    }

    private void requestIfOwed() {
        if (frameOwed.get() && answersWaiting.get() < ANSWERS_MAX && frameOwed.compareAndSet(true, false)) {
            sink.requestFrame();
        }
    }

    // ---- on any thread ----

    Caller caller() {
        return sink.caller();
    }

    long sessionId() {
        return sessionId;
    }

    boolean hasEnded() {
        return state.get() == State.ENDED;
    }

    /** The frame read last has been dealt with; the next is wanted as soon as there is room for its answers. */
    void wantFrame() {
        frameOwed.set(true);
        requestIfOwed();
    }

    /** Puts an answer in line: a welcome, or what became of a subscription or a message. */
    void answer(Object answer) {
        answersWaiting.incrementAndGet();
        answers.add(answer);
    }

    /** Has what is in line sent. */
    void wake() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            sink.later(this::drain);
        }
    }

    /** Says why, and ends the stream; the session goes on. */
    void goodbye(Error error) {
        if (leave()) {
            sink.later(() -> {
                sink.send(TopicServerFrame.newBuilder().setGoodbye(error).build());
                sink.end();
            });
        }
    }

    /** False if it has ended before. */
    private boolean leave() {
        if (state.getAndSet(State.ENDED) == State.ENDED) {
            return false;
        }
        sinceNanos = System.nanoTime();
        exchange.leave(this);
        return true;
    }

    /** Ends the stream if its client says nothing or takes nothing; from time to time. */
    void sweep(long nowNanos, long patienceNanos) {
        long blocked = blockedNanos;
        State current = state.get();
        if (current == State.ATTACHED) {
            if (blocked != 0 && nowNanos - blocked > patienceNanos) {
                exchange.slow(this);
            }
        } else if (current == State.ENDED) {
            if (nowNanos - sinceNanos > GOODBYE_NANOS) {
                sink.later(sink::reset);
            }
        } else if (nowNanos - sinceNanos > HELLO_NANOS) {
            goodbye(TopicExchange.error(ErrorCode.ETIMEOUT, "no TopicHello came in time, or it could not be checked"));
        }
    }

    // ---- on the exchange's thread ----

    void opening(long session) {
        sessionId = session;
    }

    /** False if it has ended meanwhile. */
    boolean attach(TopicWelcome welcome) {
        answer(welcome);
        if (!state.compareAndSet(State.OPENING, State.ATTACHED)) {
            return false;
        }
        wantFrame();
        wake();
        return true;
    }

    Map<Long, Subscriber> subscriptions() {
        return subscriptions;
    }

    /** True the first time that it is asked for a message: however many subscriptions match, one copy is sent. */
    boolean isFirstMatch(long sequence) {
        boolean first = lastSequence != sequence;
        lastSequence = sequence;
        return first;
    }

    /** True the first time since {@link #wakeTouched}: it has got something, and is to be woken. */
    boolean touch() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    void wakeTouched() {
        touched = false;
        wake();
    }

    /** Puts a message in line, or drops it; one that must not be dropped ends a stream that has no room for it. */
    boolean offer(SharedMessage message, boolean undroppable) {
        boolean queued = messages.offer(message, undroppable);
        if (!queued && !dropping) {
            exchange.dropping(sessionId);
        }
        dropping = !queued;
        if (!queued && (undroppable || messages.isTooFarBehind())) {
            exchange.slow(this);
        }
        return queued;
    }

    /** No message is put in line any more. */
    void abandon() {
        sink.later(messages::clear);
    }
}
