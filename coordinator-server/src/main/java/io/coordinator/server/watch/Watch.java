package io.coordinator.server.watch;

/**
 * One watch: a cursor into the ring. While it is clean, no change behind the cursor concerns it; the first that does
 * makes it dirty, until it has been read to the end. A new watch is dirty, to be announced. The hub's lock guards the
 * fields.
 */
final class Watch {
    private final long id;
    private final Topic topic;
    private final long fromRevision;
    private final WatchSet owner;
    private long cursor;
    private int place;
    private boolean dirty;
    private boolean announced;
    private boolean caughtUp;

    Watch(long id, Topic topic, long fromRevision, WatchSet owner, long cursor) {
        this.id = id;
        this.topic = topic;
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

    /** Changes of earlier revisions are not wanted. */
    long fromRevision() {
        return fromRevision;
    }

    WatchSet owner() {
        return owner;
    }

    /** In its list. */
    int place() {
        return place;
    }

    void setPlace(int newPlace) {
        place = newPlace;
    }

    long cursor() {
        return cursor;
    }

    void moveTo(long position) {
        cursor = position;
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
