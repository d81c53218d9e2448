package io.coordinator.testing.workload;

import io.coordinator.client.watch.ChangeEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What one watch heard, by object, until that was compared. An object's events are complete when the watch has heard of
 * one that was first used after the last call to this one had ended. Thread-safe.
 */
final class Heard {
    private static final int RECENT = 6;

    /** What waits for an object's events. */
    private record Waiting(long number, Consumer<List<ChangeEvent>> task) {}

    private final String prefix;
    private final Consumer<Violation> violations;
    private final Map<Long, List<ChangeEvent>> byNumber = new HashMap<>();
    /** By the number of the object that must have been heard of. */
    private final NavigableMap<Long, List<Waiting>> waiting = new TreeMap<>();

    private final Deque<ChangeEvent> recent = new ArrayDeque<>();
    private final Set<String> keysOfLast = new HashSet<>();
    private long lastRevision;
    private long newest;
    private long completeFrom;
    private long events;

    /** @param prefix of the objects; their numbers follow */
    Heard(String prefix, Consumer<Violation> violations) {
        this.prefix = prefix;
        this.violations = violations;
    }

    /** The watch told of a change. */
    synchronized void add(ChangeEvent event) {
        recent.add(event);
        if (recent.size() > RECENT) {
            recent.remove();
        }
        if (event.revision() < lastRevision) {
            report("a change out of order");
        }
        if (event.revision() != lastRevision) {
            keysOfLast.clear();
            lastRevision = event.revision();
        }
        if (!keysOfLast.add(event.key())) {
            report("a change that was told twice");
        }
        events++;
        long number = Long.parseLong(event.key().substring(prefix.length()));
        byNumber.computeIfAbsent(number, unheard -> new ArrayList<>()).add(event);
        if (number > newest) {
            newest = number;
            List<List<Waiting>> ready =
                    List.copyOf(waiting.headMap(newest, true).values());
            waiting.headMap(newest, true).clear();
            ready.forEach(tasks -> tasks.forEach(this::complete));
        }
    }

    /** Hands over what was heard of an object, once the watch has heard of object {@code after}; never if it missed some. */
    synchronized void whenComplete(long number, long after, Consumer<List<ChangeEvent>> task) {
        Waiting one = new Waiting(number, task);
        if (after <= newest) {
            complete(one);
        } else {
            waiting.computeIfAbsent(after, first -> new ArrayList<>()).add(one);
        }
    }

    private void complete(Waiting one) {
        List<ChangeEvent> heard = byNumber.remove(one.number());
        if (one.number() >= completeFrom) {
            one.task().accept(heard == null ? List.of() : heard);
        }
    }

    /** The watch may have missed changes of objects before this one. */
    synchronized void isCompleteFrom(long number) {
        completeFrom = number;
    }

    synchronized boolean isWaiting(long upTo) {
        return waiting.values().stream().flatMap(List::stream).anyMatch(one -> one.number() <= upTo);
    }

    synchronized long lastRevision() {
        return lastRevision;
    }

    synchronized long events() {
        return events;
    }

    private void report(String what) {
        String shown = recent.stream().map(String::valueOf).collect(Collectors.joining("\n  "));
        violations.accept(new Violation("watch of " + prefix + ": " + what + "; the last it heard:\n  " + shown, 2));
    }
}
