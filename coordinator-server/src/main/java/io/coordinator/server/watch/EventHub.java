package io.coordinator.server.watch;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All watches of this node over one ring of recent changes. A watch is a cursor, so a stalled watcher costs no memory;
 * one that falls off the ring is told so. The applying thread only appends; matching and delivery run on a thread of
 * their own.
 */
public final class EventHub implements AutoCloseable {
    /** The most changes that are looked at under the lock at once. */
    private static final int SCAN_MAX = 1_024;
    /** The most watches and topics that are looked at under the lock at once, to find whom changes concern. */
    private static final int MATCH_LOOKS_MAX = 1_024;
    /** The most watches of streams that have ended that are forgotten under the lock at once. */
    static final int LEAVING_MAX = 256;

    private final WatchLimits limits;
    private final int changesMax;
    private final long bytesMax;
    private final Object lock = new Object();
    /** Entries that wait for the lock. */
    private final AtomicInteger appending = new AtomicInteger();

    private final TopicIndex index = new TopicIndex();
    private final Leaving leaving = new Leaving();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder compacted = new LongAdder();
    private final Thread notifier;
    private ChangeRing ring;
    private long revision;
    /** Changes before this position were matched, and of the one there what {@link #matching} has visited. */
    private long matched;

    private @Nullable Matching matching;
    /** Goes on while changes were dropped before they were matched. */
    private @Nullable Sweep sweep;
    /** Watches whose cursors are before this position may have missed some of those. */
    private long sweptTo;

    private int watches;
    private boolean closed;

    /**
     * A hub without watches.
     *
     * @param revision of the state at start; earlier changes cannot be watched
     * @param broken told when delivery has died of a bug
     */
    public EventHub(WatchLimits limits, int changesMax, long bytesMax, long revision, Consumer<Throwable> broken) {
        this.limits = limits;
        this.changesMax = changesMax;
        this.bytesMax = bytesMax;
        this.ring = new ChangeRing(changesMax, bytesMax, 0, revision);
        this.revision = revision;
        this.notifier = new Thread(this::notifyWatches, "coordinator-watch");
        notifier.setDaemon(true);
        notifier.setUncaughtExceptionHandler((thread, bug) -> broken.accept(bug));
        notifier.start();
    }

    /** What an entry changed; on the applying thread. */
    public void append(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        appending.incrementAndGet();
        synchronized (lock) {
            appending.decrementAndGet();
            changes.forEach(ring::add);
            revision = changes.get(changes.size() - 1).getRevision();
            if (watches > 0) {
                lock.notifyAll();
            }
        }
    }

    /**
     * The state was replaced by a snapshot: what happened in between is not known, and all watches end. They do so bit by bit,
     * on the hub's own thread: no cursor is in the new ring, as if all changes had been dropped.
     */
    public void reset(long newRevision) {
        synchronized (lock) {
            ring = new ChangeRing(changesMax, bytesMax, ring.next() + 1, newRevision);
            revision = newRevision;
            matching = null;
            sweep = null;
            lock.notifyAll();
        }
    }

    /** The watches of one stream; {@code wake} is called when {@link WatchSet#pull} has something. */
    public WatchSet open(Runnable wake) {
        return new WatchSet(this, limits, wake);
    }

    public int watches() {
        synchronized (lock) {
            return watches;
        }
    }

    /** The heap that the watches take with their names, as estimated. */
    long watchBytes() {
        synchronized (lock) {
            return index.bytes();
        }
    }

    public long ringBytes() {
        synchronized (lock) {
            return ring.bytes();
        }
    }

    /** Changes handed to streams, counted once for each watch. */
    public long delivered() {
        return delivered.sum();
    }

    /** Watches that fell off the ring. */
    public long compacted() {
        return compacted.sum();
    }

