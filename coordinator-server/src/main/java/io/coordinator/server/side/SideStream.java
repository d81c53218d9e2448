package io.coordinator.server.side;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.TopicHello;
import io.coordinator.protocol.TopicWelcome;
import io.coordinator.server.session.Caller;
import io.coordinator.server.session.FrameSink;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of one client's stream beside that of its session. Frames arrive on the transport's thread, which
 * also writes; the thread of the {@link SideStreams} puts answers in line. Answers are never dropped: while many wait,
 * the client is not read from.
 *
 * @param <Q> frames from the client
 * @param <A> frames to the client
 */
public abstract class SideStream<Q, A> {
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

    private final SideStreams streams;
    private final FrameSink<A> sink;
    private final Queue<Object> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answersWaiting = new AtomicInteger();
    private final AtomicBoolean frameOwed = new AtomicBoolean();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private volatile long sinceNanos = System.nanoTime();
    /** When its transport stopped to take what there is; 0 while it takes it. */
    private volatile long blockedNanos;

    private volatile long sessionId;
    private volatile String clientName = "";
    // Of the thread of the streams.
    private boolean touched;

    protected SideStream(SideStreams streams, FrameSink<A> sink) {
        this.streams = streams;
        this.sink = sink;
    }

    // ---- what kinds of streams differ in ----

    /** What a first frame shows; empty if it is no first frame. */
    protected abstract Optional<TopicHello> hello(Q frame);

    /** A frame of a client that is welcome; on the transport's thread. */
    protected abstract void serve(Q frame);

    /** The next frame to the client, or null if there is nothing for it; on the transport's thread. */
    protected abstract @Nullable A nextFrame();

    /** The last frame to the client. */
    protected abstract A goodbyeFrame(Error why);

    /** The transport has room again, so that it has got rid of all frames before; on its thread. */
    protected abstract void written();

    /** Whether the client may say more, as far as what waits for it besides answers; on any thread. */
    protected boolean hasRoom() {
        return true;
    }

    /** It has ended; on the thread of the streams. */
    protected abstract void left();

    /** Nothing is put in line any more: what is, is given up; on the transport's thread. */
    protected abstract void clear();

    // ---- on the transport's thread ----

    /** A frame from the client. One that talks before it is welcome, or after goodbye, is not heard. */
    public final void received(Q frame) {
        State current = state.get();
        if (current == State.ATTACHED) {
            serve(frame);
        } else if (current == State.NEW) {
            hello(frame).ifPresentOrElse(this::greet, this::uncivil);
        }
    }

    private void greet(TopicHello hello) {
        if (state.compareAndSet(State.NEW, State.OPENING)) {
            streams.greet(this, hello);
        }
    }

    private void uncivil() {
        goodbye(SideStreams.error(
                ErrorCode.EINVAL, "the first frame of a " + streams.what() + " must be a TopicHello"));
    }

    /** The gate does not let this stream, or what it sends, through. */
    public final void refused(Error error) {
        goodbye(error);
    }

    /** The transport can take frames again. */
    public final void ready() {
        drain();
    }

    /** The client will say no more, and hears no more. */
    public final void closed() {
        leave();
        sink.end();
    }

    /** The transport is gone, with all that it still had to send. */
    public final void gone() {
        leave();
        streams.gone(this);
    }

    private void drain() {
        woken.set(false);
        boolean more = true;
        while (more && state.get() == State.ATTACHED && sink.isReady()) {
            written();
            A frame = nextFrame();
            more = frame != null;
            if (frame != null) {
                sink.send(frame);
            }
        }
        noteProgress();
        requestIfOwed();
    }

    /** Takes answers for a frame out of line; false if there are none. */
    protected final boolean takeAnswers(Consumer<Object> frame) {
        int taken = 0;
        for (Object next = answers.peek(); next != null && taken < FRAME_ANSWERS; next = answers.peek()) {
            answers.remove();
            taken++;
            frame.accept(next);
        }
        answersWaiting.addAndGet(-taken);
        return taken > 0;
    }

    private void noteProgress() {
        if (sink.isReady()) {
            written();
            blockedNanos = 0;
        } else if (blockedNanos == 0) {
            blockedNanos = System.nanoTime() | 1;
        }
    }

    private void requestIfOwed() {
        if (frameOwed.get()
                && answersWaiting.get() < ANSWERS_MAX
                && hasRoom()
                && frameOwed.compareAndSet(true, false)) {
            sink.requestFrame();
        }
    }

    // ---- on any thread ----

    final Caller caller() {
        return sink.caller();
    }

    public final long sessionId() {
        return sessionId;
    }

    /** Of the session, for people. */
    public final String clientName() {
        return clientName;
    }

    public final boolean hasEnded() {
        return state.get() == State.ENDED;
    }

    /** The frame read last has been dealt with; the next is wanted as soon as there is room for its answers. */
    public final void wantFrame() {
        frameOwed.set(true);
        requestIfOwed();
    }

    /** Puts an answer in line. */
    public final void answer(Object answer) {
        answersWaiting.incrementAndGet();
        answers.add(answer);
    }

    /** Has what is in line sent. */
    public final void wake() {
        if (!woken.get() && woken.compareAndSet(false, true)) {
            sink.later(this::drain);
        }
    }

    /** Says why, and ends the stream; the session goes on. */
    public final void goodbye(Error error) {
        if (leave()) {
            sink.later(() -> {
                sink.send(goodbyeFrame(error));
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
        streams.leave(this);
        return true;
    }

    /** Ends the stream if its client says nothing or takes nothing; from time to time. */
    final void sweep(long nowNanos, long patienceNanos) {
        long blocked = blockedNanos;
        State current = state.get();
        if (current == State.ATTACHED) {
            if (blocked != 0 && nowNanos - blocked > patienceNanos) {
                streams.slow(this);
            }
        } else if (current == State.ENDED) {
            if (nowNanos - sinceNanos > GOODBYE_NANOS) {
                sink.later(sink::reset);
            }
        } else if (nowNanos - sinceNanos > HELLO_NANOS) {
            goodbye(SideStreams.error(ErrorCode.ETIMEOUT, "no TopicHello came in time, or it could not be checked"));
        }
    }

    // ---- on the thread of the streams ----

    final void opening(long session) {
        sessionId = session;
    }

    /** False if it has ended meanwhile. */
    final boolean attach(TopicWelcome welcome, String name) {
        clientName = name;
        answer(welcome);
        if (!state.compareAndSet(State.OPENING, State.ATTACHED)) {
            return false;
        }
        wantFrame();
        wake();
        return true;
    }

    /** True the first time since {@link #wakeTouched}: it has got something, and is to be woken. */
    public final boolean touch() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    /** Has what is in line sent, after {@link #touch}. */
    public final void wakeTouched() {
        touched = false;
        wake();
    }

    /** Gives up what is in line. */
    final void abandon() {
        left();
        sink.later(this::clear);
    }
}
