package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.L1Options;
import io.coordinator.client.builds.ReadThroughCache;
import io.coordinator.client.builds.ReadThroughOptions;
import io.coordinator.client.document.FileMirror;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are replaced by older copies of themselves, while clients live that have seen more. */
@Feature("C-52")
@CoordinatorCluster
class RestoreScenariosTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final List<ChangeEvent> heard = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Long> compacted = new CompletableFuture<>();

    @Test
    void clientsThatHaveSeenMoreDropWhatTheyKnow(Cluster cluster, @TempDir Path backups) throws Exception {
        // An idle one, whose session is in the copies as it is now; and one that goes on writing.
        CoordinatorClient idle = cluster.client(settings -> settings.sessionLease(LONG));
        CoordinatorClient writer = cluster.client(settings -> settings.sessionLease(LONG));
        ReadThroughCache<String, String> copies = idle.readThroughCache(
                ReadThroughOptions.of("restored", String.class, String.class).l1(L1Options.defaults()));
        Path file = Files.writeString(backups.resolve("settings.json"), "{\"level\":\"old\"}");
        FileMirror mirror = idle.documents().mirrorToFile("/etc/restored.json", file);
        Waiting.get(idle.watch(WatchOptions.cachePrefix("k"), listener()).started());
        LockHandle before = writer.lock("l").acquire();
        assertThat(copies.<RuntimeException>buildOrRetrieve("c", context -> "first", LONG))
                .isEqualTo("first");
        // The last change of all: nodes that start from their snapshots remember none, so a watch that may have missed
        // some would end.
        writer.cache().put("k", "old");
        Waiting.await("the change").until(() -> heard.size() == 1);
        cluster.nodes().forEach(cluster::stop);
        for (String node : cluster.nodes()) {
            copy(cluster.dataDirectory(node), backups.resolve(node));
        }
        cluster.nodes().forEach(cluster::start);
        for (int i = 0; i < 50; i++) {
            writer.cache().put("k", "lost " + i);
        }
        writer.documents().handle("/etc/restored.json").set("level", "lost");
        ReadThroughCache<String, String> others =
                writer.readThroughCache(ReadThroughOptions.of("restored", String.class, String.class));
        assertThat(others.delete("c")).isTrue();
        others.<RuntimeException>buildOrRetrieve("c", context -> "second", LONG);
        Waiting.await("the copy").until(() -> "second".equals(copies.get("c")));
        Waiting.await("the changes")
                .untilAsserted(
                        () -> assertThat(heard).as("compacted %s", compacted).hasSize(51));
        Waiting.await("the file").until(() -> Files.readString(file).contains("lost"));

        cluster.nodes().forEach(cluster::kill);
        for (String node : cluster.nodes()) {
            cluster.wipe(node);
            copy(backups.resolve(node), cluster.dataDirectory(node));
        }
        cluster.nodes().forEach(cluster::start);

        long oldest = Waiting.get(compacted);
        assertThat(oldest).isLessThanOrEqualTo(heard.get(50).revision());
        assertThat(Waiting.get(before.lost())).isEqualTo(LossReason.SESSION_LOST);
        Waiting.await("what was restored").until(() -> "first".equals(copies.get("c")));
        Waiting.await("the restored file").until(() -> Files.readString(file).contains("old"));
        assertThat(mirror.failure()).isEmpty();
        assertThat(idle.cache().get("k").orElseThrow().value().asText()).isEqualTo("old");
        Waiting.get(idle.watch(WatchOptions.cachePrefix("k"), listener()).started());
        writer.cache().put("k", "new");
        Waiting.await("a change after the restore").until(() -> heard.size() == 52);
        // No token of the copies comes again; those that were minted after them can, which docs/operating.md says.
        cluster.client().locks().forceRelease("l", "test", "restored");
        assertThat(writer.lock("l").acquire().token()).isGreaterThan(before.token());
    }

    private WatchListener listener() {
        return new WatchListener() {
            @Override
            public void onChange(ChangeEvent event) {
                heard.add(event);
            }

            @Override
            public void onCompacted(long oldestRevision) {
                compacted.complete(oldestRevision);
            }
        };
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(from)) {
            files = tree.sorted(Comparator.naturalOrder()).toList();
        }
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file).toString());
            if (Files.isDirectory(file)) {
                Files.createDirectories(target);
            } else {
                Files.copy(file, target);
            }
        }
    }
}
