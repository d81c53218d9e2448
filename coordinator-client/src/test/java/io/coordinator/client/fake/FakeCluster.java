package io.coordinator.client.fake;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildLost;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.BuildReservation;
import io.coordinator.protocol.BuildResult;
import io.coordinator.protocol.BuildStatus;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.CacheReply;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionReply;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The replicated state behind fake nodes: sessions with exactly-once replies, and just enough of the data types. It counts
 * what must never happen.
 */
@SuppressWarnings("StatementSwitchToExpressionSwitch")
public final class FakeCluster {
    private final Map<Long, FakeSession> sessions = new HashMap<>();
    private final Map<Long, FakeNode> attachedTo = new HashMap<>();
    private final TreeMap<String, CacheEntry> cache = new TreeMap<>();
    private final FakeLocks locks = new FakeLocks(this);
    private final FakeSemaphores semaphores = new FakeSemaphores(this);
    private final Map<String, Build> builds = new HashMap<>();
    private final List<Command> applied = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final long startNanos = System.nanoTime();
    private long leaseMillis = 10000;
    private long lastSessionId = 100;
    private long lastToken;
    private long revision;
    private int refuseBusy;
    private long unacknowledgedMax = Long.MAX_VALUE;
    private boolean refuseUnknown;
    private @Nullable QueryAnswers queryAnswers;

    /** Answers all that it does not know with a refusal, and documents with some; else it breaks the stream. */
    public synchronized void refuseUnknown() {
        refuseUnknown = true;
    }

    /** How queries are answered, whatever is stored. */
    public synchronized void answerQueries(QueryAnswers answers) {
        queryAnswers = answers;
    }

    /** Answers of a test's own; null for the usual. */
    @FunctionalInterface
    public interface QueryAnswers {
        Answer.@Nullable Builder answer(Query query);
    }

    /** The lease that sessions get, whatever clients ask for. */
    public synchronized FakeCluster lease(long millis) {
        leaseMillis = millis;
        return this;
    }

    /** Refuses the next commands as a busy cluster does: with their numbers used up. */
    public synchronized void refuseNext(int commands) {
        refuseBusy = commands;
    }

    /** Applies nothing more of a session for which it keeps so many bytes of replies. */
    public synchronized void limitUnacknowledged(long bytes) {
        unacknowledgedMax = bytes;
    }

    /** How many bytes of replies the session has not acknowledged. */
    public synchronized long unacknowledgedBytes(long sessionId) {
        FakeSession session = sessions.get(sessionId);
        return session == null ? 0 : session.unacknowledgedBytes();
    }

    /** Forgets a session, as if its lease had passed. */
    public synchronized void expire(long sessionId) {
        FakeSession gone = sessions.remove(sessionId);
        if (gone != null) {
            locks.dropSession(sessionId);
            semaphores.dropSession(sessionId);
            builds.values().forEach(build -> dropSession(build, sessionId));
        }
    }

    private void dropSession(Build build, long sessionId) {
        build.waiters.removeIf(waiter -> waiter.sessionId == sessionId);
        if (build.builder != null && build.builder.sessionId == sessionId) {
            build.builder = null;
        }
    }

    /** Takes a lock for somebody who is no client; answers the token. */
    public synchronized long takeLock(String name) {
        return locks.take(name);
    }

    /** Ends whatever grant there is and hands the lock on, as a release by the holder does. */
    public synchronized void releaseLock(String name) {
        locks.free(name);
    }

    /** Ends a grant on one lock as its ttl or an operator does, and tells its holder. */
    public synchronized void loseLock(String name, LockLost.Reason reason) {
        locks.lose(name, reason);
    }

    /** Tells the first waiter of a lock that its time is up. */
    public synchronized void elapseWait(String name) {
        locks.elapseWait(name);
    }

    /** Reserves a build for somebody who is no client. */
    public synchronized void takeBuild(String key) {
        build(key).builder = new Waiter(0, 0, 0, ++lastToken);
    }

