package io.coordinator.server.session;

import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Heard;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.Welcome;
import io.coordinator.server.watch.WatchSet;
import io.coordinator.state.SessionView;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The server's end of one client's stream: a handshake, then the frames of one session.
 *
 * <p>Frames arrive one at a time on a transport thread; replies and events on the applying thread; nothing here waits.
 */
public final class ClientStream implements CommandIntake.Receiver, Outgoing.Member, Outbox.Sources {
    private enum State {
        NEW,
        OPENING,
        ATTACHED,
        ENDED
    }

    private final SessionGateway gateway;
    private final Caller caller;
    private final StreamAccount account;
    private final Backlog backlog;
    private final Outbox outbox;
    private final WatchSet watches;
    private final StreamReads reads;
    private final FrameServing serving;
    private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
    private final long connectedNanos = System.nanoTime();
    private volatile long sessionId;

    ClientStream(SessionGateway gateway, FrameSink<ServerFrame> sink, int inFlightMax) {
        Outgoing outgoing = gateway.outgoing();
        this.account = new StreamAccount(outgoing);
        this.gateway = gateway;
        this.caller = sink.caller();
        this.backlog = new Backlog(sink, account, inFlightMax);
        this.outbox = new Outbox(sink, account, backlog, outgoing, this, this);
        this.watches = gateway.openWatches(outbox::drain);
        outbox.watches(watches);
        this.reads = new StreamReads(gateway, account, outbox, this::leadershipLost);
        AdmissionTurns turns = new AdmissionTurns(sink, account, System::nanoTime);
        this.serving = new FrameServing(gateway, backlog, outbox, watches, reads, turns, inFlightMax, new Owner());
        outgoing.join(this);
    }

    /**
     * A frame from the client. One that talks before it is welcome, or after goodbye, is not heard.
     *
     * @param partBytes about what its parts take in the heap, besides what they hold
     */
    public void received(ClientFrame frame, long partBytes) {
        State current = state.get();
        if (current == State.NEW) {
            greet(frame);
        } else if (current == State.ATTACHED) {
            serving.serve(frame, partBytes);
        }
    }

    /** The gate does not let this stream, or what it sends, through. */
    public void refused(Error error) {
        goodbye(error);
    }

    Caller caller() {
        return caller;
    }

    /** A session was opened for this stream, which may have ended meanwhile: it counts for its address all the same. */
    void opened(long session) {
        gateway.opened(session, caller.host());
    }

    /** How many sessions the address of this client has. */
    int sessionsOfCaller() {
        return gateway.sessionsOf(caller.host());
    }

    /** The transport can take frames again. */
    public void ready() {
        outbox.drain();
    }

    /** The client will say no more; the session lives on. */
    public void closed() {
        serving.closed();
    }

    private void close() {
        leave();
        outbox.finish();
        outbox.drain();
    }

    /** The transport of this stream is gone, with all that it still had to send. */
    public void gone() {
        close();
        outbox.gone();
        gateway.outgoing().leave(this);
    }

    @Override
    public void resume() {
        outbox.resume();
    }

    /** Ends the stream if its client does not keep up; while it is left unread, it cannot be heard and need not be. */
    @Override
    public void sweep(long nowNanos) {
        if (outbox.isStalled(nowNanos)) {
            gateway.outgoing().countSlowConsumer();
            goodbye(gateway.slowConsumer());
        } else if (isAttached() && backlog.isPaused()) {
            gateway.heard(sessionId);
            // Others may have made room meanwhile.
            backlog.requestIfOwed();
        }
        outbox.sweep(nowNanos);
    }

    @Override
    public long unansweredBytes() {
        return state.get() == State.ENDED ? 0 : account.unansweredBytes();
    }

    @Override
    public void shed() {
        goodbye(SessionRefusals.of(
                ErrorCode.EBUSY,
                "this node has more requests and refusals waiting than it takes, and most of them are this client's; "
                        + "read what it is sent and ask for less at once"));
    }

    @Override
    public boolean pumpReads() {
        return reads.pump();
    }

