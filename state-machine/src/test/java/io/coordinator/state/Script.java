package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Count;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.GetStats;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.protocol.SessionQuery;
import io.coordinator.protocol.Stats;
import io.coordinator.state.kernel.Budget;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Slices;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A test as a script over {@link Coordinator#apply}: {@code at(1_000).session("a").acquire("x").gives(GRANTED)}. Each
 * command is an entry of its own.
 *
 * <p>A second replica applies every entry too, and is thrown away and restored from its snapshot before each one, so
 * that every script shows as well that snapshots are invisible.
 */
abstract class Script {
    private final State state;
    private final Coordinator core;
    private @Nullable Coordinator shadow;
    private final Store shadowStore = new Store();
    private final Map<String, Actor> actors = new HashMap<>();
    private final Map<Long, List<Event>> unheard = new HashMap<>();
    private long index;
    private long nowMillis;
    private long sliceSteps = Budget.SLICE_STEPS;
    private Entry lastEntry = Entry.getDefaultInstance();
    private Applied last = new Applied(0, 0, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), false);

    Script() {
        this(new State(), new Coordinator(Limits.DEFAULT));
    }

    /** With data types of its own, which a second replica would not have. */
    Script(UnaryOperator<DataType> around) {
        this(new State(around), null);
    }

    private Script(State state, @Nullable Coordinator shadow) {
        this.state = state;
        this.core = new Coordinator(Limits.DEFAULT, state);
        this.shadow = shadow;
        apply(Entry.newBuilder());
    }

    /** For scripts so long that the second replica would take too long. */
    void withoutShadow() {
        shadow = null;
    }

    /** From here on, so much is done of a large job at once, on both replicas. */
    void cutSlices(long steps) {
        sliceSteps = steps;
        Slices.setSteps(core.state().storage.budget(), steps);
    }

    /** Applies empty entries until no work is left, as a leader does; returns how many. */
    int drain() {
        int entries = 0;
        while (core.hasWorkLeft()) {
            tick();
            entries++;
            assertThat(entries).as("entries for what was left").isLessThan(100_000);
        }
        return entries;
    }

    /** From here on, entries are stamped with this cluster time. */
    Script at(long millis) {
        nowMillis = millis;
        return this;
    }

    /** The session of this name, opened when first named. */
    Actor session(String name) {
        return actors.computeIfAbsent(name, n -> new Actor(this, open(n)));
    }

    /** Applies an entry without commands. */
    Script tick() {
        apply(Entry.newBuilder());
        return this;
    }

    long open(String name) {
        return apply(openCommand(name)).getSession().getOpened().getSessionId();
    }

    static Command openCommand(String name) {
        return own(SessionCommand.newBuilder()
                .setOpen(OpenSession.newBuilder()
                        .setResumeToken(ByteString.copyFromUtf8("the secret token of session " + name))
                        .setClientName(name)
                        .setLeaseMillis(10_000)));
    }

    void expire(String name) {
        apply(own(SessionCommand.newBuilder()
                .setExpire(ExpireSession.newBuilder().setSessionId(session(name).id()))));
    }

    static Command own(SessionCommand.Builder command) {
        return Command.newBuilder().setSession(command).build();
    }

    /** One entry with one command, admission not asked. */
    Reply apply(Command command) {
        return apply(Entry.newBuilder().addCommands(command)).replies().get(0);
    }

    Applied apply(Entry.Builder entry) {
        Entry stamped = entry.setClusterTimeMillis(nowMillis).build();
        lastEntry = stamped;
        last = core.apply(++index, stamped);
        if (shadow != null) {
            shadow = shadowStore.save(shadow).load();
            Slices.setSteps(shadow.state().storage.budget(), sliceSteps);
            assertThat(shadow.apply(index, stamped)).isEqualTo(last);
            assertThat(shadow.digest()).isEqualTo(core.digest());
            Counted.sameIn(shadow, core);
        }
        for (Applied.SessionEvent event : last.events()) {
            unheard.computeIfAbsent(event.sessionId(), id -> new ArrayList<>()).add(event.event());
        }
        return last;
    }

    Optional<Error> refuse(Command command) {
        return core.refuse(command);
    }

    Answer query(Query.Builder query) {
        assertThat(core.refuse(query.build())).isEmpty();
        Answer answer = core.query(query.build());
        if (shadow != null) {
            assertThat(shadow.query(query.build())).isEqualTo(answer);
        }
        return answer;
    }

    /** The events since the last call. */
    List<Event> take(long sessionId) {
        List<Event> events = unheard.remove(sessionId);
        return events == null ? List.of() : events;
    }

    /** What the last entry did. */
    Applied last() {
        return last;
    }

    /** The last entry itself. */
    Entry lastEntry() {
        return lastEntry;
    }

    Coordinator core() {
        return core;
    }

    /** How many steps the last entry took. */
    long steps() {
        return state.storage.budget().stepsOfEntry();
    }

    Stats stats() {
        return core.query(Query.newBuilder()
                        .setSession(SessionQuery.newBuilder().setStats(GetStats.getDefaultInstance()))
                        .build())
                .getSession()
                .getStats();
    }

    /** So many there are of what. */
    long count(String what) {
        return count(stats(), what);
    }

    static long count(Stats stats, String what) {
        return stats.getCountsList().stream()
                .filter(count -> count.getName().equals(what))
                .mapToLong(Count::getValue)
                .sum();
    }

    long index() {
        return index;
    }

    long now() {
        return nowMillis;
    }
}
