package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.KeyedValue;
import io.coordinator.protocol.PutValues;
import io.coordinator.protocol.ScannedValues;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.Seeds;
import io.coordinator.testing.feature.Feature;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Large clears and bursts of expiries against a map in which both are over at once: nobody must see the difference. What is told is
 * looked at as well: a key that is told to have expired has expired, and was not cleared before.
 */
@Feature({"C-09", "G-3", "PM-CACHE-9"})
class CacheAgainstModelTest extends Script {
    private static final int STEPS = 120;
    private static final int KEYS = 6_000;
    private static final long ENTRY_STEPS = 6 * Budget.SLICE_STEPS;

    private record Valued(String json, long version, long expiresAt) {}

    private final Random random = Seeds.random("CacheAgainstModelTest");
    private final NavigableMap<String, Valued> model = new TreeMap<>();
    /** Past their deadline, and not told yet. */
    private final Set<String> untold = new HashSet<>();

    private long heard;

    @Test
    void nobodySeesThatTheWorkIsDoneInSlices() {
        for (int step = 0; step < STEPS; step++) {
            at(now() + random.nextInt(400));
            age();
            change();
            hear();
            assertThat(steps()).isLessThan(ENTRY_STEPS);
            look();
        }
        while (core().hasWorkLeft()) {
            tick();
            hear();
        }
        assertThat(untold).isEmpty();
        assertThat(count("cacheEntries")).isEqualTo(model.size());
        assertThat(stats().getChores()).isZero();
    }

    private void age() {
        model.entrySet().removeIf(entry -> {
            long at = entry.getValue().expiresAt();
            return at != 0 && at <= now() && untold.add(entry.getKey());
        });
    }

    private static String key(int number) {
        return "k%04d".formatted(number);
    }

    private void change() {
        session("a").acks(session("a").sent().getSeq());
        switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> putMany();
            case 4 -> {
                String prefix = key(random.nextInt(KEYS)).substring(0, 1 + random.nextInt(3));
                session("a").clear(prefix);
                hear();
                model.keySet().removeIf(key -> key.startsWith(prefix));
                untold.removeIf(key -> key.startsWith(prefix));
            }
            case 5 -> {
                String key = key(random.nextInt(KEYS));
                boolean existed =
                        session("a").delete(key).reply().getCache().getDeleted().getExisted();
                assertThat(existed).isEqualTo(model.remove(key) != null);
            }
            case 6 -> {
                String key = key(random.nextInt(KEYS));
                Valued old = model.get(key);
                long sum = old == null ? 1 : Long.parseLong(old.json()) + 1;
                session("a").increment(key, 1).sum(Long.toString(sum));
                model.put(
                        key,
                        old == null
                                ? new Valued("1", 1, 0)
                                : new Valued(Long.toString(sum), old.version() + 1, old.expiresAt()));
            }
            default -> tick();
        }
    }

    private void putMany() {
        long ttl = random.nextInt(3) * 500L;
        int from = random.nextInt(KEYS - 1_000);
        PutValues.Builder values = PutValues.newBuilder().setTtlMillis(ttl);
        for (int i = from; i < from + 1_000; i++) {
            String json = Integer.toString(random.nextInt(100));
            values.addValues(KeyedValue.newBuilder().setKey(key(i)).setValue(Actor.json(json)));
            Valued old = model.get(key(i));
            model.put(key(i), new Valued(json, old == null ? 1 : old.version() + 1, ttl == 0 ? 0 : now() + ttl));
        }
        session("a").putAll(values);
    }

    /** Before the model forgets what the last entry may have told first. */
    private void hear() {
        if (heard == index()) {
            return;
        }
        heard = index();
        for (Change change : last().changes()) {
            if (change.getKind() == ChangeKind.EXPIRED) {
                assertThat(untold.remove(change.getKey())).as(change.getKey()).isTrue();
            }
        }
    }

    private void look() {
        for (int i = 0; i < 20; i++) {
            String key = key(random.nextInt(KEYS));
            Valued expected = model.get(key);
            assertThat(session("a")
                            .entry(key)
                            .map(entry -> new Valued(
                                    entry.getValue().toStringUtf8(), entry.getVersion(), entry.getExpiresAtMillis())))
                    .as(key)
                    .isEqualTo(Optional.ofNullable(expected));
        }
        String after = key(random.nextInt(KEYS));
        ScannedValues page = session("a").scan("", after, 10);
        List<String> expected =
                model.tailMap(after, false).keySet().stream().limit(10).toList();
        assertThat(page.getKeysList()).containsExactlyElementsOf(expected);
    }
}
