package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Entry;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Seeds;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No command makes much of little. For commands of every registered data type on states that such commands have made:
 *
 * <pre>
 * bytes out   ≤ 64 KiB + 8 × bytes in + 6 × (rows it replaces + the largest row × (1 + parts)), in bytes,
 *               and ≤ 32 MiB + 8 × bytes in + 2 × rows it replaces;
 *               with groups and queues 3 MiB more: in one entry what is due, jobs and a command each deliver for a slice
 * effects     ≤ 64 + bytes in + 4 × rows there are, and ≤ 1,000,000
 * allocations ≤ 64 MiB + 48 × (64 KiB + 8 × bytes in + 6 × (rows it replaces + the largest row))
 * </pre>
 *
 * <p>Bytes out are replies, events and changes, and the rows written. The parts of a command are the messages that it
 * repeats (edits, conditions, commands of a transaction), each of which may tell one row. 16 MiB and 1,000,000 are the
 * documented budget of one command; a reply is told and then kept in a row, which are the same bytes on the heap but two in
 * this account. A row is bounded by the limits of values and documents. Allocations stand for
 * work, since they do not depend on how busy the machine is; work that allocates nothing is not seen here.
 */
class AmplificationContractTest {
    private static final int RUNS = 2;
    private static final int STEPS = 1_500;
    private static final int DESCRIPTION_MAX = 600;
    private static final int DESCRIBED_BYTES_MAX = 1 << 20;

    private static final long BYTES_FREE = 64 << 10;
    private static final Set<DataKind> DELIVERING = Set.of(DataKind.TOPIC, DataKind.JOB, DataKind.SCHEDULE);
    private static final long DELIVERED_FREE = 3 << 20;
    private static final long BYTES_MAX = 2 * Budget.BYTES_MAX;
    private static final long EFFECTS_FREE = 64;
    private static final long EFFECTS_MAX = 1_000_000;
    private static final long ALLOCATED_FREE = 64 << 20;

    /** A load and how it comes about. */
    record Run(String types, long seed, List<Generator> generators, boolean inTransactions) {
        @Override
        public String toString() {
            return types + " from seed " + seed;
        }
    }

    static Stream<Run> runs() {
        List<Run> runs = new ArrayList<>();
        long seed = Seeds.next("AmplificationContractTest");
        for (int i = 0; i < RUNS; i++) {
            List<Generator> all = new ArrayList<>();
            for (DataKind kind : registered()) {
                List<Generator> own = generators(kind);
                if (kind == DataKind.CLUSTER) {
                    continue; // No client can ask for anything of it.
                }
                runs.add(new Run(kind.name(), seed + i, own, false));
                all.addAll(own);
            }
            runs.add(new Run("all", seed + i, all, false));
            List<Generator> changing = new ArrayList<>(generators(DataKind.CACHE));
            changing.addAll(generators(DataKind.DOCUMENT));
            changing.add(new TopicGenerator(true));
            changing.add(new JobGenerator(true));
            runs.add(new Run("transactions", seed + i, changing, true));
        }
        return runs.stream();
    }

    private static List<DataKind> registered() {
        return new State().types.all().stream().map(DataType::kind).toList();
    }

    /** What is written by hand for a type, and what follows from its descriptor. */
    private static List<Generator> generators(DataKind kind) {
        List<Generator> generators = new ArrayList<>(List.of(new AnyOperations(kind)));
        Generator.ALL.stream().filter(byHand -> byHand.kind() == kind).forEach(generators::add);
        return generators;
    }

    @Test
    void everyBodyOfACommandIsCovered() {
        Set<String> bodies = new TreeSet<>(Set.of("session", "transaction"));
        for (DataKind kind : registered()) {
            bodies.add(
                    Command.getDescriptor().findFieldByNumber(kind.getNumber()).getName());
        }
        FieldDescriptor any = Command.getDescriptor().findFieldByName("cache");
        assertThat(any.getContainingOneof().getFields())
                .extracting(FieldDescriptor::getName)
                .containsExactlyInAnyOrderElementsOf(bodies);
    }

