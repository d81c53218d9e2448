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
                        "unknown workload 'putt'; known: put, get, get-sync, lock, lock-contended, lock-multi, get-or-build, doc-set, doc-push, doc-tx,"
                                + " publish, consume, fanout-1, fanout-100, fanout-1000, rpc, rpc-ephemeral, job");
    }

    @Test
    void saysWhatASystemCannotDoAndMeasuresTheRest() throws Exception {
        InMemorySystem system = new InMemorySystem("other");
        Path json = directory.resolve("results.json");

        int exitCode = compare(
                List.of(system),
                "--systems=other",
                "--workloads=doc-set,get,publish,fanout-100",
                "--in-flight=1",
                "--seconds=0.05",
                "--warmup-seconds=0",
                "--start-warmup-seconds=0",
                "--rounds=1",
                "--json=" + json);

        assertThat(exitCode).isZero();
        assertThat(out.toString()).contains("other: NOT SUPPORTED: doc-set, publish, fanout-100");
        assertThat(new ObjectMapper().readTree(json.toFile())).hasSize(1);
    }

    @Test
    void doesNotStartASystemThatCanDoNothingOfIt() {
        InMemorySystem system = new InMemorySystem("other");

        assertThat(compare(List.of(system), "--systems=other", "--workloads=publish"))
                .isEqualTo(1);

        assertThat(system.started).hasValue(0);
        assertThat(out.toString()).contains("other: NOT SUPPORTED: publish");
    }

    @Test
    void takesAnotherCallersAnswerForAnError() throws Exception {
        InMemorySystem system = new InMemorySystem("other");
        Path json = directory.resolve("results.json");

        compare(
                List.of(system),
                "--systems=other",
                "--workloads=rpc",
                "--seconds=0.2",
                "--warmup-seconds=0",
                "--start-warmup-seconds=0",
                "--rounds=1",
                "--json=" + json);

        assertThat(err.toString()).contains("got another one's answer");
        JsonNode rows = new ObjectMapper().readTree(json.toFile());
        assertThat(rows).hasSize(2).allSatisfy(row -> {
            assertThat(row.get("errors").asLong()).isPositive();
            assertThat(row.get("opsPerSecond").asDouble()).isPositive();
        });
        assertThat(List.of(
                        rows.get(0).get("inFlight").asInt(),
                        rows.get(1).get("inFlight").asInt()))
                .as("what is usual for it")
                .containsExactly(1, 64);
        assertThat(system.opened).as("still open").hasValue(0);
    }

    @Test
    void saysThatTheBacklogWasTooShort() {
        InMemorySystem system = new InMemorySystem("other");

        compare(
                List.of(system),
                "--systems=other",
                "--workloads=consume",
                "--seconds=0.1",
                "--warmup-seconds=0",
                "--start-warmup-seconds=0",
                "--backlog=7",
                "--rounds=1");

        assertThat(err.toString()).contains("consume, 64 in flight", "the backlog was consumed before");
        assertThat(system.opened).as("still open").hasValue(0);
    }

    @Test
    void refusesMessagesWithoutRoomForANumber() {
        List<SystemKind> systems = List.of(new InMemorySystem("other"));

        assertThat(compare(systems, "--systems=other", "--workloads=get,rpc", "--value-bytes=17"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--value-bytes must be at least 18 for rpc");
        assertThat(compare(systems, "--systems=other", "--workloads=consume", "--backlog=0"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--backlog must be positive");
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
