package io.coordinator.client.internal.lock;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.LossReason;
import io.coordinator.protocol.CancelPermits;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.ExtendPermits;
import io.coordinator.protocol.PermitGrant;
import io.coordinator.protocol.ReleasePermits;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SemaphoreCommand;
import io.coordinator.protocol.SemaphoreEvent;
import io.coordinator.protocol.SemaphoreReply;
import java.util.List;

/** Which semaphore, and the messages about it. */
record PermitTarget(String namespace, String name) implements Claim {
    SemaphoreCommand.Builder body() {
        return SemaphoreCommand.newBuilder().setNamespace(namespace).setName(name);
    }

    @Override
    public List<String> names() {
        return List.of(name);
    }

    @Override
    public Command.Builder cancel(long requestSeq) {
        return envelope(body().setCancel(CancelPermits.newBuilder().setRequestSeq(requestSeq)));
    }

    @Override
    public Command.Builder release(long token) {
        return envelope(body().setRelease(ReleasePermits.newBuilder().setToken(token)));
    }

    @Override
    public Command.Builder extend(long token, long ttlMillis) {
        return envelope(
                body().setExtend(ExtendPermits.newBuilder().setToken(token).setTtlMillis(ttlMillis)));
    }

    @Override
    public Told told(Reply reply) {
        SemaphoreReply semaphore = reply.getSemaphore();
        return switch (semaphore.getOutcomeCase()) {
            case GRANTED -> granted(semaphore.getGranted());
            case QUEUED -> new Told.Queued();
            case BUSY -> new Told.NotGranted();
            default -> new Told.Unexpected(semaphore.getOutcomeCase());
        };
    }

    @Override
    public Told told(Event event) {
        SemaphoreEvent semaphore = event.getSemaphore();
        return switch (semaphore.getOutcomeCase()) {
            case GRANTED -> granted(semaphore.getGranted());
            case WAIT_ELAPSED -> new Told.NotGranted();
            case IMPOSSIBLE ->
                new Told.Refused(impossible(semaphore.getImpossible().getLimit()));
            case LOST -> new Told.Lost(semaphore.getLost().getToken(), LossReason.TTL_ELAPSED, names());
            case OUTCOME_NOT_SET -> new Told.Unexpected(event);
        };
    }

    private CoordinatorException impossible(int limit) {
        return new ValidationException("the resize of " + this + " has left " + Integer.toUnsignedString(limit)
                + " permits, fewer than the request wants, so it waits no longer; ask for fewer, or make it larger");
    }

    private static Told granted(PermitGrant grant) {
        return new Told.Granted(grant.getToken(), grant.getDeadlineMillis(), 1);
    }

    @Override
    public long extended(Reply reply) {
        return reply.getSemaphore().getExtended().getDeadlineMillis();
    }

    @Override
    public Released released(Reply reply) {
        boolean wasHeld = reply.getSemaphore().getReleased().getWasHeld();
        return new Released(wasHeld, wasHeld ? List.of() : names(), 0);
    }

    private static Command.Builder envelope(SemaphoreCommand.Builder body) {
        return Command.newBuilder().setSemaphore(body);
    }

    @Override
    public String toString() {
        return "semaphore " + namespace + "/" + name;
    }
}