    /** Tells the outcome of a build to all waiters. */
    public synchronized void endBuild(String key, BuildEvent.Builder outcome) {
        Build build = build(key);
        build.builder = null;
        if (outcome.hasCompleted()) {
            build.value = outcome.getCompleted().getValue();
        }

        build.waiters.forEach(waiter -> tellBuild(waiter, key, outcome.clone()));
        build.waiters.clear();
    }

    /** Makes the first waiter of a build its builder. */
    public synchronized void promote(String key) {
        Build build = build(key);
        Waiter waiter = build.waiters.remove();
        Waiter builder = new Waiter(waiter.sessionId, waiter.requestSeq, waiter.ttlMillis, ++lastToken);
        build.builder = builder;
        tellBuild(waiter, key, BuildEvent.newBuilder().setPromoted(reservation(builder)));
    }

    /** Ends a reservation as its deadline does. */
    public synchronized void loseBuild(String key) {
        Build build = build(key);
        Waiter builder = build.builder;
        build.builder = null;
        if (builder != null) {
            tellBuild(
                    builder,
                    key,
                    BuildEvent.newBuilder()
                            .setLost(BuildLost.newBuilder()
                                    .setToken(builder.token)
                                    .setReason(BuildLost.Reason.DEADLINE_ELAPSED)));
        }
    }

    /** Cluster time in milliseconds. */
    public synchronized long timeMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    /** Commands applied so far, each once, in order. */
    public synchronized List<Command> applied() {
        return List.copyOf(applied);
    }

    /** Gaps and other things that a correct client never causes. */
    public synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** Whether somebody holds the lock. */
    public synchronized boolean isLocked(String name) {
        return locks.isHeld(name);
    }

    /** How many wait for the lock. */
    public synchronized int waiters(String name) {
        return locks.waiters(name);
    }

    /** How many wait for the build. */
    public synchronized int buildWaiters(String key) {
        return build(key).waiters.size();
    }

    /** How many events the session has not acknowledged. */
    public synchronized int pendingEvents(long sessionId) {
        FakeSession session = sessions.get(sessionId);
        return session == null ? 0 : session.events.size();
    }

    /** Whether the session is open. */
    public synchronized boolean knows(long sessionId) {
        return sessions.containsKey(sessionId);
    }

    synchronized @Nullable FakeSession attach(FakeNode node, long sessionId, ByteString token) {
        FakeSession session = sessionId == 0 ? open(token) : sessions.get(sessionId);
        if (session != null) {
            attachedTo.put(session.id, node);
        }
        return session;
    }

    private FakeSession open(ByteString token) {
        for (FakeSession known : sessions.values()) {
            if (known.resumeToken.equals(token)) {
                return known;
            }
        }

        FakeSession session = new FakeSession(++lastSessionId, token);
        sessions.put(session.id, session);
        return session;
    }

    long leaseMillis() {
        return leaseMillis;
    }

    synchronized List<Event> pendingEventsOf(long sessionId) {
        FakeSession session = sessions.get(sessionId);
        return session == null ? List.of() : List.copyOf(session.events);
    }

