package io.coordinator.benchmarks.harness;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/**
 * Members of a group that consume a backlog. An operation is a message that was received and acknowledged; each counts
 * once, and a message that comes again after that is a failure. The latency is the time since its member acknowledged
 * the one before.
 */
final class GroupLoad implements Load, MessageReceiver {
    /** The part of the backlog that may go on warming up. */
    private static final int WARM_UP_PART = 5;

    private final int backlog;
    private final CurrentSamples samples;
    private final AtomicIntegerArray seen;
    private final AtomicLongArray lastAt;
    private final CountDownLatch left;
    private final CountDownLatch leftOfWarmUp;
    private AutoCloseable members = () -> {};

    GroupLoad(int backlog, int members, Samples first) {
        this.backlog = backlog;
        this.samples = new CurrentSamples(first);
        this.seen = new AtomicIntegerArray(backlog);
        this.lastAt = new AtomicLongArray(members);
        this.left = new CountDownLatch(backlog);
        this.leftOfWarmUp = new CountDownLatch(backlog / WARM_UP_PART);
    }

    static Load start(GroupDriver driver, Dataset data, int members, Samples first) throws Exception {
        SplittableRandom random = new SplittableRandom(0);
        List<byte[]> messages = IntStream.range(0, data.backlog())
                .mapToObj(i -> Numbered.with(data.value(random), i))
                .toList();
        GroupLoad load = new GroupLoad(messages.size(), members, first);
        load.members = driver.consume(messages, members, load);
        return load;
    }

    @Override
    public void received(int member, byte[] message) {
        long now = System.nanoTime();
        try {
            requireFirst(Numbered.of(message));
        } catch (IllegalArgumentException | IllegalStateException e) {
            samples.failure(e);
            return;
        }
        long before = lastAt.getAndSet(member, now);
        // A member's first message has none before it; and two threads may bring it messages at once.
        samples.success(before == 0 ? 0 : Math.max(0, now - before));
        left.countDown();
        leftOfWarmUp.countDown();
    }

    private void requireFirst(long number) {
        if (number < 0 || number >= backlog) {
            throw new IllegalStateException("message " + number + " was consumed, but never published");
        }
        if (!seen.compareAndSet((int) number, 0, 1)) {
            throw new IllegalStateException("message " + number + " was consumed twice");
        }
    }

    @Override
    public void recordInto(Samples next) {
        samples.replace(next);
    }

    @Override
    public boolean await(Duration time) throws InterruptedException {
        return left.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public boolean awaitWarm(Duration time) throws InterruptedException {
        return leftOfWarmUp.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The members go on until they are closed; what is left of the backlog was not asked for. */
    @Override
    public long stop(Duration patience) {
        return 0;
    }

    @Override
    public void close() throws Exception {
        members.close();
    }
}
