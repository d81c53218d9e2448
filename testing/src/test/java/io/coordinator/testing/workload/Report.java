package io.coordinator.testing.workload;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What came of a run.
 *
 * @param answered how many operations were
 * @param outcome what was wrong, or that nothing was
 * @param text all of it, for people
 * @param isGood whether nothing was wrong
 */
public record Report(long answered, String outcome, String text, boolean isGood) {

    static Report of(Run run, Traffic traffic, Faults faults, Duration time) {
        Checks checks = traffic.checks();
        boolean good = !checks.hasViolations() && checks.undecided().isEmpty();
        String text = String.format(
                Locale.ROOT,
                "seed %d, %d clients, three nodes%n%sfaults: %s%n%s%n"
                        + "watches: %,d changes heard, %d times told of a gap%n"
                        + "%.1f min, %,.0f answered operations a second, peak heap %d MB%n%s%nrepeat: %s%n",
                run.seed(),
                run.clients(),
                traffic.tally().table(),
                counts(faults.counts()),
                checks,
                traffic.watchEvents(),
                traffic.watchGaps(),
                time.toMillis() / 60_000.0,
                traffic.tally().answered() * 1e3 / time.toMillis(),
                peakHeapMegabytes(),
                outcome(checks),
                command(run));
        return new Report(traffic.tally().answered(), outcome(checks), text, good);
    }

    private static String counts(Map<Fault, Integer> counts) {
        return counts.entrySet().stream()
                .map(one -> one.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + one.getValue())
                .collect(Collectors.joining(", "));
    }

    private static String outcome(Checks checks) {
        String undecided = checks.undecided().isEmpty() ? "" : "\nundecided: " + checks.undecided();
        return checks.smallest()
                        .map(violation ->
                                "violations: " + checks.violations() + ", the smallest: " + violation.report())
                        .orElse("violations: 0")
                + undecided;
    }

    private static String command(Run run) {
        return String.format(
                Locale.ROOT,
                "testing/histories --minutes %s --seed %d --clients %d",
                run.duration().toSeconds() % 60 == 0
                        ? Long.toString(run.duration().toMinutes())
                        : Double.toString(run.duration().toSeconds() / 60.0),
                run.seed(),
                run.clients());
    }

    private static long peakHeapMegabytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                >> 20;
    }

    @Override
    public String toString() {
        return text;
    }
}
