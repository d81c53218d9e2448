package io.coordinator.client.internal.lock;

import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.lock.AsyncLeaderElection;
import io.coordinator.client.lock.Leader;
import io.coordinator.client.lock.LeaderListener;
import io.coordinator.client.lock.Leadership;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockInspection;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.option.Guard;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchListener;
import io.coordinator.client.watch.WatchOptions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** An election: a lock whose holder leads. */
public final class ElectionCalls implements AsyncLeaderElection {
    private final LockCalls lock;
    private final BiFunction<WatchOptions, WatchListener, Subscription> watches;

    /** An election over a lock. */
    public ElectionCalls(LockCalls lock, BiFunction<WatchOptions, WatchListener, Subscription> watches) {
        this.lock = lock;
        this.watches = watches;
    }

    @Override
    public String namespace() {
        return lock.namespace();
    }

    @Override
    public String name() {
        return lock.name();
    }

    @Override
    public Promise<Leadership> campaign() {
        return leading(lock.acquire());
    }

    @Override
    public Promise<Leadership> campaign(Object contents) {
        return leading(lock.acquire(LockOptions.defaults().contents(contents)));
    }

    @Override
    public Promise<Optional<Leadership>> tryCampaign(Object contents, Duration wait) {
        return map(
                lock.tryAcquire(LockOptions.defaults().contents(contents).wait(wait)),
                granted -> granted.map(Led::new),
                granted -> granted.ifPresent(LockHandle::releaseAsync));
    }

    private Promise<Leadership> leading(Promise<LockHandle> acquired) {
        return map(acquired, Led::new, LockHandle::releaseAsync);
    }

    @Override
    public Promise<Optional<Leader>> leader() {
        return map(lock.inspect(), ElectionCalls::leader, inspection -> {});
    }

    private static Optional<Leader> leader(LockInspection inspection) {
        return inspection
                .holder()
                .map(hold -> new Leader(hold.token(), hold.contents(), hold.clientName(), hold.sessionId()));
    }

    @Override
    public Subscription observe(LeaderListener listener) {
        LeaderObservation observation =
                new LeaderObservation(this, watches, lock.user().callbacks(), listener);
        observation.start();
        return observation;
    }

    /** The same outcome in another shape; cancelling it cancels the original. */
    private <A, B> Promise<B> map(Promise<A> source, Function<A, B> shape, Consumer<A> unwanted) {
        Promise<B> result = lock.calls().promises().make();
        var unused = source.whenComplete((value, error) -> {
            if (error == null) {
                result.succeed(shape.apply(value), () -> unwanted.accept(value));
            } else {
                result.fail(error);
            }
        });
        result.onCancel(() -> source.cancel(true));
        return result;
    }

    /** Leadership as a grant. */
    private record Led(LockHandle handle) implements Leadership {
        @Override
        public long epoch() {
            return handle.token();
        }

        @Override
        public boolean isLeader() {
            return handle.isHeld();
        }

        @Override
        public CompletionStage<LossReason> lost() {
            return handle.lost();
        }

        @Override
        public Guard guard() {
            return handle.guard();
        }

        @Override
        public boolean resign() {
            return handle.release();
        }

        @Override
        public CompletionStage<Boolean> resignAsync() {
            return handle.releaseAsync();
        }

        @Override
        public void close() {
            handle.close();
        }
    }
}
