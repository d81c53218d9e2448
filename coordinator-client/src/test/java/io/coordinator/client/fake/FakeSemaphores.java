package io.coordinator.client.fake;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.PermitGrant;
import io.coordinator.protocol.PermitsBusy;
import io.coordinator.protocol.PermitsImpossible;
import io.coordinator.protocol.PermitsQueued;
import io.coordinator.protocol.PermitsReleased;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SemaphoreAnswer;
import io.coordinator.protocol.SemaphoreCommand;
import io.coordinator.protocol.SemaphoreEvent;
import io.coordinator.protocol.SemaphoreInspection;
import io.coordinator.protocol.SemaphoreReply;
import io.coordinator.protocol.SemaphoreResized;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Just enough of one semaphore. The cluster's lock guards it. */
final class FakeSemaphores {
    private final FakeCluster cluster;
    private final Map<Long, Request> held = new TreeMap<>();
    private final ArrayDeque<Request> line = new ArrayDeque<>();
    private int limit;

    FakeSemaphores(FakeCluster cluster) {
        this.cluster = cluster;
    }

    private record Request(long sessionId, long seq, String name, int permits) {}

    void dropSession(long sessionId) {
        line.removeIf(request -> request.sessionId == sessionId);
        held.values().removeIf(request -> request.sessionId == sessionId);
    }

    Reply.Builder execute(long sessionId, long seq, SemaphoreCommand command) {
        SemaphoreReply.Builder reply = SemaphoreReply.newBuilder();
        switch (command.getOperationCase()) {
            case ACQUIRE -> {
                limit = limit == 0 ? command.getAcquire().getInitialLimit() : limit;
                Request request = new Request(
                        sessionId, seq, command.getName(), command.getAcquire().getPermits());
                if (line.isEmpty() && fits(request)) {
                    reply.setGranted(grant(request));
                } else if (command.getAcquire().getWaitMillis() == 0) {
                    reply.setBusy(PermitsBusy.newBuilder().setFree(limit - used()));
                } else {
                    line.add(request);
                    reply.setQueued(PermitsQueued.newBuilder().setPosition(line.size() - 1));
                }
            }
            case RELEASE -> {
                Request request = held.get(command.getRelease().getToken());
                if (request != null && request.sessionId != sessionId) {
                    return Reply.newBuilder()
                            .setError(Error.newBuilder()
                                    .setCode(ErrorCode.ENOTOWNER)
                                    .setMessage("another session holds them"));
                }
                held.remove(command.getRelease().getToken());
                reply.setReleased(PermitsReleased.newBuilder().setWasHeld(request != null));
                serve();
            }
            case RESIZE -> {
                limit = command.getResize().getLimit();
                reply.setResized(SemaphoreResized.newBuilder().setLimit(limit));
                turnAway();
                serve();
            }
            default -> throw new IllegalArgumentException("not faked: " + command);
        }
        return Reply.newBuilder().setSemaphore(reply);
    }

    private int used() {
        return held.values().stream().mapToInt(Request::permits).sum();
    }

    private boolean fits(Request request) {
        return used() + request.permits <= limit;
    }

    private PermitGrant grant(Request request) {
        long token = cluster.nextToken();
        held.put(token, request);
        return PermitGrant.newBuilder()
                .setToken(token)
                .setPermits(request.permits)
                .build();
    }

    private void turnAway() {
        for (Request request : List.copyOf(line)) {
            if (request.permits > limit) {
                line.remove(request);
                cluster.tell(
                        request.sessionId,
                        Event.newBuilder()
                                .setRequestSeq(request.seq)
                                .setSemaphore(SemaphoreEvent.newBuilder()
                                        .setNamespace("default")
                                        .setName(request.name)
                                        .setImpossible(
                                                PermitsImpossible.newBuilder().setLimit(limit))));
            }
        }
    }

    private void serve() {
        while (!line.isEmpty() && fits(line.peek())) {
            Request next = line.remove();
            cluster.tell(
                    next.sessionId,
                    Event.newBuilder()
                            .setRequestSeq(next.seq)
                            .setSemaphore(SemaphoreEvent.newBuilder()
                                    .setNamespace("default")
                                    .setName(next.name)
                                    .setGranted(grant(next))));
        }
    }

    SemaphoreAnswer.Builder answer() {
        return SemaphoreAnswer.newBuilder()
                .setInspection(SemaphoreInspection.newBuilder()
                        .setExists(limit > 0)
                        .setLimit(limit)
                        .setHeld(used())
                        .setWaiterCount(line.size()));
    }
}
