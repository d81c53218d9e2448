package io.coordinator.server.watch;

import io.coordinator.protocol.Change;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * All watches of this node over rings of recent changes, one for each kind of data: no kind drops what watches of
 * another
 * have not read. A watch is a cursor, so a stalled watcher costs no memory; one that falls off the ring of a kind that
 * it
 * selects is told so. The applying thread only appends; matching and delivery run on a thread of their own.
 */
public final class EventHub implements AutoCloseable {
    /** The most changes that are looked at under the lock at once. */
    private static final int SCAN_MAX = 1_024;
    /** The most watches and topics that are looked at under the lock at once, to find whom changes concern. */
    private static final int MATCH_LOOKS_MAX = 1_024;
    /** The most of them before the next kind of data has its turn. */
    private static final int KIND_LOOKS_MAX = 256;
    /** The most watches of streams that have ended that are forgotten under the lock at once. */
    static final int LEAVING_MAX = 256;

    private final WatchLimits limits;
    private final Object lock = new Object();
    /** Entries that wait for the lock. */
    private final AtomicInteger appending = new AtomicInteger();

    private final Map<DataKind, KindHub> kinds = new EnumMap<>(DataKind.class);
    /** Whose turn it is to be matched. */
    private Iterator<KindHub> turns = Collections.emptyIterator();

    private final Leaving leaving = new Leaving();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder compacted = new LongAdder();
    private final Thread notifier;
    /** The position of the next change. */
    private long next;

    private long revision;
    private int watches;
    private boolean closed;

