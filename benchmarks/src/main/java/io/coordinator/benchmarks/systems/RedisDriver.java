package io.coordinator.benchmarks.systems;

import io.coordinator.benchmarks.harness.FanOutDriver;
import io.coordinator.benchmarks.harness.GroupDriver;
import io.coordinator.benchmarks.harness.KeyDriver;
import io.coordinator.benchmarks.harness.MessageReceiver;
import io.coordinator.benchmarks.harness.MessageSink;
import io.coordinator.benchmarks.harness.PublishDriver;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RBucketAsync;
import org.redisson.api.RLockAsync;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.Config;

/**
 * One Redisson client with its default settings, through its asynchronous API. A lock belongs to a slot, which Redisson
 * takes for a thread.
 */
final class RedisDriver implements KeyDriver, PublishDriver, GroupDriver, FanOutDriver {
    private static final long LEASE_SECONDS = 30;

    private final RedissonClient redisson;

    private final String address;

    private RedisDriver(RedissonClient redisson, String address) {
        this.redisson = redisson;
        this.address = address;
    }

    static RedisDriver connect(String address) {
        String url = "redis://" + address;
        Config config = new Config();
        config.useSingleServer().setAddress(url);
        return new RedisDriver(Redisson.create(config), url);
    }

    private RBucketAsync<byte[]> bucket(String key) {
        return redisson.getBucket(key, ByteArrayCodec.INSTANCE);
    }

    private RLockAsync lock(String name) {
        return redisson.getLock("lock/" + name);
    }

    @Override
    public void prepare(List<String> keys, List<String> locks, byte[] value, Duration timeout) throws Exception {
        FewAtATime.forEach(keys, key -> put(key, value), timeout);
    }

    @Override
    public CompletionStage<Void> put(String key, byte[] value) {
        return bucket(key).setAsync(value);
    }

    @Override
    public CompletionStage<Void> get(String key) {
        return bucket(key).getAsync().thenAccept(found -> {
            if (found == null) {
                throw new NoSuchElementException(key);
            }
        });
    }

    @Override
    public CompletionStage<Void> lockUnlock(String name) {
        return lockUnlockContended(name, 1);
    }

    @Override
    public CompletionStage<Void> lockUnlockContended(String name, int slot) {
        RLockAsync lock = lock(name);
        return lock.lockAsync(LEASE_SECONDS, TimeUnit.SECONDS, slot + 1L)
                .thenCompose(locked -> lock.unlockAsync(slot + 1L));
    }

    /** One by one in order, as its users would have to for a lock that nobody waits for in vain. */
    @Override
    public CompletionStage<Void> lockUnlockAll(List<String> names, int slot) {
        CompletableFuture<Void> held = CompletableFuture.completedFuture(null);
        for (String name : names) {
            held = held.thenCompose(before -> lock(name).lockAsync(LEASE_SECONDS, TimeUnit.SECONDS, slot + 1L));
        }
        return held.thenCompose(all -> CompletableFuture.allOf(names.stream()
                .map(name -> lock(name).unlockAsync(slot + 1L).toCompletableFuture())
                .toArray(CompletableFuture[]::new)));
    }

    /** Get, lock, look again, set, unlock. */
    @Override
    public CompletionStage<Void> getOrBuild(String key, byte[] value, int slot) {
        return bucket(key)
                .getAsync()
                .thenCompose(found -> found == null ? buildUnderLock(key, value, slot + 1L) : done());
    }

    private CompletionStage<Void> buildUnderLock(String key, byte[] value, long owner) {
        RLockAsync lock = lock(key);
        return lock.lockAsync(LEASE_SECONDS, TimeUnit.SECONDS, owner)
                .thenCompose(locked -> bucket(key).getAsync())
                .thenCompose(again -> again == null ? bucket(key).setAsync(value) : done())
                .thenCompose(built -> lock.unlockAsync(owner));
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public MessageSink openTopic() throws Exception {
        return RedisStream.open(redisson);
    }

    @Override
    public AutoCloseable consume(List<byte[]> backlog, int members, MessageReceiver receiver) throws Exception {
        return RedisGroup.consume(redisson, backlog, members, receiver);
    }

    @Override
    public MessageSink openFanOut(int subscribers, MessageReceiver receiver) throws Exception {
        return RedisFanOut.open(redisson, address, subscribers, receiver);
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
