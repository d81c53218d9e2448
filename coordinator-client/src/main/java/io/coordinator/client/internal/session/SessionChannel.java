package io.coordinator.client.internal.session;

import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.error.ClosedException;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ServerException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.Thrown;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.codec.Errors;
import io.coordinator.client.internal.net.Link;
import io.coordinator.client.internal.net.LinkListener;
import io.coordinator.client.internal.net.Loop;
import io.coordinator.client.internal.net.Transport;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.KeepAliveReply;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import io.coordinator.protocol.Welcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's way to the cluster: carries calls, in order and at most once each, over whatever streams it takes, and
 * keeps the session alive. Everything but {@link #submit} and the getters happens on the loop, so there are no locks:
 * what is submitted while the loop is busy leaves together in the next frame.
 */
public final class SessionChannel {
    private static final Logger log = LoggerFactory.getLogger(SessionChannel.class);

    private static final int PROTOCOL_VERSION = 1;

    /** When the client says what it has received, if it has nothing else to say. */
    private static final long ACK_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    /** So many replies may stay unacknowledged in an idle session. */
    private static final int ACK_REPLIES = 1024;

    /** So many bytes of replies may stay unacknowledged in an idle session. */
    private static final long ACK_BYTES = 64L << 10;

    /** So often a stream is asked to take the same commands again before another one is looked for. */
    private static final int TURNS_MAX = 8;

    private static final long TURN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long BUSY_PAUSE_MILLIS_MIN = 10;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);
    private static final Duration CLOSE_PATIENCE_DETACHED = Duration.ofMillis(500);

    private final SessionSettings settings;
    private final Loop loop;
    private final ConnectionStates states;
    private final ClusterClock clock = new ClusterClock();
    private final Deadlines deadlines;
    private final PendingLimit pending;
    private final Patience patience = new Patience();
    private final SeenHistory history = new SeenHistory();
    private final Connector connector;
    private final Sequencer sequencer;
    private final Promise<Boolean> opened = Promises.direct().make();
    private final Promise<Boolean> whenClosed = Promises.direct().make();

    private volatile Session session;
    private volatile @Nullable String leaderEndpoint;
    private @Nullable Stream stream;

    /** Those that a busy cluster did not take, until they go again. */
    private final Set<CommandCall> paused = new HashSet<>();

    private StreamWatcher watcher = StreamWatcher.NONE;

    /** Why calls are refused from now on; made anew for each, since a failure remembers who got it. */
    private @Nullable Function<Boolean, CoordinatorException> terminal;

    private volatile boolean closing;
    private boolean flushScheduled;
    private boolean ackScheduled;
    private Loop.Timer leaseTimer = Loop.Timer.NONE;

    /** How often the user was told that a session is lost. */
    private int losses;

    private long replacedSessionId;
    private String lastLeader = "";

    public SessionChannel(SessionSettings settings, Loop loop, Transport transport, ConnectionStates states) {
        this.settings = settings;
        this.loop = loop;
        this.states = states;
        session = new Session(loop::nanoTime);
        deadlines = new Deadlines(loop);
        pending = new PendingLimit(settings.pendingCallsMax(), settings.pendingBytesMax());
        Backoff backoff = new Backoff(
                settings.backoffMin(),
                settings.backoffMax(),
                () -> ThreadLocalRandom.current().nextDouble());
        LeaderFinder finder = new LeaderFinder(
                settings.endpoints(),
                backoff,
                settings.connectTimeout(),
                patience,
                below -> ThreadLocalRandom.current().nextInt(below),
                transport::isKnown);
        Duration halfLease = settings.lease().dividedBy(2);
        Duration quarter = halfLease.dividedBy(2);
        Duration busyMax = settings.connectTimeout().compareTo(quarter) < 0
                ? settings.connectTimeout().multipliedBy(2)
                : halfLease;
        connector = new Connector(
                loop,
                transport,
                finder,
                settings.endpoints(),
                settings.connectTimeout(),
                halfLease,
                busyMax,
                new Attaching());
        sequencer = new Sequencer(session, this::fail);
    }

    // ---- for others, on any thread ----

    /**
     * Starts to look for the leader.
     *
     * @return completes when the first session is open, or fails for good
     */
    public Promise<Boolean> start() {
        loop.execute(connector::seek);
        return opened;
    }

    /**
     * Submits a call; its outcome is told on the loop.
     *
     * @param timeoutNanos how long its caller waits; 0 for ever
     */
    public void submit(Call call, long timeoutNanos) {
        CoordinatorException refusal = pending.admit(call);
        long deadline = timeoutNanos == 0 ? 0 : loop.deadlineIn(timeoutNanos);
        Runnable task =
                refusal == null ? () -> accept(call, timeoutNanos != 0, deadline) : () -> call.onFailure(refusal);
        if (!loop.offer(task)) {
            pending.release(call);
            call.onFailure(closed(false));
        }
    }

    /**
     * Does something on the loop, unless the client is closed; a task that was taken before that runs.
     *
     * @param refused hears that it is closed, on this thread
     */
    public void onLoop(Runnable task, Consumer<CoordinatorException> refused) {
        if (closing || !loop.tryRun(task)) {
            refused.accept(closed(false));
        }
    }

    /** Whether the client is closed, or about to be; on any thread. */
    public boolean isClosed() {
        return closing;
    }

    /** Takes a call back if it was not sent yet; an unanswered query also if it was. */
    public void withdraw(Call call) {
        loop.run(() -> {
            if (call instanceof QueryCall query) {
                sequencer.forget(query);
                finish(call);
            } else if (call instanceof CommandCall command && !command.isSequenced()) {
                finish(call);
            }
        });
    }

    /**
     * Closes the session, or gives up soon if the cluster does not answer.
     *
     * @return completes when nothing runs any more
     */
    public Promise<Boolean> close() {
        loop.execute(this::beginClose);
        return whenClosed;
    }

    public Loop loop() {
        return loop;
    }

    public ClusterClock clock() {
        return clock;
    }

    /** The session that calls made now belong to. */
    public Session session() {
        return session;
    }

    /** The address of the node that the session is attached to, or null. */
    public @Nullable String leaderEndpoint() {
        return leaderEndpoint;
    }

    /** Why calls cannot be served now. */
    public CoordinatorException problem(String what) {
        return connector.problem(what);
    }

    // ---- for others, on the loop ----

    /** Every known address. */
    public List<String> endpoints() {
        return connector.endpoints();
    }

    /** Whether there is a stream to a leader; on any thread. */
    public boolean isConnected() {
        ConnectionState state = states.state();
        return state == ConnectionState.CONNECTED || state == ConnectionState.RECONNECTED;
    }

    /** Who carries watches over streams; set once, before the start. */
    public void setWatcher(StreamWatcher watcher) {
        this.watcher = watcher;
    }

    /** Starts a watch on the present stream. */
    public void startWatch(StartWatch watch) {
        if (stream != null) {
            stream.send(ClientFrame.newBuilder().addStartWatches(watch).build());
        }
    }

    /** Stops a watch on the present stream. */
    public void stopWatch(long id) {
        if (stream != null) {
            stream.send(ClientFrame.newBuilder().addStopWatches(id).build());
        }
    }

    /** Watches a deadline that is no call's own. */
    public void addDeadline(DeadlineWheel.Timeout timeout, long deadlineNanos) {
        deadlines.add(timeout, deadlineNanos);
    }

    public void removeDeadline(DeadlineWheel.Timeout timeout) {
        deadlines.remove(timeout);
    }

    // ---- calls ----

    private void accept(Call call, boolean hasDeadline, long deadlineNanos) {
        if (call.finished) {
            return; // withdrawn before it arrived here
        }
        call.channel = this;
        call.losses = losses;
        if (terminal != null) {
            fail(call, terminal.apply(false));
        } else if (settings.failFast() && stream == null && !call.isPersistent()) {
            fail(call, new DisconnectedException("not connected, and failFast is set", false, null));
        } else {
            if (hasDeadline) {
                deadlines.add(call, deadlineNanos);
            }
            sequencer.add(call);
            scheduleFlush();
        }
    }

    /** Ends the account of a call; true the first time. */
    private boolean finish(Call call) {
        if (call.finished) {
            return false;
        }
        call.finished = true;
        deadlines.remove(call);
        pending.release(call);
        return true;
    }

    private void fail(Call call, CoordinatorException why) {
        if (finish(call)) {
            call.onFailure(why);
        }
    }

    void onDeadline(Call call) {
        String what = "no answer within the call's deadline";
        if (call instanceof CommandCall command && (command.isSequenced() || command.isPersistent())) {
            command.onDeadline(new RequestTimeoutException(
                    what + "; the command may have been applied, or may yet be", command.isSequenced(), null));
            return;
        }
        if (call instanceof QueryCall query) {
            sequencer.forget(query);
        }
        fail(call, stream == null ? connector.problem(what) : new RequestTimeoutException(what, false, null));
    }

    private void onReply(Reply reply) {
        CommandCall call = sequencer.replied(reply);
        if (call == null) {
            return; // answered before
        }
        heard(call.sentNanos);
        if (call.isPersistent() && reply.hasError() && reply.getError().getCode() == ErrorCode.EBUSY) {
            call.forgetNumber();
            paused.add(call);
            long pause = Math.max(BUSY_PAUSE_MILLIS_MIN, reply.getError().getRetryAfterMillis());
            loop.schedule(() -> resubmit(call), TimeUnit.MILLISECONDS.toNanos(pause));
        } else if (finish(call)) {
            contained(call, () -> call.onReply(reply));
        }
        if (areRepliesToAcknowledge()) {
            scheduleAck();
        }
        goAgainAfter(reply);
    }

    /**
     * Commands that are turned back go again on the same stream: what they are to acknowledge has been received
     * meanwhile. Where that does not help, with growing pauses, and in the end on another stream.
     */
    private boolean onTurnedBack(Reply reply) {
        long before = sequencer.turns();
        sequencer.turnedBack(reply);
        if (sequencer.turns() != before) {
            if (sequencer.turnsInVain() > TURNS_MAX) {
                return false;
            }
            inThisTurn(settings.lease().dividedBy(3).toNanos(), current -> current.giveUp("replies are missing"));
        }
        goAgainAfter(reply);
        return true;
    }

    private void goAgainAfter(Reply reply) {
        if (!sequencer.mayGoAgain(reply)) {
            return;
        }
        if (sequencer.turnsInVain() == 0) {
            sequencer.goAgain();
        } else {
            inThisTurn(TURN_PAUSE_NANOS << sequencer.turnsInVain(), current -> {
                sequencer.goAgain();
                scheduleFlush();
            });
        }
    }

    /** Does something later, if the same commands still wait to go again on the same stream. */
    private void inThisTurn(long delayNanos, Consumer<Stream> action) {
        Stream current = stream;
        long turn = sequencer.turns();
        loop.schedule(
                () -> {
                    if (current != null && current == stream && sequencer.isTurnedBack() && sequencer.turns() == turn) {
                        action.accept(current);
                    }
                },
                delayNanos);
    }

    private boolean areRepliesToAcknowledge() {
        return session.log().ackedSeq() - sequencer.ackedSeq() > ACK_REPLIES
                || sequencer.unacknowledgedBytes() > ACK_BYTES;
    }

    private void resubmit(CommandCall call) {
        paused.remove(call);
        if (terminal != null) {
            fail(call, terminal.apply(true));
        } else {
            sequencer.add(call);
            scheduleFlush();
        }
    }

    private void onAnswer(Answer answer) {
        QueryCall call = sequencer.answered(answer);
        if (call != null) {
            heard(call.sentNanos);
            if (finish(call)) {
                contained(call, () -> call.onAnswer(answer));
            }
        }
    }

    /** A defect in what makes an outcome of an answer must cost this call alone, and it must end all the same. */
    private static void contained(Call call, Runnable told) {
        try {
            told.run();
        } catch (Throwable e) {
            Thrown.warn(log, "A defect in this client: an answer could not be handled", e);
            call.onFailure(new ServerException(
                    io.coordinator.client.error.ErrorCode.EBROKER,
                    "the answer could not be handled: " + Thrown.text(e),
                    false,
                    true));
        }
    }

    // ---- sending ----

    private void scheduleFlush() {
        if (!flushScheduled && stream != null) {
            flushScheduled = true;
            loop.execute(this::flush);
        }
    }

    private void flush() {
        flushScheduled = false;
        Stream current = stream;
        while (current != null && current == stream && current.isReady()) {
            ClientFrame.Builder frame = ClientFrame.newBuilder();
            if (!sequencer.fill(frame, loop.nanoTime())) {
                return;
            }
            current.send(frame.build());
        }
    }

    private void scheduleAck() {
        if (!ackScheduled) {
            ackScheduled = true;
            loop.schedule(this::acknowledge, ACK_DELAY_NANOS);
        }
    }

    private void acknowledge() {
        ackScheduled = false;
        boolean eventsPending = session.lastEvent() > sequencer.ackedEvent();
        if (stream != null && terminal == null && (eventsPending || areRepliesToAcknowledge())) {
            submit(SilentCommand.acknowledge(), 0);
        }
    }

    // ---- streams ----

    /** What happens until a node attaches the session. */
    private final class Attaching implements Connector.Owner {
        @Override
        public Hello hello() {
            return Hello.newBuilder()
                    .setVersionMin(PROTOCOL_VERSION)
                    .setVersionMax(PROTOCOL_VERSION)
                    .setCluster(settings.cluster())
                    .setSessionId(session.id())
                    .setResumeToken(session.resumeToken())
                    .setLeaseMillis(Times.millis(settings.lease()))
                    .setClientName(settings.clientName())
                    .setAuthToken(settings.authToken())
                    .build();
        }

        @Override
        public LinkListener onWelcome(Link link, String endpoint, ServerFrame frame, long sentNanos) {
            Stream attached = new Stream(
                    loop,
                    link,
                    endpoint,
                    new Attached(),
                    settings.keepAliveInterval(),
                    patience,
                    TimeUnit.MILLISECONDS.toNanos(frame.getWelcome().getLeaseMillis()));
            Welcome welcome = frame.getWelcome();
            boolean fits = session.fits(welcome);
            boolean resumed = session.id() != 0;
            boolean restored = history.isMissingIn(welcome);
            if (restored) {
                restored(welcome);
            }
            if (fits && !(restored && resumed)) {
                history.goOn(welcome);
                attach(attached, frame, sentNanos);
            } else {
                attached.close();
                endSession(
                        restored
                                ? "the cluster was started from older copies of its disks"
                                : "the cluster knows another session under its id");
                connector.seek();
            }
            return attached;
        }

        @Override
        public void onSessionGone(String why) {
            endSession(why);
        }

        @Override
        public void onRefused(Error error) {
            refuse(error);
        }
    }

    /** What this client has seen since is gone, and what it has kept of it is wrong. */
    private void restored(Welcome welcome) {
        log.warn(
                "The cluster has lost what this client has seen of it: {} leads term {} with revision {}. It was started"
                        + " from older copies of its disks",
                welcome.getNode(),
                welcome.getTerm(),
                welcome.getRevision());
        history.beginAnew(welcome);
        watcher.onRestored(welcome.getRevision());
    }

    private void attach(Stream attached, ServerFrame frame, long sentNanos) {
        Welcome welcome = frame.getWelcome();
        stream = attached;
        leaderEndpoint = attached.endpoint();
        clock.sample(sentNanos, welcome.getClusterTimeMillis());
        session.attached(welcome.getSessionId(), TimeUnit.MILLISECONDS.toNanos(welcome.getLeaseMillis()), sentNanos);
        sequencer.limitRequestBytes(welcome.getMaxRequestBytes());
        sequencer.rewind();
        tellAttached(welcome);
        watchLease();
        attached.onFrame(frame);
        if (stream == attached) {
            attached.keepAlive();
            watcher.onAttached();
            scheduleAck();
            opened.succeed(true);
        }
    }

    private void tellAttached(Welcome welcome) {
        log.debug("Attached session {} at {} in term {}", welcome.getSessionId(), welcome.getNode(), welcome.getTerm());
        states.attached();
        if (replacedSessionId != 0) {
            states.replaced(replacedSessionId, welcome.getSessionId());
            replacedSessionId = 0;
        }
        if (!lastLeader.equals(welcome.getNode())) {
            lastLeader = welcome.getNode();
            states.leader(welcome.getNode(), welcome.getTerm());
        }
    }

    /** What a stream brings. */
    private final class Attached implements Stream.Owner {
        @Override
        public void onReply(Reply reply) {
            history.shown(reply.getRevision());
            SessionChannel.this.onReply(reply);
        }

        @Override
        public boolean onTurnedBack(Reply reply) {
            return SessionChannel.this.onTurnedBack(reply);
        }

        @Override
        public void onAnswer(Answer answer) {
            history.shown(answer.getRevision());
            SessionChannel.this.onAnswer(answer);
        }

        @Override
        public boolean onEvent(Event event) {
            sequencer.told(event);
            scheduleAck();
            return session.deliver(event);
        }

        @Override
        public void onWatchUpdate(WatchUpdate update) {
            if (update.getChangesCount() > 0) {
                // The update's own revision can be one that the user asked for and that is yet to come.
                history.shown(update.getChanges(update.getChangesCount() - 1).getRevision());
            }
            watcher.onUpdate(update);
        }

        @Override
        public void onKeepAlive(long sentNanos, KeepAliveReply reply) {
            clock.sample(sentNanos, reply.getClusterTimeMillis());
            connector.spread(Duration.ofMillis(reply.getSpreadMillis()));
            heard(sentNanos);
        }

        @Override
        public void onTurn() {
            scheduleFlush();
        }

        @Override
        public void onStreamEnd(Stream ended, Error reason, boolean silently) {
            if (ended == stream) {
                detach(ended, reason, silently);
            }
        }
    }

    /** The stream is of no use any more: look for a leader, with all unanswered calls kept for it. */
    private void detach(Stream ended, Error reason, boolean silently) {
        log.debug("Stream to {} ended: {} {}", ended.endpoint(), reason.getCode(), reason.getMessage());
        stream = null;
        leaderEndpoint = null;
        boolean sessionGone = reason.getCode() == ErrorCode.ESESSION;
        connector.lost(ended.endpoint(), silently, sessionGone ? ended.endpoint() : reason.getLeaderAddress());
        if (reason.getCode() == ErrorCode.EAUTH || reason.getCode() == ErrorCode.EACCES) {
            refuse(reason);
        } else if (sessionGone) {
            endSession(reason.getMessage());
        } else {
            states.detached();
        }
        if (terminal == null || (closing && !whenClosed.isDone())) {
            connector.seek();
        }
    }

    // ---- the lease ----

    private void watchLease() {
        leaseTimer.cancel();
        leaseTimer = loop.schedule(this::checkLease, session.lease().untilNanos() - loop.nanoTime());
    }

    private void checkLease() {
        if (session.isMarkedLive()) {
            if (session.lease().hasPassed(loop.nanoTime())) {
                leasePassed();
            } else {
                watchLease();
            }
        }
    }

    /** Whatever the cluster thinks, the holder must now believe that all is lost (G-13). */
    private void leasePassed() {
        log.warn("Session {} had no contact for its lease; everything it held counts as lost", session.id());
        losses++;
        states.lost();
        session.leasePassed();
    }

    /** The answer to something sent then has come. */
    private void heard(long sentNanos) {
        if (session.isMarkedLive() && session.lease().hasPassed(loop.nanoTime())) {
            leasePassed(); // The process was stopped, and this answer is older than the pause.
        }
        session.lease().renew(sentNanos);
        if (session.canRevive() && !session.lease().hasPassed(loop.nanoTime())) {
            session.revive();
            states.attached();
            watchLease();
        }
    }

    // ---- the end ----

    /** The cluster has no such session any more. */
    private void endSession(String why) {
        if (closing) {
            endClose();
            return;
        }
        Session old = session;
        log.warn("Session {} is gone: {}", old.id(), why);
        if (old.isMarkedLive()) {
            losses++; // else the loss was told when the lease passed
        }
        states.lost();
        old.end(false);
        String what = "session " + old.id() + " was lost (" + why + ") ";
        sequencer
                .takeNumbered()
                .forEach(call ->
                        fail(call, new SessionExpiredException(what + "while the command was in flight", true, null)));
        sequencer
                .takeUnsent(call -> call instanceof CommandCall command
                        && (call.losses < losses || call.isPersistent() || !command.mayBeSentAfter(old)))
                .forEach(call ->
                        fail(call, new SessionExpiredException(what + "before the command was sent", false, null)));
        if (settings.replaceSession()) {
            replacedSessionId = old.id();
            session = new Session(loop::nanoTime);
            sequencer.replace(session);
        } else {
            String terminally = what + "and replaceSession is off; make a new client";
            terminate(sent -> new SessionExpiredException(terminally, false, null), false);
        }
    }

    /** Trying again would be useless (PM-AUTH-3). */
    private void refuse(Error error) {
        log.warn("The cluster refuses this client: {} {}", error.getCode(), error.getMessage());
        terminate(sent -> Errors.of(error), false);
        states.closed();
    }

    private void terminate(Function<Boolean, CoordinatorException> why, boolean byClient) {
        terminal = why;
        leaseTimer.cancel();
        connector.stop();
        if (stream != null) {
            stream.close();
            stream = null;
            leaderEndpoint = null;
        }
        session.end(byClient);
        sequencer.takeNumbered().forEach(call -> fail(call, why.apply(true)));
        sequencer.takeAsked().forEach(call -> fail(call, why.apply(false)));
        sequencer.takeUnsent(call -> true).forEach(call -> fail(call, why.apply(false)));
        paused.forEach(call -> fail(call, why.apply(false)));
        watcher.onEnd(() -> why.apply(false));
        opened.fail(why.apply(false));
    }

    /** What calls of a closed client end with. */
    public static CoordinatorException closed(boolean inFlight) {
        return new ClosedException(
                inFlight ? "the client was closed while the command was in flight" : "the client is closed", inFlight);
    }

    private void beginClose() {
        if (closing) {
            return;
        }
        closing = true;
        if (terminal != null || session.id() == 0) {
            endClose();
            return;
        }
        session.end(true); // Before the cluster can give to others what this client holds.
        terminal = SessionChannel::closed;
        sequencer.takeAsked().forEach(call -> fail(call, closed(false)));
        sequencer.takeUnsent(call -> !call.isPersistent()).forEach(call -> fail(call, closed(false)));
        sequencer.add(SilentCommand.close(this::endClose));
        scheduleFlush();
        Duration patience = stream != null ? CLOSE_PATIENCE : CLOSE_PATIENCE_DETACHED;
        loop.schedule(this::endClose, patience.toNanos());
    }

    private void endClose() {
        if (!whenClosed.isDone()) {
            terminate(SessionChannel::closed, true);
            states.closed();
            whenClosed.succeed(true);
        }
    }

    /** Who carries watches over streams, on the loop. */
    public interface StreamWatcher {
        /** A client without watches. */
        StreamWatcher NONE = new StreamWatcher() {
            @Override
            public void onAttached() {}

            @Override
            public void onUpdate(WatchUpdate update) {}

            @Override
            public void onRestored(long revision) {}

            @Override
            public void onEnd(Supplier<CoordinatorException> why) {}
        };

        /** There is a new stream, on which no watch runs yet. */
        void onAttached();

        void onUpdate(WatchUpdate update);

        /**
         * What was seen of the cluster is void: its history now goes on after this revision, which can be an older
         * one.
         */
        void onRestored(long revision);

        /** There will be no stream any more. */
        void onEnd(Supplier<CoordinatorException> why);
    }
}
