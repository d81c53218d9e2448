package io.coordinator.client.fake;

import io.coordinator.client.internal.net.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** A loop on the test's own thread whose clock the test moves. */
public final class HandLoop implements Loop {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final PriorityQueue<Timed> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timed::dueNanos).thenComparingLong(Timed::number));
    private long nanos = TimeUnit.DAYS.toNanos(1);
    private long timersSet;

    private record Timed(long dueNanos, long number, Runnable task) {}

    /** Runs what is to run soon. */
    public void run() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Lets time pass, with everything that is due meanwhile. */
    public void pass(Duration time) {
        long end = nanos + time.toNanos();
        run();
        for (Timed next = timers.peek(); next != null && next.dueNanos() <= end; next = timers.peek()) {
            timers.remove();
            nanos = Math.max(nanos, next.dueNanos());
            next.task().run();
            run();
        }
        nanos = end;
    }

    /** Lets time pass while the process is stopped: what was due meanwhile runs when time passes again. */
    public void stop(Duration time) {
        nanos += time.toNanos();
    }

    @Override
    public long nanoTime() {
        return nanos;
    }

    @Override
    public boolean inLoop() {
        return true;
    }

    @Override
    public boolean offer(Runnable task) {
        tasks.add(task);
        return true;
    }

    @Override
    public Timer schedule(Runnable task, long delayNanos) {
        Timed timed = new Timed(nanos + Math.max(0, delayNanos), timersSet++, task);
        timers.add(timed);
        return () -> timers.remove(timed);
    }

    @Override
    public void close() {
        tasks.clear();
        timers.clear();
    }
}
