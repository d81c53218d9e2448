package io.coordinator.testing.scenario;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.topic.StartAt;
import io.coordinator.client.watch.Subscription;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.Cluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What clients with the SDK's own settings do while nodes restart, and what they notice: writers, each with a client of
 * its own, holders of locks and those who wait for them, a watcher of all that is written, a build that takes as long as
 * all this, those who wait for it, a reader of a topic, and a job.
 */
final class RestartLoad {
    private static final String PREFIX = "restart/";
    private static final int LOCKS = 4;

    private final Cluster cluster;
    private final Duration pause;
    private final AtomicBoolean over = new AtomicBoolean();
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private final List<CompletableFuture<Void>> tasks = new ArrayList<>();
    private final List<AtomicLong> written = new ArrayList<>();
    private final Map<String, List<Long>> seen = new ConcurrentHashMap<>();
    private final List<Long> records = new CopyOnWriteArrayList<>();
    private final List<LockHandle> held = new ArrayList<>();
    private final List<CompletableFuture<LockHandle>> waiting = new ArrayList<>();
    private final AtomicInteger builds = new AtomicInteger();
    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong longestNanos = new AtomicLong();
    private final CoordinatorClient watcher;
    private final List<Subscription> watches = new ArrayList<>();

    /** @param pause of each writer after each write */
    RestartLoad(Cluster cluster, Duration pause) {
        this.cluster = cluster;
        this.pause = pause;
        this.watcher = client();
    }

    /** All that goes wrong, for a test to show. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** The longest that a writer has waited for an answer since the last call. */
    Duration takeLongestWait() {
        return Duration.ofNanos(longestNanos.getAndSet(0));
    }

    /** Waits until each writer has written since. */
    void awaitProgress() {
        List<Long> before = written.stream().map(AtomicLong::get).toList();
        Waiting.await("all to write")
                .until(() -> IntStream.range(0, before.size())
                        .allMatch(i -> written.get(i).get() > before.get(i)));
    }

    long writes() {
        return written.stream().mapToLong(AtomicLong::get).sum();
    }

    void start(int writers) {
        watch();
        hold();
        read();
        build();
        job();
        for (int i = 0; i < writers; i++) {
            writer(i);
        }
        Waiting.await("all to have begun")
                .until(() -> written.stream().allMatch(count -> count.get() > 20)
                        && builds.get() == 1
                        && attempts.get() == 1);
        takeLongestWait();
    }

    /** Lets all end, and looks whether somebody has lost something. */
    void end() {
        mayEnd.countDown();
        held.forEach(lock -> check(lock.isHeld(), lock.name() + " has changed hands"));
        held.forEach(LockHandle::release);
        waiting.forEach(grant -> check(Waiting.get(grant).isHeld(), "a grant was lost at once"));
        over.set(true);
        tasks.forEach(Waiting::get);
        Waiting.await("all changes to be seen")
                .until(() -> IntStream.range(0, written.size())
                        .allMatch(i -> seenOf(i).size() >= written.get(i).get()));
        Waiting.await("all records to be read").until(() -> records.size() >= published.get());
        for (int i = 0; i < written.size(); i++) {
            check(
                    seenOf(i)
                            .equals(LongStream.rangeClosed(1, written.get(i).get())
                                    .boxed()
                                    .toList()),
                    "changes of writer " + i + " were missed, or came twice or out of order");
        }
        check(
                records.equals(LongStream.range(0, published.get()).boxed().toList()),
                "records were missed, or came twice or out of order");
        check(builds.get() == 1, builds + " builds in place of one");
        check(attempts.get() == 1, attempts + " attempts of a job in place of one");
        watches.forEach(Subscription::close);
    }

    private List<Long> seenOf(int writer) {
        return seen.getOrDefault(PREFIX + writer, List.of());
    }

    /** With the defaults of the SDK, not those of tests. */
    private CoordinatorClient client() {
        ClientConfig defaults =
                ClientConfig.builder().endpoints(cluster.endpoints()).build();
        CoordinatorClient client = cluster.client(settings -> settings.sessionLease(defaults.sessionLease())
                .requestTimeout(defaults.requestTimeout())
                .connectionBackoff(defaults.backoffMin(), defaults.backoffMax()));
        client.addConnectionListener(
                (from, to) -> check(to != ConnectionState.LOST, "a session was lost, or counted as lost"));
        return client;
    }

    private void check(boolean good, String problem) {
        if (!good) {
            problems.add(problem);
        }
    }

    private void run(String what, Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                        done.complete(null);
                    } catch (RuntimeException e) {
                        problems.add(what + " failed: " + e);
                        done.complete(null);
                    }
                },
                what);
        thread.setDaemon(true);
        thread.start();
        tasks.add(done);
    }

    private void writer(int number) {
        CoordinatorClient client = client();
        String key = PREFIX + number;
        AtomicLong count = new AtomicLong();
        written.add(count);
        run("writer " + number, () -> {
            while (!over.get()) {
                long begin = System.nanoTime();
                long value = client.cache().increment(key, 1);
                longestNanos.accumulateAndGet(System.nanoTime() - begin, Math::max);
                check(value == count.incrementAndGet(), key + " is " + value + " after " + count + " increments");
                LockSupport.parkNanos(pause.toNanos());
            }
        });
    }

    private void watch() {
        watches.add(watcher.watch(
                WatchOptions.cachePrefix(PREFIX),
                event -> seen.computeIfAbsent(event.key(), key -> new CopyOnWriteArrayList<>())
                        .add(event.value().orElseThrow().longValue())));
        watches.forEach(watch -> Waiting.get(watch.started()));
    }

    private void hold() {
        CoordinatorClient holder = client();
        CoordinatorClient next = client();
        for (int i = 0; i < LOCKS; i++) {
            LockHandle lock = holder.lock(PREFIX + i).acquire();
            lock.lost().thenAccept(reason -> problems.add(lock.name() + " was lost: " + reason));
            held.add(lock);
            waiting.add(next.async().lock(PREFIX + i).acquire().toCompletableFuture());
        }
    }

    private void read() {
        client().durableTopics()
                .topic(PREFIX)
                .subscribe(
                        StartAt.earliest(), record -> records.add(record.json().longValue()));
        CoordinatorClient publisher = client();
        run("publisher", () -> {
            while (!over.get()) {
                publisher.durableTopics().topic(PREFIX).publish(published.get());
                published.incrementAndGet();
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        });
    }

    private void build() {
        for (int i = 0; i < 3; i++) {
            CoordinatorClient client = client();
            run("build " + i, () -> {
                String value = client.builds()
                        .getOrBuild(
                                PREFIX,
                                String.class,
                                context -> {
                                    builds.incrementAndGet();
                                    return awaitEnd("built");
                                },
                                Waiting.LONG.multipliedBy(10));
                check("built".equals(value), "the build gave " + value);
            });
        }
    }

    private void job() {
        CoordinatorClient worker = client();
        worker.jobs(PREFIX).work(job -> {
            attempts.incrementAndGet();
            return awaitEnd("done");
        });
        CoordinatorClient submitter = client();
        run("job", () -> {
            String result = submitter.jobs(PREFIX).submit("payload").await(String.class);
            check("done".equals(result), "the job gave " + result);
        });
    }

    private String awaitEnd(String value) {
        try {
            mayEnd.await();
            return value;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
