package io.coordinator.client.fake;

import io.coordinator.protocol.AcquireCancelled;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.LockAnswer;
import io.coordinator.protocol.LockBusy;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockGrant;
import io.coordinator.protocol.LockHold;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.LockQuery;
import io.coordinator.protocol.LockQueued;
import io.coordinator.protocol.LockReleased;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.LockWaitElapsed;
import io.coordinator.protocol.Reply;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Just enough of exclusive locks, alone and in sets, in one namespace. The cluster's lock guards it. */
final class FakeLocks {
    private final FakeCluster cluster;
    private final Map<String, Grant> holders = new HashMap<>();
    private final ArrayDeque<Request> line = new ArrayDeque<>();

    FakeLocks(FakeCluster cluster) {
        this.cluster = cluster;
    }

    /** A request, which may stand in line. */
    private record Request(long sessionId, long seq, List<String> names, AcquireLock acquire) {}

    /** A grant of one or more locks. */
    private static final class Grant {
        final Request request;
        final long token;
        int entered = 1;

        Grant(Request request, long token) {
            this.request = request;
            this.token = token;
        }
    }

    // ---- for tests ----

    long take(String name) {
        Grant grant =
                new Grant(new Request(0, 0, List.of(name), AcquireLock.getDefaultInstance()), cluster.nextToken());
        holders.put(name, grant);
        return grant.token;
    }

    void free(String name) {
        holders.remove(name);
        serve();
    }

    void lose(String name, LockLost.Reason reason) {
        Grant grant = holders.get(name);
        if (grant != null) {
            LockLost lost = LockLost.newBuilder()
                    .setToken(grant.token)
                    .setReason(reason)
                    .build();
            tell(grant.request, LockEvent.newBuilder().addNames(name).setLost(lost));
        }
        free(name);
    }

    void elapseWait(String name) {
        Request first = line.stream()
                .filter(request -> request.names.contains(name))
                .findFirst()
                .orElseThrow();
        line.remove(first);
        tell(
                first,
                LockEvent.newBuilder().addAllNames(first.names).setWaitElapsed(LockWaitElapsed.getDefaultInstance()));
    }

    boolean isHeld(String name) {
        return holders.containsKey(name);
    }

    int waiters(String name) {
        return (int)
                line.stream().filter(request -> request.names.contains(name)).count();
    }

    boolean isLive(String name, long token) {
        Grant grant = holders.get(name);
        return grant != null && grant.token == token;
    }

    void dropSession(long sessionId) {
        line.removeIf(request -> request.sessionId == sessionId);
        holders.values().removeIf(grant -> grant.request.sessionId == sessionId);
    }

    // ---- commands ----

    Reply.Builder execute(long sessionId, long seq, LockCommand command) {
        List<String> names = List.copyOf(command.getNamesList());
        return switch (command.getOperationCase()) {
            case ACQUIRE -> reply(acquire(new Request(sessionId, seq, names, command.getAcquire())));
            case CANCEL ->
                reply(LockReply.newBuilder()
                        .setCancelled(AcquireCancelled.newBuilder()
                                .setOutcome(
                                        cancel(sessionId, command.getCancel().getRequestSeq()))));
            case RELEASE ->
                reply(LockReply.newBuilder()
                        .setReleased(release(names, command.getRelease().getToken())));
            case EXTEND -> extend(names, command);
            case DOWNGRADE ->
                reply(LockReply.newBuilder()
                        .setDowngraded(LockGrant.newBuilder()
                                .setToken(command.getDowngrade().getToken())));
            case FORCE_RELEASE, OPERATION_NOT_SET -> throw new IllegalArgumentException("not faked: " + command);
        };
    }

    private static Reply.Builder reply(LockReply.Builder reply) {
        return Reply.newBuilder().setLock(reply);
    }

    private LockReply.Builder acquire(Request request) {
        Grant held = holders.get(request.names.get(0));
        if (held != null
                && held.request.sessionId == request.sessionId
                && held.request.acquire.getReentrant()
                && request.acquire.getReentrant()) {
            held.entered++;
            return LockReply.newBuilder().setGranted(told(held));
        }
        if (isFree(request)) {
            return LockReply.newBuilder().setGranted(told(grant(request)));
        }
        if (request.acquire.getWaitMillis() == 0) {
            return LockReply.newBuilder().setBusy(LockBusy.newBuilder().addAllNames(request.names));
        }
        line.add(request);
        return LockReply.newBuilder().setQueued(LockQueued.newBuilder().setPosition(line.size() - 1));
    }

