package io.coordinator.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.internal.net.LocalNodes;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.protocol.ClientFrame;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Hello;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.StartWatch;
import io.coordinator.server.session.Caller;
import io.coordinator.server.session.ClientStream;
import io.coordinator.server.session.FrameSink;
import io.coordinator.server.watch.WatchSet;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is waited for until "all was told", with a part of the node that is held up. */
@Feature("A-02")
class MemoryTimeTest {
    private static final Duration REST = Duration.ofMillis(100);
    private static final StartWatch WATCH = StartWatch.newBuilder()
            .setId(1)
            .setData(DataKind.CACHE)
            .setNamespace("n")
            .setKey("k")
            .build();

    private static final String ENDPOINT = "memory-time-test.invalid:1";

    private final MemoryNode node = new MemoryNode("test", ENDPOINT);
    private final MemoryTime time = new MemoryTime(node, Duration.ofSeconds(20));
    private final CoordinatorClient client;

    MemoryTimeTest() {
        LocalNodes.add(ENDPOINT, node);
        client = CoordinatorClient.connect(
                ClientConfig.builder().endpoints(ENDPOINT).build());
    }

    @AfterEach
    void close() {
        LocalNodes.remove(ENDPOINT);
        client.close();
        node.close();
        assertThat(node.bug()).isEmpty();
    }

    /** Two changes: the hub's thread has found the first, and is held up by whom it tells. */
    @Test
    void untilTheChangesAreFound() {
        CountDownLatch release = new CountDownLatch(1);
        WatchSet watches = node.serving().hub().open(() -> await().until(() -> release.getCount() == 0));
        assertThat(watches.start(WATCH)).isEmpty();
        while (watches.hasUpdates()) {
            watches.pull(1 << 20, update -> {});
        }
        client.namespace("n").cache().put("k", 1);
        await().until(watches::hasUpdates);
        settle().join();
        client.namespace("n").cache().put("k", 1);

        CompletableFuture<Void> settled = settle();
        assertHeldUp(settled);
        release.countDown();
        settled.join();
    }

    @Test
    void untilTheTransportsHaveIt() {
        Slow sink = new Slow();
        ClientStream stream = node.gateway().connect(sink);
        stream.received(
                ClientFrame.newBuilder()
                        .setHello(Hello.newBuilder()
                                .setVersionMin(1)
                                .setVersionMax(1)
                                .setResumeToken(ByteString.copyFromUtf8("0123456789abcdef")))
                        .build(),
                0);
        await().until(() -> sink.sent.stream().anyMatch(ServerFrame::hasWelcome));
        settle().join();
        sink.ready = false;
        stream.received(ClientFrame.newBuilder().addStartWatches(WATCH).build(), 0);

        CompletableFuture<Void> settled = settle();
        assertHeldUp(settled);
        sink.ready = true;
        stream.ready();
        settled.join();
        assertThat(sink.sent).anyMatch(frame -> frame.getWatchesCount() > 0);
    }

    /** Once for all that ends meanwhile, each at a moment of its own. */
    @Test
    void aCallbackThatDoesNotReturnHoldsAnAdvanceUpOnce() {
        int moments = 20;
        Duration patience = Duration.ofMillis(500);
        CountDownLatch release = new CountDownLatch(1);
        client.watch(WatchOptions.cacheKey("blocks"), change -> await().until(() -> release.getCount() == 0))
                .started()
                .toCompletableFuture()
                .join();
        client.cache().put("blocks", 1);
        for (int i = 1; i <= moments; i++) {
            client.cache().put("k" + i, 1, PutOptions.ttl(Duration.ofMinutes(i)));
        }
        long begun = System.nanoTime();
        new MemoryTime(node, patience).advance(Duration.ofHours(1).toMillis());
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isBetween(patience, patience.multipliedBy(moments / 2));
        assertThat(client.cache().has("k" + moments)).isFalse();
        release.countDown();
    }

    private CompletableFuture<Void> settle() {
        return CompletableFuture.runAsync(time::settle).orTimeout(20, TimeUnit.SECONDS);
    }

    private static void assertHeldUp(CompletableFuture<Void> settled) {
        await().during(REST).until(() -> !settled.isDone());
    }

    /** The transport of a client that takes frames when the test says so. */
    private static final class Slow implements FrameSink<ServerFrame> {
        private final List<ServerFrame> sent = new CopyOnWriteArrayList<>();
        private volatile boolean ready = true;

        @Override
        public Caller caller() {
            return new Caller("", true);
        }

        @Override
        public boolean isReady() {
            return ready;
        }

        @Override
        public void send(ServerFrame frame) {
            sent.add(frame);
        }

        @Override
        public void end() {}

        @Override
        public void reset() {}

        @Override
        public void requestFrame() {}

        @Override
        public void later(Runnable work) {
            work.run();
        }
    }
}