    synchronized Reply apply(Command command) {
        FakeSession session = sessions.get(command.getSessionId());
        long seq = command.getSeq();
        if (session == null) {
            return refuse(seq, ErrorCode.ESESSION, "no such session");
        }

        session.acknowledge(command);
        if (seq <= session.lastSeq) {
            Reply cached = session.replies.get(seq);
            if (cached == null) {
                violations.add("command " + seq + " came again after its reply was acknowledged");
                return refuse(seq, ErrorCode.EINVAL, "acknowledged before");
            } else {
                return cached;
            }
        } else {
            if (seq != session.lastSeq + 1 && session.heldBack) {
                return refuse(seq, ErrorCode.EOUTOFORDER, "an earlier one was turned back");
            }

            if (seq != session.lastSeq + 1) {
                violations.add("command " + seq + " came after " + session.lastSeq);
                return refuse(seq, ErrorCode.EOUTOFORDER, "out of order");
            }

            session.heldBack = session.unacknowledgedBytes() >= unacknowledgedMax;
            if (session.heldBack) {
                return refuse(seq, ErrorCode.EOUTOFORDER, "too much is unacknowledged");
            }

            session.lastSeq = seq;
            Reply reply;
            if (refuseBusy > 0) {
                refuseBusy--;
                reply = refuse(seq, ErrorCode.EBUSY, "busy");
            } else {
                applied.add(command);
                reply = executed(session, command)
                        .setSeq(seq)
                        .setRevision(revision)
                        .build();
            }

            session.replies.put(seq, reply);
            return reply;
        }
    }

    private Reply.Builder executed(FakeSession session, Command command) {
        if (!refuseUnknown) {
            return execute(session, command);
        }
        try {
            return command.hasDocument()
                    ? Reply.newBuilder().setDocument(FakeDocuments.reply(command.getDocument()))
                    : execute(session, command);
        } catch (IllegalArgumentException e) {
            return Reply.newBuilder()
                    .setError(Error.newBuilder().setCode(ErrorCode.EUNKNOWN).setMessage("not faked"));
        }
    }

    private Reply.Builder execute(FakeSession session, Command command) {
        if (command.hasGuard() && !isLive(command)) {
            return Reply.newBuilder()
                    .setError(Error.newBuilder().setCode(ErrorCode.EFENCED).setMessage("stale token"));
        }
        return switch (command.getBodyCase()) {
            case CACHE -> Reply.newBuilder().setCache(execute(command.getCache()));
            case LOCK -> locks.execute(session.id, command.getSeq(), command.getLock());
            case SEMAPHORE -> semaphores.execute(session.id, command.getSeq(), command.getSemaphore());
            case BUILD -> execute(session, command.getSeq(), command.getBuild());
            case SESSION -> {
                if (command.getSession().hasClose()) {
                    expire(session.id);
                }

                yield Reply.newBuilder().setSession(SessionReply.getDefaultInstance());
            }
            default -> throw new IllegalArgumentException("not here: " + command.getBodyCase());
        };
    }

    private boolean isLive(Command command) {
        return locks.isLive(command.getGuard().getLock(), command.getGuard().getToken());
    }

    private CacheReply execute(CacheCommand command) {
        String key = command.getNamespace() + "\0" + command.getKey();
        CacheEntry old = cache.get(key);
        CacheReply.Builder reply = CacheReply.newBuilder();
        switch (command.getOperationCase()) {
            case PUT:
                store(key, old, command.getPut().getValue(), command.getPut().getOpaque());
                reply.getWrittenBuilder().setRevision(revision);
                break;
            case DELETE:
                revision = revision + (cache.remove(key) == null ? 0 : 1);
                reply.getDeletedBuilder().setExisted(old != null);
                if (old != null && command.getDelete().getWantPrevious()) {
                    reply.getDeletedBuilder().setPrevious(old);
                }
                break;
            case INCREMENT:
                long now = old == null ? 0 : Long.parseLong(old.getValue().toStringUtf8());
                ByteString sum = ByteString.copyFromUtf8(
                        Long.toString(now + command.getIncrement().getBy()));
                store(key, old, sum, false);
                reply.getIncrementedBuilder().setValue(sum);
                break;
            case COMPARE_AND_SET:
                boolean matches = command.getCompareAndSet().getExpect().hasAbsent()
                        ? old == null
                        : old != null
                                && old.getValue()
                                        .equals(command.getCompareAndSet()
                                                .getExpect()
                                                .getValue());
                if (matches) {
                    store(
                            key,
                            old,
                            command.getCompareAndSet().getNext(),
                            command.getCompareAndSet().getOpaque());
                }

                reply.getComparedBuilder().setApplied(matches);
                CacheEntry current = cache.get(key);
                if (current != null) {
                    reply.getComparedBuilder().setCurrent(current);
                }
                break;
            case PUT_ALL, CONFIGURE, CLEAR, TOUCH, OPERATION_NOT_SET:
                throw new IllegalArgumentException("not here: " + command.getOperationCase());
        }
        return reply.build();
    }

