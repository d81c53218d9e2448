package io.coordinator.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.Limits;
import io.coordinator.state.MessageGate;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom a change concerns is found without looking at others, and bit by bit. */
@Feature("C-08")
class TopicIndexTest {
    private final EventHub hub =
            new EventHub(new WatchLimits(new MessageGate(Limits.DEFAULT), 1, 1, 1), 8, 1 << 20, 100, bug -> {});
    private final WatchSet owner = hub.open(() -> {});
    private final TopicIndex index = new TopicIndex(DataKind.CACHE);
    private final Selection cache = new Selection(new KindHub(DataKind.CACHE, new ChangeRing(8, 1 << 20, 0, 100)));
    private final List<Watch> visited = new ArrayList<>();

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void aClearVisitsItsOwnWatchesSoManyAtATime() {
        for (int i = 0; i < 1_000; i++) {
            add("n", "p/" + i % 10, i % 2 == 0);
            add("n", "q/" + i, true);
            add("other", "p/" + i, false);
        }
        Matching matching = index.matching(change("n", "p/", ChangeKind.CLEARED));
        int slices = 0;
        while (!matching.isDone()) {
            int before = visited.size();
            matching.visit(100, visited::add);
            assertThat(visited.size() - before).isLessThanOrEqualTo(100);
            slices++;
        }
        assertThat(visited)
                .hasSize(1_000)
                .doesNotHaveDuplicates()
                .allMatch(watch -> watch.topic().key().startsWith("p/"));
        assertThat(slices).isBetween(10, 12);
    }

    @Test
    void watchesComeAndGoBetweenVisits() {
        List<Watch> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(add("n", "k", false));
        }
        Matching matching = index.matching(change("n", "k", ChangeKind.PUT));
        matching.visit(50, visited::add);
        List<Watch> gone = all.subList(20, 80);
        gone.forEach(index::remove);
        add("n", "k", false);
        while (!matching.isDone()) {
            matching.visit(10, visited::add);
        }
        assertThat(visited).containsAll(all.subList(0, 20)).containsAll(all.subList(80, 100));
    }

    @Test
    void aSweepVisitsAllSoManyAtATimeThoughWatchesComeAndGo() {
        List<Watch> stay = new ArrayList<>();
        List<Watch> go = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            (i % 3 == 0 ? go : stay).add(add("n" + i % 17, "k" + i % 101, i % 2 == 0));
        }
        Sweep sweep = index.sweep();
        int turns = 0;
        while (!sweep.isDone()) {
            int before = visited.size();
            sweep.visit(100, visited::add);
            assertThat(visited.size() - before).isLessThanOrEqualTo(100);
            if (!go.isEmpty()) {
                go.subList(0, Math.min(go.size(), 50)).forEach(index::remove);
                go.subList(0, Math.min(go.size(), 50)).clear();
                add("n" + turns, "k" + turns, false);
            }
            turns++;
        }
        assertThat(visited).containsAll(stay);
        assertThat(turns).isGreaterThan(20);
    }

    @Test
    void prefixesOfOtherNamespacesCostNothing() {
        for (int length = 1; length < 1_000; length++) {
            add("other", "x".repeat(length), true);
        }
        add("n", "x", true);
        Matching matching = index.matching(change("n", "x".repeat(1_000), ChangeKind.PUT));
        assertThat(matching.cost()).isLessThan(5);
        assertThat(index.matching(change("other", "x".repeat(1_000), ChangeKind.PUT))
                        .cost())
                .isGreaterThan(900);
    }

    /** Comparing each namespace with all others of its hash would take six billion comparisons. */
    @Test
    @Timeout(30)
    @Feature({"C-04", "C-08"})
    void namespacesChosenToHaveTheSameHashAreToldApart() {
        List<Watch> all = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            all.add(add(colliding(i), "k", false));
        }
        assertThat(all)
                .extracting(watch -> watch.topic().namespace().hashCode())
                .containsOnly(colliding(0).hashCode());
        for (int i = 0; i < all.size(); i++) {
            index.matching(change(colliding(i), "k", ChangeKind.PUT)).visit(2, visited::add);
        }
        assertThat(visited.equals(all)).as("each change finds its watch").isTrue();
        all.forEach(index::remove);
        visited.clear();
        index.sweep().visit(10_000, visited::add);
        assertThat(visited).isEmpty();
        assertThat(index.bytes()).isZero();
    }

    /** Pairs of which each has the same part in the hash, and what tells them apart comes last. */
    private static String colliding(int number) {
        StringBuilder name = new StringBuilder("x".repeat(200));
        for (int bit = 0; bit < 16; bit++) {
            name.append((number >> bit & 1) == 0 ? "Aa" : "BB");
        }
        return name.toString();
    }

    @Test
    void itFindsWhatTopicsMatch() {
        Random random = new Random(7);
        List<Watch> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(add("n" + random.nextInt(2), word(random), random.nextBoolean()));
        }
        for (int i = 0; i < 500; i++) {
            if (i % 10 == 0) {
                index.remove(all.remove(random.nextInt(all.size())));
            }
            Change change = change(
                    "n" + random.nextInt(2), word(random), random.nextBoolean() ? ChangeKind.CLEARED : ChangeKind.PUT);
            visited.clear();
            index.matching(change).visit(10_000, visited::add);
            assertThat(visited)
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(all.stream()
                            .filter(watch -> watch.topic().matches(change))
                            .toList());
        }
        assertThat(index.bytes()).isPositive();
        all.forEach(index::remove);
        assertThat(index.bytes()).isZero();
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        int length = random.nextInt(5);
        for (int i = 0; i < length; i++) {
            word.append(random.nextBoolean() ? 'a' : 'b');
        }
        return word.toString();
    }

    private Watch add(String namespace, String key, boolean prefix) {
        Watch watch = new Watch(1, new Topic(namespace, key, prefix), cache, 1, owner, 0);
        index.add(watch);
        return watch;
    }

    private static Change change(String namespace, String key, ChangeKind kind) {
        return Change.newBuilder()
                .setData(DataKind.CACHE)
                .setNamespace(namespace)
                .setKey(key)
                .setKind(kind)
                .build();
    }
}
