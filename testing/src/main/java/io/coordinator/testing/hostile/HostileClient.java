package io.coordinator.testing.hostile;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client that misbehaves in several ways at once, each on a thread of its own and over and over, until its time is up
 * or it is closed. It speaks the raw protocol and has no part of the SDK. For loopback only.
 *
 * <pre>{@code
 * try (HostileClient hostile = HostileClient.builder(addresses)
 *         .seed(seed)
 *         .behaviour(Behaviours.deaf())
 *         .inTurn("amplifiers", new Amplifiers(1).all())
 *         .start(Duration.ofMinutes(1))) {
 *     …
 *     hostile.await();
 * }
 * }</pre>
 */
public final class HostileClient implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HostileClient.class);
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Tally tally = new Tally();
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> defects = new ConcurrentLinkedQueue<>();
    private final long seed;

    private HostileClient(Builder builder, Duration time) {
        seed = builder.seed;
        Random seeds = new Random(seed);
        long endNanos = System.nanoTime() + time.toNanos();
        for (Behaviour behaviour : builder.behaviours) {
            Arena arena = new Arena(builder.addresses, seeds.nextLong(), behaviour.name(), tally, over, endNanos);
            Thread thread = new Thread(() -> repeat(behaviour, arena), "hostile-" + behaviour.name());
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    /**
     * Begins one.
     *
     * @param addresses of all nodes, as {@code host:port}; each must be a loopback address
     */
    public static Builder builder(List<String> addresses) {
        return new Builder(addresses.stream().map(Builder::loopback).toList());
    }

    /** What a hostile client is made of. Not thread-safe. */
    public static final class Builder {
        private final List<InetSocketAddress> addresses;
        private final List<Behaviour> behaviours = new ArrayList<>();
        private long seed = System.nanoTime();

        private Builder(List<InetSocketAddress> addresses) {
            this.addresses = addresses;
        }

        private static InetSocketAddress loopback(String address) {
            int colon = address.lastIndexOf(':');
            InetSocketAddress parsed =
                    new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
            if (parsed.getAddress() == null || !parsed.getAddress().isLoopbackAddress()) {
                throw new IllegalArgumentException(address + " is not on this machine; attack a cluster of your own");
            }
            return parsed;
        }

        /** What decides every random choice; logged at the start. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Adds a behaviour with a thread of its own. */
        public Builder behaviour(Behaviour behaviour) {
            behaviours.add(behaviour);
            return this;
        }

        /** Adds behaviours, each with a thread of its own. */
        public Builder behaviours(List<Behaviour> more) {
            behaviours.addAll(more);
            return this;
        }

        /** Adds behaviours that share one thread and take turns. */
        public Builder inTurn(String name, List<Behaviour> more) {
            List<Behaviour> turns = List.copyOf(more);
            int[] turn = {0};
            return behaviour(Behaviour.of(name, arena -> {
                Behaviour next = turns.get(turn[0]++ % turns.size());
                arena.count(next.name());
                next.run(arena);
            }));
        }

        /** Starts to misbehave for so long. */
        public HostileClient start(Duration time) {
            HostileClient client = new HostileClient(this, time);
            log.info("hostile for {} with seed {}: {}", time, seed, behaviours);
            client.threads.forEach(Thread::start);
            return client;
        }
    }

    private void repeat(Behaviour behaviour, Arena arena) {
        try {
            while (arena.goesOn()) {
                arena.count("runs");
                runOnce(behaviour, arena);
                arena.pause(PAUSE);
            }
        } catch (InterruptedException e) {
            arena.count("interrupted");
        } catch (RuntimeException | Error e) {
            defects.add(e);
        }
    }

    private static void runOnce(Behaviour behaviour, Arena arena) throws InterruptedException {
        try {
            behaviour.run(arena);
        } catch (IOException e) {
            arena.count("failed: " + e.getMessage());
        } catch (StatusRuntimeException e) {
            arena.count("failed: " + e.getStatus().getCode());
        }
    }

    /** What has happened so far. */
    public Tally tally() {
        return tally;
    }

    /**
     * Waits until its time is up.
     *
     * @throws AssertionError if a behaviour itself is broken: it threw what no node can cause
     */
    public Tally await() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        Throwable defect = defects.peek();
        if (defect != null) {
            throw new AssertionError("a hostile behaviour failed by itself, seed " + seed, defect);
        }
        return tally;
    }

    /** Stops every behaviour and waits until they have. */
    @Override
    public void close() {
        over.countDown();
        try {
            for (Thread thread : threads) {
                thread.join(PATIENCE.toMillis());
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
