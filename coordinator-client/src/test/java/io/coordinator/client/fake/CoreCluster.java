package io.coordinator.client.fake;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Acknowledge;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.ListSessions;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SessionInfo;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.SetQuota;
import io.coordinator.state.Applied;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.state.SessionView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The core over a log that keeps nothing. Its time goes on as the clock does unless a test stops it, and tests move it
 * on. Nothing comes between commands, so what is due ends with the next one. It counts what must never happen.
 *
 * <p>One entry after the other is applied and told within its lock, so that nobody hears of a later one first.
 */
abstract class CoreCluster {
    private static final long START_MILLIS = 1_000_000;

    private final Coordinator core = new Coordinator(Limits.DEFAULT);
    private final Map<Long, FakeNode> attachedTo = new HashMap<>();
    private final List<Command> applied = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final Map<Long, Long> acknowledged = new HashMap<>();
    private final Set<Long> turnedBack = new HashSet<>();
    private final long startNanos = System.nanoTime();
    private long movedMillis = START_MILLIS;
    private long stoppedNanos;
    private long leaseMillis = 10_000;
    private int refuseBusy;
    private boolean turnsBack;

    /** The rules that commands are held against take a second to be read: a client would take that for silence. */
    CoreCluster() {
        var unused = core.refuse(Command.getDefaultInstance());
    }

    // ---- what tests do to it ----

    /** The lease that sessions are told to have, whatever clients ask for. */
    public synchronized void lease(long millis) {
        leaseMillis = millis;
    }

    /** Refuses the next commands as a busy cluster does: with their numbers used up. */
    public synchronized void refuseNext(int commands) {
        refuseBusy = commands;
    }

    /** Applies nothing more, as if every session had too much unacknowledged, or goes on. */
    public synchronized void turnBack(boolean now) {
        turnsBack = now;
    }

    /** Bounds the state to so many bytes. */
    public void quota(long bytes) {
        own(SessionCommand.newBuilder().setSetQuota(SetQuota.newBuilder().setStateBytesMax(bytes)));
    }

    /** Ends a session, as if its lease had passed. Its stream is not told. */
    public void expire(long sessionId) {
        own(SessionCommand.newBuilder().setExpire(ExpireSession.newBuilder().setSessionId(sessionId)));
    }

    /** Cluster time stands still from now on. */
    public synchronized void stopClock() {
        stoppedNanos = System.nanoTime();
    }

    /** Lets so much time pass, and ends what is due by then. */
    public synchronized void advance(Duration time) {
        movedMillis += time.toMillis();
        commit();
        deliver();
    }

    // ---- what tests see of it ----

    /** Cluster time in milliseconds. */
    public synchronized long timeMillis() {
        long nanos = stoppedNanos == 0 ? System.nanoTime() : stoppedNanos;
        return movedMillis + TimeUnit.NANOSECONDS.toMillis(nanos - startNanos);
    }

    /** Commands of clients applied so far, each once, in order. */
    public synchronized List<Command> applied() {
        return List.copyOf(applied);
    }

    /** Gaps and other things that a correct client never causes. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** How many events the session has not acknowledged. */
    public int pendingEvents(long sessionId) {
        return pendingEvents(sessionId, 0).size();
    }

    /** How many replies and events the session has not acknowledged. */
    public int unacknowledged(long sessionId) {
        ListSessions one =
                ListSessions.newBuilder().setAfter(sessionId - 1).setLimit(1).build();
        Query query = Query.newBuilder()
                .setSession(SessionQuery.newBuilder().setList(one))
                .build();
        return ask(query).getSession().getList().getSessionsList().stream()
                .filter(session -> session.getSessionId() == sessionId)
                .mapToInt(SessionInfo::getUnacknowledged)
                .sum();
    }

    /** Whether the session is open. */
    public synchronized boolean knows(long sessionId) {
        return core.session(sessionId).isPresent();
    }

    // ---- for nodes ----

    /** Opens or resumes a session; answers its id, or 0 if there is none. */
    synchronized long attach(FakeNode node, Hello hello) {
        long session = hello.getSessionId() != 0
                ? hello.getSessionId()
                : open(hello.getResumeToken(), hello.getLeaseMillis(), hello.getClientName());
        if (!knows(session)) {
            return 0;
        }
        attachedTo.put(session, node);
        return session;
    }

    synchronized long leaseMillis() {
        return leaseMillis;
    }

    synchronized long lastSeq(long sessionId) {
        return core.session(sessionId).map(SessionView::lastSeq).orElse(0L);
    }

    /** What the session was told behind an event and has not acknowledged. */
    synchronized List<Event> pendingEvents(long sessionId, long after) {
        return core.pendingEvents(sessionId, after, Long.MAX_VALUE);
    }

