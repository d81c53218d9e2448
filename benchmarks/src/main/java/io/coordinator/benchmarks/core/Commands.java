package io.coordinator.benchmarks.core;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.BuildCommand;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CacheSettings;
import io.coordinator.protocol.ClearValues;
import io.coordinator.protocol.CloseSession;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.ConfigureCache;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentKind;
import io.coordinator.protocol.ForceReleaseLock;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockMode;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.PutValue;
import io.coordinator.protocol.ReleaseLock;
import io.coordinator.protocol.ReserveBuild;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SubmitJobs;
import java.util.Collections;

/** The commands that the measurements of the core are made of. */
final class Commands {
    private static final long FOR_EVER = -1;
    private static final long HOUR_MILLIS = 3_600_000;

    private Commands() {}

    static Command.Builder put(String namespace, String key, ByteString value, long ttlMillis) {
        return cache(CacheCommand.newBuilder()
                .setNamespace(namespace)
                .setKey(key)
                .setPut(PutValue.newBuilder().setValue(value).setTtlMillis(ttlMillis)));
    }

    static Command.Builder clear(String namespace, String prefix) {
        return cache(CacheCommand.newBuilder()
                .setNamespace(namespace)
                .setKey(prefix)
                .setClear(ClearValues.getDefaultInstance()));
    }

    /** 0 is without a bound. */
    static Command.Builder bound(String namespace, long entriesMax) {
        return cache(CacheCommand.newBuilder()
                .setNamespace(namespace)
                .setConfigure(ConfigureCache.newBuilder()
                        .setSettings(CacheSettings.newBuilder().setEntriesMax(entriesMax))));
    }

    private static Command.Builder cache(CacheCommand.Builder cache) {
        return Command.newBuilder().setCache(cache);
    }

    static Command.Builder openDocument(String id, DocumentKind kind, ByteString content) {
        return Command.newBuilder()
                .setDocument(DocumentCommand.newBuilder()
                        .setNamespace("documents")
                        .setId(id)
                        .setOpen(OpenDocument.newBuilder().setKind(kind).setInitialContent(content)));
    }

    static Command.Builder acquire(String lock, LockMode mode) {
        return lock(LockCommand.newBuilder()
                .addNames(lock)
                .setAcquire(AcquireLock.newBuilder().setWaitMillis(FOR_EVER).setMode(mode)));
    }

    static Command.Builder release(String lock, long token) {
        return lock(LockCommand.newBuilder()
                .addNames(lock)
                .setRelease(ReleaseLock.newBuilder().setToken(token)));
    }

    /** Whoever holds it. */
    static Command.Builder forceRelease(String lock) {
        return lock(LockCommand.newBuilder()
                .addNames(lock)
                .setForceRelease(
                        ForceReleaseLock.newBuilder().setOperator("benchmark").setReason("to measure it")));
    }

    private static Command.Builder lock(LockCommand.Builder lock) {
        return Command.newBuilder().setLock(lock.setNamespace("locks"));
    }

    static Command.Builder reserve(String key) {
        return build(BuildCommand.newBuilder()
                .setKey(key)
                .setReserve(
                        ReserveBuild.newBuilder().setBuildMillis(HOUR_MILLIS).setWaitMillis(FOR_EVER)));
    }

    static Command.Builder complete(String key, long token, ByteString value) {
        return build(BuildCommand.newBuilder()
                .setKey(key)
                .setComplete(CompleteBuild.newBuilder().setToken(token).setValue(value)));
    }

    private static Command.Builder build(BuildCommand.Builder build) {
        return Command.newBuilder().setBuild(build.setNamespace("builds"));
    }

    static Command.Builder submit(String queue, ByteString payload, int count) {
        NewJob job = NewJob.newBuilder().setPayload(payload).build();
        return Command.newBuilder()
                .setJob(JobCommand.newBuilder()
                        .setNamespace("jobs")
                        .setQueue(queue)
                        .setSubmit(SubmitJobs.newBuilder().addAllJobs(Collections.nCopies(count, job))));
    }

    static Command.Builder closeSession() {
        return Command.newBuilder().setSession(SessionCommand.newBuilder().setClose(CloseSession.getDefaultInstance()));
    }

    /** A JSON string of so many bytes with its quotes. */
    static ByteString text(int bytes) {
        return ByteString.copyFromUtf8('"' + "x".repeat(bytes - 2) + '"');
    }
}
