package io.coordinator.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.coordinator.benchmarks.harness.Cell;
import io.coordinator.benchmarks.harness.Findings;
import io.coordinator.benchmarks.harness.Measurement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The results as a JSON array with one object for each cell. */
public final class JsonReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private JsonReport() {}

    public static String of(Findings results) {
        ArrayNode rows = MAPPER.createArrayNode();
        results.measurements().forEach((cell, found) -> add(rows, cell, found));
        return rows.toPrettyString();
    }

    public static void write(Findings results, Path file) throws IOException {
        Files.writeString(file, of(results) + "\n");
    }

    private static void add(ArrayNode rows, Cell cell, Measurement found) {
        rows.addObject()
                .put("system", cell.system())
                .put("workload", cell.workload().label())
                .put("inFlight", cell.inFlight())
                .put("opsPerSecond", rounded(found.opsPerSecond()))
                .put("p50Micros", rounded(found.p50Micros()))
                .put("p99Micros", rounded(found.p99Micros()))
                .put("p999Micros", rounded(found.p999Micros()))
                .put("errors", found.errors())
                .put("serverCpuMicrosPerOp", rounded(found.serverCpuMicrosPerOp()));
    }

    private static double rounded(double figure) {
        return Math.round(figure * 10) / 10.0;
    }
}
