package io.coordinator.benchmarks.core;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The longest time for which one entry keeps everybody else waiting. */
@Command(
        name = "benchmarks/apply-holds",
        mixinStandardHelpOptions = true,
        description = "Measures how long single entries hold the applying thread when the state is large.")
public final class ApplyHolds implements Callable<Integer> {
    private static final String LINE = "%-44s %10s %9s %16s %13s %12s%n";

    @Option(names = "--rows", defaultValue = "1000000", description = "rows of the state")
    private int rows;

    @Option(names = "--warm-up-rows", defaultValue = "20000", description = "rows of a first pass that is not shown")
    private int warmUpRows;

    @Option(names = "--only", defaultValue = "", description = "operations whose name contains this")
    private String only = "";

    @Option(names = "--target-millis", defaultValue = "20", description = "what is more is marked")
    private int targetMillis;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new ApplyHolds()).execute(arguments));
    }

    /** Ends with 1 if an entry held the thread for longer than the target. */
    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        for (int pass = 0; pass < 3; pass++) {
            new Operations(warmUpRows).all().forEach(ApplyHolds::measure);
        }
        out.printf(LINE, "operation", "rows", "entries", "longest cpu ms", "longest ms", "total ms");
        boolean met = true;
        for (Operations.Operation operation : new Operations(rows).all()) {
            if (operation.name().contains(only)) {
                Holds holds = measure(operation);
                boolean late = holds.longestCpuMillis() > targetMillis;
                met &= !late;
                out.printf(
                        LINE,
                        operation.name(),
                        rows,
                        holds.entries(),
                        millis(holds.longestCpuMillis()) + (late ? " *" : ""),
                        millis(holds.longestMillis()),
                        millis(holds.totalMillis()));
                out.flush();
            }
        }
        return met ? 0 : 1;
    }

    private static Holds measure(Operations.Operation operation) {
        Core core = new Core();
        var first = operation.prepare().apply(core);
        core.forgetChanges();
        System.gc();
        return core.settle(first);
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.1f", millis);
    }
}
