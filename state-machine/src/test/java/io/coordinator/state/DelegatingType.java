package io.coordinator.state;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.Stats;
import io.coordinator.state.kernel.Check;
import io.coordinator.state.kernel.Conditional;
import io.coordinator.state.kernel.Context;
import io.coordinator.state.kernel.DataType;
import io.coordinator.state.kernel.Deadline;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Slice;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** A data type that has another one do everything. What a test does otherwise, it overrides. */
abstract class DelegatingType implements DataType {
    final DataType sound;

    DelegatingType(DataType sound) {
        this.sound = sound;
    }

    @Override
    public DataKind kind() {
        return sound.kind();
    }

    @Override
    public void admit(Command command, Check check) {
        sound.admit(command, check);
    }

    @Override
    public void admit(Query query, Check check) {
        sound.admit(query, check);
    }

    @Override
    public Reply.Builder apply(Context at, Command command, Effects effects) {
        return sound.apply(at, command, effects);
    }

    @Override
    public Answer.Builder query(Context at, Query query) {
        return sound.query(at, query);
    }

    @Override
    public void expire(Context at, Deadline due, Effects effects) {
        sound.expire(at, due, effects);
    }

    @Override
    public boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice) {
        return sound.sessionClosed(at, sessionId, effects, slice);
    }

    @Override
    public @Nullable Chore resume(Context at, Chore chore, Effects effects, Slice slice) {
        return sound.resume(at, chore, effects, slice);
    }

    @Override
    public Chore.@Nullable Builder hearsAgain(long sessionId) {
        return sound.hearsAgain(sessionId);
    }

    @Override
    public boolean isFreeing(Command command) {
        return sound.isFreeing(command);
    }

    @Override
    public boolean isOwn(Command command) {
        return sound.isOwn(command);
    }

    @Override
    public boolean isReversible(Command command) {
        return sound.isReversible(command);
    }

    @Override
    public long values(Command command) {
        return sound.values(command);
    }

    @Override
    public @Nullable Conditional conditions() {
        return sound.conditions();
    }

    @Override
    public void beginAnew(long leftOut) {
        sound.beginAnew(leftOut);
    }

    @Override
    public void rebuild() {
        sound.rebuild();
    }

    @Override
    public void count(ObjLongConsumer<String> counts) {
        sound.count(counts);
    }

    @Override
    public void rank(Context at, Stats.Builder stats) {
        sound.rank(at, stats);
    }
}
