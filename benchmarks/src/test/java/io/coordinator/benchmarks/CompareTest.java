package io.coordinator.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coordinator.benchmarks.harness.SystemKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class CompareTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private final Path directory;

    CompareTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void measuresEverySystemAndWritesTableAndJson() throws Exception {
        InMemorySystem first = new InMemorySystem("etcd");
        InMemorySystem second = new InMemorySystem("other");
        Path json = directory.resolve("results.json");

        int exitCode = compare(
                List.of(first, second),
                "--systems=other,etcd",
                "--workloads=put,get",
                "--in-flight=1,8",
                "--seconds=0.25",
                "--warmup-seconds=0",
                "--start-warmup-seconds=0",
                "--rounds=2",
                "--json=" + json);

        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(List.of(first.started.get(), second.started.get())).containsExactly(2, 2);
        assertThat(List.of(first.running.get(), second.running.get())).containsExactly(0, 0);
        JsonNode rows = new ObjectMapper().readTree(json.toFile());
        assertThat(rows).hasSize(8);
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.fieldNames())
                        .toIterable()
                        .containsExactly(
                                "system",
                                "workload",
                                "inFlight",
                                "opsPerSecond",
                                "p50Micros",
                                "p99Micros",
                                "p999Micros",
                                "errors",
                                "serverCpuMicrosPerOp"));
        JsonNode put = rows.get(1);
        assertThat(put.get("system").asText()).isEqualTo("other");
        assertThat(put.get("workload").asText()).isEqualTo("put");
        assertThat(put.get("inFlight").asInt()).isEqualTo(8);
        assertThat(put.get("opsPerSecond").asDouble()).isBetween(1.0, 8_000.0);
        assertThat(put.get("p50Micros").asDouble()).isGreaterThanOrEqualTo(1_000);
        assertThat(put.get("p999Micros").asDouble())
                .isGreaterThanOrEqualTo(put.get("p50Micros").asDouble());
        assertThat(put.get("errors").asLong()).isZero();
        assertThat(put.get("serverCpuMicrosPerOp").asDouble())
                .isBetween(InMemorySystem.CPU_MICROS_PER_PUT * 0.5, InMemorySystem.CPU_MICROS_PER_PUT * 1.5);
        assertThat(out.toString()).contains("ops ÷ etcd", "other: nothing");
    }

    @Test
    void countsFailedRequestsAndNamesTheFirst() {
        int exitCode = compare(
                List.of(new InMemorySystem("other")),
                "--systems=other",
                "--workloads=lock",
                "--in-flight=4",
                "--seconds=0.1",
                "--warmup-seconds=0",
                "--start-warmup-seconds=0",
                "--rounds=1");

        assertThat(exitCode).isZero();
        assertThat(err.toString()).contains("errors, first: java.lang.UnsupportedOperationException: no locks here");
    }

    @Test
    void reportsAMissingSystemAndMeasuresTheOthers() {
        SystemKind missing = new InMemorySystem("etcd", Optional.of("install it with: apt-get install etcd-server"));

        int exitCode = compare(
                List.of(missing, new InMemorySystem("other")),
                "--systems=etcd,other",
                "--workloads=get",
                "--in-flight=1",
                "--seconds=0.1",
                "--warmup-seconds=0",
                "--start-warmup-seconds=0",
                "--rounds=1");

        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("etcd: NOT MEASURED: install it with: apt-get install etcd-server");
    }

    @Test
    void failsIfNothingCouldBeMeasured() {
        SystemKind missing = new InMemorySystem("etcd", Optional.of("install it with: apt-get install etcd-server"));

        assertThat(compare(List.of(missing), "--systems=etcd")).isEqualTo(1);
        assertThat(out.toString()).contains("apt-get install etcd-server");
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThat(compare(List.of(new InMemorySystem("other")), "--systems=othre"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("unknown system 'othre'; known: other");
        assertThat(compare(List.of(new InMemorySystem("other")), "--systems=other", "--workloads=putt"))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains(
                        "unknown workload 'putt'; known: put, get, get-sync, lock, lock-contended, lock-multi, get-or-build, doc-set, doc-push, doc-tx");
    }

    @Test
    void leavesNothingBehind() throws Exception {
        assertThat(compare(
                        List.of(new InMemorySystem("other")),
                        "--systems=other",
                        "--workloads=get",
                        "--in-flight=1",
                        "--seconds=0.05",
                        "--warmup-seconds=0",
                        "--start-warmup-seconds=0",
                        "--rounds=1"))
                .isZero();

        try (var left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    private int compare(List<SystemKind> systems, String... arguments) {
        CommandLine command = new CommandLine(new Compare(workspace -> systems))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--directory=" + directory;
        return command.execute(all);
    }
}
