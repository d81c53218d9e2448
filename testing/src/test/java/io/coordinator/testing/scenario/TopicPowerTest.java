package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.topic.Delivery;
import io.coordinator.client.topic.DurableTopic;
import io.coordinator.client.topic.GroupConsumer;
import io.coordinator.client.topic.GroupOptions;
import io.coordinator.client.topic.RecordPage;
import io.coordinator.client.topic.RecordSubscription;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.topic.TopicOptions;
import io.coordinator.client.topic.TopicRecord;
import io.coordinator.testing.ClusterOptions;
import io.coordinator.testing.ProcessCluster;
import io.coordinator.testing.disk.Strace;
import io.coordinator.testing.disk.Trace;
import io.coordinator.testing.disk.TracedDisk;
import io.coordinator.testing.feature.Feature;
import io.coordinator.testing.history.MessageHistory;
import io.coordinator.testing.history.MessageHistory.Delivered;
import io.coordinator.testing.history.MessageHistory.Seen;
import io.coordinator.testing.process.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reader and a member of a group hear of nothing that is gone when all nodes lose their power at once, on disks that
 * have kept only what was synced.
 */
@Tag("soak")
@Feature({"B-25", "PM-PERS-2"})
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TopicPowerTest {
    private static final Logger log = LoggerFactory.getLogger(TopicPowerTest.class);
    private static final String SETTINGS =
            "coordinator-server/src/main/java/io/coordinator/server/raft/RatisSettings.java";
    private static final String RULE = "RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);";
    /** Long enough that whoever does not wait for a sync is heard before it, on a busy machine too. */
    private static final String SLOW = "fdatasync:delay_enter=600000";

    private static final int HEARD_BEFORE = 10;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path broken;

    @BeforeEach
    void canTrace() {
        assumeTrue(Strace.isAvailable(), "needs strace, and the right to trace a child");
    }

    @Test
    void nobodyHearsOfWhatIsNotOnDisks() throws Exception {
        try (ProcessCluster cluster = start(Launch.DEFAULT);
                Listening listening = new Listening(cluster)) {
            losePower(cluster, listening);
            listening.awaitEnd();
            assertThat(listening.problems()).isEmpty();
        }
    }

    /** A positive control. */
    @Test
    void aNodeThatDoesNotAwaitItsDiskIsCaught() throws Exception {
        Path classes = BrokenBuild.of(
                broken, SETTINGS, RULE, RULE + " RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, true);");
        try (ProcessCluster cluster = start(Launch.DEFAULT.withClasses(classes));
                Listening listening = new Listening(cluster)) {
            losePower(cluster, listening);
            List<String> problems = listening.problems();
            log.info("found: {}", problems);
            assertThat(problems)
                    .anySatisfy(told -> assertThat(told).startsWith("the reader was ahead of the log"))
                    .anySatisfy(told -> assertThat(told).startsWith("the group was ahead of the log"));
        }
    }

    private ProcessCluster start(Launch launch) {
        List<String> strace = Strace.command(directory.resolve(Launch.NAME), SLOW);
        return ProcessCluster.start(ClusterOptions.defaults().launch(launch.wrapped(strace)));
    }

    /** All nodes stop before the first is killed: what was heard by then was sent, and must be on disks, by then. */
    private void losePower(ProcessCluster cluster, Listening listening) throws IOException {
        int before = listening.heard();
        Waiting.await("something was heard just now").until(() -> listening.heard() > before);
        cluster.nodes().forEach(cluster::pause);
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        listening.stopProducing();
        cluster.nodes().forEach(cluster::kill);
        for (String node : cluster.nodes()) {
            TracedDisk.asOf(Trace.read(directory.resolve(node), cluster.dataDirectory(node)), micros)
                    .restore();
        }
        cluster.nodes().forEach(cluster::start);
        cluster.awaitLeader();
    }

    /** A topic that is written, read and consumed. */
    private static final class Listening implements AutoCloseable {
        private final ProcessCluster cluster;
        private final MessageHistory history = new MessageHistory();
        private final AtomicInteger read = new AtomicInteger();
        private final AtomicBoolean stop = new AtomicBoolean();
        private final DurableTopic topic;
        private final RecordSubscription reader;
        private final GroupConsumer member;
        private final CompletableFuture<Void> producing;

        /** Returns when some messages were read and consumed. */
        Listening(ProcessCluster cluster) {
            this.cluster = cluster;
            topic = topic(client());
            topic.create(TopicOptions.defaults());
            topic.group("group").configure(GroupOptions.defaults(), StartAt.earliest());
            reader = topic(client()).subscribe(StartAt.earliest(), message -> {
                history.read("the reader", seen(message));
                read.incrementAndGet();
            });
            member = topic(client()).group("group").consume(this::consume);
            DurableTopic target = topic(client());
            producing = CompletableFuture.runAsync(() -> produce(target));
            Waiting.await("messages are heard")
                    .until(() -> read.get() >= HEARD_BEFORE && history.deliveries() >= HEARD_BEFORE);
        }

        private CoordinatorClient client() {
            return cluster.client(settings -> settings.sessionLease(Duration.ofSeconds(60)));
        }

        private static DurableTopic topic(CoordinatorClient client) {
            return client.durableTopics().topic("power").withTimeout(Duration.ofSeconds(30));
        }

        /** What was under way when the power went may be there or not. */
        private void produce(DurableTopic target) {
            for (int i = 0; !stop.get(); i++) {
                try {
                    target.publish("message " + i);
                    history.published("message " + i);
                } catch (CoordinatorException e) {
                    log.info("message {} may be lost", i, e);
                }
            }
        }

        private void consume(Delivery delivery) {
            Delivered seen = history.delivered(seen(delivery.record()), delivery.token(), delivery.attempt());
            seen.acknowledging();
            delivery.acknowledge().thenAccept(taken -> {
                if (taken) {
                    seen.acknowledged();
                }
            });
        }

        private static Seen seen(TopicRecord message) {
            return new Seen(message.offset(), message.key(), message.json().asText());
        }

        /** How much the slower of the two has heard. */
        int heard() {
            return Math.min(read.get(), history.deliveries());
        }

        void stopProducing() {
            stop.set(true);
        }

        /** Everything is published, read and acknowledged. */
        void awaitEnd() {
            Waiting.get(producing);
            Waiting.await("everything is read and acknowledged")
                    .until(() -> reader.nextOffset()
                                    == topic.inspect().orElseThrow().summary().nextOffset()
                            && topic.group("group")
                                            .inspect()
                                            .orElseThrow()
                                            .summary()
                                            .lag()
                                    == 0);
        }

        List<String> problems() {
            List<Seen> all = new ArrayList<>();
            DurableTopic now = topic(client());
            RecordPage page = now.read(StartAt.earliest(), 1_000);
            page.records().forEach(message -> all.add(seen(message)));
            while (page.more()) {
                page = now.read(StartAt.offset(page.nextOffset()), 1_000);
                page.records().forEach(message -> all.add(seen(message)));
            }
            log.info("{} messages, {} read, {} deliveries", all.size(), read, history.deliveries());
            return history.problems(all);
        }

        @Override
        public void close() {
            stop.set(true);
            reader.close();
            member.close();
        }
    }
}