    @Override
    public void fetchEvents(long after) {
        gateway.pendingEvents(sessionId, after, events -> {
            outbox.fetchedEvents(events);
            outbox.drain();
        });
    }

    private void greet(ClientFrame frame) {
        if (!frame.hasHello()) {
            goodbye(SessionRefusals.of(ErrorCode.EINVAL, "the first frame must be a Hello"));
        } else if (state.compareAndSet(State.NEW, State.OPENING)) {
            gateway.door().greet(this, frame.getHello());
        }
    }

    /**
     * Makes this the session's stream: the Welcome and the first pending events are queued before anybody else can
     * send.
     *
     * @param view of the session; the state is locked
     * @return the stream that served the session before
     */
    Optional<ClientStream> attach(SessionView view, Welcome welcome, List<Event> pending) {
        if (!state.compareAndSet(State.OPENING, State.ATTACHED)) {
            return Optional.empty();
        }
        sessionId = view.id();
        serving.attached(view.id(), gateway.intake(view.lastSeq(), this));
        reads.ownWritesApplied(view.lastSeq());
        outbox.welcome(welcome);
        outbox.firstEvents(pending, view.lastEvent());
        return gateway.attached(view.id(), this);
    }

    /** Sends what {@link #attach} queued, and lets the client speak. */
    void start() {
        if (state.get() == State.ENDED) {
            gateway.detached(sessionId, this);
            return;
        }
        outbox.drain();
        backlog.wantFrame();
    }

    /** Replies to some of this stream's commands; on the applying thread. */
    @Override
    public void applied(List<Reply> replies) {
        int gap = firstOutOfOrder(replies);
        List<Reply> good = gap < 0 ? replies : replies.subList(0, gap);
        if (!good.isEmpty()) {
            outbox.replies(good);
            reads.ownWritesApplied(good.get(good.size() - 1).getSeq());
        }
        if (gap >= 0) {
            leave();
            outbox.goodbyeAfterAll(replies.get(gap).getError());
            outbox.drain();
            return;
        }
        outbox.drain();
        reads.retry();
    }

    private static int firstOutOfOrder(List<Reply> replies) {
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i).getOutcomeCase() == Reply.OutcomeCase.ERROR
                    && replies.get(i).getError().getCode() == ErrorCode.EOUTOFORDER) {
                return i;
            }
        }
        return -1;
    }

    /** Events of this session; on the applying thread. */
    void deliver(List<Event> events) {
        outbox.events(events);
        outbox.drain();
    }

    /** The Hello has arrived and waits: its client is to be so patient, at least. */
    void heard(long waitMillis) {
        outbox.heard(Heard.newBuilder().setWaitMillis(waitMillis).build());
        outbox.drain();
    }

    private boolean isAttached() {
        return state.get() == State.ATTACHED;
    }

    /** Whether its transport was handed all there is to tell. */
    boolean hasToldAll() {
        return outbox.isEmpty();
    }

    boolean hasEnded() {
        return state.get() == State.ENDED;
    }

    /** Ends the stream: clients find the new leader, resume their sessions there and send again what is unanswered. */
    @Override
    public void leadershipLost() {
        goodbye(gateway.notLeader());
    }

    /** Says why, and ends the stream. */
    void goodbye(Error error) {
        leave();
        outbox.goodbye(error);
        outbox.drain();
    }

    /** Does not count as heard of any more, and receives nothing. */
    private void leave() {
        if (state.getAndSet(State.ENDED) != State.ENDED) {
            watches.close();
            gateway.left(sessionId, this);
        }
    }

    /** Asks the transport for the first frame. */
    void begin() {
        backlog.wantFrame();
    }

    /** Has this client not even said hello, although it connected before that time? */
    boolean isSilentSince(long nanoTime) {
        return state.get() == State.NEW && connectedNanos - nanoTime < 0;
    }

    /** What the serving of frames may do to this stream. */
    private final class Owner implements FrameServing.Owner {
        @Override
        public boolean isAttached() {
            return ClientStream.this.isAttached();
        }

        @Override
        public void goodbye(Error error) {
            ClientStream.this.goodbye(error);
        }

        @Override
        public void close() {
            ClientStream.this.close();
        }
    }
}