    private void store(String key, @Nullable CacheEntry old, ByteString value, boolean opaque) {
        revision++;
        cache.put(
                key,
                CacheEntry.newBuilder()
                        .setValue(value)
                        .setOpaque(opaque)
                        .setCreateRevision(old == null ? revision : old.getCreateRevision())
                        .setModRevision(revision)
                        .setVersion(old == null ? 1 : old.getVersion() + 1)
                        .build());
    }

    private Build build(String key) {
        return builds.computeIfAbsent(key, k -> new Build());
    }

    private Reply.Builder execute(FakeSession session, long seq, BuildCommand command) {
        Build build = build(command.getKey());
        BuildReply.Builder reply = BuildReply.newBuilder();
        switch (command.getOperationCase()) {
            case RESERVE:
                if (build.value != null) {
                    reply.setHit(BuildResult.newBuilder().setValue(build.value));
                } else if (build.builder == null && command.getReserve().getOnlyWait()) {
                    return Reply.newBuilder()
                            .setError(Error.newBuilder()
                                    .setCode(ErrorCode.EKEYNOTFOUND)
                                    .setMessage("nobody builds it"));
                } else if (build.builder == null) {
                    Waiter builder =
                            new Waiter(session.id, seq, command.getReserve().getBuildMillis(), ++lastToken);
                    build.builder = builder;
                    reply.setBuild(reservation(builder));
                } else {
                    build.waiters.add(
                            new Waiter(session.id, seq, command.getReserve().getBuildMillis(), 0));
                    reply.getWaitBuilder();
                }
                break;
            case COMPLETE:
                if (build.builder == null
                        || build.builder.token != command.getComplete().getToken()) {
                    return lost();
                }

                endBuild(
                        command.getKey(),
                        BuildEvent.newBuilder()
                                .setCompleted(BuildResult.newBuilder()
                                        .setValue(command.getComplete().getValue())));
                reply.getCompletedBuilder();
                break;
            case FAIL:
                if (build.builder == null
                        || build.builder.token != command.getFail().getToken()) {
                    return lost();
                }

                endBuild(
                        command.getKey(),
                        BuildEvent.newBuilder().setFailed(command.getFail().getFailure()));
                reply.getFailedBuilder();
                break;
            case CANCEL:
                long request = command.getCancel().getRequestSeq();
                build.waiters.removeIf(waiter -> waiter.sessionId == session.id && waiter.requestSeq == request);
                if (build.builder != null && build.builder.requestSeq == request) {
                    build.builder = null;
                }

                reply.getCancelledBuilder();
                break;
            case DELETE:
                reply.getDeletedBuilder().setExisted(build.value != null);
                build.value = null;
                break;
            case PROGRESS:
                reply.getProgressedBuilder();
                break;
            case TOUCH, PUT, CLEAR, OPERATION_NOT_SET:
                throw new IllegalArgumentException("not here: " + command.getOperationCase());
        }
        return Reply.newBuilder().setBuild(reply);
    }

    private static Reply.Builder lost() {
        return Reply.newBuilder()
                .setError(Error.newBuilder().setCode(ErrorCode.EBUILDLOST).setMessage("reservation expired"));
    }

    private BuildReservation reservation(Waiter builder) {
        return BuildReservation.newBuilder()
                .setToken(builder.token)
                .setDeadlineMillis(timeMillis() + builder.ttlMillis)
                .build();
    }

