package io.coordinator.benchmarks.jmh;

import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.ReleaseLock;
import io.coordinator.state.Applied;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the core costs to hand a lock from its holder to the next of so many waiters, while another joins the line. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class LockBenchmark {
    private static final int WAIT_WITHOUT_DEADLINE = -1;
    private static final int SNAPSHOT_ROWS = 200_000;
    private static final AcquireLock ACQUIRE =
            AcquireLock.newBuilder().setWaitMillis(WAIT_WITHOUT_DEADLINE).build();

    @Param({"1", "100", "10000"})
    public int waiters;

    private final Coordinator core = new Coordinator(Limits.DEFAULT);
    private final long session = OneSession.open(core);
    private long index = 1;
    private long seq;
    private long heard;
    private long token;

    @Setup
    public void queueUp() {
        token = apply(acquire()).replies().get(0).getLock().getGranted().getToken();
        for (int i = 0; i < waiters; i++) {
            apply(acquire());
        }
    }

    /** A release, the grant that follows from it, and a new waiter at the end of the line. */
    @Benchmark
    public Applied handOver() {
        Applied applied = apply(release(), acquire());
        Event granted = applied.events().get(0).event();
        token = granted.getLock().getGranted().getToken();
        heard = granted.getNumber();
        return applied;
    }

    private Applied apply(LockCommand.Builder... commands) {
        Entry.Builder entry = Entry.newBuilder().setClusterTimeMillis(index);
        for (LockCommand.Builder command : commands) {
            seq++;
            entry.addCommands(Command.newBuilder()
                    .setSessionId(session)
                    .setSeq(seq)
                    .setAckedSeq(seq - 1)
                    .setAckedEvent(heard)
                    .setLock(command.setNamespace("default").addNames("the-lock")));
        }
        if (core.dirtyRows() >= SNAPSHOT_ROWS) {
            var unused = core.capture(); // As the server does, or the rows of ended grants would fill the heap.
        }
        return core.apply(++index, entry.build());
    }

    private static LockCommand.Builder acquire() {
        return LockCommand.newBuilder().setAcquire(ACQUIRE);
    }

    private LockCommand.Builder release() {
        return LockCommand.newBuilder().setRelease(ReleaseLock.newBuilder().setToken(token));
    }
}
