package io.coordinator.benchmarks.jmh;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.CacheReply;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.ValueWritten;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a put costs on the wire and in the log, in frames and entries of 64: time for each command. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CodecBenchmark {
    private static final int BATCH = 64;
    private static final long SESSION = 7;
    private static final long FIRST = 1_000_000;

    private final Puts puts = new Puts();
    private final byte[] clientFrame = buildClientFrame();
    private final byte[] serverFrame = buildServerFrame();
    private final byte[] entry = buildEntry();

    /** The client's side of a request. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public byte[] buildClientFrame() {
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        for (long seq = FIRST; seq < FIRST + BATCH; seq++) {
            frame.addCommands(puts.command(SESSION, seq, BATCH));
        }
        return frame.build().toByteArray();
    }

    /** The server's side of a request. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public ClientFrame parseClientFrame() throws InvalidProtocolBufferException {
        return ClientFrame.parseFrom(clientFrame);
    }

    /** The server's side of an answer. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public byte[] buildServerFrame() {
        List<Reply> replies = LongStream.range(FIRST, FIRST + BATCH)
                .mapToObj(CodecBenchmark::reply)
                .toList();
        return ServerFrame.newBuilder().addAllReplies(replies).build().toByteArray();
    }

    private static Reply reply(long seq) {
        return Reply.newBuilder()
                .setSeq(seq)
                .setRevision(seq)
                .setCache(CacheReply.newBuilder()
                        .setWritten(ValueWritten.newBuilder().setRevision(seq)))
                .build();
    }

    /** The client's side of an answer. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public ServerFrame parseServerFrame() throws InvalidProtocolBufferException {
        return ServerFrame.parseFrom(serverFrame);
    }

    /** The leader's side of a log entry. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public byte[] buildEntry() {
        Entry.Builder built = Entry.newBuilder().setClusterTimeMillis(FIRST);
        for (long seq = FIRST; seq < FIRST + BATCH; seq++) {
            built.addCommands(puts.command(SESSION, seq, BATCH));
        }
        return built.build().toByteArray();
    }

    /** A follower's side of a log entry. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Entry parseEntry() throws InvalidProtocolBufferException {
        return Entry.parseFrom(entry);
    }
}
