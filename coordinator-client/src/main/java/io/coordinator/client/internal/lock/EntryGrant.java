package io.coordinator.client.internal.lock;

import io.coordinator.client.internal.async.Await;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.lock.Grant;
import io.coordinator.client.lock.LossReason;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all handles are: an entry of a grant, for user code. */
abstract class EntryGrant implements Grant {
    private static final Logger log = LoggerFactory.getLogger(EntryGrant.class);

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    final HoldEntry entry;

    EntryGrant(HoldEntry entry) {
        this.entry = entry;
    }

    @Override
    public String namespace() {
        return entry.claim().namespace();
    }

    @Override
    public long token() {
        return entry.token();
    }

    @Override
    public boolean isHeld() {
        return entry.isHeld();
    }

    @Override
    public Optional<Duration> remaining() {
        return entry.remaining();
    }

    @Override
    public OptionalLong deadline() {
        return entry.deadline();
    }

    @Override
    public CompletionStage<LossReason> lost() {
        return entry.lost();
    }

    @Override
    public void extend(Duration ttl) {
        Await.result(entry.extend(ttl, Promises.direct()));
    }

    @Override
    public CompletionStage<Void> extendAsync(Duration ttl) {
        return entry.extend(ttl, entry.userPromises());
    }

    /** Releases the entry and tells what that found, as the caller wants to see it. */
    final <T> Promise<T> release(Promises promises, Function<Released, T> view) {
        Promise<T> answer = promises.make();
        var unused = entry.release(Promises.direct()).whenComplete((released, error) -> {
            if (error == null) {
                answer.succeed(view.apply(released));
            } else {
                answer.fail(error);
            }
        });
        return answer;
    }

    /** Whether the grant has ended by itself, by local knowledge and the local clock; false after a release. */
    final boolean isLost() {
        return entry.isLost();
    }

    @Override
    public void close() {
        var unused = letGo();
    }

    /**
     * Releases the entry, without complaints if that fails, and then it goes on in the background.
     *
     * @return false if the cluster says that the grant had ended before
     */
    final boolean letGo() {
        Promise<Released> closing = entry.release(Promises.direct());
        if (!Await.closing(closing, CLOSE_PATIENCE)) {
            log.info("The release of {} goes on in the background", entry.claim());
            return true;
        }
        return closing.isCompletedExceptionally() || closing.join().wasHeld();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + entry + "]";
    }
}
