package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.BuildWaiter;
import io.coordinator.protocol.DataKind;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A table, and what is derived from its rows. */
class TableTest {
    private static final DataKind KIND = DataKind.BUILD;

    private final Storage storage = new Storage();
    private final Table<BuildWaiter> table = tableOf(storage);

    private static Table<BuildWaiter> tableOf(Storage storage) {
        return storage.sortedTable(KIND, 5, BuildWaiter.parser(), BuildWaiter::getDeadlineMillis);
    }

    private static BuildWaiter due(long atMillis) {
        return BuildWaiter.newBuilder().setDeadlineMillis(atMillis).build();
    }

    private static BuildWaiter named(long id) {
        return BuildWaiter.newBuilder().setSessionId(id).build();
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (String key = table.ceilingKey(""); key != null; key = table.higherKey(key)) {
            keys.add(key);
        }
        return keys;
    }

    private void due(long atMillis, String key) {
        assertThat(storage.deadlines().first()).isEqualTo(new Deadline(atMillis, KIND, 5, key));
    }

    /** All that is derived from the rows. */
    private List<Object> derived() {
        List<Object> derived = new ArrayList<>(keys());
        derived.add(table.size());
        derived.add(storage.rows());
        derived.add(storage.digest());
        derived.add(storage.usage().bytes());
        derived.add(String.valueOf(storage.deadlines().first()));
        table.forEachInOrder((key, row) -> derived.add(key + row));
        return derived;
    }

    @Test
    void keepsTheLastRowOfEachKeyUntilItIsRemoved() {
        assertThat(table.get("k")).isNull();
        table.put("k", named(1));
        table.put("k", named(2));
        assertThat(table.get("k")).isEqualTo(named(2));
        assertThat(table.size()).isEqualTo(1);
        assertThat(table.remove("k")).isEqualTo(named(2));
        assertThat(table.remove("k")).isNull();
        assertThat(table.get("k")).isNull();
        assertThat(table.size()).isZero();
        assertThat(storage.rows()).isZero();
    }

    @Test
    @Feature("G-12")
    void theDigestIsOfTheRowsAloneHoweverTheyCame() {
        Storage other = new Storage();
        Table<BuildWaiter> others = tableOf(other);
        table.put("a", named(1));
        table.put("b", named(2));
        others.put("b", named(9));
        others.put("c", named(3));
        others.put("b", named(2));
        assertThat(other.digest()).isNotEqualTo(storage.digest());
        others.put("a", named(1));
        others.remove("c");
        assertThat(other.digest()).isEqualTo(storage.digest());
        assertThat(other.usage().bytes()).isEqualTo(storage.usage().bytes());
        table.remove("a");
        table.remove("b");
        assertThat(storage.digest()).isZero();
        assertThat(storage.usage().bytes()).isZero();
    }

    @Test
    @Feature("G-12")
    void rowsAreDigestedWithTheirTableAndTheirKey() {
        Table<BuildWaiter> other = storage.table(KIND, 6, BuildWaiter.parser(), row -> 0);
        table.put("k", named(1));
        long digest = storage.digest();
        table.remove("k");
        other.put("k", named(1));
        assertThat(storage.digest()).isNotEqualTo(digest);
        other.remove("k");
        table.put("l", named(1));
        assertThat(storage.digest()).isNotEqualTo(digest);
    }

    @Test
    @Feature("G-3")
    void theDeadlineOfARowIsThatOfItsLatestVersion() {
        assertThat(storage.deadlines().first()).isNull();
        table.put("a", due(300));
        table.put("b", due(200));
        due(200, "b");
        table.put("b", due(400));
        due(300, "a");
        table.put("a", named(1));
        due(400, "b");
        table.remove("b");
        assertThat(storage.deadlines().first()).isNull();
    }

    @Test
    @Feature("G-3")
    void deadlinesOfOneTimeAreInTheOrderOfTheirRows() {
        table.put("b", due(100));
        table.put("a", due(100));
        storage.table(KIND, 4, BuildWaiter.parser(), BuildWaiter::getDeadlineMillis)
                .put("z", due(100));
        List<Deadline> order = new ArrayList<>();
        for (Deadline next = storage.deadlines().first();
                next != null;
                next = storage.deadlines().first()) {
            order.add(next);
            storage.deadlines().setAside(next);
        }
        assertThat(order).extracting(Deadline::key).containsExactly("z", "a", "b");
    }