    /** Results and failures go beside the event, as a cluster sends what it tells many. */
    private void tellBuild(Waiter waiter, String key, BuildEvent.Builder event) {
        Event.Builder told = Event.newBuilder().setRequestSeq(waiter.requestSeq);
        if (event.hasCompleted()) {
            told.setValue(event.getCompleted().getValue());
            event.getCompletedBuilder().clearValue();
        } else if (event.hasFailed()) {
            told.setValue(event.getFailed().toByteString());
            event.getFailedBuilder().clear();
        }
        tell(waiter.sessionId, told.setBuild(event.setNamespace("default").setKey(key)));
    }

    /** Tells a session something; nobody if it is gone. */
    void tell(long sessionId, Event.Builder event) {
        FakeSession session = sessions.get(sessionId);
        if (session != null) {
            Event numbered = session.tell(event);
            FakeNode node = attachedTo.get(sessionId);
            if (node != null) {
                node.deliver(sessionId, numbered);
            }
        }
    }

    synchronized Answer answer(Query query, long lastSeqOfSession) {
        Answer.Builder own = queryAnswers == null ? null : queryAnswers.answer(query);
        if (own != null) {
            return own.setId(query.getId()).setRevision(revision).build();
        }
        if (!refuseUnknown) {
            return usualAnswer(query, lastSeqOfSession);
        }
        try {
            return query.hasDocument()
                    ? Answer.newBuilder()
                            .setId(query.getId())
                            .setDocument(FakeDocuments.answer(query.getDocument()))
                            .build()
                    : usualAnswer(query, lastSeqOfSession);
        } catch (IllegalArgumentException e) {
            return Answer.newBuilder()
                    .setId(query.getId())
                    .setError(Error.newBuilder().setCode(ErrorCode.EUNKNOWN).setMessage("not faked"))
                    .build();
        }
    }

    private Answer usualAnswer(Query query, long lastSeqOfSession) {
        Answer.Builder answer =
                Answer.newBuilder().setId(query.getId()).setRevision(revision).setClusterTimeMillis(timeMillis());
        if (query.getAfterSeq() > lastSeqOfSession) {
            violations.add("a query was answered before command " + query.getAfterSeq());
        }

        switch (query.getBodyCase()) {
            case CACHE:
                CacheEntry entry = cache.get(query.getCache().getNamespace() + "\0"
                        + query.getCache().getKey());
                answer.getCacheBuilder().getGotBuilder();
                if (entry != null) {
                    answer.getCacheBuilder().getGotBuilder().setEntry(entry);
                }
                break;
            case LOCK:
                answer.setLock(locks.answer(query.getLock()));
                break;
            case SEMAPHORE:
                answer.setSemaphore(semaphores.answer());
                break;
            case BUILD:
                Build build = build(query.getBuild().getKey());
                BuildStatus.Builder status = answer.getBuildBuilder().getStatusBuilder();
                if (build.value != null) {
                    status.setState(BuildStatus.State.EXISTS).getResultBuilder().setValue(build.value);
                } else if (build.builder != null) {
                    status.setState(BuildStatus.State.PENDING);
                }
                break;
            case SESSION:
                answer.getSessionBuilder().getPongBuilder();
                break;
            default:
                throw new IllegalArgumentException("not here: " + query.getBodyCase());
        }
        return answer.build();
    }

    /** The next token of the one counter. */
    long nextToken() {
        return ++lastToken;
    }

    synchronized long lastSeq(long sessionId) {
        FakeSession session = sessions.get(sessionId);
        return session == null ? 0 : session.lastSeq;
    }

    private static Reply refuse(long seq, ErrorCode code, String why) {
        return Reply.newBuilder()
                .setSeq(seq)
                .setError(Error.newBuilder().setCode(code).setMessage(why))
                .build();
    }

    private static final class Build {
        FakeCluster.@Nullable Waiter builder;

        @Nullable
        ByteString value;

        final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
    }

    private record Waiter(long sessionId, long requestSeq, long ttlMillis, long token) {}
}
