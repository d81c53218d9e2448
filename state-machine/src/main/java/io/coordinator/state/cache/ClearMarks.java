package io.coordinator.state.cache;

import io.coordinator.protocol.CacheClear;
import io.coordinator.protocol.CacheEntry;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.kernel.Name;
import io.coordinator.state.kernel.SortedKeys;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.HexFormat;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Clears whose rows are not all reclaimed yet (C-09). What is under the prefix of a mark and older than it is gone for
 * everybody: the order of the keys leads no longer there, and whoever looks at a row asks {@link #hiding}. Which keys
 * a mark hides is derived: those that no earlier mark does.
 */
final class ClearMarks {
    /** Each is looked at for each row while there are any. */
    static final int MAX = 64;

    private static final int MARKS = 3;
    private static final HexFormat HEX = HexFormat.of();

    private final Table<CacheClear> rows;
    private final UndoLog undo;
    /** By revision, which is in order of time. */
    private final TreeMap<Long, Mark> marks = new TreeMap<>();

    ClearMarks(Storage storage) {
        rows = storage.table(DataKind.CACHE, MARKS, CacheClear.parser(), never -> 0);
        undo = storage.undo();
    }

    /**
     * A clear.
     *
     * @param revision of the clear
     * @param hidden keys of rows that are to be reclaimed
     */
    record Mark(Name prefix, long revision, SortedKeys hidden) {
        boolean hides(String key, CacheEntry entry) {
            return entry.getModRevision() < revision && key.startsWith(prefix.key());
        }
    }

    boolean isEmpty() {
        return marks.isEmpty();
    }

    boolean isFull() {
        return marks.size() >= MAX;
    }

    /** The mark that hides a row; null if the row is there. */
    @Nullable
    Mark hiding(String key, CacheEntry entry) {
        if (!marks.isEmpty()) {
            for (Mark mark : marks.values()) {
                if (mark.hides(key, entry)) {
                    return mark;
                }
            }
        }
        return null;
    }

    /** The first one; null if there is none. */
    @Nullable
    Mark first() {
        return marks.isEmpty() ? null : marks.firstEntry().getValue();
    }

    /** The first one of a namespace that still hides something; null if there is none. */
    @Nullable
    Mark firstOf(String namespace) {
        for (Mark mark : marks.values()) {
            if (mark.hidden().size() > 0 && mark.prefix().namespace().equals(namespace)) {
                return mark;
            }
        }
        return null;
    }

    /** How many rows of a namespace are hidden. */
    long hidden(String namespace) {
        long hidden = 0;
        for (Mark mark : marks.values()) {
            hidden +=
                    mark.prefix().namespace().equals(namespace) ? mark.hidden().size() : 0;
        }
        return hidden;
    }

    /** How many rows are hidden. */
    long hidden() {
        long hidden = 0;
        for (Mark mark : marks.values()) {
            hidden += mark.hidden().size();
        }
        return hidden;
    }

    void add(Mark mark) {
        rows.put(
                key(mark),
                CacheClear.newBuilder()
                        .setPrefix(mark.prefix().name())
                        .setRevision(mark.revision())
                        .build());
        marks.put(mark.revision(), mark);
        undo.add(() -> marks.remove(mark.revision()));
    }

    void remove(Mark mark) {
        rows.remove(key(mark));
        marks.remove(mark.revision());
        undo.add(() -> marks.put(mark.revision(), mark));
    }

    /** Derives the marks, which then hide nothing yet. */
    Iterable<Mark> rebuild() {
        rows.forEachInOrder((key, row) -> {
            Name prefix = Name.of(Name.ofKey(key).namespace(), row.getPrefix());
            marks.put(row.getRevision(), new Mark(prefix, row.getRevision(), new SortedKeys()));
        });
        return marks.values();
    }

    private static String key(Mark mark) {
        return Name.of(mark.prefix().namespace(), HEX.toHexDigits(mark.revision()))
                .key();
    }
}
