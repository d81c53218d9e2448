package io.coordinator.server.watch;

import io.coordinator.protocol.DataKind;
import java.util.Set;

/**
 * One watch: a cursor, which is a position in the one order of all changes, whichever kinds it selects. While it is
 * clean, no change behind the cursor that was matched concerns it; the first that does makes it dirty, until it has been
 * read to the end. A new watch is dirty, to be announced. The hub's lock guards the fields.
 */
final class Watch {
    private final long id;
    private final Topic topic;
    private final Selection selection;
    private final long fromRevision;
    private final WatchSet owner;
    /** In the lists of the kinds that it selects. */
    private final int[] places;

    private long cursor;
    private boolean dirty;
    private boolean announced;
    private boolean caughtUp;

    Watch(long id, Topic topic, Selection selection, long fromRevision, WatchSet owner, long cursor) {
        this.id = id;
        this.topic = topic;
        this.selection = selection;
        this.places = new int[selection.size()];
        this.fromRevision = fromRevision;
        this.owner = owner;
        this.cursor = cursor;
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

    long cursor() {
        return cursor;
    }

    void moveTo(long position) {
        cursor = position;
    }

    /** Nothing before that position concerns it. */
    void skipTo(long position) {
        cursor = Math.max(cursor, position);
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
