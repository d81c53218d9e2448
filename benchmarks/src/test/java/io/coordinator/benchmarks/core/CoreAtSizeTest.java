package io.coordinator.benchmarks.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Count;
import io.coordinator.protocol.Stats;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The measurements of the core, in small: each does what its name says, and ends. */
class CoreAtSizeTest {
    private static final int ROWS = 2_000;

    static Stream<Operations.Operation> operations() {
        return new Operations(ROWS).all().stream();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void anOperationLeavesNothingToDo(Operations.Operation operation) {
        Core core = new Core();
        Holds holds = core.settle(operation.prepare().apply(core));
        assertThat(holds.entries()).isPositive();
        assertThat(holds.longestMillis()).isPositive().isLessThanOrEqualTo(holds.totalMillis());
        Stats left = core.stats();
        assertThat(left.getChores()).isZero();
        assertThat(count(left, "lockWaiters") + count(left, "buildWaiters")).isZero();
    }

    @Test
    void aClearLeavesNoKeys() {
        Core core = new Core();
        var unused = core.settle(new Operations(ROWS).all().get(0).prepare().apply(core));
        assertThat(count(core.stats(), "cacheEntries")).isZero();
    }

    private static long count(Stats stats, String what) {
        return stats.getCountsList().stream()
                .filter(count -> count.getName().equals(what))
                .mapToLong(Count::getValue)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void heapIsPrintedForEachKindOfRow() {
        StringWriter out = new StringWriter();
        int code = new CommandLine(new HeapTable()).setOut(new PrintWriter(out)).execute("--count", "100");
        assertThat(code).isZero();
        assertThat(out.toString()).contains("cache entry", "document [0,0,…]", "waiter for a build", "session");
    }
}
