package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.protocol.CacheQuery;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.GetValue;
import io.coordinator.protocol.Query;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.process.Launch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Nodes of 256 MB that are asked for 2 GB at once answer all of it, and nobody else is hurt (C-08, fault 26). */
@Feature("C-08")
@Tag("alone")
class LargeReadsTest {
    private static final int READS = 2_000;
    private static final int VALUE_BYTES = 1_000_000;
    private static final String KEY = "c08";

    private static @Nullable ProcessCluster cluster;
    private static String leader = "";

    @BeforeAll
    static void start() {
        ProcessCluster started =
                ProcessCluster.start(ClusterOptions.defaults().launch(Launch.DEFAULT.withFlags("-Xmx256m")));
        cluster = started;
        leader = started.awaitLeader();
        try (CoordinatorClient client = started.client()) {
            client.cache().put(KEY, "x".repeat(VALUE_BYTES));
        }
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void oneClientThatReadsGetsEverything() {
        readAll(1);
    }

    @Test
    void twentyClientsThatReadGetEverything() {
        readAll(20);
    }

    @Test
    @Feature("G-15")
    void clientsThatAskAndDoNotReadHurtNobody() {
        List<CountingReader> stalled = new ArrayList<>();
        try (CoordinatorClient client = running().client()) {
            for (int i = 0; i < 10; i++) {
                CountingReader reader = CountingReader.connect(address());
                stalled.add(reader);
                reader.stopReading();
                ask(reader, READS);
            }
            for (int i = 0; i < 200; i++) {
                client.cache().put("c08-small", i);
                assertThat(client.cache().get("c08-small").orElseThrow().as(Integer.class))
                        .isEqualTo(i);
            }
            assertThat(client.cache().get(KEY).orElseThrow().as(String.class)).hasSize(VALUE_BYTES);
            assertLeads();
        } finally {
            stalled.forEach(CountingReader::close);
        }
    }

    private static void readAll(int clients) {
        List<CountingReader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i++) {
                readers.add(CountingReader.connect(address()));
            }
            readers.forEach(reader -> ask(reader, READS / clients));
            Waiting.await("all is answered")
                    .atMost(Duration.ofMinutes(3))
                    .until(() -> readers.stream().allMatch(reader -> reader.answers() == READS / clients));
            assertThat(readers).allMatch(reader -> reader.bytes() >= (long) VALUE_BYTES * READS / clients);
            assertLeads();
        } finally {
            readers.forEach(CountingReader::close);
        }
    }

    private static void ask(CountingReader reader, int times) {
        ClientFrame.Builder frame = ClientFrame.newBuilder();
        for (int i = 1; i <= times; i++) {
            frame.addQueries(Query.newBuilder()
                    .setId(i)
                    .setCache(CacheQuery.newBuilder()
                            .setNamespace("default")
                            .setKey(KEY)
                            .setGet(GetValue.getDefaultInstance())));
        }
        reader.send(frame.build());
    }

    private static void assertLeads() {
        assertThat(running().alive()).as(running().output()).hasSize(3);
        assertThat(running().awaitLeader()).isEqualTo(leader);
    }

    private static String address() {
        return running().clientAddress(leader);
    }

    private static ProcessCluster running() {
        if (cluster == null) {
            throw new IllegalStateException("not started");
        }
        return cluster;
    }
}