    /** Whether everyone whom the changes up to that revision concern is to be sent them by now, or has been. */
    public boolean hasMatched(long upTo) {
        synchronized (lock) {
            return watches == 0
                    || matched >= ring.next()
                    || (matched >= ring.first() && ring.get(matched).getRevision() > upTo);
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }

    /** Starts a watch; empty, or its only update if it would begin with changes that are gone. */
    Optional<WatchUpdate> start(StartWatch request, WatchSet owner) {
        synchronized (lock) {
            if (watches >= limits.total()) {
                return Optional.of(WatchSet.refused(
                        request,
                        WatchSet.tooMany("this node serves " + limits.total() + " watches, as many as it takes")));
            }
            if (index.bytes() >= limits.bytes()) {
                return Optional.of(WatchSet.refused(
                        request,
                        WatchSet.tooMany("the watches of this node take " + limits.bytes()
                                + " bytes with their names, as much as they may")));
            }
            long from = request.getFromRevision() == 0 ? revision + 1 : request.getFromRevision();
            if (from <= ring.floorRevision()) {
                compacted.increment();
                return Optional.of(ended(request.getId()));
            }
            if (watches == 0) {
                // Nobody was concerned by what happened until now.
                matchedAll();
            }
            Watch watch =
                    new Watch(request.getId(), index.shared(Topic.of(request)), from, owner, ring.positionOf(from));
            index.add(watch);
            watches++;
            owner.add(watch);
            watch.setDirty(true);
            owner.dirty(watch);
            return Optional.empty();
        }
    }

    void stop(Watch watch) {
        synchronized (lock) {
            forget(watch);
        }
    }

    /** Ends watches soon, on the hub's own thread; they are the caller's no longer. They count until then. */
    void stopAll(Collection<Watch> all) {
        if (all.isEmpty()) {
            return;
        }
        synchronized (lock) {
            leaving.add(all);
            lock.notifyAll();
        }
    }

    private void forget(Watch watch) {
        index.remove(watch);
        watches--;
    }

    /** Whether an entry waits for what pulls keep locked. */
    boolean isAppending() {
        return appending.get() > 0;
    }

    /** The next changes for a dirty watch; afterwards it is clean, or to be asked again. */
    Pulled pull(Watch watch, int bytes) {
        synchronized (lock) {
            if (watch.cursor() < ring.first()) {
                compacted.increment();
                return new Pulled(ended(watch.id()), 0, false, true);
            }
            WatchUpdate.Builder update = WatchUpdate.newBuilder().setId(watch.id());
            if (watch.announce()) {
                update.setStarted(true).setRevision(watch.fromRevision() - 1);
                return new Pulled(update.build(), 0, true, false);
            }
            int looks = scan(watch, update, bytes);
            boolean more = watch.cursor() < ring.next();
            watch.setDirty(more);
            if (!more && watch.catchUp()) {
                update.setCaughtUp(true).setRevision(Math.max(revision, watch.fromRevision() - 1));
            }
            delivered.add(update.getChangesCount());
            return new Pulled(update.build(), looks, more, false);
        }
    }

    /**
     * @param update to send, unless it says nothing
     * @param looks how many changes were looked at
     * @param more ask again
     * @param ended this was the last update
     */
    record Pulled(WatchUpdate update, int looks, boolean more, boolean ended) {
        boolean saysSomething() {
            return ended || update.getStarted() || update.getCaughtUp() || update.getChangesCount() > 0;
        }
    }

    /** Never stops between two changes of one revision, so that a client can resume after any update. */
    private int scan(Watch watch, WatchUpdate.Builder update, int bytes) {
        long position = watch.cursor();
        long last = 0;
        int scanned = 0;
        int size = 0;
        while (position < ring.next()) {
            Change change = ring.get(position);
            if ((scanned >= SCAN_MAX || size >= bytes) && change.getRevision() != last) {
                break;
            }
            last = change.getRevision();
            scanned++;
            position++;
            if (last >= watch.fromRevision() && watch.topic().matches(change)) {
                update.addChanges(change);
                size += change.getSerializedSize();
            }
        }
        update.setRevision(Math.max(last, watch.fromRevision() - 1));
        watch.moveTo(position);
        return scanned;
    }

    private WatchUpdate ended(long id) {
        return WatchUpdate.newBuilder()
                .setId(id)
                .setRevision(revision)
                .setEnded(Error.newBuilder()
                        .setCode(ErrorCode.ECOMPACTED)
                        .setMessage(
                                "older changes are gone; read the keys again and watch from the revision of that read")
                        .setOldestRevision(ring.floorRevision() + 1))
                .build();
    }

    private void notifyWatches() {
        while (true) {
            Set<WatchSet> owners = new LinkedHashSet<>();
            synchronized (lock) {
                while (matched >= ring.next() && leaving.isEmpty() && !closed) {
                    try {
                        lock.wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                }
                if (closed) {
                    return;
                }
                forgetSome();
                matchSome(owners);
            }
            owners.forEach(WatchSet::wake);
            while (isAppending()) {
                Thread.onSpinWait();
            }
        }
    }

    /** Forgets so many at most of the watches whose streams have ended. */
    void forgetSome() {
        synchronized (lock) {
            for (int i = 0; i < LEAVING_MAX && !leaving.isEmpty(); i++) {
                forget(leaving.remove());
            }
        }
    }

    /** Looks at so many watches and topics at most, and adds those who are to be woken. */
    void matchSome(Set<WatchSet> owners) {
        synchronized (lock) {
            if (watches == 0) {
                matchedAll();
                return;
            }
            int looks = MATCH_LOOKS_MAX;
            while (looks > 0 && matched < ring.next()) {
                looks = matched < ring.first() ? sweepSome(looks, owners) : matchNext(looks, owners);
            }
        }
    }

    private void matchedAll() {
        matched = ring.next();
        matching = null;
        sweep = null;
    }

    /**
     * Changes were dropped before they were matched, and nobody knows whom they concerned: whoever had not read past them
     * is to be told. Nothing later is matched before all are found, or it would be told first. By then more may have been
     * dropped, and it begins anew.
     */
    private int sweepSome(int looks, Set<WatchSet> owners) {
        Sweep current = sweep;
        if (current == null) {
            current = index.sweep();
            sweptTo = ring.first();
            matching = null;
        }
        int left = current.visit(looks, watch -> {
            if (watch.cursor() < sweptTo) {
                mark(watch, owners);
            }
        });
        sweep = current.isDone() ? null : current;
        matched = current.isDone() ? sweptTo : matched;
        return left;
    }

    /** Goes on with one change, which may concern more watches than are visited under one lock. */
    private int matchNext(int looks, Set<WatchSet> owners) {
        Matching current = matching;
        int left = looks;
        if (current == null) {
            current = index.matching(ring.get(matched));
            left -= current.cost();
        }
        long at = matched;
        left = current.visit(left, watch -> {
            if (!watch.isDirty() && at >= watch.cursor()) {
                watch.moveTo(at);
                mark(watch, owners);
            }
        });
        matching = current.isDone() ? null : current;
        matched += current.isDone() ? 1 : 0;
        return left;
    }

    private static void mark(Watch watch, Set<WatchSet> owners) {
        if (!watch.isDirty()) {
            watch.setDirty(true);
            watch.owner().dirty(watch);
            owners.add(watch.owner());
        }
    }
}
