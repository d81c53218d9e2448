package io.coordinator.client.internal.lock;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.coordinator.client.cluster.Registration;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Registrations;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.internal.async.Times;
import io.coordinator.client.internal.session.Calls;
import io.coordinator.client.lock.ExclusiveLock;
import io.coordinator.client.lock.ExclusiveLockInspection;
import io.coordinator.client.lock.ExclusiveLockListener;
import io.coordinator.client.lock.ExclusiveLockOptions;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockInspection;
import io.coordinator.client.lock.LockMode;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.LossReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lock that refreshes itself: one contender for a lock with a ttl, with listeners. */
public final class SelfRefreshing implements ExclusiveLock {
    private static final Logger log = LoggerFactory.getLogger(SelfRefreshing.class);

    /** What lies beyond ASCII stays as it is, or all names in other scripts would be one name. */
    private static final Pattern NOT_A_WORD = Pattern.compile("[\\p{ASCII}&&\\W]+");

    private static final long GAP_MILLIS_MIN = 500;

    /** What a change of leader may take with the servers' defaults: 1.5 election timeouts and a tick. */
    private static final long FAILOVER_MILLIS = 1600;

    private final LockCalls lock;
    private final LockOptions options;
    private final Terms terms;
    private final boolean strict;
    private final boolean releaseOnShutdown;
    private final SerialExecutor events;
    private final List<ExclusiveLockListener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable LockHandle> current = new AtomicReference<>();
    private final AtomicReference<@Nullable Thread> shutdownHook = new AtomicReference<>();

    /**
     * A lock that nobody has acquired through this instance yet.
     *
     * @throws ValidationException with all that is wrong with the options
     */
    public SelfRefreshing(Calls calls, UserSide user, String namespace, ExclusiveLockOptions given) {
        check(given);
        long ttl = Math.min(given.lockTtlMillis().orElse(ExclusiveLockOptions.DEFAULT_TTL_MILLIS), Times.MILLIS_MAX);
        long refresh = given.lockRefreshMillis().orElse(ExclusiveLockOptions.DEFAULT_REFRESH_MILLIS);
        String key = slug(given.keyPrefix()) + ":" + slug(given.name().orElseThrow());
        lock = new LockCalls(calls, user, namespace, key, LockMode.EXCLUSIVE);
        options = LockOptions.defaults()
                .ttl(Duration.ofMillis(ttl))
                .contents(given.lockContents().orElseThrow());
        strict = given.strictRefresh();
        releaseOnShutdown = given.releaseOnShutdown();
        terms = new Terms(ttl, 0, new Renewal(refresh, strict ? refresh : 0, new Refreshes()));
        events = new SerialExecutor(user.callbacks(), "A listener of exclusive lock " + key);
        if (ttl - refresh < FAILOVER_MILLIS) {
            log.warn(
                    "{} may be lost when the cluster changes its leader: lock_ttl_ms less lock_refresh_ms is {} ms, and that"
                            + " takes up to {} ms",
                    key,
                    ttl - refresh,
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
        return Duration.ofMillis(terms.ttlMillis());
    }

    @Override
    public Duration lockRefresh() {
        Renewal renewal = terms.renewal();
        return Duration.ofMillis(renewal == null ? 0 : renewal.everyMillis());
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
        Optional<LockHandle> granted = Await.result(lock.tryAcquire(options, terms));
        granted.ifPresent(this::acquired);
        return granted.isPresent();
    }

    private void acquired(LockHandle handle) {
        current.set(handle);
        if (releaseOnShutdown && shutdownHook.get() == null) {
            Thread hook = new Thread(this::close, "coord-release-" + key());
            if (shutdownHook.compareAndSet(null, hook)) {
                Runtime.getRuntime().addShutdownHook(hook);
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
        LockInspection inspection = Await.result(lock.inspect());
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
        return Registrations.add(listeners, listener);
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
        listeners.forEach(listener -> events.execute(() -> news.accept(listener)));
    }

    @Override
    public String toString() {
        return "[object ExclusiveLock]";
    }

    /** Tells of refreshes; on the loop. */
    private final class Refreshes implements Renewal.Listener {
        @Override
        public void renewed(long deadlineMillis) {
            tell(listener -> listener.onRefreshed(key(), terms.ttlMillis(), deadlineMillis));
        }

        @Override
        public void failed(CoordinatorException why) {
            if (strict) {
                LockHandle handle = current.getAndSet(null);
                error(why);
                if (handle != null) {
                    var unused = handle.releaseAsync().whenComplete((wasHeld, error) -> givenUp(error));
                }
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
