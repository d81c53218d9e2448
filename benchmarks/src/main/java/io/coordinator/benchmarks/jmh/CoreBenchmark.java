package io.coordinator.benchmarks.jmh;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.GetValue;
import io.coordinator.protocol.Query;
import io.coordinator.state.Applied;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import java.util.concurrent.TimeUnit;
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

/**
 * What the core costs for each command or query, with 10,000 keys of 100 bytes. Entries are built in the same
 * invocation that applies them; {@link #buildOnly} is what to subtract.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CoreBenchmark {
    private static final int BATCH = 100;
    private static final int UNACKNOWLEDGED = 128;

    private final Puts puts = new Puts();
    private final Coordinator core = new Coordinator(Limits.DEFAULT);
    private final Query[] gets = gets();
    private final long session = OneSession.open(core);
    private long index = 1;
    private long seq;
    private long reads;

    public CoreBenchmark() {
        for (int i = 0; i < Puts.KEYS; i += BATCH) {
            applyBatch();
        }
    }

    private static Query[] gets() {
        Query[] queries = new Query[Puts.KEYS];
        for (int i = 0; i < queries.length; i++) {
            queries[i] = Query.newBuilder()
                    .setId(i)
                    .setCache(CacheQuery.newBuilder()
                            .setNamespace(Puts.NAMESPACE)
                            .setKey(Puts.key(i))
                            .setGet(GetValue.getDefaultInstance()))
                    .build();
        }
        return queries;
    }

    private Entry nextEntry(int commands) {
        Entry.Builder entry = Entry.newBuilder().setClusterTimeMillis(index);
        for (int i = 0; i < commands; i++) {
            seq++;
            entry.addCommands(puts.command(session, seq, UNACKNOWLEDGED));
        }
        return entry.build();
    }

    /** Puts in entries of 100, as under load. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Applied applyBatch() {
        return core.apply(++index, nextEntry(BATCH));
    }

    /** One put in an entry of its own, as with one request in flight. */
    @Benchmark
    public Applied applySingle() {
        return core.apply(++index, nextEntry(1));
    }

    /** The same entries without applying them. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Entry buildOnly() {
        long before = seq;
        Entry entry = nextEntry(BATCH);
        seq = before;
        return entry;
    }

    /** Commands that have been applied before: a client that resends after a reconnect. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Applied deduplicate() {
        seq -= BATCH;
        return core.apply(++index, nextEntry(BATCH));
    }

    /** A read of one key. */
    @Benchmark
    public Answer get() {
        return core.query(gets[(int) (reads++ % gets.length)]);
    }
}
