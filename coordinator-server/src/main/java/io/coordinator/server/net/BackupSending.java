package io.coordinator.server.net;

import com.google.protobuf.UnsafeByteOperations;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.SaveSnapshotRequest;
import io.coordinator.protocol.SnapshotPart;
import io.coordinator.server.backup.Backup;
import io.coordinator.server.backup.BackupException;
import io.coordinator.server.session.Outgoing;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a backup to one client, on a thread of its own: the next part is read from the disk when the transport takes
 * more, and not sooner than the rate allows. So however slow the client is, no more than a part waits in memory; one
 * that takes nothing loses its call.
 */
final class BackupSending {
    private static final Logger LOG = LoggerFactory.getLogger(BackupSending.class);
    private static final int PART_BYTES = 1 << 16;

    private final ServerCallStreamObserver<SnapshotPart> call;
    private final Outgoing outgoing;
    private final int partBytes;
    private final long bytesPerSecond;
    private boolean gone;

    /** Must be made while the call begins. */
    BackupSending(ServerCallStreamObserver<SnapshotPart> call, SaveSnapshotRequest request, Outgoing outgoing) {
        this.call = call;
        this.outgoing = outgoing;
        this.bytesPerSecond = Math.max(0, request.getBytesPerSecond());
        this.partBytes = bytesPerSecond == 0 ? PART_BYTES : (int) Math.min(PART_BYTES, bytesPerSecond);
        call.setOnReadyHandler(this::wake);
        call.setOnCancelHandler(this::leave);
    }

    private synchronized void wake() {
        notifyAll();
    }

    private synchronized void leave() {
        gone = true;
        notifyAll();
    }

    /** Sends it, and closes it whatever happens; returns at once. */
    void begin(Backup backup) {
        Thread thread = new Thread(() -> run(backup), "coordinator-backup");
        thread.setDaemon(true);
        thread.start();
    }

    /** Tells why there is none. */
    void refuse(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        ErrorCode code = cause instanceof BackupException refused ? refused.code() : ErrorCode.EBROKER;
        Error error = Error.newBuilder()
                .setCode(code)
                .setMessage(String.valueOf(cause.getMessage()))
                .build();
        last(SnapshotPart.newBuilder().setError(error).build());
    }

    private void run(Backup backup) {
        try (backup) {
            send(backup);
        } catch (IOException e) {
            LOG.warn("a backup ends, since its checkpoint cannot be read", e);
            refuse(new BackupFailure(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (StatusRuntimeException | IllegalStateException e) {
            LOG.debug("the client of a backup has left", e);
        } catch (OutOfMemoryError e) {
            LOG.warn("no memory for a part of a backup; it ends", e);
            call.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException());
        }
    }

    private void send(Backup backup) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        long sent = 0;
        byte[] bytes = backup.next(partBytes);
        while (bytes.length > 0) {
            if (!awaitTurn(begun, sent)) {
                return;
            }
            SnapshotPart.Builder part = SnapshotPart.newBuilder().setData(UnsafeByteOperations.unsafeWrap(bytes));
            if (sent == 0) {
                part.setHeader(backup.header()).setBytesTotal(backup.bytesTotal());
            }
            call.onNext(part.build());
            sent += bytes.length;
            bytes = backup.next(partBytes);
        }
        call.onCompleted();
    }

    /** Waits until the rate and the client allow more; false if the client is gone, or does not keep up. */
    private synchronized boolean awaitTurn(long begun, long sent) throws InterruptedException {
        long due = begun
                + (bytesPerSecond == 0 ? 0 : (long) (sent * (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond));
        for (long left = due - System.nanoTime(); left > 0 && !gone; left = due - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        long patience = System.nanoTime() + outgoing.patienceNanos(PART_BYTES);
        while (!gone && !call.isReady()) {
            long left = patience - System.nanoTime();
            if (left <= 0) {
                outgoing.countSlowConsumer();
                LOG.warn("a client has asked for a backup and does not take it; its call ends");
                call.onError(Status.RESOURCE_EXHAUSTED
                        .withDescription("the backup was not taken in time")
                        .asRuntimeException());
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return !gone;
    }

    private void last(SnapshotPart part) {
        try {
            call.onNext(part);
            call.onCompleted();
        } catch (StatusRuntimeException | IllegalStateException e) {
            LOG.debug("the client of a backup has left", e);
        }
    }

    /** What its client is told of a disk that fails. */
    private static final class BackupFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BackupFailure(IOException cause) {
            super("the checkpoint cannot be read on this node: " + cause.getMessage() + "; ask another node", cause);
        }
    }
}
