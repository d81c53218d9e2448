package io.coordinator.benchmarks.report;

import io.coordinator.benchmarks.harness.Cell;
import io.coordinator.benchmarks.harness.Findings;
import io.coordinator.benchmarks.harness.Measurement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The results for people: a line for each cell, grouped so that rivals stand beside each other, with ratios to the
 * peers. A ratio of throughput above 1 and a ratio of latency or processor time below 1 speak for the line's system.
 */
public final class TableReport {
    private static final List<String> PEERS = List.of("etcd", "zookeeper", "redis", "rabbitmq", "nats");

    private final Map<Cell, Measurement> found;
    private final List<String> peers;

    private TableReport(Findings results) {
        this.found = results.measurements();
        this.peers = PEERS.stream()
                .filter(peer ->
                        found.keySet().stream().anyMatch(cell -> cell.system().equals(peer)))
                .toList();
    }

    public static String of(Findings results) {
        return new TableReport(results).render();
    }

    private String render() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(header());
        found.keySet().stream()
                .map(TableReport::group)
                .distinct()
                .forEach(group -> found.forEach((cell, figures) -> {
                    if (group(cell).equals(group)) {
                        rows.add(row(cell, figures));
                    }
                }));
        return align(rows);
    }

    /** Cells that differ only in their system. */
    private static Cell group(Cell cell) {
        return new Cell("", cell.workload(), cell.inFlight());
    }

    private List<String> header() {
        List<String> header = new ArrayList<>(List.of(
                "workload", "in flight", "system", "ops/s", "p50 µs", "p99 µs", "p99.9 µs", "errors", "CPU µs/op"));
        for (String peer : peers) {
            header.add("ops ÷ " + peer);
            header.add("p50 ÷ " + peer);
            header.add("CPU ÷ " + peer);
        }
        return header;
    }

    private List<String> row(Cell cell, Measurement figures) {
        List<String> row = new ArrayList<>(List.of(
                cell.workload().label(),
                Integer.toString(cell.inFlight()),
                cell.system(),
                whole(figures.opsPerSecond()),
                whole(figures.p50Micros()),
                whole(figures.p99Micros()),
                whole(figures.p999Micros()),
                Long.toString(figures.errors()),
                String.format(Locale.ROOT, "%.1f", figures.serverCpuMicrosPerOp())));
        for (String peer : peers) {
            row.add(ratio(cell, peer, Measurement::opsPerSecond));
            row.add(ratio(cell, peer, Measurement::p50Micros));
            row.add(ratio(cell, peer, Measurement::serverCpuMicrosPerOp));
        }
        return row;
    }

    private String ratio(Cell cell, String peer, ToDoubleFunction<Measurement> figure) {
        Measurement own = found.get(cell);
        Measurement other = found.get(new Cell(peer, cell.workload(), cell.inFlight()));
        if (own == null || other == null || cell.system().equals(peer) || figure.applyAsDouble(other) == 0) {
            return "";
        }
        return String.format(Locale.ROOT, "%.2f", figure.applyAsDouble(own) / figure.applyAsDouble(other));
    }

    private static String whole(double figure) {
        return String.format(Locale.ROOT, "%,.0f", figure);
    }

    private static String align(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        rows.forEach(row -> {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(i == 0 ? "" : "  ").append(pad(row.get(i), widths[i], i == 0 || i == 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String pad(String text, int width, boolean left) {
        String blanks = " ".repeat(width - text.length());
        return left ? text + blanks : blanks + text;
    }
}