    /** Applies a client's command; whoever it concerns is told after its caller has the reply. */
    synchronized void apply(Command command, Consumer<Reply> answer) {
        answer.accept(reply(command));
        deliver();
    }

    private Reply reply(Command command) {
        long last = lastSeq(command.getSessionId());
        boolean isNew = command.getSeq() > last;
        if (turnsBack && isNew) {
            turnedBack.add(command.getSessionId());
            return refusal(
                    command, Error.newBuilder().setCode(ErrorCode.EOUTOFORDER).build());
        }
        Optional<Error> refusal = isNew ? refuse(command) : Optional.empty();
        Reply reply = commit(refusal.isEmpty() ? command : emptied(command)).get(0);
        check(command, last, reply);
        if (isNew && refusal.isEmpty() && isTaken(reply)) {
            applied.add(command);
        }
        return refusal.map(error -> refusal(command, error)).orElse(reply);
    }

    private Optional<Error> refuse(Command command) {
        if (refuseBusy > 0) {
            refuseBusy--;
            return Optional.of(Error.newBuilder()
                    .setCode(ErrorCode.EBUSY)
                    .setMessage("busy")
                    .build());
        }
        return core.refuse(command);
    }

    private static Reply refusal(Command command, Error error) {
        return Reply.newBuilder().setSeq(command.getSeq()).setError(error).build();
    }

    /** What uses up the number of a command that is refused. */
    private static Command emptied(Command command) {
        return command.toBuilder()
                .clearGuard()
                .setSession(SessionCommand.newBuilder().setAcknowledge(Acknowledge.getDefaultInstance()))
                .build();
    }

    private static boolean isTaken(Reply reply) {
        ErrorCode code = reply.getError().getCode();
        return code != ErrorCode.EOUTOFORDER && code != ErrorCode.ESESSION;
    }

    /** Nothing comes again after its reply was acknowledged, and only behind what was turned back is there a gap. */
    private void check(Command command, long last, Reply reply) {
        long session = command.getSessionId();
        if (command.getSeq() <= acknowledged.merge(session, command.getAckedSeq(), Math::max)) {
            violations.add("command " + command.getSeq() + " came again after its reply was acknowledged");
        } else if (isTaken(reply)) {
            turnedBack.remove(session);
        } else if (command.getSeq() == last + 1) {
            turnedBack.add(session);
        } else if (knows(session) && !turnedBack.contains(session)) {
            violations.add("command " + command.getSeq() + " came after " + last);
        }
    }

    synchronized Answer answer(Query query, long lastSeqOfSession) {
        if (query.getAfterSeq() > lastSeqOfSession) {
            violations.add("a query was answered before command " + query.getAfterSeq());
        }
        return core.refuse(query)
                .map(error ->
                        Answer.newBuilder().setId(query.getId()).setError(error).build())
                .orElseGet(() -> ask(query));
    }

    final synchronized Answer ask(Query query) {
        return core.query(query);
    }

    // ---- the log ----

    final long open(ByteString resumeToken, long lease, String clientName) {
        OpenSession open = OpenSession.newBuilder()
                .setResumeToken(resumeToken)
                .setLeaseMillis(lease)
                .setClientName(clientName)
                .build();
        return own(SessionCommand.newBuilder().setOpen(open))
                .getSession()
                .getOpened()
                .getSessionId();
    }

    /** A command of the cluster itself. */
    private Reply own(SessionCommand.Builder command) {
        return run(Command.newBuilder().setSession(command).build());
    }

    /** Applies the next command of a session that has acknowledged everything. */
    final synchronized Reply runInTurn(long sessionId, Command.Builder command) {
        SessionView session = core.session(sessionId).orElseThrow();
        return run(command.setSessionId(sessionId)
                .setSeq(session.lastSeq() + 1)
                .setAckedSeq(session.lastSeq())
                .setAckedEvent(session.lastEvent())
                .build());
    }

    private synchronized Reply run(Command command) {
        Reply reply = commit(command).get(0);
        deliver();
        return reply;
    }

    /** One entry, and after it as many as the work takes that it leaves to others. */
    private List<Reply> commit(Command... commands) {
        Entry entry = Entry.newBuilder()
                .setClusterTimeMillis(timeMillis())
                .addAllCommands(List.of(commands))
                .build();
        Applied outcome = core.apply(core.index() + 1, entry);
        outcome.defects().forEach(defect -> violations.add("a defect: " + defect));
        if (core.hasWorkLeft()) {
            commit();
        }
        return outcome.replies();
    }

    private void deliver() {
        attachedTo.forEach((session, node) -> node.deliver(session));
    }
}
