package io.coordinator.server.watch;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The watches of one stream. */
public final class WatchSet {
    private static final long RETRY_AFTER_MILLIS = 1_000;
    /** One pull ends after so many, and then to the end of what it looks at. */
    static final int LOOKS_MAX = 2_048;
    /** Looking at a watch takes as long as at so many changes. */
    private static final int LOOKS_PER_WATCH = 8;

    private final EventHub hub;
    private final WatchLimits limits;
    private final Runnable wake;
    private final Object lock = new Object();
    /** Those of {@link #watches} that are to be pulled, in their turn; never another. */
    private Set<Watch> dirty = new LinkedHashSet<>();

    private Map<Long, Watch> watches = new HashMap<>();
    private volatile boolean closed;

    WatchSet(EventHub hub, WatchLimits limits, Runnable wake) {
        this.hub = hub;
        this.limits = limits;
        this.wake = wake;
    }

    /** Starts a watch, to be announced by {@link #pull}; if it cannot start, returns the update that says why. */
    public Optional<WatchUpdate> start(StartWatch request) {
        Error problem = problem(request);
        if (problem != null) {
            return Optional.of(refused(request, problem));
        }
        Optional<WatchUpdate> ended = hub.start(request, this);
        if (closed) {
            stop(request.getId());
        }
        return ended;
    }

    /** Ends a watch; what is under way may still arrive. */
    public void stop(long id) {
        Watch watch;
        synchronized (lock) {
            watch = watches.remove(id);
            if (watch != null) {
                dirty.remove(watch);
            }
        }
        if (watch != null) {
            hub.stop(watch);
        }
    }

    /** Ends all, at once for the stream; the hub forgets them bit by bit, for the caller can be the applying thread. */
    public void close() {
        closed = true;
        Map<Long, Watch> all;
        synchronized (lock) {
            all = watches;
            watches = new HashMap<>();
            dirty = new LinkedHashSet<>();
        }
        hub.stopAll(all.values());
    }

    /** Whether {@link #pull} may have something. */
    public boolean hasUpdates() {
        synchronized (lock) {
            return !dirty.isEmpty();
        }
    }

    /**
     * Hands over pending updates, about so many bytes of them, or fewer: it ends as well when it has looked at many
     * changes, wanted or not, or when an entry waits for the hub. By one thread at a time.
     *
     * @return how many changes it looked at, counting each watch as some; 0 if nothing was pending
     */
    public int pull(int bytes, Consumer<WatchUpdate> receiver) {
        int looks = 0;
        int left = bytes;
        while (left > 0 && looks < LOOKS_MAX && (looks == 0 || !hub.isAppending())) {
            Watch watch = nextDirty();
            if (watch == null) {
                break;
            }
            EventHub.Pulled pulled = hub.pull(watch, left);
            handOver(watch, pulled, receiver);
            left -= pulled.update().getSerializedSize();
            looks += LOOKS_PER_WATCH + pulled.looks();
        }
        return looks;
    }

    private @Nullable Watch nextDirty() {
        synchronized (lock) {
            Iterator<Watch> turn = dirty.iterator();
            if (!turn.hasNext()) {
                return null;
            }
            Watch next = turn.next();
            turn.remove();
            return next;
        }
    }

    private void handOver(Watch watch, EventHub.Pulled pulled, Consumer<WatchUpdate> receiver) {
        if (pulled.ended()) {
            stop(watch.id());
        } else if (pulled.more()) {
            dirty(watch);
        }
        if (pulled.saysSomething()) {
            receiver.accept(pulled.update());
        }
    }

    void add(Watch watch) {
        synchronized (lock) {
            watches.put(watch.id(), watch);
        }
    }

    /** To be pulled, unless it was stopped: a client can start and stop without end while it takes nothing. */
    void dirty(Watch watch) {
        synchronized (lock) {
            if (watches.get(watch.id()) == watch) {
                dirty.add(watch);
            }
        }
    }

    void wake() {
        wake.run();
    }

    private @Nullable Error problem(StartWatch request) {
        synchronized (lock) {
            if (closed || watches.size() >= limits.perStream()) {
                return tooMany("this session has " + limits.perStream() + " watches, as many as it may have");
            }
            if (watches.containsKey(request.getId())) {
                return error(ErrorCode.EINVAL, "watch id " + request.getId() + " is in use on this stream");
            }
        }
        if (request.getKey().isEmpty() && !request.getPrefix()) {
            return error(ErrorCode.EINVAL, "a watch needs a key, or prefix");
        }
        return limits.gate().refuse(request).orElse(null);
    }

    static WatchUpdate refused(StartWatch request, Error problem) {
        return WatchUpdate.newBuilder().setId(request.getId()).setEnded(problem).build();
    }

    static Error tooMany(String problem) {
        return error(ErrorCode.EBUSY, problem + "; end some, or watch a prefix instead of its keys").toBuilder()
                .setRetryAfterMillis(RETRY_AFTER_MILLIS)
                .build();
    }

    private static Error error(ErrorCode code, String message) {
        return Error.newBuilder().setCode(code).setMessage(message).build();
    }
}
