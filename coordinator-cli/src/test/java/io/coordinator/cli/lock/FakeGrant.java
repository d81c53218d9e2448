package io.coordinator.cli.lock;

import io.coordinator.client.LockHandle;
import io.coordinator.client.LockMode;
import io.coordinator.client.LossReason;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A grant that is lost when a test says so. */
final class FakeGrant implements LockHandle {
    private final CompletableFuture<LossReason> lost = new CompletableFuture<>();

    void lose() {
        lost.complete(LossReason.TTL_ELAPSED);
    }

    @Override
    public String namespace() {
        return "default";
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public long token() {
        return 7;
    }

    @Override
    public boolean isHeld() {
        return !lost.isDone();
    }

    @Override
    public Optional<Duration> remaining() {
        return Optional.empty();
    }

    @Override
    public CompletionStage<LossReason> lost() {
        return lost;
    }

    @Override
    public void extend(Duration ttl) {}

    @Override
    public CompletionStage<Void> extendAsync(Duration ttl) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public boolean release() {
        return isHeld();
    }

    @Override
    public CompletionStage<Boolean> releaseAsync() {
        return CompletableFuture.completedFuture(isHeld());
    }

    @Override
    public LockMode mode() {
        return LockMode.EXCLUSIVE;
    }

    @Override
    public OptionalLong deadline() {
        return OptionalLong.empty();
    }

    @Override
    public void downgrade() {
        throw new UnsupportedOperationException("nobody reads here");
    }

    @Override
    public CompletionStage<Void> downgradeAsync() {
        throw new UnsupportedOperationException("nobody reads here");
    }

    @Override
    public void close() {}
}