    @Test
    void keysAreInOrder() {
        for (String key : List.of("b", "ä", "a", "😀", "aa", "\uffff")) {
            table.put(key, named(1));
        }
        assertThat(keys()).containsExactly("a", "aa", "b", "ä", "\uffff", "😀");
        assertThat(table.ceilingKey("aa")).isEqualTo("aa");
        assertThat(table.higherKey("aa")).isEqualTo("b");
        assertThat(table.count("a")).isEqualTo(2);
        table.remove("aa");
        assertThat(table.higherKey("a")).isEqualTo("b");
        assertThat(table.count("a")).isEqualTo(1);
        Table<BuildWaiter> unsorted = storage.table(KIND, 6, BuildWaiter.parser(), row -> 0);
        assertThatThrownBy(() -> unsorted.ceilingKey("")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Feature("R-24")
    void allIsAsItWasWhenChangesAreTakenBack() {
        table.put("stays", due(900));
        table.put("changes", due(800));
        table.put("goes", due(700));
        List<Object> before = derived();
        storage.undo().open();
        table.put("comes", due(100));
        table.put("changes", due(200));
        table.put("changes", named(7));
        table.remove("goes");
        table.put("goes", due(1));
        table.remove("goes");
        table.remove("comes");
        assertThat(derived()).isNotEqualTo(before);
        storage.undo().takeBack();
        assertThat(derived()).isEqualTo(before);
    }

    @Test
    @Feature({"C-09", "R-24"})
    void hiddenKeysAreOutOfTheOrderUntilTheyAreRevealed() {
        for (String key : List.of("a", "b/1", "b/2", "c")) {
            table.put(key, named(1));
        }
        List<Object> before = derived();
        storage.undo().open();
        SortedKeys hidden = table.hide("b/");
        assertThat(hidden.size()).isEqualTo(2);
        assertThat(keys()).containsExactly("a", "c");
        assertThat(table.get("b/1")).isEqualTo(named(1));
        table.reveal(hidden, "b/2");
        assertThat(hidden.size()).isEqualTo(1);
        assertThat(keys()).containsExactly("a", "b/2", "c");
        storage.undo().takeBack();
        assertThat(derived()).isEqualTo(before);
    }

    /** Those that came, changed or went since the last capture, as a snapshot stores them. */
    private Map<String, String> captured() {
        Map<String, String> rows = new TreeMap<>();
        int dirty = storage.dirtyRows();
        Storage.Capture capture = storage.capture();
        assertThat(capture.size()).isEqualTo(dirty);
        assertThat(storage.dirtyRows()).isZero();
        capture.forEach(new RowVisitor() {
            @Override
            public void put(byte[] key, byte[] value) {
                assertThat(StoredKey.kind(key)).isEqualTo(KIND.getNumber());
                assertThat(StoredKey.table(key)).isEqualTo(5);
                assertThat(rows.put(StoredKey.key(key), "put")).isNull();
            }

            @Override
            public void delete(byte[] key) {
                assertThat(rows.put(StoredKey.key(key), "deleted")).isNull();
            }
        });
        return rows;
    }

    @Test
    @Feature("G-12")
    void aCaptureHasEachRowThatChangedOnce() {
        table.put("a", named(1));
        table.put("b", named(1));
        table.put("b", named(2));
        assertThat(captured()).containsOnly(entry("a", "put"), entry("b", "put"));
        assertThat(captured()).isEmpty();
        table.remove("a");
        table.put("c", named(1));
        table.remove("c");
        table.put("b", named(3));
        assertThat(captured()).containsOnly(entry("a", "deleted"), entry("b", "put"), entry("c", "deleted"));
        table.put("a", named(4));
        table.remove("a");
        table.put("a", named(5));
        assertThat(captured()).containsOnly(entry("a", "put"));
    }

    private static Map.Entry<String, String> entry(String key, String what) {
        return Map.entry(key, what);
    }

    @Test
    @Feature("G-12")
    void whatIsLoadedIsAsIfItHadBeenPut() throws InvalidProtocolBufferException {
        table.put("a", due(100));
        table.put("ä", named(2));
        List<Object> before = derived();
        List<byte[]> stored = new ArrayList<>();
        storage.capture().forEach(new RowVisitor() {
            @Override
            public void put(byte[] key, byte[] value) {
                stored.add(key);
                stored.add(value);
            }

            @Override
            public void delete(byte[] key) {
                throw new AssertionError("nothing was deleted");
            }
        });
        TableTest restored = new TableTest();
        for (int i = 0; i < stored.size(); i += 2) {
            assertThat(restored.storage.load(stored.get(i), stored.get(i + 1))).isTrue();
            assertThat(restored.storage.load(stored.get(i), stored.get(i + 1)))
                    .as("twice")
                    .isFalse();
        }
        assertThat(restored.derived()).isEqualTo(before);
        assertThat(restored.storage.dirtyRows())
                .as("what a snapshot has already")
                .isZero();
        byte[] unknown = StoredKey.encode(KIND.getNumber(), 9, "a");
        assertThat(restored.storage.load(unknown, new byte[0])).isFalse();
        byte[] ofAnotherKind = StoredKey.encode(DataKind.LOCK.getNumber(), 5, "z");
        assertThat(restored.storage.load(ofAnotherKind, new byte[0])).isFalse();
    }
}
