package io.coordinator.cli.lock;

import io.coordinator.cli.console.Elapsed;
import io.coordinator.client.lock.LockInspection;
import io.coordinator.client.lock.SemaphoreInspection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A place in a line, and who stands at its head.
 *
 * @param place such as {@code place 2 of 3 in line}
 * @param holders who has what is waited for, such as {@code held by alice@web-1:4711/cli (session 12)}
 * @param heldFor for how long; empty if nobody has it
 */
record Line(String place, String holders, Optional<String> heldFor) {
    private static final int HOLDERS_SHOWN = 3;

    /** Where a session stands in line for a lock; empty if it does not. */
    static Optional<Line> of(LockInspection lock, long session) {
        List<String> holders = lock.holders().stream()
                .map(hold -> who(hold.clientName(), hold.sessionId()))
                .toList();
        OptionalInt index = IntStream.range(0, lock.waiters().size())
                .filter(i -> lock.waiters().get(i).sessionId() == session)
                .findFirst();
        return line(
                index,
                lock.waiters().size(),
                lock.waiterCount(),
                holders.isEmpty() ? "held by nobody yet" : "held by " + first(holders),
                lock.holder().map(hold -> lock.clusterTimeMillis() - hold.acquiredAtMillis()));
    }

    /** Where a session stands in line for permits; empty if it does not. */
    static Optional<Line> of(SemaphoreInspection semaphore, long session) {
        List<String> holders = semaphore.holders().stream()
                .map(holder -> who(holder.clientName(), holder.sessionId()))
                .toList();
        OptionalInt index = IntStream.range(0, semaphore.waiters().size())
                .filter(i -> semaphore.waiters().get(i).sessionId() == session)
                .findFirst();
        String held = semaphore.held() + " of " + semaphore.limit() + " permits are held";
        return line(
                index,
                semaphore.waiters().size(),
                semaphore.waiterCount(),
                holders.isEmpty() ? held : held + " by " + first(holders),
                semaphore.holders().stream()
                        .findFirst()
                        .map(holder -> semaphore.clusterTimeMillis() - holder.acquiredAtMillis()));
    }

    private static Optional<Line> line(
            OptionalInt index, int listed, int count, String holders, Optional<Long> heldMillis) {
        if (index.isEmpty() && listed >= count) {
            return Optional.empty();
        }
        String place = index.isPresent()
                ? "place " + (index.getAsInt() + 1) + " of " + count + " in line"
                : "behind the first " + listed + " of " + count + " in line";
        return Optional.of(new Line(place, holders, heldMillis.map(Elapsed::text)));
    }

    private static String who(String client, long session) {
        return client + " (session " + Long.toUnsignedString(session) + ")";
    }

    private static String first(List<String> holders) {
        int others = holders.size() - HOLDERS_SHOWN;
        return holders.stream().limit(HOLDERS_SHOWN).collect(Collectors.joining(", "))
                + (others > 0 ? " and " + others + " more" : "");
    }

    /** Whether somebody who was told that line hears nothing new from this one. */
    boolean saysAsMuchAs(Line told) {
        return place.equals(told.place) && holders.equals(told.holders);
    }

    @Override
    public String toString() {
        return place + ", " + holders + heldFor.map(time -> " for " + time).orElse("");
    }
}
