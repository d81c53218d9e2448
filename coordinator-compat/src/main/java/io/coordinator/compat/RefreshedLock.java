package io.coordinator.compat;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.Registration;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockInspection;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.lock.RenewalListener;
import io.coordinator.client.lock.RenewalOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lock that refreshes itself: one contender for a lock with a ttl, with listeners. */
final class RefreshedLock implements ExclusiveLock {
    private static final Logger log = LoggerFactory.getLogger(RefreshedLock.class);

    /** What lies beyond ASCII stays as it is, or all names in other scripts would be one name. */
    private static final Pattern NOT_A_WORD = Pattern.compile("[\\p{ASCII}&&\\W]+");

    private static final long GAP_MILLIS_MIN = 500;

    /** What a change of leader may take with the servers' defaults: 1.5 election timeouts and a tick. */
    private static final long FAILOVER_MILLIS = 1600;

    private final DistributedLock lock;
    private final LockOptions options;
    private final Duration ttl;
    private final RenewalOptions refresh;
    private final boolean strict;
    private final boolean releaseOnShutdown;
    private final EventOrder events;
    private final List<Place> listeners = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable LockHandle> current = new AtomicReference<>();
    private final AtomicReference<@Nullable Thread> shutdownHook = new AtomicReference<>();

    /**
     * A lock that nobody has acquired through this instance yet.
     *
     * @throws ValidationException with all that is wrong with the options
     */
    RefreshedLock(CoordinatorClient client, ExclusiveLockOptions given) {
        check(given);
        long ttlMillis = given.lockTtlMillis().orElse(ExclusiveLockOptions.DEFAULT_TTL_MILLIS);
        long refreshMillis = given.lockRefreshMillis().orElse(ExclusiveLockOptions.DEFAULT_REFRESH_MILLIS);
        ttl = Duration.ofMillis(Checks.millis(Duration.ofMillis(ttlMillis)));
        strict = given.strictRefresh();
        Duration interval = Duration.ofMillis(refreshMillis);
        refresh = strict ? RenewalOptions.every(interval).patience(interval) : RenewalOptions.every(interval);
        lock = client.lock(slug(given.keyPrefix()) + ":" + slug(given.name().orElseThrow()));
        options = LockOptions.defaults().ttl(ttl).contents(given.lockContents().orElseThrow());
        releaseOnShutdown = given.releaseOnShutdown();
        events = new EventOrder(client.callbackExecutor(), "exclusive lock " + key());
        warnOfFailover(ttlMillis - refreshMillis);
    }

    private void warnOfFailover(long gapMillis) {
        if (gapMillis < FAILOVER_MILLIS) {
            log.warn(
                    "{} may be lost when the cluster changes its leader: lock_ttl_ms less lock_refresh_ms is {} ms,"
                            + " and that takes up to {} ms",
                    key(),
                    gapMillis,
                    FAILOVER_MILLIS);
        }
    }

    private static void check(ExclusiveLockOptions given) {
        List<ValidationException.Problem> problems = new ArrayList<>();
        if (given.name().isEmpty()) {
            problems.add(new ValidationException.Problem("/name", "must have required property 'name'"));
        } else if (given.name().get().isEmpty()) {
            problems.add(new ValidationException.Problem("/name", "must NOT have fewer than 1 characters, but is ''"));
        }
        if (given.lockContents().isEmpty()) {
            problems.add(new ValidationException.Problem("/lock_contents", "must not be null"));
        }
        if (given.lockTtlMillis().isPresent() && given.lockRefreshMillis().isEmpty()) {
            problems.add(new ValidationException.Problem(
                    "/lock_refresh_ms", "must have property lock_refresh_ms when property lock_ttl_ms is present"));
        }
        if (given.lockRefreshMillis().isPresent() && given.lockTtlMillis().isEmpty()) {
            problems.add(new ValidationException.Problem(
                    "/lock_ttl_ms", "must have property lock_ttl_ms when property lock_refresh_ms is present"));
        }
        if (given.lockRefreshMillis().orElse(1) < 1) {
            problems.add(new ValidationException.Problem("/lock_refresh_ms", atLeastOne(given.lockRefreshMillis())));
        }
        if (given.lockTtlMillis().orElse(1) < 1) {
            problems.add(new ValidationException.Problem("/lock_ttl_ms", atLeastOne(given.lockTtlMillis())));
        }
        if (!problems.isEmpty()) {
            String message = "Input validation failed: "
                    + problems.stream()
                            .map(problem -> problem.path().substring(1) + " " + problem.message())
                            .collect(Collectors.joining("; "));
            log.error("{}", message);
            throw new ValidationException(message, problems);
        }
        checkGap(given);
    }

    private static String atLeastOne(OptionalLong value) {
        return "must be at least 1, but is " + value.orElseThrow();
    }

    private static void checkGap(ExclusiveLockOptions given) {
        long ttl = given.lockTtlMillis().orElse(ExclusiveLockOptions.DEFAULT_TTL_MILLIS);
        long refresh = given.lockRefreshMillis().orElse(ExclusiveLockOptions.DEFAULT_REFRESH_MILLIS);
        if (ttl - refresh < GAP_MILLIS_MIN) {
            String meta = "lock_ttl_ms=" + ttl + ", lock_refresh_ms=" + refresh + ", diff=" + (ttl - refresh);
            throw new ValidationException(
                    "lock_refresh_ms must be at least 500ms less than lock_ttl_ms, but " + meta,
                    List.of(new ValidationException.Problem("/lock_refresh_ms", meta)));
        }
    }