    /**
     * A hub without watches.
     *
     * @param changesMax the most changes of each kind of data that are kept
     * @param bytesMax the heap that those of each kind may take, as estimated
     * @param revision of the state at start; earlier changes cannot be watched
     * @param broken told when delivery has died of a bug
     */
    public EventHub(WatchLimits limits, int changesMax, long bytesMax, long revision, Consumer<Throwable> broken) {
        this.limits = limits;
        for (DataKind kind : DataKind.values()) {
            kinds.put(kind, new KindHub(kind, new ChangeRing(changesMax, bytesMax, 0, revision)));
        }
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
            boolean watched = false;
            for (Change change : changes) {
                KindHub kind = kind(change.getData());
                kind.append(next, change);
                next++;
                watched |= kind.isWatched();
            }
            revision = changes.get(changes.size() - 1).getRevision();
            if (watched) {
                lock.notifyAll();
            }
        }
    }

    /**
     * The state was replaced by a snapshot: what happened in between is not known, and all watches end. They do so bit
     * by bit,
     * on the hub's own thread: no cursor is in a ring any more, as if all changes had been dropped.
     */
    public void reset(long newRevision) {
        synchronized (lock) {
            next++;
            revision = newRevision;
            kinds.values().forEach(kind -> kind.restart(next, newRevision));
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
            return heapOfWatches();
        }
    }

    /** The heap that the recent changes of a kind of data take, as estimated. */
    public long ringBytes(DataKind kind) {
        synchronized (lock) {
            return kind(kind).ring().bytes();
        }
    }

    /** Changes handed to streams, counted once for each watch. */
    public long delivered() {
        return delivered.sum();
    }

    /** Watches that fell off a ring. */
    public long compacted() {
        return compacted.sum();
    }

    /** Whether everyone whom the changes up to that revision concern is to be sent them by now, or has been. */
    public boolean hasMatched(long upTo) {
        synchronized (lock) {
            return kinds.values().stream().allMatch(kind -> kind.hasMatched(upTo));
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
            if (heapOfWatches() >= limits.bytes()) {
                return Optional.of(WatchSet.refused(
                        request,
                        WatchSet.tooMany("the watches of this node take " + limits.bytes()
                                + " bytes with their names, as much as they may")));
            }
            long from = request.getFromRevision() == 0 ? revision + 1 : request.getFromRevision();
            Selection selection = selection(request);
            if (from <= selection.floorRevision()) {
                compacted.increment();
                return Optional.of(ended(request.getId(), selection));
            }
            Topic topic = selection.kind(0).shared(Topic.of(request));
            long cursor = selection.changesOf(from).positionOr(next);
            Watch watch = new Watch(request.getId(), topic, selection, from, owner, cursor);
            remember(watch);
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

    private void remember(Watch watch) {
        for (int place = 0; place < watch.selection().size(); place++) {
            watch.selection().kind(place).add(watch);
        }
        watches++;
    }

    private void forget(Watch watch) {
        for (int place = 0; place < watch.selection().size(); place++) {
            watch.selection().kind(place).remove(watch);
        }
        watches--;
    }

    private Selection selection(StartWatch request) {
        if (request.getMoreDataCount() == 0) {
            return kind(request.getData()).itself();
        }
        Set<DataKind> selected = EnumSet.of(request.getData());
        selected.addAll(request.getMoreDataList());
        return new Selection(selected.stream().map(this::kind).toArray(KindHub[]::new));
    }

    private KindHub kind(DataKind kind) {
        return Objects.requireNonNull(kinds.get(kind));
    }

    private long heapOfWatches() {
        long bytes = 0;
        for (KindHub kind : kinds.values()) {
            bytes += kind.watchBytes();
        }
        return bytes;
    }

    /** Whether an entry waits for what pulls keep locked. */
    boolean isAppending() {
        return appending.get() > 0;
    }

    /** The next changes for a dirty watch; afterwards it is clean, or to be asked again. */
    Pulled pull(Watch watch, int bytes) {
        synchronized (lock) {
            if (watch.isBehind()) {
                compacted.increment();
                return new Pulled(ended(watch.id(), watch.selection()), 0, false, true);
            }
            WatchUpdate.Builder update = WatchUpdate.newBuilder().setId(watch.id());
            if (watch.announce()) {
                update.setStarted(true).setRevision(watch.fromRevision() - 1);
                return new Pulled(update.build(), 0, true, false);
            }
            MergedChanges unread = watch.unread();
            int looks = scan(watch, unread, update, bytes);
            boolean more = unread.hasNext();
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
    private int scan(Watch watch, MergedChanges changes, WatchUpdate.Builder update, int bytes) {
        long last = 0;
        int scanned = 0;
        int size = 0;
        while (changes.hasNext()) {
            if ((scanned >= SCAN_MAX || size >= bytes) && changes.peek().getRevision() != last) {
                break;
            }
            Change change = changes.next();
            last = change.getRevision();
            scanned++;
            if (last >= watch.fromRevision() && watch.topic().matches(change)) {
                update.addChanges(change);
                size += change.getSerializedSize();
            }
        }
        update.setRevision(Math.max(last, watch.fromRevision() - 1));
        watch.moveTo(changes.positionOr(next));
        return scanned;
    }

    private WatchUpdate ended(long id, Selection selection) {
        return WatchUpdate.newBuilder()
                .setId(id)
                .setRevision(revision)
                .setEnded(Error.newBuilder()
                        .setCode(ErrorCode.ECOMPACTED)
                        .setMessage(
                                "older changes are gone; read the keys again and watch from the revision of that read")
                        .setOldestRevision(selection.floorRevision() + 1))
                .build();
    }

    private void notifyWatches() {
        while (true) {
            Set<WatchSet> owners = new LinkedHashSet<>();
            synchronized (lock) {
                while (!isBehind() && leaving.isEmpty() && !closed) {
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

    /** Looks at so many watches and topics at most, kind after kind, and adds those who are to be woken. */
    void matchSome(Set<WatchSet> owners) {
        synchronized (lock) {
            int looks = MATCH_LOOKS_MAX;
            while (looks > 0 && isBehind()) {
                if (!turns.hasNext()) {
                    turns = kinds.values().iterator();
                }
                int turn = Math.min(looks, KIND_LOOKS_MAX);
                looks -= turn - turns.next().match(turn, owners);
            }
        }
    }

    /** Whether there are changes of which it is not known yet whom they concern. */
    boolean isBehind() {
        synchronized (lock) {
            for (KindHub kind : kinds.values()) {
                if (kind.isBehind()) {
                    return true;
                }
            }
            return false;
        }
    }
}
