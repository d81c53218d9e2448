package io.coordinator.server.watch;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.DataKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One kind of data: its recent changes, the watches that select it, and how far it is known whom its changes concern.
 * No other kind takes room of it. Not thread-safe.
 */
final class KindHub {
    private final DataKind kind;
    private final ChangeRing ring;
    private final TopicIndex index;
    private final Selection itself = new Selection(this);
    /** Changes before this index of the ring were matched, and of the one there what {@link #matching} has visited. */
    private long matched;

    private @Nullable Matching matching;
    /** Goes on while changes were dropped before they were matched. */
    private @Nullable Sweep sweep;
    /** What the ring began with when the sweep did: watches before that position may have missed some changes. */
    private long sweptTo;

    private long sweptToPosition;
    private int watches;

    KindHub(DataKind kind, ChangeRing ring) {
        this.kind = kind;
        this.ring = ring;
        this.index = new TopicIndex(kind);
    }

    DataKind kind() {
        return kind;
    }

    ChangeRing ring() {
        return ring;
    }

    /** What selects this kind alone. */
    Selection itself() {
        return itself;
    }

    /** The heap that its watches take with their names, as estimated. */
    long watchBytes() {
        return index.bytes();
    }

    boolean isWatched() {
        return watches > 0;
    }

    /** Keeps a change; nothing else is done for it unless somebody watches. */
    void append(long position, Change change) {
        ring.add(position, change);
    }

    /** What happened before that position is not known: all watches have missed something. */
    void restart(long position, long revision) {
        ring.restart(position, revision);
        matching = null;
        sweep = null;
    }

    /** The same topic, with names that are in here already if there are such. */
    Topic shared(Topic topic) {
        return index.shared(topic);
    }

    void add(Watch watch) {
        if (watches == 0) {
            // Nobody was concerned by what happened until now.
            matched = ring.next();
            matching = null;
            sweep = null;
        }
        index.add(watch);
        watches++;
    }

    void remove(Watch watch) {
        index.remove(watch);
        watches--;
    }

    /** Whether there are changes of which it is not known yet whom they concern. */
    boolean isBehind() {
        return watches > 0 && matched < ring.next();
    }

    /** Whether it is known whom the changes up to that revision concern. */
    boolean hasMatched(long upTo) {
        return !isBehind() || (matched >= ring.first() && ring.get(matched).getRevision() > upTo);
    }

    /** The first position of which that is not known; 0 while some of those changes are lost. */
    long matchedTo() {
        return matched < ring.first() ? 0 : ring.position(matched);
    }

    /** Looks at so many watches and topics at most, and adds whom to wake; returns how many looks are left. */
    int match(int looks, Set<WatchSet> owners) {
        int left = looks;
        while (left > 0 && isBehind()) {
            left = matched < ring.first() ? sweepSome(left, owners) : matchNext(left, owners);
        }
        return left;
    }

    /**
     * Changes were dropped before they were matched, and nobody knows whom they concerned: whoever had not read past
     * them is to be told. Nothing later is matched before all are found, or it would be told first. By then more may
     * have been dropped, and it begins anew.
     */
    private int sweepSome(int looks, Set<WatchSet> owners) {
        Sweep current = sweep;
        if (current == null) {
            current = index.sweep();
            sweptTo = ring.first();
            sweptToPosition = ring.floorPosition();
            matching = null;
        }
        int left = current.visit(looks, watch -> {
            if (watch.cursor(kind) < sweptToPosition) {
                watch.wake(owners);
            }
        });
        sweep = current.isDone() ? null : current;
        matched = current.isDone() ? sweptTo : matched;
        return left;
    }

    /** Goes on with one change, which may concern more watches than are visited in one go. */
    private int matchNext(int looks, Set<WatchSet> owners) {
        Matching current = matching;
        int left = looks;
        if (current == null) {
            current = index.matching(ring.get(matched));
            left -= current.cost();
        }
        long at = ring.position(matched);
        left = current.visit(left, watch -> {
            if (!watch.isDirty() && at >= watch.cursor(kind)) {
                watch.skipMatched();
                watch.wake(owners);
            }
        });
        matching = current.isDone() ? null : current;
        matched += current.isDone() ? 1 : 0;
        return left;
    }
}
