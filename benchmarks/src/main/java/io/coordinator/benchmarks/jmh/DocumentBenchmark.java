package io.coordinator.benchmarks.jmh;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AddItems;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DocumentCommand;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.EditDocument;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.OpenDocument;
import io.coordinator.protocol.SetMember;
import io.coordinator.protocol.TakeItem;
import io.coordinator.state.Applied;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

/** What the core costs to edit a document with an array of so many elements; 100,000 of them are a megabyte. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class DocumentBenchmark {
    private static final DocumentEdit PUSH = DocumentEdit.newBuilder()
            .addPath("list")
            .setPush(AddItems.newBuilder().addValues(ByteString.copyFromUtf8("12345678")))
            .build();
    private static final DocumentEdit SHIFT = DocumentEdit.newBuilder()
            .addPath("list")
            .setShift(TakeItem.getDefaultInstance())
            .build();
    private static final DocumentEdit SET = DocumentEdit.newBuilder()
            .setSet(SetMember.newBuilder().setName("member").setValue(ByteString.copyFromUtf8("12345678")))
            .build();

    @Param({"10", "1000", "100000"})
    public int elements;

    private final Coordinator core = new Coordinator(Limits.DEFAULT);
    private final long session = OneSession.open(core);
    private long index = 1;
    private long seq;

    @Setup
    public void open() {
        String list = IntStream.range(0, elements)
                .mapToObj(i -> Integer.toString(10_000_000 + i))
                .collect(Collectors.joining(",", "{\"list\":[", "]}"));
        apply(command().setOpen(OpenDocument.newBuilder().setInitialContent(ByteString.copyFromUtf8(list))));
    }

    /** A push at the end and a shift at the start, in one entry each, so that the array keeps its length. */
    @Benchmark
    public Applied pushAndShift() {
        apply(command().setEdit(EditDocument.newBuilder().addEdits(PUSH)));
        return apply(command().setEdit(EditDocument.newBuilder().addEdits(SHIFT)));
    }

    /** A member beside the array. */
    @Benchmark
    public Applied set() {
        return apply(command().setEdit(EditDocument.newBuilder().addEdits(SET)));
    }

    private Applied apply(DocumentCommand.Builder command) {
        seq++;
        Entry entry = Entry.newBuilder()
                .setClusterTimeMillis(index)
                .addCommands(Command.newBuilder()
                        .setSessionId(session)
                        .setSeq(seq)
                        .setAckedSeq(seq - 1)
                        .setDocument(command))
                .build();
        return core.apply(++index, entry);
    }

    private static DocumentCommand.Builder command() {
        return DocumentCommand.newBuilder().setNamespace("default").setId("the-document");
    }
}