    private static String slug(String text) {
        return NOT_A_WORD.matcher(text).replaceAll("-");
    }

    // ---- state ----

    @Override
    public String key() {
        return lock.name();
    }

    @Override
    public Duration lockTtl() {
        return ttl;
    }

    @Override
    public Duration lockRefresh() {
        return refresh.interval();
    }

    @Override
    public boolean isAcquired() {
        LockHandle handle = current.get();
        return handle != null && handle.isHeld();
    }

    @Override
    public OptionalLong token() {
        LockHandle handle = current.get();
        return handle != null && handle.isHeld() ? OptionalLong.of(handle.token()) : OptionalLong.empty();
    }

    // ---- acquire and release ----

    @Override
    public boolean acquire() {
        if (isAcquired()) {
            log.warn("{}: lock is already acquired. Must call release() first.", key());
            return true;
        }
        Refreshes refreshes = new Refreshes();
        Optional<LockHandle> granted = lock.tryAcquire(options.renewal(refresh.listener(refreshes)));
        granted.ifPresent(handle -> {
            acquired(handle);
            refreshes.of.complete(handle);
        });
        return granted.isPresent();
    }

    private void acquired(LockHandle handle) {
        current.set(handle);
        if (releaseOnShutdown && shutdownHook.get() == null) {
            Thread hook = new Thread(this::close, "coord-release-" + key());
            if (shutdownHook.compareAndSet(null, hook)) {
                addHook(hook);
            }
        }
        tell(listener -> listener.onAcquired(key(), handle.token()));
        var unused = handle.lost().thenAccept(reason -> lost(handle, reason));
    }

    @Override
    public void release() {
        LockHandle handle = current.getAndSet(null);
        if (handle != null) {
            boolean wasHeld = handle.release();
            if (wasHeld) {
                tell(listener -> listener.onReleased(key(), ExclusiveLockListener.ReleaseReason.RELEASED));
            }
        }
    }

    @Override
    public void close() {
        removeHook();
        LockHandle handle = current.getAndSet(null);
        if (handle != null) {
            boolean wasHeld = handle.isHeld();
            handle.close();
            if (wasHeld) {
                tell(listener -> listener.onReleased(key(), ExclusiveLockListener.ReleaseReason.RELEASED));
            }
        }
    }

    private void addHook(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) {
            log.debug("The JVM shuts down already; {} is released by its holder, or by its ttl", key(), e);
        }
    }

    private void removeHook() {
        Thread hook = shutdownHook.getAndSet(null);
        if (hook != null && hook != Thread.currentThread()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                log.debug("The JVM shuts down already", e);
            }
        }
    }

    @Override
    public Optional<ExclusiveLockInspection> inspect() {
        LockInspection inspection = lock.inspect();
        return inspection
                .holder()
                .map(hold -> new ExclusiveLockInspection(
                        hold.endsAtMillis() == 0
                                ? 0
                                : Math.max(0, hold.endsAtMillis() - inspection.clusterTimeMillis()),
                        hold.description().orElse(MissingNode.getInstance()),
                        hold.sessionId(),
                        hold.clientName(),
                        hold.token(),
                        inspection.waiterCount()));
    }

    // ---- events ----

    @Override
    public Registration addListener(ExclusiveLockListener listener) {
        Place place = new Place(requireNonNull(listener, "listener"));
        listeners.add(place);
        return () -> listeners.remove(place);
    }

    private void lost(LockHandle handle, LossReason reason) {
        current.compareAndSet(handle, null);
        if (reason != LossReason.CLIENT_CLOSED) {
            error(new LockExtendException("the lock " + key() + " is lost: " + reason));
        }
        tell(listener -> listener.onLost(key(), reason));
        tell(listener -> listener.onReleased(key(), ExclusiveLockListener.ReleaseReason.LOST));
    }

    private void error(CoordinatorException why) {
        if (listeners.isEmpty()) {
            log.error("{}", why.getMessage());
        }
        tell(listener -> listener.onError(key(), why));
    }

    private void tell(Consumer<ExclusiveLockListener> news) {
        listeners.forEach(place -> events.add(() -> news.accept(place.listener)));
    }

    @Override
    public String toString() {
        return "[object ExclusiveLock]";
    }

    /** Where a listener is; one that was added twice has two. */
    private static final class Place {
        private final ExclusiveLockListener listener;

        Place(ExclusiveLockListener listener) {
            this.listener = listener;
        }
    }

    /** Tells of the refreshes of one grant, after it was told that it is acquired. */
    private final class Refreshes implements RenewalListener {
        private final CompletableFuture<LockHandle> of = new CompletableFuture<>();

        @Override
        public void onRenewed(long deadlineMillis) {
            var unused = of.thenAccept(
                    handle -> tell(listener -> listener.onRefreshed(key(), ttl.toMillis(), deadlineMillis)));
        }

        @Override
        public void onFailed(CoordinatorException why) {
            if (strict) {
                var unused = of.thenAccept(handle -> giveUp(handle, why));
            }
        }

        private void giveUp(LockHandle handle, CoordinatorException why) {
            if (current.compareAndSet(handle, null)) {
                error(why);
                Stages.whenDone(handle.releaseAsync(), (wasHeld, error) -> givenUp(error));
            }
        }

        private void givenUp(@Nullable Throwable error) {
            if (error instanceof CoordinatorException why) {
                error(why);
            }
            tell(listener -> listener.onReleased(key(), ExclusiveLockListener.ReleaseReason.LOST));
        }
    }
}
