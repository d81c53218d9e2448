package io.coordinator.client.internal.lock;

import io.coordinator.client.lock.LossReason;
import io.coordinator.protocol.CancelAcquire;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DowngradeLock;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.ExtendLock;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockGrant;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.LockReleased;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.ReleaseLock;
import io.coordinator.protocol.Reply;
import java.util.List;

/** Which lock, or which set of locks, and the messages about it. */
record LockTarget(String namespace, List<String> names) implements Claim {
    LockTarget {
        names = List.copyOf(names);
    }

    LockCommand.Builder body() {
        return LockCommand.newBuilder().setNamespace(namespace).addAllNames(names);
    }

    @Override
    public Command.Builder cancel(long requestSeq) {
        return envelope(body().setCancel(CancelAcquire.newBuilder().setRequestSeq(requestSeq)));
    }

    @Override
    public Command.Builder release(long token) {
        return envelope(body().setRelease(ReleaseLock.newBuilder().setToken(token)));
    }

    @Override
    public Command.Builder extend(long token, long ttlMillis) {
        return envelope(body().setExtend(ExtendLock.newBuilder().setToken(token).setTtlMillis(ttlMillis)));
    }

    Command.Builder downgrade(long token) {
        return envelope(body().setDowngrade(DowngradeLock.newBuilder().setToken(token)));
    }

    @Override
    public Told told(Reply reply) {
        LockReply lock = reply.getLock();
        return switch (lock.getOutcomeCase()) {
            case GRANTED -> granted(lock.getGranted());
            case QUEUED -> new Told.Queued();
            case BUSY -> new Told.NotGranted();
            default -> new Told.Unexpected(lock.getOutcomeCase());
        };
    }

    @Override
    public Told told(Event event) {
        LockEvent lock = event.getLock();
        return switch (lock.getOutcomeCase()) {
            case GRANTED -> granted(lock.getGranted());
            case WAIT_ELAPSED -> new Told.NotGranted();
            case LOST -> lost(lock.getLost(), lock.getNamesList());
            case OUTCOME_NOT_SET -> new Told.Unexpected(event);
        };
    }

    private static Told granted(LockGrant grant) {
        return new Told.Granted(grant.getToken(), grant.getDeadlineMillis(), Math.max(1, grant.getEntered()));
    }

    private static Told lost(LockLost lost, List<String> names) {
        LossReason reason = lost.getReason() == LockLost.Reason.FORCED ? LossReason.FORCED : LossReason.TTL_ELAPSED;
        return new Told.Lost(lost.getToken(), reason, List.copyOf(names));
    }

    @Override
    public long extended(Reply reply) {
        return reply.getLock().getExtended().getDeadlineMillis();
    }

    @Override
    public Released released(Reply reply) {
        LockReleased released = reply.getLock().getReleased();
        return new Released(
                released.getWasHeld(),
                released.getWasHeld() ? List.copyOf(released.getGoneList()) : names,
                released.getEntered());
    }

    private static Command.Builder envelope(LockCommand.Builder body) {
        return Command.newBuilder().setLock(body);
    }

    @Override
    public String toString() {
        return names.size() == 1 ? "lock " + namespace + "/" + names.get(0) : "locks " + namespace + "/" + names;
    }
}
