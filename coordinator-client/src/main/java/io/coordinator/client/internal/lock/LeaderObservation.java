package io.coordinator.client.internal.lock;

import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.internal.async.SerialExecutor;
import io.coordinator.client.lock.Leader;
import io.coordinator.client.lock.LeaderListener;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Watches who leads. Each change of the lock makes it look, as does each start of the watch; so whatever it missed in
 * between, it ends at what holds. One look at a time; its state changes on its serial executor only.
 */
final class LeaderObservation implements Subscription, WatchListener {
    private final ElectionCalls election;
    private final BiFunction<WatchOptions, WatchListener, Subscription> watches;
    private final LeaderListener listener;
    private final SerialExecutor serial;
    private final Promise<Long> started;
    private volatile boolean active = true;
    private volatile long revision;
    private volatile @Nullable Subscription watch;

    // On the serial executor.
    private boolean looking;
    private boolean lookAgain;
    private boolean toldOnce;
    private Optional<Leader> told = Optional.empty();

    LeaderObservation(
            ElectionCalls election,
            BiFunction<WatchOptions, WatchListener, Subscription> watches,
            Executor callbacks,
            LeaderListener listener) {
        this.election = election;
        this.watches = watches;
        this.listener = listener;
        this.serial = new SerialExecutor(
                callbacks, "The listener " + listener.getClass().getName() + " of election " + election.name());
        this.started = Promises.on(callbacks).makeShared();
    }

    void start() {
        Subscription current =
                watches.apply(WatchOptions.lockName(election.name()).namespace(election.namespace()), this);
        watch = current;
        if (!active) {
            current.close(); // It was closed meanwhile.
        }
    }

    @Override
    public CompletionStage<Long> started() {
        return started;
    }

    @Override
    public boolean isActive() {
        return active;
    }

    @Override
    public boolean isCurrent() {
        Subscription current = watch;
        return active && current != null && current.isCurrent();
    }

    @Override
    public long lastRevision() {
        return revision;
    }

    @Override
    public void close() {
        active = false;
        Subscription current = watch;
        if (current != null) {
            current.close();
        }
    }

    @Override
    public void onStarted(long startRevision) {
        revision = Math.max(revision, startRevision);
        started.succeed(startRevision);
        serial.execute(this::look);
    }

    @Override
    public void onChange(ChangeEvent event) {
        revision = event.revision();
        serial.execute(this::look);
    }

    @Override
    public void onCompacted(long oldestRevision) {
        if (active) {
            start(); // What was missed does not matter: it looks when the watch has started.
        }
    }

    @Override
    public void onError(CoordinatorException error) {
        started.fail(error);
        serial.execute(() -> fail(error));
    }

    private void fail(CoordinatorException error) {
        if (active) {
            close();
            listener.onError(error);
        }
    }

    private void look() {
        if (looking) {
            lookAgain = true;
            return;
        }
        looking = true;
        lookAgain = false;
        var unused = election.leader()
                .whenComplete((leader, error) -> serial.execute(() -> {
                    looking = false;
                    if (error == null) {
                        seen(leader);
                    } else if (error instanceof CoordinatorException why) {
                        notSeen(why);
                    }
                }));
    }

    private void seen(Optional<Leader> leader) {
        if (!active) {
            return;
        }
        if (!toldOnce || !told.map(Leader::epoch).equals(leader.map(Leader::epoch))) {
            toldOnce = true;
            told = leader;
            serial.execute(() -> listener.onLeader(leader)); // Apart, so that what it throws stops nothing else.
        }
        if (lookAgain) {
            look();
        }
    }

    /** A look that failed is made again, unless it would fail again. */
    private void notSeen(CoordinatorException why) {
        if (active && why.retryable()) {
            look();
        } else {
            fail(why);
        }
    }
}
