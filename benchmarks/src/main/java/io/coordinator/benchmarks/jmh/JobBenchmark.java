package io.coordinator.benchmarks.jmh;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.CompleteJob;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.JobAssigned;
import io.coordinator.protocol.JobCommand;
import io.coordinator.protocol.JoinQueue;
import io.coordinator.protocol.NewJob;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SubmitJobs;
import io.coordinator.state.Applied;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the core costs for a job from its submission to its completion, in entries of 32 of each, while so many other
 * jobs wait in the same queue.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class JobBenchmark {
    private static final int BATCH = 32;
    private static final int FILL = 1_000;
    private static final int SNAPSHOT_ROWS = 200_000;
    private static final ByteString PAYLOAD = ByteString.copyFromUtf8('"' + "x".repeat(98) + '"');
    private static final ByteString RESULT = ByteString.copyFromUtf8("null");

    @Param({"0", "100000"})
    public int waiting;

    private final Coordinator core = new Coordinator(Limits.DEFAULT);
    private final long session = OneSession.open(core);
    private List<JobAssigned> running = List.of();
    private long index = 1;
    private long seq;
    private long heard;

    @Setup
    public void begin() {
        Entry.Builder join = entry();
        add(join, JobCommand.newBuilder().setJoin(JoinQueue.newBuilder().setConcurrency(BATCH)));
        apply(join);
        for (int i = 0; i < waiting; i += FILL) {
            Entry.Builder fill = entry();
            submit(fill, FILL);
            apply(fill);
        }
        Entry.Builder first = entry();
        submit(first, 1);
        apply(first);
        for (int i = 0; i < FILL; i++) {
            submitAndComplete(); // Until as many finished jobs are remembered as will be.
        }
    }

    /** Those that run are completed and as many others submitted, each by a command of its own. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public Applied submitAndComplete() {
        Entry.Builder entry = entry();
        for (JobAssigned job : running) {
            CompleteJob.Builder complete = CompleteJob.newBuilder()
                    .setId(job.getId())
                    .setToken(job.getToken())
                    .setResult(RESULT);
            add(entry, JobCommand.newBuilder().setComplete(complete));
        }
        for (int i = 0; i < BATCH; i++) {
            submit(entry, 1);
        }
        return apply(entry);
    }

    private void submit(Entry.Builder entry, int count) {
        SubmitJobs.Builder submit = SubmitJobs.newBuilder();
        for (int i = 0; i < count; i++) {
            submit.addJobs(NewJob.newBuilder().setPayload(PAYLOAD));
        }
        add(entry, JobCommand.newBuilder().setSubmit(submit));
    }

    private Entry.Builder entry() {
        return Entry.newBuilder().setClusterTimeMillis(index);
    }

    private void add(Entry.Builder entry, JobCommand.Builder command) {
        seq++;
        entry.addCommands(Command.newBuilder()
                .setSessionId(session)
                .setSeq(seq)
                .setAckedSeq(seq - 1)
                .setAckedEvent(heard)
                .setJob(command.setNamespace("default").setQueue("mail")));
    }

    private Applied apply(Entry.Builder entry) {
        if (core.dirtyRows() >= SNAPSHOT_ROWS) {
            var unused = core.capture(); // As the server does, or the rows of forgotten jobs would fill the heap.
        }
        Applied applied = core.apply(++index, entry.build());
        applied.replies().forEach(JobBenchmark::requireDone);
        if (!applied.events().isEmpty()) {
            running = applied.events().stream()
                    .map(event -> event.event().getJob().getAssigned())
                    .toList();
            heard = applied.events().get(applied.events().size() - 1).event().getNumber();
        }
        return applied;
    }

    private static void requireDone(Reply reply) {
        if (reply.hasError()) {
            throw new IllegalStateException(reply.getError().getMessage());
        }
    }
}
