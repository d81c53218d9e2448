package io.coordinator.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import io.coordinator.state.DataKinds;
import io.coordinator.state.Limits;
import io.coordinator.state.MessageGate;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Watches of any kinds, which start, stop, go on and fall behind at random, against a list of all changes: each hears a
 * beginning of what it is to hear, in the one order, until it is told that something of its own kinds is gone.
 */
@Feature({"B-09", "C-08"})
class KindsModelTest {
    private static final int STEPS = 6_000;
    private static final int CHANGES_MAX = 8;
    private static final List<String> KEYS = List.of("a", "ab", "b");

    private final EventHub hub = new EventHub(
            new WatchLimits(new MessageGate(Limits.DEFAULT), 1_000, 1_000, 1 << 24),
            CHANGES_MAX,
            1 << 20,
            100,
            bug -> {});
    private final WatchSet set = hub.open(() -> {});
    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    private final List<Change> history = new ArrayList<>();
    private final Map<DataKind, List<Change>> kept = new EnumMap<>(DataKind.class);
    private final Map<DataKind, Long> floors = new EnumMap<>(DataKind.class);
    private final Map<Long, Listener> listeners = new TreeMap<>();
    private long revision = 100;
    private long lastId;
    private int heard;
    private int losses;
    private int resumed;

    KindsModelTest() {
        hub.close();
        forgetAll();
        System.out.println("KindsModelTest runs with -Dseed=" + seed);
    }

    /** One who listens, and has heard so much. */
    private static final class Listener {
        private final Set<DataKind> kinds;
        private final String prefix;
        private long from;
        private final List<Change> changes = new ArrayList<>();
        private boolean misled;

        Listener(Set<DataKind> kinds, String prefix, long from) {
            this.kinds = kinds;
            this.prefix = prefix;
            this.from = from;
        }

        long heardTo() {
            return changes.isEmpty()
                    ? from - 1
                    : changes.get(changes.size() - 1).getRevision();
        }
    }