    @ParameterizedTest
    @MethodSource("runs")
    @Feature({"C-01", "C-02", "C-04", "C-05", "C-06", "G-15"})
    void whatACommandMakesIsBoundedByWhatItBrings(Run run) {
        Coordinator core = new Coordinator(Limits.DEFAULT);
        HeavyLoad load = new HeavyLoad(core, new Random(run.seed), run.generators, run.inTransactions);
        Footprint.Gauge gauge = new Footprint.Gauge(core);
        int applied = 0;
        for (int i = 0; i < STEPS; i++) {
            check(run, load.tick(), gauge);
            Optional<Entry> entry = load.next();
            if (entry.isPresent()) {
                check(run, entry.get(), gauge);
                applied++;
            }
        }
        assertThat(applied).as("commands that passed admission").isGreaterThan(STEPS / 4);
    }

    @ParameterizedTest
    @MethodSource("runs")
    @Feature({"C-04", "G-12"})
    void whatIsCountedIsTheSameAfterASnapshot(Run run) {
        Random random = new Random(run.seed);
        Coordinator core = new Coordinator(Limits.DEFAULT);
        Coordinator restored = new Coordinator(Limits.DEFAULT);
        HeavyLoad load = new HeavyLoad(core, random, run.generators, run.inTransactions);
        Store store = new Store();
        for (int i = 0; i < STEPS / 3; i++) {
            Entry entry = load.next().orElseGet(load::tick);
            Applied applied = core.apply(core.index() + 1, entry);
            assertThat(restored.apply(core.index(), entry)).isEqualTo(applied);
            Counted.sameIn(restored, core);
            if (random.nextInt(8) == 0) {
                restored = store.save(restored).load();
            }
        }
    }

    private static void check(Run run, Entry entry, Footprint.Gauge gauge) {
        Footprint made = apply(run, entry, gauge);
        long rows = made.touched() + made.largest();
        boolean delivers = run.generators.stream().anyMatch(generator -> DELIVERING.contains(generator.kind()));
        long linear = BYTES_FREE + (delivers ? DELIVERED_FREE : 0) + 8 * made.in() + 6 * rows;
        long bytes =
                Math.min(linear + 6 * made.largest() * parts(entry), BYTES_MAX + 8 * made.in() + 2 * made.touched());
        long effects = Math.min(EFFECTS_FREE + made.in() + 4 * made.rows(), EFFECTS_MAX);
        bound(made.out(), bytes, "bytes out", run, made, entry);
        bound(made.effects(), effects, "effects", run, made, entry);
        bound(made.allocated(), ALLOCATED_FREE + 48 * linear, "bytes allocated", run, made, entry);
    }

    /** How many messages a message repeats, at any depth. */
    private static long parts(Message message) {
        long parts = 0;
        for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
            if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                List<?> values = field.getKey().isRepeated() ? (List<?>) field.getValue() : List.of(field.getValue());
                parts += field.getKey().isRepeated() ? values.size() : 0;
                parts += values.stream()
                        .mapToLong(value -> parts((Message) value))
                        .sum();
            }
        }
        return parts;
    }

    private static void bound(long actual, long most, String what, Run run, Footprint made, Entry entry) {
        if (actual > most) {
            throw new AssertionError(actual + " " + what + ", at most " + most + " are allowed; " + run + ", " + made
                    + ", " + describe(entry));
        }
    }

    private static Footprint apply(Run run, Entry entry, Footprint.Gauge gauge) {
        try {
            return gauge.apply(entry);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError(run + ": " + e.getClass().getName() + " at " + describe(entry), e);
        }
    }

    private static String describe(Entry entry) {
        String size = entry.getSerializedSize() + " bytes";
        if (entry.getSerializedSize() > DESCRIBED_BYTES_MAX) {
            return size + ", "
                    + entry.getCommandsList().stream().map(Command::getBodyCase).toList();
        }
        String text = TextFormat.printer().emittingSingleLine(true).printToString(entry);
        return size + ": " + text.substring(0, Math.min(DESCRIPTION_MAX, text.length()));
    }
}