    private boolean isFree(Request request) {
        return request.names.stream().noneMatch(holders::containsKey);
    }

    private Grant grant(Request request) {
        Grant grant = new Grant(request, cluster.nextToken());
        request.names.forEach(name -> holders.put(name, grant));
        return grant;
    }

    private LockGrant told(Grant grant) {
        long ttl = grant.request.acquire.getTtlMillis();
        return LockGrant.newBuilder()
                .setToken(grant.token)
                .setDeadlineMillis(ttl == 0 ? 0 : cluster.timeMillis() + ttl)
                .setEntered(grant.entered)
                .build();
    }

    private void serve() {
        for (Request request : List.copyOf(line)) {
            if (isFree(request)) {
                line.remove(request);
                tell(request, LockEvent.newBuilder().addAllNames(request.names).setGranted(told(grant(request))));
            }
        }
    }

    private AcquireCancelled.Outcome cancel(long sessionId, long seq) {
        if (line.removeIf(request -> request.sessionId == sessionId && request.seq == seq)) {
            return AcquireCancelled.Outcome.DEQUEUED;
        }
        boolean released =
                holders.values().removeIf(grant -> grant.request.sessionId == sessionId && grant.request.seq == seq);
        serve();
        return released ? AcquireCancelled.Outcome.RELEASED_GRANT : AcquireCancelled.Outcome.NOTHING;
    }

    private LockReleased release(List<String> names, long token) {
        List<String> gone = gone(names, token);
        LockReleased.Builder released =
                LockReleased.newBuilder().setWasHeld(gone.size() < names.size()).addAllGone(gone);
        Grant grant = live(names, token);
        if (grant != null && --grant.entered > 0) {
            return released.setEntered(grant.entered).build();
        }
        drop(token);
        return released.build();
    }

    private Reply.Builder extend(List<String> names, LockCommand command) {
        long token = command.getExtend().getToken();
        List<String> gone = gone(names, token);
        if (gone.isEmpty()) {
            return reply(LockReply.newBuilder()
                    .setExtended(LockGrant.newBuilder()
                            .setToken(token)
                            .setDeadlineMillis(
                                    cluster.timeMillis() + command.getExtend().getTtlMillis())));
        }
        drop(token);
        ErrorCode code = names.size() == 1 ? ErrorCode.ELOCKEXTEND : ErrorCode.EMULTILOCK;
        return Reply.newBuilder()
                .setError(Error.newBuilder().setCode(code).setMessage("gone").addAllLockNames(gone));
    }

    private List<String> gone(List<String> names, long token) {
        return names.stream().filter(name -> !isLive(name, token)).toList();
    }

    private @Nullable Grant live(List<String> names, long token) {
        return names.stream()
                .filter(name -> isLive(name, token))
                .findFirst()
                .map(holders::get)
                .orElse(null);
    }

    private void drop(long token) {
        holders.values().removeIf(grant -> grant.token == token);
        serve();
    }

    private void tell(Request request, LockEvent.Builder event) {
        cluster.tell(
                request.sessionId,
                Event.newBuilder().setRequestSeq(request.seq).setLock(event.setNamespace("default")));
    }

    // ---- questions ----

    LockAnswer.Builder answer(LockQuery query) {
        LockAnswer.Builder answer = LockAnswer.newBuilder();
        if (query.hasVerify()) {
            answer.getVerificationBuilder()
                    .setLive(isLive(query.getName(), query.getVerify().getToken()));
            return answer;
        }
        Grant grant = holders.get(query.getName());
        answer.getInspectionBuilder().setWaiterCount(waiters(query.getName()));
        if (grant != null) {
            answer.getInspectionBuilder()
                    .addHolds(LockHold.newBuilder()
                            .setSessionId(grant.request.sessionId)
                            .setToken(grant.token)
                            .setTtlMillis(grant.request.acquire.getTtlMillis())
                            .setDeadlineMillis(told(grant).getDeadlineMillis())
                            .setContents(grant.request.acquire.getContents())
                            .addAllNames(grant.request.names));
        }
        return answer;
    }
}
