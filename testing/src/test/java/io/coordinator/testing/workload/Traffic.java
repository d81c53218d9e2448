package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Clients that use every data type at random, and the check of what they were told. */
public final class Traffic implements AutoCloseable {
    private static final List<String> LANES = List.of("-a", "-b", "-c");

    private final Checks checks = new Checks();
    private final Tally tally = new Tally();
    private final Entries entries;
    private final Edits edits;
    private final LockUses locks;
    private final List<Workload> workloads;
    private final String title;
    private final Duration pause;

    /**
     * Begins.
     *
     * @param prefix of all names, so that runs on one cluster do not meet
     * @param pause of each client after each operation
     */
    public Traffic(String prefix, long seed, Duration pause) {
        this.title = prefix + ", -Dseed=" + seed;
        this.pause = pause;
        entries = new Entries(prefix, checks, tally);
        edits = new Edits(prefix, checks, tally);
        locks = new LockUses(prefix, checks, tally);
        List<Workload> all = new ArrayList<>(List.of(entries, edits, locks, new BoundedCaches(prefix, tally)));
        // Several objects of a kind at once: else so many calls meet at each that no check comes to its end.
        for (String lane : LANES) {
            all.add(new Entries(prefix + lane, checks, tally));
            all.add(new Edits(prefix + lane, checks, tally));
            all.add(new LockUses(prefix + lane, checks, tally));
        }
        for (String lane : LANES) {
            String names = prefix + lane;
            all.add(new Registers(names, checks, tally));
            all.add(new Counters(names, checks, tally));
            all.add(new SemaphoreUses(names, checks, tally));
            all.add(new BuildUses(names, checks, tally));
            all.add(new Transactions(names, checks, tally));
        }
        workloads = List.copyOf(all);
    }

    /** Watches what is used from now on; without, nothing is heard and nothing of that is checked. */
    void watch(CoordinatorClient steady, CoordinatorClient resumed) throws Exception {
        for (CoordinatorClient client : List.of(steady, resumed)) {
            entries.watches().start(client);
            edits.watches().start(client);
        }
        locks.watches().start(steady);
    }

    /** Lets watches end and go on from where they were. */
    void resumeWatches() {
        entries.watches().resumeLast();
        edits.watches().resumeLast();
    }

    /** Does one random thing after the other until {@code endNanos}, or until something is wrong. */
    public void run(CoordinatorClient client, String name, Random random, long endNanos) {
        while (System.nanoTime() - endNanos < 0 && !checks.hasViolations()) {
            workloads.get(random.nextInt(workloads.size())).step(client, name, random);
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    /** Waits for all checks. No step may follow. */
    public void finish(CoordinatorClient client) {
        workloads.forEach(workload -> workload.finish(client));
        checks.close();
    }

    /**
     * To be called after {@link #finish}.
     *
     * @throws AssertionError if what the clients saw cannot be explained
     */
    public void check() {
        checks.smallest().ifPresent(violation -> {
            throw new AssertionError(
                    title + ": " + checks.violations() + " violations, the smallest:\n" + violation.report());
        });
        if (!checks.undecided().isEmpty()) {
            throw new AssertionError(title + ": undecided: " + checks.undecided());
        }
    }

    Checks checks() {
        return checks;
    }

    Tally tally() {
        return tally;
    }

    long watchEvents() {
        return entries.watches().events()
                + edits.watches().events()
                + locks.watches().events();
    }

    long watchGaps() {
        return entries.watches().gaps()
                + edits.watches().gaps()
                + locks.watches().gaps();
    }

    @Override
    public void close() {
        entries.watches().close();
        edits.watches().close();
        locks.watches().close();
        checks.close();
    }
}
