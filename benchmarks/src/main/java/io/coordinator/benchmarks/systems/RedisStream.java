package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.MessageSink;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.redisson.api.RStream;
import org.redisson.api.RedissonClient;
import org.redisson.api.stream.StreamAddArgs;
import org.redisson.client.codec.ByteArrayCodec;

/** A stream whose entries have one field, the message. */
final class RedisStream implements MessageSink {
    private static final byte[] FIELD = "m".getBytes(StandardCharsets.US_ASCII);

    private final RStream<byte[], byte[]> stream;

    private RedisStream(RStream<byte[], byte[]> stream) {
        this.stream = stream;
    }

    static RedisStream open(RedissonClient redisson) {
        return new RedisStream(redisson.getStream("stream-" + UUID.randomUUID(), ByteArrayCodec.INSTANCE));
    }

    RStream<byte[], byte[]> stream() {
        return stream;
    }

    /** The message of an entry. */
    static byte[] message(Map<byte[], byte[]> entry) {
        return entry.values().iterator().next();
    }

    @Override
    public CompletionStage<?> publish(byte[] message) {
        return stream.addAsync(StreamAddArgs.entry(FIELD, message));
    }

    @Override
    public void close() {
        stream.delete();
    }
}
