package io.coordinator.server.watch;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The watches of one stream. */
public final class WatchSet {
    private static final long RETRY_AFTER_MILLIS = 1_000;

    private final EventHub hub;
    private final WatchLimits limits;
    private final Runnable wake;
    private final Map<Long, Watch> watches = new HashMap<>();
    private final Queue<Watch> dirty = new ConcurrentLinkedQueue<>();
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
        synchronized (watches) {
            watch = watches.remove(id);
        }
        if (watch != null) {
            hub.stop(watch);
        }
    }

    /** Ends all. */
    public void close() {
        closed = true;
        Map<Long, Watch> all;
        synchronized (watches) {
            all = new HashMap<>(watches);
            watches.clear();
        }
        all.values().forEach(hub::stop);
    }

    /** Whether {@link #pull} may have something. */
    public boolean hasUpdates() {
        return !dirty.isEmpty();
    }

    /**
     * Hands over pending updates, about so many bytes of them. By one thread at a time.
     *
     * @return true if anything was handed over
     */
    public boolean pull(int bytes, Consumer<WatchUpdate> receiver) {
        boolean any = false;
        int left = bytes;
        while (left > 0) {
            Watch watch = dirty.poll();
            if (watch == null) {
                break;
            }
            left -= pull(watch, left, receiver);
            any = true;
        }
        return any;
    }

    private int pull(Watch watch, int bytes, Consumer<WatchUpdate> receiver) {
        synchronized (watches) {
            if (watches.get(watch.id()) != watch) {
                return 0;
            }
        }
        EventHub.Pulled pulled = hub.pull(watch, bytes);
        if (pulled.ended()) {
            stop(watch.id());
        } else if (pulled.more()) {
            dirty.add(watch);
        }
        if (pulled.saysSomething()) {
            receiver.accept(pulled.update());
        }
        return pulled.update().getSerializedSize();
    }

    void add(Watch watch) {
        synchronized (watches) {
            watches.put(watch.id(), watch);
        }
    }

    void dirty(Watch watch) {
        dirty.add(watch);
    }

    void wake() {
        wake.run();
    }

    private @Nullable Error problem(StartWatch request) {
        synchronized (watches) {
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
