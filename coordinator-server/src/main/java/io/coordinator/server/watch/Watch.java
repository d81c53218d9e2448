package io.coordinator.server.watch;

import io.coordinator.protocol.DataKind;
import java.util.Arrays;
import java.util.Set;

/**
 * One watch: for each kind of data that it selects a cursor, which is a position in the one order of all changes. While
 * it is clean, no change behind the cursors that was matched concerns it; the first that does makes it dirty, until it
 * has been read to the end. A new watch is dirty, to be announced. The hub's lock guards the fields.
 */
final class Watch {
    private final long id;
    private final Topic topic;
    private final Selection selection;
    private final long fromRevision;
    private final WatchSet owner;
    /** In the lists of the kinds that it selects. */
    private final int[] places;
    /** One kind's changes may be known to be of no concern farther than another's. */
    private final long[] cursors;

    private boolean dirty;
    private boolean announced;
    private boolean caughtUp;

    Watch(long id, Topic topic, Selection selection, long fromRevision, WatchSet owner, long cursor) {
        this.id = id;
        this.topic = topic;
        this.selection = selection;
        this.places = new int[selection.size()];
        this.cursors = new long[selection.size()];
        this.fromRevision = fromRevision;
        this.owner = owner;
        Arrays.fill(cursors, cursor);
    }

    long id() {
        return id;
    }

    Topic topic() {
        return topic;
    }

    Selection selection() {
        return selection;
    }

    /** Changes of earlier revisions are not wanted. */
    long fromRevision() {
        return fromRevision;
    }

    WatchSet owner() {
        return owner;
    }

    /** In its list of a kind that it selects. */
    int place(DataKind kind) {
        return places[selection.placeOf(kind)];
    }

    void setPlace(DataKind kind, int newPlace) {
        places[selection.placeOf(kind)] = newPlace;
    }

    /** In the changes of a kind that it selects. */
    long cursor(DataKind kind) {
        return cursors[selection.placeOf(kind)];
    }

    /** Everything before that position has been read. */
    void moveTo(long position) {
        for (int place = 0; place < cursors.length; place++) {
            cursors[place] = Math.max(cursors[place], position);
        }
    }

    /** Passes over what is known to be of no concern, while it is clean. */
    void skipMatched() {
        for (int place = 0; place < cursors.length; place++) {
            cursors[place] = Math.max(cursors[place], selection.kind(place).matchedTo());
        }
    }

    /** Whether changes were dropped that it has not read. */
    boolean isBehind() {
        for (int place = 0; place < cursors.length; place++) {
            if (cursors[place] < selection.kind(place).ring().floorPosition()) {
                return true;
            }
        }
        return false;
    }

    /** The changes behind its cursors. */
    MergedChanges unread() {
        MergedChanges unread = new MergedChanges(cursors.length);
        for (int place = 0; place < cursors.length; place++) {
            ChangeRing ring = selection.kind(place).ring();
            unread.add(ring, ring.indexOf(cursors[place]));
        }
        return unread;
    }

    /** Makes it dirty, and its owner one of those to be woken, unless it is dirty already. */
    void wake(Set<WatchSet> owners) {
        if (!dirty) {
            dirty = true;
            owner.dirty(this);
            owners.add(owner);
        }
    }

    boolean isDirty() {
        return dirty;
    }

    void setDirty(boolean value) {
        dirty = value;
    }

    /** True the first time: the client must hear that the watch has started before it sees changes. */
    boolean announce() {
        boolean first = !announced;
        announced = true;
        return first;
    }

    /** True the first time: the client may wait for it to know the state of this moment. */
    boolean catchUp() {
        boolean first = !caughtUp;
        caughtUp = true;
        return first;
    }
}
