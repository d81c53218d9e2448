package io.coordinator.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coordinator.benchmarks.systems.Systems;
import io.coordinator.benchmarks.systems.Workspace;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Each real system once, with so little load that only correctness can be judged. */
final class SmokeTest {
    private final Path directory;

    SmokeTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static final String KEYS = "put,get,get-sync,lock,lock-contended,lock-multi,get-or-build,";
    private static final String DOCUMENTS = "doc-set,doc-push,doc-tx,";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "coordinator | " + KEYS + DOCUMENTS + "publish,consume,fanout-100,rpc,rpc-ephemeral,job",
                "etcd | " + KEYS + DOCUMENTS + "fanout-100",
                "zookeeper | " + KEYS + DOCUMENTS,
                "redis | " + KEYS + "publish,consume,fanout-100",
                "db-scheduler | job",
            })
    void doesEveryWorkloadWithoutErrors(String system, String workloads) throws Exception {
        run(system, workloads);
    }

    @Test
    @Tag("soak")
    void natsDoesEveryWorkloadWithoutErrors() throws Exception {
        run("nats", "publish,consume,fanout-100,rpc,rpc-ephemeral");
    }

    /** The servers take most of a minute to start. */
    @Test
    @Tag("soak")
    void rabbitMqDoesEveryWorkloadWithoutErrors() throws Exception {
        run("rabbitmq", "publish,consume,fanout-100,rpc,rpc-ephemeral,job");
    }

    private void run(String system, String workloads) throws Exception {
        Optional<String> missing = missing(system);
        assumeTrue(missing.isEmpty(), () -> system + ": " + missing.orElse(""));
        letOthersThrough();
        Path servers = directory.resolve("servers");
        Path json = directory.resolve("results.json");
        StringWriter log = new StringWriter();

        int exitCode = new CommandLine(new Compare(Systems::all))
                .setOut(new PrintWriter(log))
                .setErr(new PrintWriter(log))
                .execute(
                        "--systems=" + system,
                        "--workloads=" + workloads,
                        "--in-flight=8",
                        "--seconds=0.6",
                        "--warmup-seconds=0",
                        "--start-warmup-seconds=0",
                        "--rounds=1",
                        "--keys=100",
                        "--backlog=10000",
                        "--directory=" + servers,
                        "--json=" + json);

        assertThat(exitCode).as(log.toString()).isZero();
        JsonNode rows = new ObjectMapper().readTree(json.toFile());
        assertThat(rows).hasSize(workloads.split(",").length).allSatisfy(row -> {
            assertThat(row.get("errors").asLong()).as(log.toString()).isZero();
            assertThat(row.get("opsPerSecond").asDouble()).isPositive();
            assertThat(row.get("p50Micros").asDouble()).isPositive();
        });
        try (var left = Files.list(servers)) {
            assertThat(left).isEmpty();
        }
    }

    /** PostgreSQL does not run as root, and its user must reach its data. */
    private void letOthersThrough() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }

    private Optional<String> missing(String name) throws Exception {
        try (Workspace workspace = Workspace.in(directory)) {
            return Systems.all(workspace).stream()
                    .filter(system -> system.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .missing();
        }
    }
}
