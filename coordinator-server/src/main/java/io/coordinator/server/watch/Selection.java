package io.coordinator.server.watch;

import io.coordinator.protocol.DataKind;

/** The kinds of data that a watch selects. Not thread-safe. */
final class Selection {
    private final KindHub[] kinds;

    Selection(KindHub... kinds) {
        this.kinds = kinds;
    }

    int size() {
        return kinds.length;
    }

    KindHub kind(int place) {
        return kinds[place];
    }

    /** The place of a kind that is among them. */
    int placeOf(DataKind kind) {
        int place = 0;
        while (kinds[place].kind() != kind) {
            place++;
        }
        return place;
    }

    /** Changes of this revision and of earlier ones may be missing. */
    long floorRevision() {
        long floor = 0;
        for (KindHub kind : kinds) {
            floor = Math.max(floor, kind.ring().floorRevision());
        }
        return floor;
    }

    /** Their changes of this revision and later ones. */
    MergedChanges changesOf(long revision) {
        MergedChanges changes = new MergedChanges(kinds.length);
        for (KindHub kind : kinds) {
            changes.add(kind.ring(), kind.ring().indexOfRevision(revision));
        }
        return changes;
    }
}
