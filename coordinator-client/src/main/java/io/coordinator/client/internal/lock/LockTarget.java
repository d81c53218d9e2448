package io.coordinator.client.internal.lock;

import io.coordinator.protocol.CancelAcquire;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ExtendLock;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.ReleaseLock;

/** Which lock, and the commands about it. */
record LockTarget(String namespace, String name) {
    LockCommand.Builder body() {
        return LockCommand.newBuilder().setNamespace(namespace).setName(name);
    }

    Command.Builder cancel(long requestSeq) {
        return envelope(body().setCancel(CancelAcquire.newBuilder().setRequestSeq(requestSeq)));
    }

    Command.Builder release(long token) {
        return envelope(body().setRelease(ReleaseLock.newBuilder().setToken(token)));
    }

    Command.Builder extend(long token, long ttlMillis) {
        return envelope(body().setExtend(ExtendLock.newBuilder().setToken(token).setTtlMillis(ttlMillis)));
    }

    private static Command.Builder envelope(LockCommand.Builder body) {
        return Command.newBuilder().setLock(body);
    }

    @Override
    public String toString() {
        return "lock " + namespace + "/" + name;
    }
}
