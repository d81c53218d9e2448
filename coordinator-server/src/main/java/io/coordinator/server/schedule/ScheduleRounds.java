package io.coordinator.server.schedule;

import io.coordinator.protocol.AdvanceSchedules;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DueList;
import io.coordinator.protocol.DueSchedule;
import io.coordinator.protocol.DueSchedules;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ScheduleAdvance;
import io.coordinator.protocol.ScheduleCommand;
import io.coordinator.protocol.ScheduleQuery;
import io.coordinator.schedule.TimingException;
import io.coordinator.server.propose.Proposal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look after the other at the schedules that are due: each is decided by the clock of this leader, and proposed. A
 * few entries are under way at a time, however many are due, so that others are not held up. A new leader knows
 * nothing and needs nothing: what is not decided is still due. Looks come one at a time, from one thread.
 */
final class ScheduleRounds {
    /** In one command, and so in one entry or less. */
    static final int BATCH = 100;
    /** Under way. */
    static final int UNDER_WAY_MAX = 4 * BATCH;

    /** So long a schedule is left alone whose proposal was refused. */
    private static final long HELD_MILLIS = 1_000;

    private static final long UNKNOWN_MILLIS = 60_000;
    /** So long one that could not be timed counts as such, unless it is timed before: it is looked at again by then. */
    private static final long UNTIMED_MILLIS = 2 * UNKNOWN_MILLIS;

    private static final int PAGES_MAX = 50;
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleRounds.class);

    private final BooleanSupplier mayPropose;
    private final Function<Query, Answer> reader;
    private final Consumer<Proposal> proposer;
    private final LongSupplier date;
    private final Runnable lookAgain;
    private final TimingCache timings = new TimingCache();
    private final Set<Key> underWay = ConcurrentHashMap.newKeySet();
    /** Those that were refused, by when they are looked at again; they are proposed alone then. */
    private final Map<Key, Long> refused = new ConcurrentHashMap<>();

    /** Those that could not be timed, by when they count no more. */
    private final Map<Key, Long> untimed = new ConcurrentHashMap<>();

    private volatile boolean moreDue;

    /**
     * A leader's rounds.
     *
     * @param mayPropose whether this node leads, and has room for more
     * @param reader asks the applied state
     * @param date milliseconds since 1970
     * @param lookAgain told when others that are due can be proposed; any thread, must not block
     */
    ScheduleRounds(
            BooleanSupplier mayPropose,
            Function<Query, Answer> reader,
            Consumer<Proposal> proposer,
            LongSupplier date,
            Runnable lookAgain) {
        this.mayPropose = mayPropose;
        this.reader = reader;
        this.proposer = proposer;
        this.date = date;
        this.lookAgain = lookAgain;
    }

    private record Key(String namespace, String name) {}

    /** Proposes what is due, as far as there is room. */
    void look() {
        if (!mayPropose.getAsBoolean()) {
            return;
        }
        long now = date.getAsLong();
        refused.values().removeIf(until -> until < now - HELD_MILLIS || until > now + HELD_MILLIS);
        forgetTimed(now);
        Map<Key, ScheduleAdvance> together = new HashMap<>();
        DueSchedules.Builder asked = DueSchedules.newBuilder().setDateMillis(now);
        boolean more = true;
        for (int pages = 0; more && pages < PAGES_MAX && underWay.size() < UNDER_WAY_MAX; pages++) {
            DueList page = read(asked);
            for (DueSchedule schedule : page.getSchedulesList()) {
                take(schedule, now, together);
                asked.setAfterMillis(schedule.getProgress().getNextMillis())
                        .setAfterNamespace(schedule.getNamespace())
                        .setAfterName(schedule.getName());
            }
            more = page.getMore();
        }
        moreDue = more;
        propose(together);
    }

    private DueList read(DueSchedules.Builder asked) {
        Query query = Query.newBuilder()
                .setSchedule(ScheduleQuery.newBuilder().setDue(asked))
                .build();
        return reader.apply(query).getSchedule().getDue();
    }

    private void take(DueSchedule schedule, long now, Map<Key, ScheduleAdvance> together) {
        Key key = new Key(schedule.getNamespace(), schedule.getName());
        Long heldUntil = refused.get(key);
        if (underWay.contains(key) || (heldUntil != null && now < heldUntil)) {
            return;
        }
        ScheduleAdvance advance = advance(schedule, now);
        underWay.add(key);
        if (heldUntil == null) {
            together.put(key, advance);
        } else {
            proposer.accept(new Advance(List.of(key), List.of(advance)));
        }
    }

    private ScheduleAdvance advance(DueSchedule schedule, long now) {
        Key key = new Key(schedule.getNamespace(), schedule.getName());
        try {
            ScheduleAdvance advance = DueFirings.of(schedule, timings.of(schedule), now);
            untimed.remove(key);
            return advance;
        } catch (TimingException e) {
            untimed.put(key, now + UNTIMED_MILLIS);
            LOG.warn(
                    "schedule {} in namespace {} is looked at again in a minute, since this node cannot time it: {}",
                    schedule.getName(),
                    schedule.getNamespace(),
                    e.getMessage());
            return DueFirings.later(schedule, now, now + UNKNOWN_MILLIS);
        }
    }

    /** How many schedules could not be timed when they were last looked at; on any thread. */
    int untimed() {
        long now = date.getAsLong();
        forgetTimed(now);
        return untimed.size();
    }

    private void forgetTimed(long now) {
        untimed.values().removeIf(until -> until < now || until > now + UNTIMED_MILLIS);
    }

    private void propose(Map<Key, ScheduleAdvance> together) {
        List<Key> keys = new ArrayList<>(together.keySet());
        for (int from = 0; from < keys.size(); from += BATCH) {
            List<Key> batch = List.copyOf(keys.subList(from, Math.min(keys.size(), from + BATCH)));
            proposer.accept(new Advance(batch, batch.stream().map(together::get).toList()));
        }
    }

    /** Some schedules on their way through the log. */
    private final class Advance implements Proposal {
        private final List<Key> keys;
        private final Command command;

        Advance(List<Key> keys, List<ScheduleAdvance> advances) {
            this.keys = keys;
            this.command = Command.newBuilder()
                    .setSchedule(ScheduleCommand.newBuilder()
                            .setAdvance(AdvanceSchedules.newBuilder().addAllSchedules(advances)))
                    .build();
        }

        @Override
        public List<Command> commands() {
            return List.of(command);
        }

        @Override
        public void applied(int from, List<Reply> replies) {
            if (replies.get(0).hasError()) {
                long until = date.getAsLong() + HELD_MILLIS;
                keys.forEach(key -> refused.put(key, until));
                LOG.warn(
                        "{} schedules that are due were not advanced, and each is proposed alone in a second: {}",
                        keys.size(),
                        replies.get(0).getError().getMessage());
            } else {
                keys.forEach(refused::remove);
            }
            keys.forEach(underWay::remove);
            if (moreDue || replies.get(0).getSchedule().getAdvanced().getDone() < keys.size()) {
                lookAgain.run();
            }
        }

        @Override
        public void failed() {
            // What this leader did not bring about is still due for the next one.
            keys.forEach(underWay::remove);
        }
    }
}
