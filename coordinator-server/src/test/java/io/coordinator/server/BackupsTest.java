package io.coordinator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.CoordinatorServiceGrpc;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Role;
import io.coordinator.protocol.SaveSnapshotRequest;
import io.coordinator.protocol.SnapshotPart;
import io.coordinator.server.backup.BackupReader;
import io.coordinator.server.backup.Backups;
import io.coordinator.server.config.Keys;
import io.coordinator.server.support.RawClient;
import io.coordinator.server.support.TestNodes;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.testing.feature.Feature;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of running nodes, and clients that are slow to take them. */
@Feature("B-16")
class BackupsTest {
    /** Far more than what transports keep, whatever RocksDB makes of it. */
    private static final int VALUES = 12;

    private static final int VALUE_BYTES = 500_000;

    @Test
    void whoTakesNothingLosesItsCallAndHoldsNobodyUp(@TempDir Path directory) throws Exception {
        try (TestNodes nodes = new TestNodes(directory, 1)
                        .with(config -> config.set(Keys.SLOW_CONSUMER_MILLIS, 500))
                        .startAll();
                RawClient client = RawClient.open(nodes.leaderAddress())) {
            fill(client);
            List<Reader> readers = new ArrayList<>();
            for (int i = 0; i < Backups.MAX; i++) {
                readers.add(Reader.of(client));
            }
            for (Reader reader : readers) {
                assertThat(reader.first.get(30, TimeUnit.SECONDS).hasHeader()).isTrue();
            }
            assertThat(Reader.of(client)
                            .first
                            .get(30, TimeUnit.SECONDS)
                            .getError()
                            .getCode())
                    .isEqualTo(ErrorCode.EBUSY);
            client.call(client.put("meanwhile", "1"));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(Reader.of(client)
                                    .first
                                    .get(30, TimeUnit.SECONDS)
                                    .hasError())
                            .as("there is room again")
                            .isFalse());
            for (Reader reader : readers) {
                reader.takeTheRest();
                assertThat(reader.ended.get(30, TimeUnit.SECONDS))
                        .as("its backup was cut off")
                        .isInstanceOf(StatusRuntimeException.class);
            }
        }
    }

    private static void fill(RawClient client) {
        Random random = new Random(7);
        for (int i = 0; i < VALUES; i++) {
            StringBuilder text = new StringBuilder(VALUE_BYTES + 2).append('"');
            for (int c = 0; c < VALUE_BYTES; c++) {
                text.append((char) ('0' + random.nextInt(75)));
            }
            client.call(client.put("k" + i, text.append('"').toString().replace('\\', '/')));
        }
    }

    /** Takes the first part and no more. */
    private static final class Reader implements ClientResponseObserver<SaveSnapshotRequest, SnapshotPart> {
        private final CompletableFuture<SnapshotPart> first = new CompletableFuture<>();
        private final CompletableFuture<Throwable> ended = new CompletableFuture<>();
        private @Nullable ClientCallStreamObserver<SaveSnapshotRequest> asking;

        static Reader of(RawClient client) {
            Reader reader = new Reader();
            CoordinatorServiceGrpc.newStub(client.channel())
                    .saveSnapshot(SaveSnapshotRequest.getDefaultInstance(), reader);
            return reader;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<SaveSnapshotRequest> call) {
            asking = call;
            call.disableAutoRequestWithInitial(1);
        }

        void takeTheRest() {
            if (asking != null) {
                asking.request(Integer.MAX_VALUE);
            }
        }

        @Override
        public void onNext(SnapshotPart part) {
            first.complete(part);
        }

        @Override
        public void onError(Throwable failure) {
            ended.complete(failure);
        }

        @Override
        public void onCompleted() {
            ended.complete(new IllegalStateException("all was sent"));
        }
    }

    @Test
    void aFollowerWritesBackupsByItselfAndKeepsTheNewest(@TempDir Path directory) throws Exception {
        Path backups = directory.resolve("backups");
        try (TestNodes nodes = new TestNodes(directory, 3)
                        .with(config -> config.set(
                                        Keys.BACKUP_DIR,
                                        Optional.of(
                                                backups.resolve(config.build().node())))
                                .set(Keys.BACKUP_INTERVAL_SECONDS, 1)
                                .set(Keys.BACKUP_KEEP, 2))
                        .startAll();
                RawClient client = RawClient.open(nodes.leaderAddress())) {
            client.call(client.put("k", "1"));
            long revision = client.status().getRevision();
            Awaitility.await().atMost(60, TimeUnit.SECONDS).untilAsserted(() -> {
                List<Path> files = files(backups);
                assertThat(files).hasSizeGreaterThanOrEqualTo(2);
                BackupReader newest = BackupReader.open(files.get(files.size() - 1));
                assertThat(newest.header().getSnapshot().getRevision()).isGreaterThanOrEqualTo(revision);
            });
            String leader = Stream.of("n1", "n2", "n3")
                    .filter(node -> nodes.node(node).status().getRole() == Role.LEADER)
                    .findFirst()
                    .orElseThrow();
            List<Path> files = files(backups);
            assertThat(backups.resolve(leader))
                    .satisfiesAnyOf(
                            path -> assertThat(path).doesNotExist(),
                            path -> assertThat(path).isEmptyDirectory());
            Coordinator core =
                    BackupReader.open(files.get(files.size() - 1)).load(directory.resolve("scratch"), Limits.DEFAULT);
            assertThat(core.revision()).isGreaterThanOrEqualTo(revision);
            try (Stream<Path> kept = Files.list(files.get(0).resolveSibling("."))) {
                assertThat(kept.filter(file -> file.toString().endsWith(".snapshot")))
                        .hasSizeLessThanOrEqualTo(3);
            }
        }
    }

    /** In the order of time. */
    private static List<Path> files(Path backups) throws IOException {
        if (!Files.isDirectory(backups)) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(backups)) {
            return tree.filter(file -> file.toString().endsWith(".snapshot"))
                    .sorted(java.util.Comparator.comparing(
                            file -> file.getFileName().toString()))
                    .toList();
        }
    }
}
