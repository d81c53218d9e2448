package io.coordinator.testing.hostile;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.ServerFrame;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A session's stream by hand: sends any bytes as a frame, and reads only what it asks for. What it sends is held back
 * by the node's flow control, so a node that reads nothing costs this side no memory.
 */
public final class RawStream implements AutoCloseable {
    private final ManagedChannel channel;
    private final ClientCall<ByteString, ServerFrame> call;
    private final BlockingQueue<ServerFrame> frames = new LinkedBlockingQueue<>();
    private final Semaphore readiness = new Semaphore(0);
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    private RawStream(ManagedChannel channel) {
        this.channel = channel;
        MethodDescriptor<ClientFrame, ServerFrame> method = CoordinatorServiceGrpc.getSessionMethod();
        this.call = channel.newCall(
                method.toBuilder(new Bytes(), method.getResponseMarshaller()).build(), CallOptions.DEFAULT);
    }

    /** Begins a stream; the channel ends with it. */
    static RawStream open(ManagedChannel channel) {
        RawStream stream = new RawStream(channel);
        stream.call.start(stream.new Listener(), new Metadata());
        return stream;
    }

    /** Lets the node send so many frames more. */
    public RawStream request(int count) {
        call.request(count);
        return this;
    }

    /** Sends a frame as soon as there is room for it; false if there was none in time, or the stream has ended. */
    public boolean send(ByteString frame, Duration patience) throws InterruptedException {
        long endNanos = System.nanoTime() + patience.toNanos();
        while (!call.isReady()) {
            long left = endNanos - System.nanoTime();
            if (left <= 0 || end.isDone()) {
                return false;
            }
            if (readiness.tryAcquire(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)), TimeUnit.NANOSECONDS)) {
                readiness.drainPermits();
            }
        }
        if (end.isDone()) {
            return false;
        }
        call.sendMessage(frame);
        return true;
    }

    /** Sends a frame without a look at whether there is room. */
    public void push(ByteString frame) {
        if (!end.isDone()) {
            call.sendMessage(frame);
        }
    }

    /** The next frame that was asked for, if it comes in time. */
    public Optional<ServerFrame> next(Duration patience) throws InterruptedException {
        return Optional.ofNullable(frames.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
    }

    /** How the stream ended, if it has. */
    public Optional<Status> end() {
        return Optional.ofNullable(end.getNow(null));
    }

    /** Breaks it off without a word. */
    @Override
    public void close() {
        call.cancel("given up", null);
        channel.shutdownNow();
    }

    private final class Listener extends ClientCall.Listener<ServerFrame> {
        @Override
        public void onMessage(ServerFrame frame) {
            frames.add(frame);
        }

        @Override
        public void onReady() {
            readiness.release();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end.complete(status);
            readiness.release();
        }
    }

    /** Bytes as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<ByteString> {
        @Override
        public InputStream stream(ByteString value) {
            return value.newInput();
        }

        @Override
        public ByteString parse(InputStream stream) {
            try {
                return ByteString.readFrom(stream);
            } catch (IOException e) {
                throw new UncheckedIOException("a message ends too early", e);
            }
        }
    }
}