    @Test
    void everyWatchHearsItsKindsInTheirOrder() {
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> append();
                case 3, 4 -> hub.matchSome(new HashSet<>());
                case 5, 6, 7 -> set.pull(1 + random.nextInt(300), this::onUpdate);
                case 8 -> startOrResume();
                default -> sometimesInstall();
            }
        }
        while (hub.isBehind()) {
            hub.matchSome(new HashSet<>());
        }
        while (set.pull(1 << 20, this::onUpdate) > 0) {
            // Until nothing is left.
        }
        listeners.values().forEach(listener -> {
            assertThat(listener.misled).as("not told, seed %d", seed).isFalse();
            assertThat(listener.changes).as("seed %d", seed).isEqualTo(wanted(listener));
        });
        assertThat(heard).isGreaterThan(STEPS / 10);
        assertThat(losses).isPositive();
        assertThat(resumed).isPositive();
    }

    private void append() {
        List<Change> entry = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            revision += i > 0 && random.nextInt(4) == 0 ? 0 : 1;
            entry.add(Change.newBuilder()
                    .setRevision(revision)
                    .setData(kind())
                    .setNamespace("n")
                    .setKey(KEYS.get(random.nextInt(KEYS.size())))
                    .setKind(ChangeKind.PUT)
                    .build());
        }
        hub.append(entry);
        history.addAll(entry);
        entry.forEach(this::keep);
    }

    /** Half of all changes are of one kind. */
    private DataKind kind() {
        List<DataKind> all = DataKinds.all();
        return all.get(Math.max(0, random.nextInt(2 * all.size()) - all.size()));
    }

    private void keep(Change change) {
        List<Change> own = kept.computeIfAbsent(change.getData(), kind -> new ArrayList<>());
        own.add(change);
        if (own.size() > CHANGES_MAX) {
            floors.put(change.getData(), own.remove(0).getRevision());
        }
    }

    private void forgetAll() {
        kept.clear();
        DataKinds.all().forEach(kind -> floors.put(kind, revision));
    }

    private long floor(Set<DataKind> kinds) {
        return kinds.stream()
                .mapToLong(kind -> Objects.requireNonNull(floors.get(kind)))
                .max()
                .orElseThrow();
    }

    private void startOrResume() {
        if (listeners.size() < 20 || random.nextBoolean()) {
            Set<DataKind> kinds = EnumSet.noneOf(DataKind.class);
            for (int i = random.nextInt(3); i >= 0; i--) {
                kinds.add(kind());
            }
            long from = Math.max(1, revision + 1 - random.nextInt(20));
            start(new Listener(kinds, random.nextBoolean() ? "" : "a", from), random.nextInt(3) == 0);
        } else {
            long id = List.copyOf(listeners.keySet()).get(random.nextInt(listeners.size()));
            set.stop(id);
            Listener listener = listeners.remove(id);
            if (!listener.misled && random.nextInt(4) > 0) {
                resumed += start(listener, false) ? 1 : 0;
            }
        }
    }

    /** Behind what it has heard, or from now on. */
    private boolean start(Listener listener, boolean now) {
        if (now) {
            listener.from = revision + 1;
        }
        List<DataKind> kinds = List.copyOf(listener.kinds);
        long id = ++lastId;
        long from = listener.heardTo() + 1;
        StartWatch request = StartWatch.newBuilder()
                .setId(id)
                .setData(kinds.get(0))
                .addAllMoreData(kinds.subList(1, kinds.size()))
                .setNamespace("n")
                .setKey(listener.prefix)
                .setPrefix(true)
                .setFromRevision(now ? 0 : from)
                .build();
        boolean started = set.start(request).map(this::isLoss).isEmpty();
        assertThat(started).as("seed %d", seed).isEqualTo(from > floor(listener.kinds));
        if (started) {
            listeners.put(id, listener);
        }
        return started;
    }

    private boolean isLoss(WatchUpdate refused) {
        assertThat(refused.getEnded().getCode()).as("seed %d", seed).isEqualTo(ErrorCode.ECOMPACTED);
        return true;
    }

    private void sometimesInstall() {
        if (random.nextInt(100) == 0) {
            revision += random.nextInt(5);
            hub.reset(revision);
            forgetAll();
            listeners.values().forEach(listener -> listener.misled = true);
        }
    }

    private void onUpdate(WatchUpdate update) {
        Listener listener =
                Objects.requireNonNull(listeners.get(update.getId()), () -> "update of a stopped watch, seed " + seed);
        if (update.getChangesCount() > 0) {
            hear(listener, update.getChangesList());
        }
        if (update.hasEnded()) {
            lose(update, listener);
        }
    }

    private void hear(Listener listener, List<Change> changes) {
        assertThat(listener.misled).as("heard after a loss, seed %d", seed).isFalse();
        int before = listener.changes.size();
        listener.changes.addAll(changes);
        heard += changes.size();
        List<Change> wanted = wanted(listener);
        assertThat(listener.changes.size()).as("seed %d", seed).isLessThanOrEqualTo(wanted.size());
        assertThat(changes).as("seed %d", seed).isEqualTo(wanted.subList(before, listener.changes.size()));
    }

    private void lose(WatchUpdate update, Listener listener) {
        long floor = floor(listener.kinds);
        assertThat(update.getEnded().getCode()).as("seed %d", seed).isEqualTo(ErrorCode.ECOMPACTED);
        assertThat(update.getEnded().getOldestRevision()).as("seed %d", seed).isEqualTo(floor + 1);
        if (!listener.misled) { // An installed state can be of a revision that it has heard, and yet another.
            assertThat(listener.heardTo())
                    .as("nothing of its kinds is gone, seed %d", seed)
                    .isLessThan(floor);
        }
        listeners.remove(update.getId());
        losses++;
    }

    private List<Change> wanted(Listener listener) {
        return history.stream()
                .filter(change -> change.getRevision() >= listener.from
                        && listener.kinds.contains(change.getData())
                        && change.getKey().startsWith(listener.prefix))
                .toList();
    }
}
