package io.coordinator.testing.workload;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.client.watch.WatchOptions;
import io.coordinator.testing.history.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** The watches of one type's objects. */
final class Watches<I, O> implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final WatchOptions options;
    private final WatchRule<I, O> rule;
    private final Checks checks;
    private final List<Feed> feeds = new ArrayList<>();
    private final List<Heard> heard = new ArrayList<>();
    private final AtomicLong newest = new AtomicLong();

    /** @param options for all names with the prefix of these objects */
    Watches(WatchOptions options, WatchRule<I, O> rule, Checks checks) {
        this.options = options;
        this.rule = rule;
        this.checks = checks;
    }

    /** Begins another watch; to be called before the first use of an object. */
    void start(CoordinatorClient client) throws Exception {
        Heard one = new Heard(options.key(), checks::add);
        Feed feed = new Feed(client, options, one, newest::get, checks::add);
        feed.start();
        heard.add(one);
        feeds.add(feed);
    }

    /** Lets the last watch go on as a new one. */
    void resumeLast() {
        feeds.get(feeds.size() - 1).resume();
    }

    /** An object is used for the first time. */
    void isUsed(long number) {
        newest.set(number);
    }

    /** Compares all that there is about an object, when the watches have heard it. */
    void check(long number, List<Operation<I, O>> operations) {
        long after = newest.get() + 1;
        heard.forEach(one -> one.whenComplete(
                number, after, events -> checks.submitAgain(() -> compare(number, operations, events))));
    }

    /** Waits until the watches have told all about objects up to this one. */
    void await(long upTo) {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> heard.stream().noneMatch(one -> one.isWaiting(upTo)));
        } catch (ConditionTimeoutException e) {
            checks.add(new Violation("watches of " + options.key() + " fell silent", 1));
        }
    }

    long newest() {
        return newest.get();
    }

    long events() {
        return heard.stream().mapToLong(Heard::events).sum();
    }

    long gaps() {
        return feeds.stream().mapToLong(Feed::gaps).sum();
    }

    @Override
    public void close() {
        feeds.forEach(Feed::close);
    }

    private Optional<Violation> compare(long number, List<Operation<I, O>> operations, List<ChangeEvent> events) {
        return rule.fault(operations, events)
                .map(fault -> new Violation(
                        "watch of " + options.key() + number + ": " + fault + "\nit heard:\n  "
                                + events.stream().map(String::valueOf).collect(Collectors.joining("\n  ")),
                        1 + events.size()));
    }
}
