package io.coordinator.benchmarks.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Runs a plan over several systems. A round measures all systems, one after the other and each with freshly started
 * servers, so that none runs while another is measured and all see the same weather; rounds start with different
 * systems.
 */
public final class Comparison {
    private static final Duration PREPARE_TIMEOUT = Duration.ofMinutes(2);

    private final Plan plan;
    private final List<SystemKind> systems;
    private final Dataset data;
    private final Consumer<String> progress;
    private final Map<Cell, List<Measurement>> rounds = new LinkedHashMap<>();
    private final List<String> failures = new ArrayList<>();

    /**
     * Runs nothing yet.
     *
     * @param systems none of them missing on this machine
     * @param progress gets a line for each step
     */
    public Comparison(Plan plan, List<? extends SystemKind> systems, Consumer<String> progress) {
        this.plan = plan;
        this.systems = List.copyOf(systems);
        this.data = plan.dataset();
        this.progress = progress;
        for (SystemKind system : systems) {
            for (Workload workload : workloads(system, true)) {
                plan.inFlight(workload)
                        .forEach(n -> rounds.put(new Cell(system.name(), workload, n), new ArrayList<>()));
            }
        }
    }

    public Findings run() throws InterruptedException {
        List<SystemKind> able = systems.stream()
                .filter(system -> !workloads(system, true).isEmpty())
                .toList();
        for (int round = 0; round < plan.rounds(); round++) {
            List<SystemKind> order = new ArrayList<>(able);
            Collections.rotate(order, -round);
            for (SystemKind system : order) {
                measure(system, round + 1);
            }
        }
        return results();
    }

    /** The workloads that a system can do, or those that it cannot. */
    private List<Workload> workloads(SystemKind system, boolean possible) {
        return plan.workloads().stream()
                .filter(workload -> workload.isPossibleWith(system.driver()) == possible)
                .toList();
    }

    private void measure(SystemKind kind, int round) throws InterruptedException {
        String label = "round " + round + "/" + plan.rounds() + " " + kind.name();
        SystemUnderTest system = kind.create();
        try {
            progress.accept(label + ": starting");
            system.start();
            try (Driver driver = system.connect()) {
                measure(label, kind, system, driver);
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            String failure = label + ": " + whatBroke(system, e);
            failures.add(failure);
            progress.accept("FAILED: " + failure);
        } finally {
            system.stop();
        }
    }

    /** A client's failure often only tells that a server is gone; then the server's own last words say more. */
    private static String whatBroke(SystemUnderTest system, Exception failure) {
        try {
            system.serverCpuMicros();
            return failure.toString();
        } catch (RuntimeException serverFailure) {
            return failure + "; " + serverFailure.getMessage();
        }
    }

    private void measure(String label, SystemKind kind, SystemUnderTest system, Driver driver) throws Exception {
        List<Workload> workloads = workloads(kind, true);
        prepare(workloads, driver);
        CellRun run = new CellRun(plan, data, system, driver);
        progress.accept(label + ": warming up");
        for (Workload workload : workloads) {
            run.warmUp(workload, plan.mostInFlight(workload));
        }
        for (Workload workload : workloads) {
            for (int inFlight : plan.inFlight(workload)) {
                Outcome outcome = run.measure(workload, inFlight);
                rounds.computeIfAbsent(new Cell(kind.name(), workload, inFlight), cell -> new ArrayList<>())
                        .add(outcome.measurement());
                progress.accept(label + ": " + describe(workload, inFlight, outcome));
            }
        }
    }

    private void prepare(List<Workload> workloads, Driver driver) throws Exception {
        if (driver instanceof KeyDriver keys && workloads.stream().anyMatch(one -> one.needs(KeyDriver.class))) {
            keys.prepare(data.keys(), data.locks(), data.firstValue(), PREPARE_TIMEOUT);
        }
        if (driver instanceof DocumentDriver documents
                && workloads.stream().anyMatch(one -> one.needs(DocumentDriver.class))) {
            documents.prepareDocuments(data.documents(), data.document(), PREPARE_TIMEOUT);
        }
    }

    private static String describe(Workload workload, int inFlight, Outcome outcome) {
        Measurement found = outcome.measurement();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s, %d in flight: %,.0f/s, p50 %,.0f µs",
                workload.label(),
                inFlight,
                found.opsPerSecond(),
                found.p50Micros()));
        if (found.errors() > 0) {
            text.append(", ").append(found.errors()).append(" errors");
        }
        if (outcome.unanswered() > 0) {
            text.append(" (").append(outcome.unanswered()).append(" never answered)");
        }
        outcome.firstFailure().ifPresent(failure -> text.append(", first: ").append(failure));
        return text.toString();
    }

    private Findings results() {
        Map<Cell, Measurement> medians = new LinkedHashMap<>();
        rounds.forEach((cell, found) -> {
            if (!found.isEmpty()) {
                medians.put(cell, Summary.of(found));
            }
        });
        Map<String, List<Workload>> unsupported = new LinkedHashMap<>();
        for (SystemKind system : systems) {
            List<Workload> impossible = workloads(system, false);
            if (!impossible.isEmpty()) {
                unsupported.put(system.name(), impossible);
            }
        }
        return new Findings(medians, unsupported, failures);
    }
}
