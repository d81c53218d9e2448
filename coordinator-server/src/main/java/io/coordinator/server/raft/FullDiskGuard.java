package io.coordinator.server.raft;

import io.coordinator.protocol.DiskRoom;
import io.coordinator.server.disk.DiskWatch;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.grpc.RaftServerProtocolServiceGrpc;
import org.apache.ratis.thirdparty.io.grpc.CallOptions;
import org.apache.ratis.thirdparty.io.grpc.Channel;
import org.apache.ratis.thirdparty.io.grpc.ClientCall;
import org.apache.ratis.thirdparty.io.grpc.ClientInterceptor;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.MethodDescriptor;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what would be written from a node whose disk is full, so that its log never meets a write that fails (decision
 * 0028). Entries wait, and are taken in their order when there is room; heartbeats pass, so that the node goes on to
 * follow. It asks nobody for a vote and gives none, since a vote is a file. A snapshot is not taken while there is
 * little room: it may be as large as the state.
 */
final class FullDiskGuard implements ServerInterceptor, ClientInterceptor {
    private static final String APPEND =
            RaftServerProtocolServiceGrpc.getAppendEntriesMethod().getFullMethodName();
    private static final String VOTE =
            RaftServerProtocolServiceGrpc.getRequestVoteMethod().getFullMethodName();
    private static final String INSTALL =
            RaftServerProtocolServiceGrpc.getInstallSnapshotMethod().getFullMethodName();

    private final DiskWatch disk;
    private final ServerInterceptor behind;
    private final Set<Holding<?>> holding = ConcurrentHashMap.newKeySet();

    /** @param behind what calls go through next */
    FullDiskGuard(DiskWatch disk, ServerInterceptor behind) {
        this.disk = disk;
        this.behind = behind;
        disk.onChange(room -> {
            if (room != DiskRoom.DISK_FULL) {
                holding.forEach(Holding::release);
            }
        });
    }

    private boolean isFull() {
        return disk.room() == DiskRoom.DISK_FULL;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        if ((method.equals(VOTE) && isFull()) || (method.equals(INSTALL) && disk.room() != DiskRoom.DISK_ENOUGH)) {
            call.close(Status.UNAVAILABLE.withDescription("the disk of this node is full"), new Metadata());
            return new ServerCall.Listener<>() {};
        }
        ServerCall.Listener<Q> listener = behind.interceptCall(call, headers, next);
        return method.equals(APPEND) ? new Holding<>(listener) : listener;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        if (method.getFullMethodName().equals(VOTE) && isFull()) {
            return new Unsent<>();
        }
        return next.newCall(method, options);
    }

    /** One stream of a leader. Ratis asks for the next message when it has seen one, so that one waits at most. */
    private final class Holding<Q> extends ForwardingServerCallListener.SimpleForwardingServerCallListener<Q> {
        private final Queue<Q> held = new ArrayDeque<>();
        private boolean halfClosed;

        Holding(ServerCall.Listener<Q> listener) {
            super(listener);
        }

        @Override
        public synchronized void onMessage(Q message) {
            boolean entries = message instanceof AppendEntriesRequestProto append && append.getEntriesCount() > 0;
            if (!held.isEmpty() || (entries && isFull())) {
                holding.add(this);
                held.add(message);
                if (!isFull()) {
                    release();
                }
            } else {
                super.onMessage(message);
            }
        }

        synchronized void release() {
            holding.remove(this);
            while (!held.isEmpty()) {
                super.onMessage(held.remove());
            }
            if (halfClosed) {
                halfClosed = false;
                super.onHalfClose();
            }
        }

        @Override
        public synchronized void onHalfClose() {
            if (held.isEmpty()) {
                super.onHalfClose();
            } else {
                halfClosed = true;
            }
        }

        @Override
        public synchronized void onCancel() {
            forget();
            super.onCancel();
        }

        @Override
        public synchronized void onComplete() {
            forget();
            super.onComplete();
        }

        private void forget() {
            holding.remove(this);
            held.clear();
        }
    }

    /** A call that ends before it begins. */
    private static final class Unsent<Q, A> extends ClientCall<Q, A> {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
            listener.onClose(
                    Status.UNAVAILABLE.withDescription("this node's disk is full, so it does not stand for election"),
                    new Metadata());
        }

        @Override
        public void request(int messages) {
            // None will come.
        }

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {
            // It has ended.
        }

        @Override
        public void halfClose() {
            // It has ended.
        }

        @Override
        public void sendMessage(Q message) {
            // Nobody is asked.
        }
    }
}
